#!/bin/bash
# Builds optimised and prints what the steps of an invite cost on this machine, as ratios of one run.
# Beside the peers' programs (../shared/bench/peers), composing, signing, tokens and sending are measured with
# their event, and theirs too.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
cmake --preset release >/dev/null
cmake --build --preset release --target calinvite_bench calinvite_bench_compose calinvite_bench_lists calinvite_bench_read \
  calinvite_bench_sign calinvite_bench_send calinvite_bench_receipts calinvite_bench_faces calinvite_bench_faces_c calinvite_python
build/release/calinvite_bench
scripts/bench_start.sh
if [ -d ../shared/bench/peers ]; then
  scripts/bench_peers.sh ../shared/bench/peers
  scripts/bench_send.sh ../shared/bench/peers
  scripts/bench_receipts.sh ../shared/bench/peers
else
  build/release/calinvite_bench_compose
  scripts/bench_receipts.sh
fi
lists=$(mktemp -d)
trap 'rm -r "$lists"' EXIT
build/release/calinvite_bench_lists "$lists"
build/release/calinvite_bench_read
/usr/bin/python3 -B bench/faces_ratios.py build/release  # the last, as it fails when a bar is not met
