"""Keeps the tiers of src/: a folder includes lower tiers only, and a third-party library has one home.

    check.py [ROOT]     prints one line per violation; exits 1 when there is one
"""

import pathlib
import re
import sys

TIERS = {
    "base": 0,
    "time": 1, "locale": 1,
    "model": 2,
    "ical": 3, "csv": 3, "mime": 3, "aws": 3, "token": 3, "itip": 3, "texts": 3,
    "compose": 4, "lint": 4,
    "store": 5, "transport": 5,
    "ingest": 6, "outbox": 6, "report": 6, "preflight": 6,
    "engine": 7,
    "web": 8,
}  # fmt: skip
FACES = {"capi", "bindings"}

# include/calinvite/X.hpp belongs to src/X, but for these.
PUBLIC_HOMES = {
    "result": "base", "version": "base", "credentials": "transport", "dns": "transport",
    "suppression": "model", "queue": "transport", "sns": "aws",
}  # fmt: skip
EMBEDDED_HOMES = {"sqlite_migrations": "store", "text_catalogs": "texts", "text_templates": "texts"}

# Prefix of a third-party header: the folders that may include it.
THIRD_PARTY = {
    "openssl/": ["base"],
    "nlohmann/": ["base"],
    "tl/expected.hpp": ["base"],
    "unicode/": ["locale"],
    "gmime/": ["mime"],
    "glib": ["mime"],
    "kainjow/": ["texts"],
    "libical/": [],  # bench/ compares with it
    "libpsl.h": ["mime"],
    "curl/": ["transport"],
    "ares.h": ["transport/dns"],
    "SQLiteCpp/": ["store/sqlite"],
    "sqlite3": ["store/sqlite"],
    "libpq": ["store/postgres"],
    "pybind11/": ["bindings"],
    "Python.h": ["bindings"], "datetime.h": ["bindings"], "structmember.h": ["bindings"],
    "httplib.h": [],
    "CLI/": [],
}
# Angle includes with a slash or a suffix that come with the system.
SYSTEM = re.compile(
    r"(arpa|linux|net|netinet|sys)/\w+\.h$"
    r"|(dirent|errno|fcntl|limits|netdb|poll|pthread|signal|stdbool|stddef|stdint|stdio|stdlib"
    r"|string|time|unistd|[a-z]mmintrin)\.h$"
)

# Calls that hang, crash, read files named by their input, or break a rule of this library.
DENIED = {
    r"icalcomponent_normalize": "crashes and hangs on hostile input",
    r"\w*foreach_recurrence": "expands without limit",
    r"icaltimezone_get_builtin\w*": "opens the file that its argument names",
    r"icalcomponent_get_(dtstart|dtend|due|duration|span|recurrenceid)":
        "opens the zone file that the input names; read the property's raw value",
    r"ical\w+_(as|get_value_as)_(ical_)?string": "returns memory of a ring; use the _r form and free()",
    r"g_mime_content_type_encode": "loops for ever on a parsed type",
    r"\w*_get_boundary": "loops for ever on a parsed part",
    r"CURLOPT_AWS_SIGV4": "signs several requests wrong",
    r"CURLOPT_(COPY)?POSTFIELDS": "libcurl then sends a lost POST again by itself",
    r"(secure_)?getenv": "the library reads no environment",
    r"setlocale": "the process owns the locale",
    r"random_device": "randomness is an argument",
    r"system_clock::now": "time is an argument; the engine alone supplies a default",
    r"std::(cout|cerr|clog)": "the library prints nothing",
    r"std::(views|ranges::views)": "clang 14 does not compile range adaptors",
}  # fmt: skip
ALLOWED_IN = {"system_clock::now": "engine"}
# Calls of the engine that reach across domains (docs/access.md): the face that serves others has a
# scope, and none of these.
OPERATOR_CALLS = re.compile(
    r"(?:\.|->)\s*(add_domain|update_domain|list_domains|add_organizer|ingest|dispatch|list_accounts"
    r"|resume_account|compact|list_domains_with_key|highest_key_id|open)\s*\(|\bScope::(system)\b"
)
DENIED_PATTERN = re.compile(r"(?<!\w)(" + "|".join(f"(?:{name})" for name in DENIED) + r")\b")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
COMMENT_OR_STRING = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', re.DOTALL
)


