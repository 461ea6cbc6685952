"""Plants violations in a copy of the tree, one at a time, and demands that check.py finds each."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from check import Tree

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What is planted, where, and the words that must be in the complaint.
PLANTED = [
    ("an upward include", "src/base/planted.cpp", '#include "store/store.hpp"', "lies above base"),
    ("an upward public include", "src/model/planted.cpp", "#include <calinvite/engine.hpp>",
     "lies above model"),
    ("an upward include between public headers", "include/calinvite/time.hpp",
     '#include "calinvite/model.hpp"', "lies above time"),
    ("a sibling include", "src/csv/planted.cpp", '#include "calinvite/ical.hpp"', "is a sibling"),
    ("a sibling include between flows", "src/outbox/planted.cpp", '#  include "report/report.hpp"',
     "is a sibling"),
    ("an include of another store adapter's library", "src/store/postgres/planted.cpp",
     "#include <SQLiteCpp/SQLiteCpp.h>", "belongs in store/sqlite"),
    ("a database in the store's interface", "src/store/planted.cpp", "#include <sqlite3.h>",
     "belongs in store/sqlite"),
    ("JSON outside base", "src/aws/planted.cpp", "#include <nlohmann/json.hpp>", "belongs in base"),
    ("crypto outside base", "src/token/planted.cpp", "#include <openssl/hmac.h>", "belongs in base"),
    ("ICU outside locale", "src/time/planted.cpp", "#include <unicode/timezone.h>",
     "belongs in locale"),
    ("libical in the library", "src/ical/planted.cpp", "#include <libical/ical.h>",
     "belongs in no folder of the library"),
    ("GMime outside mime", "src/ingest/planted.cpp", "#include <gmime/gmime.h>", "belongs in mime"),
    ("libcurl outside transport", "src/outbox/planted.cpp", "#include <curl/curl.h>",
     "belongs in transport"),
    ("mustache outside texts", "src/compose/planted.cpp", "#include <kainjow/mustache.hpp>",
     "belongs in texts"),
    ("an HTTP server in the library", "src/web/planted.cpp", "#include <httplib.h>",
     "belongs in no folder of the library"),
    ("a library without a home", "src/base/planted.cpp", "#include <boost/asio.hpp>", "has no home"),
    ("a private header in a face", "capi/planted.cpp", '#include "base/text.hpp"',
     "not a public header"),
    ("a private header in the Python face", "bindings/python/planted.cpp",
     '#include "store/store.hpp"', "not a public header"),
    ("a private header in a public one", "include/calinvite/time.hpp", '#include "time/zone.hpp"',
     "not installed"),
    ("another folder's embedded files", "src/outbox/planted.cpp",
     '#include "embedded/text_catalogs.hpp"\n#include "embedded/sqlite_migrations.hpp"\n'
     '#include "embedded/unknown.hpp"', "belongs to no folder"),
    ("an include without a folder", "src/base/planted.cpp", '#include "text.hpp"',
     "does not name its folder"),
    ("a folder without a tier", "src/utils/planted.cpp", "int planted();", "is in no tier"),
    ("a public header without a folder", "include/calinvite/helpers.hpp", "int planted();",
     "is in no tier"),
    ("a normalize call", "src/ical/planted.cpp", "void f() { icalcomponent_normalize(c); }",
     "icalcomponent_normalize is denied"),
    ("a recurrence walk", "src/time/planted.cpp", "  icalcomponent_foreach_recurrence(c, a, b, d, e);",
     "foreach_recurrence is denied"),
    ("a GMime type encoded", "src/mime/planted.cpp", "auto s = g_mime_content_type_encode(t, o);",
     "g_mime_content_type_encode is denied"),
    ("a boundary read from a parsed part", "src/mime/planted.cpp",
     'auto s = /* why */ g_mime_multipart_get_boundary(part); const char* q = "x";',
     "get_boundary is denied"),
    ("a zone file opened by name", "src/ical/planted.cpp", "z = icaltimezone_get_builtin_timezone(n);",
     "is denied"),
    ("a ring string", "src/ical/planted.cpp", "s = icalproperty_as_ical_string(p);", "is denied"),
    ("an environment read", "src/transport/planted.cpp", 'auto p = std::getenv("PATH");',
     "getenv is denied"),
    ("a clock read", "src/outbox/planted.cpp", "auto t = std::chrono::system_clock::now();",
     "is denied"),
    ("a call across domains in the web face", "src/web/planted.cpp", "auto d = engine.list_domains();",
     "the operator's alone"),
    ("a scope of everything in the web face", "src/web/planted.cpp", "const auto s = Scope::system();",
     "the operator's alone"),
]  # fmt: skip

# What must not be taken for a violation.
ALLOWED = [
    ("a lower tier", "src/engine/planted.cpp", '#include "calinvite/model.hpp"\n#include "base/text.hpp"'),
    ("its own folder", "src/store/sqlite/planted.cpp",
     '#include <SQLiteCpp/SQLiteCpp.h>\n#include "store/store.hpp"\n#include "store/sqlite/rows.hpp"'),
    ("public headers in a face", "capi/planted.cpp",
     '#include <calinvite.h>\n#include "calinvite/engine.hpp"\n#include <pthread.h>'),
    ("a denied name in a comment or a string", "src/ical/planted.cpp",
     '// icalcomponent_normalize(c)\n/* a\n icalcomponent_normalize */\nauto s = "getenv";'),
    ("the engine's default clock", "src/engine/planted.cpp", "auto t = std::chrono::system_clock::now();"),
    ("the _r form", "src/ical/planted.cpp", "char* s = icalproperty_as_ical_string_r(p);"),
]  # fmt: skip


class Copy:
    """A copy of the tree in which a file can be changed for a moment."""

    def __init__(self, scratch):
        self.root = pathlib.Path(scratch)
        for top in ("include", "src", "capi", "bindings"):
            if (ROOT / top).exists():
                shutil.copytree(ROOT / top, self.root / top)

    def complaints(self, where, text):
        """What check.py newly says about `where` with `text` at its end."""
        file = self.root / where
        before = file.read_text(encoding="utf-8") if file.exists() else None
        known = self.check(where) if file.exists() else []
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text((before or "") + "\n" + text + "\n", encoding="utf-8")
        found = [line for line in self.check(where) if line not in known]
        if before is None:
            file.unlink()
        else:
            file.write_text(before, encoding="utf-8")
        return found

    def check(self, where):
        tree = Tree(self.root)
        tree.check_file(pathlib.Path(where))
        return tree.violations

    def exit_code(self):
        check = pathlib.Path(__file__).parent / "check.py"
        return subprocess.run([sys.executable, "-B", check, self.root], stdout=subprocess.DEVNULL).returncode


def faults_of(copy):
    for what, where, text, words in PLANTED:
        found = copy.complaints(where, text)
        if not any(line.startswith(where + ":") and words in line for line in found):
            yield f"{what} in {where} was not found; got {found}"
    for what, where, text in ALLOWED:
        found = copy.complaints(where, text)
        if found:
            yield f"{what} in {where} was taken for a violation: {found}"
    if copy.exit_code() != 0:
        yield "check.py refuses the tree as it is"
    (copy.root / "src/base/planted.cpp").write_text(PLANTED[0][2], encoding="utf-8")
    if copy.exit_code() != 1:
        yield "check.py does not fail over a planted file"


def main():
    with tempfile.TemporaryDirectory() as scratch:
        failures = list(faults_of(Copy(scratch)))
    print("\n".join(failures) or f"{len(PLANTED)} planted violations found, {len(ALLOWED)} uses let pass")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
