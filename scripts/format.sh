#!/bin/bash
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
# Files not yet added count too, ignored ones do not.
git ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.hpp' '*.c' '*.h' |
  while IFS= read -r -d '' file; do [ -f "$file" ] && printf '%s\0' "$file"; done |
  xargs -0 -r clang-format $mode
