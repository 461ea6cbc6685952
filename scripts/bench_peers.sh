#!/bin/bash
# Composes the same event for the same people by what others would use and by us, in turn, and prints
# how often ours is as fast. scripts/bench.sh calls it; calinvite_bench_compose must be built.
#
#   scripts/bench_peers.sh PEERS     the folder of the peers' programs
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh bench
peers=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cp "$peers/package.json" "$work"
(cd "$work" && npm install --ignore-scripts --no-audit --no-fund --silent)
/usr/bin/python3 "$peers/gen.py" "$work/data" >/dev/null
g++ -O2 -march=native -std=c++17 -Wno-deprecated-declarations -o "$work/gmime" "$peers/j2_gmime.cpp" \
  $(pkg-config --cflags --libs gmime-3.0) -lical -lcrypto

# The last processor, as the first takes the interrupts. Three turns: others may be at work too.
pin="taskset -c $(($(nproc) - 1))"
export PEERS_NPM=$work NODE_NO_WARNINGS=1
for _ in 1 2 3; do
  $pin build/release/calinvite_bench_compose "$work/data"
  $pin "$work/gmime" "$work/data" 2000 2
  $pin php "$peers/j2_php.php" "$work/data" 2000 2
  $pin node "$peers/j2_node.mjs" "$work/data" 500 2
  $pin /usr/bin/python3 -B "$peers/j2_py.py" "$work/data" 200 2
  $pin /usr/bin/python3 -B "$peers/j2_py.py" "$work/data" 200 2 --legacy
done >"$work/results"
grep -v '^{' "$work/results"
/usr/bin/python3 -B bench/ratios.py "$work/results"
