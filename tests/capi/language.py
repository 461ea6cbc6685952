"""What the example of every other language must do: the same. It reads examples/match.ics, writes the same
invitation, and believes the token of that alone."""
import base64
import email
import email.policy
import hashlib
import hmac
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1]).resolve()
EXAMPLES = ROOT / "examples"
HEADER = ROOT / "include/calinvite.ffi.h"
SAID = ("Harbour v Hill, 2037-05-08T15:00:00 Europe/London\n"
        "its own token names attendee fan 001\n"
        "a forged token is refused\n")


def need(tool, package):
    if not shutil.which(tool):
        print(f"{tool} is missing: apt install {package}")
        sys.exit(77)


def run(*command, cwd, **environment):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=cwd,
                          env=os.environ | {"LD_LIBRARY_PATH": f"{BUILD}/capi"} | environment)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def expected_token():
    """As docs/token-format.md says it."""
    signed = struct.pack(">BBHI16s", 1, 1, 1, 2125440000, b"attendee fan 001")
    tag = hmac.new(bytes(range(32)), b"calinvite link token" + signed, hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(signed + tag).rstrip(b"=").decode()


def check(*command):
    """Runs an example in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        said = run(*command, cwd=folder)
        assert said == SAID, said
        mail = pathlib.Path(folder, "invitation.eml")
        run(BUILD / "examples/cli/calinvite", "lint", mail, cwd=folder)
        read = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
    assert read["To"] == "fan1@example.com", read["To"]
    assert read["From"].addresses[0].addr_spec == "cal+mfrggzdfmztwq2lk@reply.league.example", read["From"]
    text = read.get_body(["plain"]).get_content()
    assert f"https://cal.league.example/r/{expected_token()}" in text, text
    [calendar] = [part for part in read.walk() if part.get_content_type() == "text/calendar"]
    assert calendar.get_param("method") == "REQUEST"
    lines = calendar.get_content().splitlines()
    for line in ("UID:ci-0123456789abcdef0123456789abcdef", "DTSTART;TZID=Europe/London:20370508T150000"):
        assert line in lines, lines
    print("reads a calendar, composes an invitation and verifies its token")
