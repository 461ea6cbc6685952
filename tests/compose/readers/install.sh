#!/bin/sh
# Installs the packages of the Node reader, exactly those of package-lock.json, into a folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1

mkdir -p "$target"
if [ -f "$target/installed" ] && cmp -s "$here/package-lock.json" "$target/package-lock.json"; then
  exit 0
fi
rm -f "$target/installed"
cp "$here/package.json" "$here/package-lock.json" "$target/"
if ! (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); then
  echo "install.sh: npm can't install $(pwd)/package-lock.json; is the npm registry reachable?" >&2
  exit 1
fi
touch "$target/installed"
