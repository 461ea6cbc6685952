#!/bin/bash
# Builds optimised and prints what the steps of an invite cost on this machine, as ratios of one run.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
cmake --preset release >/dev/null
cmake --build --preset release --target calinvite_bench
build/release/calinvite_bench
