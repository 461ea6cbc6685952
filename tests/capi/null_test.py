"""Calls every function of the C API with NULL for each of its pointers in turn, and for all at once: it
answers, neither crashes nor leaks, and leaves no result behind when it fails. The calls are made from the
headers, so that none is left out; valgrind watches."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "capi/abi"))
import abi

BUILD = pathlib.Path(sys.argv[1]).resolve()
if not shutil.which("valgrind"):
    print("valgrind is missing: nobody would see a leak")
    sys.exit(77)
TEXTS = {  # by name of the parameter; what is not here is "x"
    "event": "uid", "uid": "uid", "token": "token", "organizer": '"fixtures@league.example"',
    "address": '"ana@example.net"', "timezone": '"Europe/Berlin"', "wall": '"2037-03-28T15:30:00"',
    "start": '"2037-03-28T15:30:00"', "rule": '"FREQ=DAILY;COUNT=3"', "answer": '"accepted"',
    "preset": '"generic"', "state": '"pending"', "from": '"organizer"', "separator": '"+"',
    "date_order": '"usual"', "what": '"rsvp"', "origin": '"api"', "name": '"invitation.html"',
    "reply_domain": '"reply.league.example"', "url": '"https://sqs.eu-central-1.amazonaws.com/1/q"',
    "folder": "folder", "landing": '"https://league.example/"', "bytes": "calendar", "json": "notification",
    "body": "notification",
}
# Of these a NULL means something, so that the call may do its work all the same.
HANDLES = {"calinvite_engine": "engine", "calinvite_key_ring": "ring", "calinvite_aws_signer": "signer",
           "calinvite_composer": "composer", "calinvite_queue": "queue", "calinvite_stop": "stop",
           "calinvite_error": "NULL", "calinvite_answer": "NULL", "calinvite_transport": "NULL"}
LENT = {"const char**", "const calinvite_header**"}

declared = abi.Abi()
structs = {name for name, _ in declared.structs()}
callbacks = dict((name, (result.strip(), parameters)) for result, name, parameters in re.findall(
    r"typedef ([\w ]+?\*?)\s*\(\*(calinvite_\w+_fn)\)\((.*?)\);", declared.flat, re.S))
INITS = set(re.findall(r"#define (CALINVITE_\w+_INIT)\b", "".join(
    path.read_text() for path in (ROOT / "include/calinvite/c").glob("*.h"))))


def split(parameters):
    """Type and name of each parameter."""
    for parameter in " ".join(parameters.split()).split(", "):
        if parameter == "void":
            return
        found = re.fullmatch(r"(.*?[\s*])(\w+)", parameter)
        yield found.group(1).strip().replace(" *", "*"), found.group(2)


def value_of(kind, name, function):
    """An expression that is sound for the parameter, and what frees it after a success."""
    if kind in callbacks:
        return f"stub_{kind}", ""
    if kind in ("void*", "const void*"):
        return "NULL", ""
    if kind == "const char*":
        return TEXTS.get(name, '"x"'), ""
    if kind == "const char* const*":
        return "texts", ""
    if kind == "const uint8_t*":
        return "secret", ""
    if kind == "char*":
        return "buffer", ""
    if kind in ("size_t",):
        return {"bytes": "1", "count": "1", "request_count": "1"}.get(name, "sizeof calendar - 1" if name == "size" else "1"), ""
    if kind in ("int64_t", "int32_t", "uint32_t", "uint16_t", "calinvite_status"):
        return "1", ""
    if kind in ("int64_t*", "uint32_t*", "size_t*"):
        return f"&{kind.removesuffix('_t*')}_out", ""
    if kind in LENT:
        return ("&lent_text_out" if kind == "const char**" else "&lent_headers_out"), ""
    base = kind.replace("const ", "").rstrip("*")
    if kind.endswith("**"):
        free = "calinvite_close" if base == "calinvite_engine" else f"{base}_free"
        if kind.startswith("const "):
            free = "calinvite_free"
        return f"&{base}_out", f"{free}({base}_out);"
    if kind.endswith("*") and base in HANDLES:
        return HANDLES[base], ""
    if kind.startswith("const ") and base in structs:
        return (f"&{base}_in" if f"{base.upper()}_INIT" in INITS else "NULL"), ""
    if kind == "calinvite_link_token*":
        return "&calinvite_link_token_in", ""
    raise SystemExit(f"{function}: no value for {kind} {name}; teach null_test.py one")


def calls():
    for result, name, parameters in declared.functions():
        given = list(split(parameters))
        values = [value_of(kind, parameter, name) for kind, parameter in given]
        frees = name.endswith("_free") or name in ("calinvite_close", "calinvite_free", "calinvite_stop_request")
        pointers = [i for i, (kind, _) in enumerate(given) if kind.endswith("*") or kind in callbacks]
        turns = [set(pointers)] + ([] if frees else [{i} for i in pointers])
        for absent in turns:
            if {(name, given[i][1]) for i in absent} & WAITS and len(absent) == 1:
                continue
            arguments = ["NULL" if i in absent else values[i][0] for i in range(len(given))]
            call = f"{name}({', '.join(arguments)})"
            at = f'at = "{call.replace(chr(34), chr(39))}";'
            if result.strip() != "calinvite_status" or name == "calinvite_error_status":
                yield f"{at} {call};"
                continue
            # Nothing is done for somebody who says nothing.
            refuses = len(absent) > 1 and name not in ALLOWED
            there = [(values[i], kind) for i, (kind, _) in enumerate(given) if i not in absent]
            outs = [(value.lstrip("&"), free, kind) for (value, free), kind in there if value.endswith("_out")]
            errors = [out for out, _, kind in outs if kind == "calinvite_error**"]
            results = [each for each in outs if each[2] != "calinvite_error**"]
            yield " ".join([
                at, *(f"{out} = {stale(kind)};" for out, _, kind in outs), f"status = {call};",
                *(f'if (status == CALINVITE_OK) must({out} == NULL, "an error beside CALINVITE_OK");'
                  f" calinvite_error_free({out});" for out in errors),
                'must(status == CALINVITE_INVALID_ARGUMENT, "NULL was taken for everything");' if refuses else "",
                "if (status != CALINVITE_OK) {",
                *(f'must({out} == 0, "a failure leaves {out}");' for out, _, _ in results),
                "} else {", *(free for _, free, _ in results), "}"])


def stale(kind):
    """What a result is not: as left by an earlier call."""
    return f"({kind[:-1]})stale" if kind.endswith("**") else "77"


# All of their arguments may be left out, and there is no engine among them.
ALLOWED = {"calinvite_lint_rules", "calinvite_mint_uid", "calinvite_mint_address_token"}
# Without options to stop it, this one tries for minutes to reach a queue that is not there.
WAITS = {("calinvite_receive", "options")}
PRELUDE = r"""
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "calinvite.h"
static const char* at = "";
static int failures = 0;
static const char calendar[] = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
  "DTSTAMP:20370301T120000Z\r\nSUMMARY:x\r\nDTSTART:20370301T150000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
