#!/bin/bash
# Prints what reports cost over 100,000 and over 1,000,000 receipts, in ms, and how much more over the
# second. Each is for 10 attendees an event; filling the larger store takes minutes.
#
#   scripts/bench_reports.sh [SMALL LARGE]
set -euo pipefail
cd "$(dirname "$0")/.."
small=${1:-100000} large=${2:-1000000}
cmake --preset release >/dev/null
cmake --build --preset release --target calinvite_bench_reports
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
for count in "$small" "$large"; do
  build/release/calinvite_bench_reports "$work" "$count" >>"$work/results"
done
awk -F '\t' -v small="$small" -v large="$large" '
  BEGIN { printf "%-44s %12s %12s %7s\n", "median of 200, ms", small, large, "ratio" }
  $1 == small { before[$2] = $3; next }
  { printf "%-44s %12.3f %12.3f %7.2f\n", $2, before[$2], $3, (before[$2] > 0 ? $3 / before[$2] : 0) }
' "$work/results"
