#!/bin/bash
# Builds optimised and prints the size of libcalinvite.so.1 and what it costs to start a C program with it.
# usage: scripts/bench_start.sh [BUILD]   (a build directory that has it, in place of an optimised one)
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/release}
if [ $# -eq 0 ]; then
  scripts/setup.sh test
  cmake --preset release >/dev/null
  cmake --build --preset release --target calinvite_c
fi
/usr/bin/python3 -B bench/start.py "$build/capi/libcalinvite.so.1" include
