#!/bin/bash
# Runs the whole pipeline on this machine: an organizer's mail and a CSV become events, 1,000 people get individual invitations
# through signed SES API v2 requests over TLS to a local SES stand-in, answers and bounces come back, one event moves, another is
# cancelled, and the report is held against the stand-in's own count.
# usage: scripts/demo.sh [--once]   (--once: no pauses)
set -euo pipefail
cd "$(dirname "$0")/.."

once=false
[ "${1:-}" = --once ] && once=true
[ -t 0 ] || once=true

step() {
  printf '\n== %s\n' "$*"
  if ! $once; then read -rp '   (Enter) '; fi
}
run() {
  printf '$ calinvite %s\n' "$*"
  calinvite "$@"
}

step "Install what is missing, build"
scripts/setup.sh demo
mkdir -p build
cmake --preset demo >build/demo.log 2>&1 || { cat build/demo.log; exit 1; }
cmake --build --preset demo
rm -f build/demo.log

out=${CALINVITE_DEMO_DIR:-demo-out}
if [ -e "$out" ] && [ ! -e "$out/made-by-demo" ]; then
  echo "demo.sh: $out is there and not mine; remove it or name another folder in CALINVITE_DEMO_DIR" >&2
  exit 1
fi
rm -rf "$out"
mkdir -p "$out"
touch "$out/made-by-demo"
export PATH="$PWD/build/demo/examples/cli:$PWD/build/demo/examples/ses-simulator:$PATH"
export CALINVITE_STORE="sqlite:$out/league.db"
# The stand-in lets more people complain and bounce than would be let pass in earnest (docs/pacing.md).
export CALINVITE_MAX_COMPLAINTS=0.05 CALINVITE_MAX_BOUNCES=0.1
examples/demo/make-data.sh "$out/data"

step "Start the SES stand-in (127.0.0.1, TLS, checks every signature)"
ses-simulator --out "$out/ses" --seed 2027 --bounce 2 --complaint 0.5 --reply 70 --record 200 --max-seconds 1800 \
  >"$out/ses-simulator.log" 2>&1 &
simulator=$!
trap 'kill $simulator 2>/dev/null || true' EXIT
for _ in $(seq 100); do [ -s "$out/ses/endpoint.json" ] && break; sleep 0.1; done
[ -s "$out/ses/endpoint.json" ] || { cat "$out/ses-simulator.log"; exit 1; }
AWS_ENDPOINT_URL_SESV2=$(sed -n 's/.*"listening":"\([^"]*\)".*/\1/p' "$out/ses/endpoint.json")
export AWS_ENDPOINT_URL_SESV2 AWS_CA_BUNDLE="$out/ses/ca.pem" AWS_REGION=eu-central-1
export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
echo "$AWS_ENDPOINT_URL_SESV2"

step "A domain and an organizer"
run domain add league --from cal@reply.league.example --reply-domain reply.league.example --base-url https://cal.league.example
run organizer add fixtures@league.example --name "League Fixtures" --bulk

step "The organizer's invitation mail and the fixture list become events"
run ingest "$out/data/derby.eml" --as fixtures@league.example
run ingest "$out/data/fixtures.csv" --as fixtures@league.example --json >"$out/ingest-fixtures.jsonl"
echo "$(grep -c '"outcome":"created"' "$out/ingest-fixtures.jsonl") events created; the same list again:"
calinvite ingest "$out/data/fixtures.csv" --as fixtures@league.example --json >"$out/ingest-again.jsonl"
echo "$(grep -c '"outcome":"already seen"' "$out/ingest-again.jsonl") already seen"
uid_of() { calinvite events --search "$1" --json | sed -n 's/^{"uid":"\([^"]*\)".*/\1/p' | head -1; }
derby=$(uid_of "Derby")
final=$(uid_of "Cup final")

step "1,000 fans are invited to the derby, 300 of them to the cup final"
head -301 "$out/data/fans.csv" >"$out/data/final-fans.csv"
run invite "$derby" --list "$out/data/fans.csv"
run invite "$derby" --list "$out/data/fans.csv" --origin bulk --yes
run invite "$final" --list "$out/data/final-fans.csv" --origin bulk --yes

# Sends what is due, then takes in what came back since the last time.
seen_facts=0
seen_replies=0
send_and_listen() {
  run dispatch --transport ses
  tail -n +$((seen_facts + 1)) "$out/ses/notifications.jsonl" >"$out/facts.jsonl"
  seen_facts=$((seen_facts + $(wc -l <"$out/facts.jsonl")))
  calinvite ingest "$out/facts.jsonl" --json >"$out/ingested-facts-$1.jsonl"
  find "$out/ses/replies" -name '*.eml' | sort | tail -n +$((seen_replies + 1)) >"$out/replies.txt"
  seen_replies=$((seen_replies + $(wc -l <"$out/replies.txt")))
  [ ! -s "$out/replies.txt" ] || xargs -a "$out/replies.txt" calinvite ingest --json >"$out/ingested-replies-$1.jsonl"
  echo "$(wc -l <"$out/facts.jsonl") delivery facts and $(wc -l <"$out/replies.txt") answers taken in"
}

step "Dispatch; deliveries, bounces and answers come back"
send_and_listen first
run report "$derby"

step "The organizer moves the derby and cancels the cup final"
run ingest "$out/data/derby-moved.eml" --as fixtures@league.example
run ingest "$out/data/cup-final-off.eml" --as fixtures@league.example
calinvite report "$derby" --format csv >"$out/derby-before-update.csv"

step "Dispatch again: the update skips decliners, the cancel reaches who holds a copy"
send_and_listen second

step "The report, beside the stand-in's own count"
run report "$derby"
run report "$final"
run report
kill $simulator
wait $simulator || true
/usr/bin/python3 examples/demo/check.py "$out" "$derby" "$final"

step "Where to look"
cat <<EOF
store      $out/league.db        (calinvite --store sqlite:$out/league.db events)
mails      $out/ses/mails/       what every fan received
answers    $out/ses/replies/     what their calendar programs sent
ledger     $out/ses/ledger.json  the stand-in's count
EOF
