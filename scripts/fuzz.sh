#!/bin/bash
# Fuzzes the readers of outside bytes with libFuzzer under AddressSanitizer and
# UndefinedBehaviorSanitizer.
#
#   scripts/fuzz.sh                 every target for 3 minutes
#   scripts/fuzz.sh TARGET          one target for 3 minutes
#   scripts/fuzz.sh TARGET SECONDS  one target, or `all`, for so long
#   scripts/fuzz.sh TARGET SECONDS SEED  the same dice each time; without SEED others each time
#
# As many run at once as there are processors. What was learnt stays in build/fuzz/found/TARGET and
# is where the next run begins. A finding lies in build/fuzz/findings: mend it, then keep the file
# in tests/fuzz/regressions/TARGET, which every run of the tests walks.
set -euo pipefail
cd "$(dirname "$0")/.."

targets=$(ls tests/fuzz/*.cpp | sed 's|.*/||; s|\.cpp$||' | grep -vxE 'libfuzzer|.*_test')
wanted=${1:-all}
seconds=${2:-180}
seed=${3:-0}  # 0: of libFuzzer's own choice
if [ "$wanted" != all ] && ! grep -qxF "$wanted" <<<"$targets" || ! [[ $seconds =~ ^[1-9][0-9]*$ ]]; then
  echo "usage: scripts/fuzz.sh [all|TARGET [SECONDS [SEED]]]; targets:" $targets >&2
  exit 2
fi
[ "$wanted" = all ] || targets=$wanted

scripts/setup.sh fuzz
cmake --preset asan >/dev/null
cmake --build --preset asan --target fuzzers

# Real inputs to begin with, where the corpus is beside the project.
seeds_of() {
  local folders="tests/fuzz/seeds/$1 tests/fuzz/regressions/$1"
  local corpus=../shared/corpus
  case $1 in
    address | address_list | search) folders+=" $corpus/csv/flanker-addresses" ;;
    csv) folders+=" $corpus/csv" ;;
    ics | prescan) folders+=" $corpus/ics $corpus/itip" ;;
    lint) folders+=" $corpus/eml $corpus/itip $corpus/ics" ;;
    mail) folders+=" $corpus/eml $corpus/itip" ;;
    notification | ses_answer) folders+=" $corpus/ses-events $corpus/sns" ;;
    rrule) folders+=" $corpus/ics/libical" ;;
  esac
  for folder in $folders; do [ -d "$folder" ] && echo "$folder"; done
}

findings=build/fuzz/findings
mkdir -p $findings
run() {
  local target=$1 log=build/fuzz/$1.log options=()
  local words=${target/prescan/ics}  # the same language
  words=${words/lint/mail}
  [ -f "tests/fuzz/$words.dict" ] && options+=("-dict=tests/fuzz/$words.dict")
  mkdir -p "build/fuzz/found/$target"
  # A reader has 2 s for an input within its limits, and memory for ten times its size (I13).
  if build/asan/tests/fuzz/fuzz_"$target" -max_total_time="$seconds" -seed="$seed" -timeout=10 -rss_limit_mb=1024 \
    -max_len=65536 -print_final_stats=1 -artifact_prefix="$findings/$target-" "${options[@]}" \
    "build/fuzz/found/$target" $(seeds_of "$target") >"$log" 2>&1; then
    echo "fuzz $target: no finding in $(sed -n 's/.*number_of_executed_units: *//p' "$log") runs," \
      "$(grep -o 'cov: [0-9]*' "$log" | tail -1)"
  else
    echo "fuzz $target: FINDING, see $log"
    grep -m 3 -E 'ERROR|SUMMARY|broken promise|runtime error|Test unit written' "$log" || tail -5 "$log"
    return 1
  fi
}
export -f run seeds_of
export seconds seed findings
printf '%s\n' $targets | xargs -P "$(nproc)" -I{} bash -euo pipefail -c 'run {}'
echo "fuzz: no open finding"
