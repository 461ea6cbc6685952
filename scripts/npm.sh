#!/bin/sh
# usage: npm.sh SOURCE TARGET: installs exactly the packages of SOURCE/package-lock.json into TARGET, once.
set -eu
source=$1
target=$2

mkdir -p "$target"
if [ -f "$target/installed" ] && cmp -s "$source/package-lock.json" "$target/package-lock.json"; then
  exit 0
fi
rm -f "$target/installed"
cp "$source/package.json" "$source/package-lock.json" "$target/"
if ! (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); then
  echo "npm.sh: npm can't install $source/package-lock.json; is the npm registry reachable?" >&2
  exit 1
fi
touch "$target/installed"
