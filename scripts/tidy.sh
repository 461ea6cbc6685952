#!/bin/sh
# clang-tidy over the library, its faces and programs: scripts/tidy.sh [FILE...], default all of them.
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh all
cmake --preset dev >/dev/null
# Generated headers have to exist before a file that includes one can be read.
cmake --build --preset dev --target calinvite_core
if [ $# -eq 0 ]; then
  set -- $(find src capi bindings examples -name '*.cpp')
fi
# The command lines are GCC's: some of its warnings clang does not know.
printf '%s\n' "$@" |
  xargs -n 1 -P "$(nproc)" clang-tidy -p build/dev --quiet --extra-arg=-Wno-unknown-warning-option
