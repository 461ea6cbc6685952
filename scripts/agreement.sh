#!/bin/bash
# Composes random invitations, updates and cancellations, and has readers that none of us wrote say
# whether each field is what the model says.
#
#   scripts/agreement.sh [COUNT [SEED]]   10,000 of them, another seed each day
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-10000}
seed=${2:-$(date -u +%Y%m%d)}
scripts/setup.sh test
cmake --preset release >/dev/null
cmake --build --preset release --target compose_write_random compose_read_random
programs=build/release/tests/compose
scripts/npm.sh tests/compose/readers "$programs/readers"
mails=$(mktemp -d)
trap 'rm -r "$mails"' EXIT
echo "$count mails of seed $seed"
"$programs/compose_write_random" "$mails" "$count" "$seed"
/usr/bin/python3 -B tests/compose/readers/read_random.py "$mails"
node "$programs/readers/read_random.mjs" "$mails"
"$programs/compose_read_random" "$mails"
