"""The gate of docs/abi.md: it passes, finds each planted break, and lets what may be added be added."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "capi/abi"))
import abi

# What is done to which header, as the text that goes and the text that comes.
BREAKS = [
    ("a function is gone", "token.h", "calinvite_mint_uid(", "calinvite_make_uid("),
    ("a parameter has another type", "calendar.h", "const char* timezone, int64_t instant,",
     "const char* timezone, int32_t instant,"),
    ("a result has another type", "base.h", "CALINVITE_API uint32_t calinvite_error_line(",
     "CALINVITE_API int64_t calinvite_error_line("),
    ("a field is put in between", "engine.h", "  uint32_t lease_seconds;",
     "  uint64_t planted;\n  uint32_t lease_seconds;"),
    ("a field is gone", "events.h", "  uint64_t attendees; /* neither uninvited nor suppressed */", ""),
    ("two fields change places", "base.h", "  const char* bytes;\n  size_t size; /* without",
     "  size_t size;\n  const char* bytes; /* without"),
    ("a field has another type", "token.h", "  int64_t expires;", "  double expires;"),
    ("a status has another number", "base.h", "CALINVITE_FORBIDDEN = 7", "CALINVITE_FORBIDDEN = 17"),
    ("a callback gets other arguments", "base.h", "(*calinvite_clock_fn)(void* user_data)",
     "(*calinvite_clock_fn)(void* user_data, int more)"),
    ("a reserved field gets another type", "token.h", "  uint32_t reserved; /* 0 */", "  int64_t planted;"),
    ("a pair grows", "base.h", "} calinvite_count;", "  uint64_t planted;\n} calinvite_count;"),
]
ADDITIONS = [
    ("a function is added", "token.h", "/* A fresh UID",
     "CALINVITE_API calinvite_status calinvite_planted(const char* text) CALINVITE_NOEXCEPT;\n/* A fresh UID"),
    ("options grow at the end", "engine.h", "} calinvite_dispatch_options;",
     "  uint64_t planted;\n} calinvite_dispatch_options;"),
    ("a result grows at the end", "engine.h", "} calinvite_receipt;",
     "  uint64_t planted;\n} calinvite_receipt;"),
    ("a reserved field is used", "token.h", "  uint32_t reserved; /* 0 */", "  uint32_t planted;"),
    ("a status is added", "base.h", "CALINVITE_INTERNAL = 16 ", "CALINVITE_INTERNAL = 16, CALINVITE_PLANTED = 17 "),
]


def with_change(folder, header, goes, comes):
    shutil.copytree(ROOT / "include", folder, dirs_exist_ok=True)
    path = folder / "calinvite/c" / header
    text = path.read_text()
    assert text.count(goes) == 1, f"{header} has {text.count(goes)} of: {goes}"
    path.write_text(text.replace(goes, comes))
    return abi.Abi(folder / "calinvite.h")


done = subprocess.run([sys.executable, "-B", ROOT / "capi/abi/abi.py", "check"])
if done.returncode != 0:
    sys.exit(done.returncode)
baseline = abi.Abi(abi.BASELINE)
for cases, must_be_found in ((BREAKS, True), (ADDITIONS, False)):
    for name, *change in cases:
        with tempfile.TemporaryDirectory() as folder:
            found = abi.breaks(with_change(pathlib.Path(folder), *change), baseline)
        print(f"{name}: {'found' if found else 'nothing found'}")
        assert bool(found) == must_be_found, f"{name}\n{found}"
