"""Checks every composed mail against R1 to R16 and R48 of the interoperability rules, as bytes.

    check_shape.py FOLDER     the samples of compose_samples
"""

import base64
import collections
import email
import html.parser
import json
import pathlib
import re
import sys

TREE = [
    "multipart/mixed",
    "multipart/alternative",
    "text/plain",
    "text/html",
    "text/calendar",
    "application/ics",
]


VOID = {"meta", "br"}


class Page(html.parser.HTMLParser):
    """Follows the nesting of tags and collects what a screen reader goes by."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.root = [], collections.Counter(), {}

    def handle_starttag(self, tag, attrs):
        self.seen[tag] += 1
        if tag == "html":
            self.root = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"


def check_html(name, text):
    page = Page()
    page.feed(text)
    page.close()
    assert not page.open, f"{name}: {page.open} never close"
    assert page.root["lang"] and page.root["dir"] in ("ltr", "rtl"), f"{name}: R150"
    assert page.seen["title"] == page.seen["h1"] == 1, f"{name}: one title, one heading"
    assert page.seen["th"] == page.seen["tr"], f"{name}: a row without heading"
    for unwanted in ("script", "style", "link", "img", "form"):
        assert unwanted not in page.seen, f"{name}: <{unwanted}>"


def check_headers(name, head, message):
    lines = head.split(b"\r\n")
    assert all(len(line) < 78 for line in lines), f"{name}: R14: a header line over 77 octets"
    names = collections.Counter(
        line.split(b":")[0].lower() for line in lines if line and line[:1] not in b" \t"
    )
    twice = [header for header, count in names.items() if count > 1]
    assert not twice, f"{name}: R12: {twice} more than once"
    for needed in ("from", "to", "subject", "date", "message-id", "mime-version"):
        assert needed.encode() in names, f"{name}: no {needed}"
    for unwanted in (b"cc", b"bcc", b"sender"):
        assert unwanted not in names, f"{name}: R11, R28: {unwanted}"
    assert message["Reply-To"] == message["From"], f"{name}: R27"
    assert message["Auto-Submitted"] == "auto-generated", f"{name}: R16"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply", f"{name}: R16"
    assert message["Content-Class"] == "urn:content-classes:calendarmessage", f"{name}: R9"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click", f"{name}: R137"
    for word in re.findall(rb"=\?[^ ]*\?=", head):
        assert len(word) <= 75, f"{name}: RFC 2047: {word}"
        base64.b64decode(word[10:-2]).decode("utf-8")


def check_parts(name, message):
    parts = list(message.walk())
    assert [part.get_content_type() for part in parts] == TREE, f"{name}: R1, R2"
    plain, page, inline, attached = parts[2:]
    for part in (plain, page):
        encoding = part["Content-Transfer-Encoding"]
        assert encoding in ("7bit", "quoted-printable", "base64"), f"{name}: {encoding}"
    for part in (inline, attached):
        assert part["Content-Transfer-Encoding"] == "base64", f"{name}: R8"
        lines = part.get_payload().rstrip("\r\n").split("\r\n")
        assert all(0 < len(line) <= 76 for line in lines), f"{name}: R8: line over 76"
    for part in (plain, page, inline, attached):
        assert part["Content-ID"] is None, f"{name}: R5"
    assert inline["Content-Disposition"] is None, f"{name}: R5"
    assert inline.get_param("charset") == "UTF-8", f"{name}: R3"
    assert attached.get_param("method") is None, f"{name}: R6"
    assert attached.get_param("name") == attached.get_filename() == "invite.ics", f"{name}: R6"
    assert attached.get_content_disposition() == "attachment", f"{name}: R6"
    calendar = inline.get_payload(decode=True)
    assert calendar == attached.get_payload(decode=True), f"{name}: R7"
    method = re.search(rb"\r\nMETHOD:([A-Z]+)\r\n", calendar).group(1).decode()
    assert inline.get_param("method") == method, f"{name}: R3"
    assert len(page.get_payload(decode=True)) < 90 * 1024, f"{name}: R19"
    check_html(name, page.get_payload(decode=True).decode("utf-8"))
    check_calendar(name, calendar)


def check_calendar(name, calendar):
    assert calendar.count(b"BEGIN:VCALENDAR") == 1, f"{name}: R4"
    assert calendar.endswith(b"END:VCALENDAR\r\n"), f"{name}: R48"
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", calendar), f"{name}: R48: bare CR or LF"
    for line in calendar.split(b"\r\n"):
        assert len(line) <= 75, f"{name}: R48: {line}"
        line.decode("utf-8")  # a fold never cuts a character
    assert calendar.count(b"\r\nATTENDEE") == 1, f"{name}: R34"


def check_mail(name, raw):
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw), f"{name}: bare CR or LF"
    assert max(raw) < 128, f"{name}: R8: not 7-bit"
    assert max(map(len, raw.split(b"\r\n"))) <= 998, f"{name}: R14"
    message = email.message_from_bytes(raw)
    check_headers(name, raw.split(b"\r\n\r\n", 1)[0], message)
    check_parts(name, message)
    assert not any(part.defects for part in message.walk()), f"{name}: MIME defects"


def main(folder):
    samples = json.loads((folder / "expected.json").read_bytes())
    assert samples
    for sample in samples:
        check_mail(sample["file"], (folder / sample["file"]).read_bytes())
    print(f"{len(samples)} mails have the shape of R1 to R16 and R48")


main(pathlib.Path(sys.argv[1]))
