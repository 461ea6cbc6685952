"""Compares CsvReader with Python's csv module, row by row, on seeded random texts and on the corpus.

Where Python, told to be strict, finds no fault and no cell holds a quote outside quotes, both must
give the same rows; texts that one of them refuses are counted, not compared.
"""

import csv
import io
import pathlib
import random
import subprocess
import sys

SEED = 20270328
TEXTS = 3000


def ours(program, text, piece):
    done = subprocess.run([program, str(piece)], input=text, capture_output=True, check=True)
    rows = []
    for line in done.stdout.decode().splitlines():
        if line == "error":
            return None
        rows.append([bytes.fromhex(cell[1:]) for cell in line.split(" ")])
    return rows


def python(text):
    # Latin-1 maps every byte to one character, so that nothing but the syntax is compared.
    reader = csv.reader(io.StringIO(text.decode("latin-1"), newline=""), strict=True)
    try:
        rows = [[cell.encode("latin-1") for cell in row] for row in reader if row]
    except csv.Error:
        return None
    return rows


def random_text(source):
    words = [b"a", b"bc", b" ", b"7", b"\xc3\xa4", b";", b"\t"]
    text = b""
    for _ in range(source.randrange(1, 8)):
        cells = []
        for _ in range(source.randrange(1, 6)):
            cell = b"".join(source.choice(words) for _ in range(source.randrange(0, 5)))
            if source.random() < 0.5:
                for extra in (b",", b"\r\n", b"\n", b'""'):
                    if source.random() < 0.4:
                        cell += extra
                cell = b'"' + cell + b'"'
            cells.append(cell)
        text += b",".join(cells)
        text += source.choice([b"\r\n", b"\n", b"\n", b"\r", b"\r\n\r\n"])
    if source.random() < 0.3:
        text = text.rstrip(b"\r\n")
    if source.random() < 0.2:
        at = source.randrange(len(text) + 1)
        text = text[:at] + source.choice([b'"', b",", b"\n", b"\r", b"x"]) + text[at:]
    return text


def has_stray_quote(text):
    """True when a quote stands inside an unquoted cell: an error to us, plain text to Python."""
    quoted = False
    start = True
    for at in range(len(text)):
        c = text[at : at + 1]
        if c == b'"':
            if not quoted and not start and text[at - 1 : at] != b'"':
                return True
            quoted = not quoted
            start = False
        elif not quoted:
            start = c in (b",", b"\n", b"\r")
    return False


def compare(program, text, piece, name, counts):
    expected = python(text)
    if expected is None or has_stray_quote(text):
        counts["not compared"] += 1
        return
    found = ours(program, text, piece)
    if found is None and any(len(row) > 200 for row in expected):
        counts["not compared"] += 1
        return
    counts["equal"] += 1
    if found != expected:
        sys.exit(f"{name} (pieces of {piece}): {text!r}\nours   {found}\npython {expected}")


def main():
    program, corpus = sys.argv[1], pathlib.Path(sys.argv[2])
    csv.field_size_limit(1 << 24)
    counts = {"equal": 0, "not compared": 0}
    source = random.Random(SEED)
    for number in range(TEXTS):
        compare(program, random_text(source), source.choice([1, 2, 3, 7, 4096]), number, counts)
    print(f"seed {SEED}: {counts}")
    if counts["equal"] < TEXTS // 2:
        sys.exit("too few texts were compared")
    if not corpus.is_dir():
        print(f"skipped: no corpus at {corpus}")
        return
    counts = {"equal": 0, "not compared": 0}
    for path in sorted(corpus.rglob("*.csv")):
        text = path.read_bytes()
        if not text.startswith(b"\xef\xbb\xbf"):
            compare(program, text, 1000, path, counts)
    print(f"corpus: {counts}")


main()
