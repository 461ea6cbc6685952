#!/bin/sh
# Renders the gallery's pictures anew: make.sh BUILD_DIRECTORY
set -eu
build=$(realpath "${1:?usage: make.sh BUILD_DIRECTORY, such as build/dev}")
cd "$(dirname "$0")"
for package in chromium fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji pngquant; do
  dpkg -s "$package" >/dev/null 2>&1 || missing="${missing:-} $package"
done
if [ -n "${missing:-}" ]; then
  echo "make.sh: run first: apt-get install$missing" >&2
  exit 1
fi
mails=$(mktemp -d)
trap 'rm -rf "$mails"' EXIT
"$build/tests/compose/gallery_mails" "$mails"
for mail in "$mails"/*.eml; do
  ./render.py "$mail" "$(basename "$mail" .eml)"
done
# One thread: the same mail gives the same bytes.
OMP_NUM_THREADS=1 pngquant --force --ext .png --speed 1 --strip 64 -- *-light.png *-dark.png
./fingerprints.py "$mails" >mails.sha256