static const char notification[sizeof calendar] = "{\"eventType\":\"Send\"}";
static const uint8_t secret[32] = {1};
static const char* const texts[1] = {"{}"};
static char buffer[512];
static int64_t int64_out; static uint32_t uint32_out; static size_t size_out;
static const char* lent_text_out; static const calinvite_header* lent_headers_out;
static char stale[1];
static calinvite_status status;
static void must(int is_so, const char* otherwise) {
  if (is_so) return;
  fprintf(stderr, "%s: %s, %s\n", at, calinvite_status_name(status), otherwise);
  ++failures;
}
static void crashed(int signal) {
  (void)!write(2, at, strlen(at)); (void)!write(2, "\n", 1); _exit(128 + signal);
}
static void need(calinvite_status status, const char* what) {
  if (status == CALINVITE_OK) return;
  fprintf(stderr, "%s: %s\n", what, calinvite_status_name(status)); _exit(1);
}
"""


def stub(name, result, parameters):
    body = {"int": "return 0;", "void": "", "int64_t": "return 1803902400;",
            "const char*": "return NULL;", "calinvite_status": "return CALINVITE_UNAVAILABLE;"}[result]
    if name == "calinvite_read_fn":
        body = "*size_out = 0; return 0;"
    if name == "calinvite_random_fn":
        body = "memset(bytes, 7, size);"
    unused = "".join(f"(void){parameter};" for _, parameter in split(parameters))
    return f"static {result} stub_{name}({parameters}) {{ {unused} {body} }}"


def program():
    text = [PRELUDE]
    text += [stub(name, *of) for name, of in callbacks.items()]
    outs, ins = set(), set()
    for _, name, parameters in declared.functions():
        for kind, _ in split(parameters):
            base = kind.replace("const ", "").rstrip("*")
            if kind.endswith("**") and kind not in LENT:
                outs.add((("const " if kind.startswith("const ") else "") + base, base))
    text += [f"static {kind}* {base}_out = NULL;" for kind, base in sorted(outs)]
    text += [f"static calinvite_{name[10:-5].lower()} calinvite_{name[10:-5].lower()}_in = {name};" for name in sorted(INITS)]
    text.append(r"""
