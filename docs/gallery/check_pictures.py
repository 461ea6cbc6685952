"""The mails of the gallery are what people are sent, and its pictures are of them; a rendered one shows something, and
not the same in light and dark."""
import email
import glob
import os
import re
import struct
import subprocess
import sys
import tempfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import render  # noqa: E402
from fingerprints import fingerprints  # noqa: E402


def rows(path):
    """Pixels of a PNG of 8-bit samples, row by row, as bytes of red, green and blue."""
    with open(path, 'rb') as file:
        png = file.read()
    assert png.startswith(b'\x89PNG\r\n\x1a\n'), f'{path} is no PNG'
    at, packed = 8, b''
    while at < len(png):
        size, kind = struct.unpack('>I4s', png[at:at + 8])
        if kind == b'IHDR':
            width, _, depth, colours = struct.unpack('>IIBB', png[at + 8:at + 18])
        if kind == b'IDAT':
            packed += png[at + 8:at + 8 + size]
        at += 12 + size
    assert depth == 8 and colours in (2, 6), f'{path}: {depth} bits, colour type {colours}'
    channels = 3 if colours == 2 else 4
    raw, stride, before = zlib.decompress(packed), width * channels, bytes(width * channels)
    for begin in range(0, len(raw), stride + 1):
        before = unfiltered(raw[begin], bytearray(raw[begin + 1:begin + 1 + stride]), before, channels)
        yield b''.join(before[i:i + 3] for i in range(0, stride, channels))


def unfiltered(kind, row, above, channels):
    for i, byte in enumerate(row):
        left = row[i - channels] if i >= channels else 0
        up, corner = above[i], above[i - channels] if i >= channels else 0
        guess = left + up - corner
        paeth = min((left, up, corner), key=lambda one: abs(guess - one))
        row[i] = (byte + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
    return bytes(row)


def look(path):
    """How bright a picture's ground is, and how many of its rows show something on it."""
    ground, inked = None, 0
    for row in rows(path):
        ground = ground or row[:3]
        inked += row != ground * (len(row) // 3)
    return sum(ground) // 3, inked


def asks_anew(path):
    """Whether a mail asks for an answer and keeps none."""
    with open(path, 'rb') as file:
        calendar = next(part for part in email.message_from_binary_file(file).walk()
                        if part.get_content_type() == 'text/calendar')
    unfolded = calendar.get_payload(decode=True).decode().replace('\r\n ', '')
    attendee = re.search('\nATTENDEE.*', unfolded)[0]
    return 'PARTSTAT=NEEDS-ACTION' in attendee and 'RSVP=TRUE' in attendee


def check_mails(folder):
    updates = glob.glob(f'{folder}/*-update.eml')
    assert updates, 'no updates'
    for path in updates:
        assert asks_anew(path), f'{path} moves the event and keeps the answer to before'


def check_pictures(folder):
    """The pictures themselves differ by fonts and by machine: what they were made from is compared."""
    now = fingerprints(folder)
    with open(f'{HERE}/mails.sha256', encoding='ascii') as file:
        pictured = dict(reversed(line.split()) for line in file)
    stale = sorted(name for name in now.keys() | pictured.keys() if now.get(name) != pictured.get(name))
    assert not stale, (f'the pictures of {", ".join(stale)} are not of the mails as they are now: run '
                       'docs/gallery/make.sh, and look at what it makes')
    wanted = {f'{name}-{scheme}.png' for name in now for scheme in ('light', 'dark')}
    there = {os.path.basename(path) for path in glob.glob(f'{HERE}/*-light.png') + glob.glob(f'{HERE}/*-dark.png')}
    assert wanted == there, f'pictures without a mail or mails without a picture: {sorted(wanted ^ there)}'


def main(gallery_mails):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([gallery_mails, folder], check=True)
        check_mails(folder)
        check_pictures(folder)
    if not os.path.exists(render.PROGRAM):
        print(f'skipped: no {render.PROGRAM}; the package chromium brings it')
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([gallery_mails, folder], check=True)
        subprocess.run([sys.executable, '-B', render.__file__, f'{folder}/en-update.eml', f'{folder}/page'],
                       check=True)
        light, light_inked = look(f'{folder}/page-light.png')
        dark, dark_inked = look(f'{folder}/page-dark.png')
    assert light_inked > 200 and dark_inked > 200, f'blank: {light_inked} and {dark_inked} rows show something'
    assert light > 200 > 80 > dark, f'the grounds are {light} and {dark} bright of 255'
    print(f'grounds {light} and {dark} bright, {light_inked} rows show something')


main(sys.argv[1])
