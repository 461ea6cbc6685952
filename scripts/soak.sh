#!/bin/bash
# What takes too long for every run of the tests: the crash matrix with many seeds, and one event for a
# million people. scripts/test.sh runs a short slice of the former.
#
#   scripts/soak.sh                all
#   scripts/soak.sh crash [SEEDS]  each fault point SEEDS times (25), killed and by power loss; system calls too
#   scripts/soak.sh threads        ThreadSanitizer watches what several threads do at once
#   scripts/soak.sh shuffles       10,000 shuffles of one stream of notifications give one report
#   scripts/soak.sh million [COUNT]  COUNT people (1,000,000): invited, sent to ses-simulator, updated, cancelled
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-all}
case $what in all | crash | threads | shuffles | million) ;; *) sed -n '2,9s/^# \?//p' "$0" >&2; exit 2 ;; esac
scripts/setup.sh test

if [ "$what" = all ] || [ "$what" = crash ]; then
  export CALINVITE_CRASH_SEEDS=25
  [ "$what" = crash ] && CALINVITE_CRASH_SEEDS=${2:-25}
  cmake --preset dev >/dev/null
  cmake --build --preset dev --target crash_test calinvite ses-simulator
  build/dev/tests/crash/crash_test
  /usr/bin/python3 -B tests/crash/system_calls_test.py build/dev
fi

if [ "$what" = all ] || [ "$what" = threads ]; then
  programs=(base_test time_test ical_test store_test contract_test outbox_test transport_test engine_test)
  cmake --preset tsan >/dev/null
  cmake --build --preset tsan --target "${programs[@]}"
  for program in "${programs[@]}"; do
    echo "$program"
    (cd build/tsan/tests && TSAN_OPTIONS=halt_on_error=1 "./$program" "[threads]")
  done
fi

if [ "$what" = all ] || [ "$what" = shuffles ]; then
  cmake --preset dev >/dev/null
  cmake --build --preset dev --target contract_test
  CALINVITE_SHUFFLES=10000 build/dev/tests/contract_test "I8: shuffles*"
fi

if [ "$what" = all ] || [ "$what" = million ]; then
  count=1000000
  [ "$what" = million ] && count=${2:-1000000}
  cmake --preset release >/dev/null
  cmake --build --preset release --target calinvite_bench_million ses-simulator
  /usr/bin/python3 -B bench/million.py build/release "$count"
fi
