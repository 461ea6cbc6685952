#!/bin/bash
# Writes receipts of facts and of SES's JSON beside a bare loop of prepared statements, in one run, and
# with PEERS beside what others would write them with. calinvite_bench_receipts must be built.
#
#   scripts/bench_receipts.sh [PEERS]     the folder of the peers' programs
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
build/release/calinvite_bench_receipts "$work"
[ $# -gt 0 ] || exit 0
peers=$(realpath "$1")
g++ -O2 -march=native -std=c++17 -o "$work/limit" "$peers/j5_limit.cpp" -lsqlite3
"$work/limit" "$work" 100000 perrow 1
"$work/limit" "$work" 200000 batch 1 | grep by-event
