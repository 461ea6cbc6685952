"""Each C header compiles alone, as every C and C++ that a caller may have, and so do its _INIT values; the
flat header is read by PHP where there is one."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import surface

INCLUDE = surface.ROOT / "include"
COMPILERS = [["gcc", "-std=c99"], ["gcc", "-std=c11"], ["g++", "-xc++", "-std=c++11"],
             ["g++", "-xc++", "-std=c++20"]]
if shutil.which("clang"):
    COMPILERS += [["clang", "-std=c99"], ["clang++", "-xc++", "-std=c++11"]]
STRICT = ["-pedantic", "-Wall", "-Wextra", "-Wstrict-prototypes", "-Werror", "-fsyntax-only"]


def compiles(compiler, text, folder):
    source = pathlib.Path(folder, "alone.c")
    source.write_text(text)
    strict = [flag for flag in STRICT if flag != "-Wstrict-prototypes" or "-xc++" not in compiler]
    done = subprocess.run([*compiler, *strict, f"-I{INCLUDE}", source], capture_output=True, text=True)
    assert done.returncode == 0, f"{compiler}\n{text}\n{done.stderr}"


with tempfile.TemporaryDirectory() as folder:
    count = 0
    for header in surface.C_HEADERS:
        text = f'#include "{header.relative_to(INCLUDE)}"\n'
        # -Wextra finds a value that stands for fewer fields than the struct has.
        for name in re.findall(r"#define CALINVITE_(\w+)_INIT\b", header.read_text()):
            struct = f"calinvite_{name.lower()}"
            text += f"static {struct} {name.lower()}_value = CALINVITE_{name}_INIT;\n"
            text += f"size_t {name.lower()}_size(void);\n"
            text += f"size_t {name.lower()}_size(void) {{ return {name.lower()}_value.struct_size; }}\n"
        for compiler in COMPILERS:
            compiles(compiler, text, folder)
            count += 1

said = "PHP is missing"
library = pathlib.Path(sys.argv[1]).resolve() / "capi/libcalinvite.so"
if shutil.which("php"):
    code = (f"$c = FFI::cdef(file_get_contents('{INCLUDE}/calinvite.ffi.h'), '{library}');"
            "$e = $c->new('calinvite_error*'); $t = $c->new('const calinvite_text*');"
            "$s = $c->calinvite_normalize_address('Ana@Example.COM', FFI::addr($t), FFI::addr($e));"
            "echo $s, ' ', $c->calinvite_version(), ' ', FFI::string($t->bytes, $t->size);"
            "$c->calinvite_free($t);")
    done = subprocess.run(["php", "-d", "ffi.enable=1", "-r", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"0 \d+\.\d+\.\d+ ana@example\.com", done.stdout), done.stdout
    said = "and the flat one read by PHP"
print(count, "compilations of headers alone,", said)
