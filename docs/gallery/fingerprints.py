#!/usr/bin/python3
"""Prints what the pictures of the gallery are made from, by which is told whether they are of the mails as they are now.

    fingerprints.py FOLDER    the SHA-256 of the HTML of each mail in FOLDER, and the mail's name
"""
import hashlib
import os
import pathlib
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import render  # noqa: E402


def fingerprints(folder):
    """The fingerprint of each mail's HTML by the mail's name."""
    return {path.stem: hashlib.sha256(render.read_html(path).encode()).hexdigest()
            for path in sorted(pathlib.Path(folder).glob('*.eml'))}


if __name__ == '__main__':
    for name, digest in fingerprints(sys.argv[1]).items():
        print(f'{digest}  {name}')