static calinvite_engine* engine; static calinvite_key_ring* ring; static calinvite_aws_signer* signer;
static calinvite_composer* composer; static calinvite_queue* queue; static calinvite_stop* stop;
static const char* uid; static const char* token; static char folder[500];
int main(int argc, char** argv) {
  if (argc != 2) return 2;
  signal(SIGSEGV, crashed); signal(SIGABRT, crashed);
  snprintf(folder, sizeof folder, "%s/mails", argv[1]);
  snprintf(buffer, sizeof buffer, "sqlite:%s/null.db", argv[1]);
  calinvite_engine_options_in.store = buffer; calinvite_engine_options_in.master_key = secret;
  need(calinvite_make_callback_transport(stub_calinvite_send_fn, NULL, &calinvite_engine_options_in.transport, NULL), "transport");
  need(calinvite_open(&calinvite_engine_options_in, &engine, NULL), "open");
  calinvite_engine_options_in.transport = NULL; calinvite_engine_options_in.store = "nothing:";
  calinvite_domain_in.name = "league"; calinvite_domain_in.from = "cal@reply.league.example";
  calinvite_domain_in.reply_domain = "reply.league.example"; calinvite_domain_in.base_url = "https://cal.league.example";
  need(calinvite_add_domain(engine, &calinvite_domain_in, NULL, NULL), "domain");
  calinvite_organizer_in.address = "fixtures@league.example";
  need(calinvite_add_organizer(engine, &calinvite_organizer_in, NULL, NULL), "organizer");
  calinvite_scope_in.domain = "league";
  calinvite_event_in.organizer = "fixtures@league.example"; calinvite_event_in.summary = "x";
  calinvite_event_in.start = "2037-03-28T15:30"; calinvite_event_in.end = "2037-03-28T17:30"; calinvite_event_in.timezone = "Europe/Berlin";
  const calinvite_event* created;
  need(calinvite_create_event(engine, &calinvite_scope_in, &calinvite_event_in, &created, NULL), "event");
  uid = created->uid; calinvite_event_in.uid = uid;
  calinvite_invite_request_in.address = "ana@example.net";
  need(calinvite_invite(engine, &calinvite_scope_in, uid, &calinvite_invite_request_in, 1, "api", NULL, NULL), "invite");
  const calinvite_text* link;
  need(calinvite_rsvp_token(engine, &calinvite_scope_in, uid, "ana@example.net", &link, NULL), "token");
  token = link->bytes;
  need(calinvite_stop_new(&stop, NULL), "stop"); calinvite_stop_request(stop);
  calinvite_receive_options_in.stop = stop;
  calinvite_aws_options_in.region = "eu-central-1"; calinvite_aws_options_in.endpoint = "http://127.0.0.1:9";
  calinvite_aws_options_in.access_key_id = "A"; calinvite_aws_options_in.secret_access_key = "B";
  calinvite_preflight_sources_in.resolve = stub_calinvite_resolve_fn;
  need(calinvite_open_sqs_queue("https://sqs.eu-central-1.amazonaws.com/1/q", &calinvite_aws_options_in, 0, &queue, NULL), "queue");
  need(calinvite_key_ring_new(&ring, NULL), "ring"); need(calinvite_key_ring_add(ring, 1, secret, NULL), "key");
  need(calinvite_aws_signer_new("A", "B", NULL, &signer, NULL), "signer");
  calinvite_revision_in.event = created; calinvite_revision_in.base_url = "https://cal.league.example";
  need(calinvite_composer_new(&calinvite_revision_in, &composer, NULL), "composer");
""")
    lines = list(calls())
    text += lines
    text.append(r"""
  calinvite_composer_free(composer); calinvite_aws_signer_free(signer); calinvite_key_ring_free(ring);
  calinvite_queue_free(queue); calinvite_close(engine); calinvite_stop_free(stop);
  calinvite_free(link); calinvite_free(created); /* results outlive the engine that gave them */
  return failures != 0;
}
""")
    return "\n".join(text), len(lines)


with tempfile.TemporaryDirectory() as folder:
    source, count = program()
    path = pathlib.Path(folder, "null.c")
    path.write_text(source)
    done = subprocess.run(["cc", "-std=c99", "-g", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function",
                           "-Wno-unused-variable", "-Wno-nonnull",
                           f"-I{ROOT}/include", path, f"-L{BUILD}/capi", "-lcalinvite", "-o", f"{folder}/null"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    done = subprocess.run(["valgrind", "-q", "--error-exitcode=9", "--leak-check=full",
                           "--errors-for-leak-kinds=definite", f"{folder}/null", folder],
                          capture_output=True, text=True,
                          env={"LD_LIBRARY_PATH": f"{BUILD}/capi", "PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, f"{done.returncode}\n{done.stdout}{done.stderr}"
print(count, "calls with NULL")
