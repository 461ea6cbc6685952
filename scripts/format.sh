#!/bin/sh
# Formats our C and C++ files in place; with --check only says which differ, and fails.
set -eu
cd "$(dirname "$0")/.."
case "${1:-}" in
  "") mode="-i" ;;
  --check) mode="--dry-run --Werror" ;;
  *)
    echo "usage: scripts/format.sh [--check]" >&2
    exit 2
    ;;
esac
find include src capi bindings examples tests bench -name node_modules -prune -o \
  -type f \( -name '*.[ch]pp' -o -name '*.[ch]' \) -print0 2>/dev/null |
  xargs -0 -r clang-format $mode