def without_comments_and_strings(text):
    """The same lines, so that line numbers stay true."""
    return COMMENT_OR_STRING.sub(lambda match: "\n" * match.group().count("\n"), text)


def folder_of(path):
    """The folder that a file of ours belongs to, or None: 'store/sqlite', 'capi', 'time'."""
    parts = path.parts
    if parts[0] in FACES:
        return parts[0]
    if parts[0] == "include":
        if path.suffix == ".h":
            return "capi"
        return PUBLIC_HOMES.get(path.stem, path.stem)
    return "/".join(parts[1:-1])


def is_at(folder, home):
    return folder == home or folder.startswith(home + "/")


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.violations = []

    def check(self):
        for top in ("include", "src", *sorted(FACES)):
            for path in sorted((self.root / top).rglob("*")):
                if path.suffix in (".hpp", ".cpp", ".h", ".c"):
                    self.check_file(path.relative_to(self.root))
        return self.violations

    def report(self, path, line, message):
        self.violations.append(f"{path}:{line}: {message}")

    def check_file(self, path):
        folder = folder_of(path)
        if folder not in FACES and folder.split("/")[0] not in TIERS:
            self.report(path, 1, f"{folder or 'this place'} is in no tier; see style.md and {__file__}")
            return
        text = (self.root / path).read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            if match := INCLUDE.match(line):
                message = self.fault_of_include(path, folder, *match.groups())
                if message:
                    self.report(path, number, message)
        for number, line in enumerate(without_comments_and_strings(text).splitlines(), 1):
            for match in DENIED_PATTERN.finditer(line):
                name = match.group(1)
                if ALLOWED_IN.get(name) == folder:
                    continue
                reason = next(why for key, why in DENIED.items() if re.fullmatch(key, name))
                self.report(path, number, f"{name} is denied: {reason}")
            if folder.split("/")[0] != "web":
                continue
            for match in OPERATOR_CALLS.finditer(line):
                self.report(path, number, f"{match.group(1) or match.group(2)} is the operator's alone")

    def fault_of_include(self, path, folder, quote, target):
        parts = target.split("/")
        if target == "calinvite.h" or target.startswith("calinvite/c/"):
            return None if folder in FACES else "only the faces know the C header"
        if parts[0] == "calinvite" and len(parts) == 2:
            name = parts[1].removesuffix(".hpp")
            return self.fault_of_tier(folder, PUBLIC_HOMES.get(name, name), target)
        if quote == "<":
            return self.fault_of_library(folder, target)
        if folder in FACES:
            own = (self.root / path.parent / target).exists() or parts[0] == folder
            return None if own else f"{target} is not a public header; faces include no other"
        if path.parts[0] == "include":
            return f"{target} is not installed; public headers include public headers"
        if parts[0] == "embedded":
            return self.fault_of_tier(folder, EMBEDDED_HOMES.get(path_stem(target), target), target)
        if parts[0] not in TIERS:
            return f"{target} does not name its folder"
        return self.fault_of_tier(folder, parts[0], target)

    @staticmethod
    def fault_of_tier(folder, other, target):
        if folder in FACES:
            return None if other in TIERS else f"{target} belongs to no folder"
        own = folder.split("/")[0]
        if other == own:
            return None
        if other not in TIERS:
            return f"{target} belongs to no folder"
        if TIERS[other] == TIERS[own]:
            return f"{target}: {other} is a sibling of {own} (tier {TIERS[own]})"
        if TIERS[other] > TIERS[own]:
            return f"{target}: {other} (tier {TIERS[other]}) lies above {own} (tier {TIERS[own]})"
        return None

    @staticmethod
    def fault_of_library(folder, target):
        for prefix, homes in THIRD_PARTY.items():
            if target.startswith(prefix):
                if any(is_at(folder, home) for home in homes):
                    return None
                return f"<{target}> belongs in {' or '.join(homes) or 'no folder of the library'}"
        if ("/" in target or "." in target) and not SYSTEM.match(target):
            return f"<{target}> has no home; give its library one in {pathlib.Path(__file__).name}"
        return None


def path_stem(target):
    return pathlib.PurePosixPath(target).stem


def main():
    default = pathlib.Path(__file__).resolve().parents[2]
    violations = Tree(sys.argv[1] if len(sys.argv) > 1 else default).check()
    print("\n".join(violations) or "layering holds")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
