#!/bin/bash
# Records docs/campaign/session.txt: a campaign of 100,000 people that is killed three times with kill -9
# and once stopped by a full disk, each time resumed by the same command. Needs root, for a disk of its own that can be full.
#
#   docs/campaign/record.sh BUILD [PEOPLE]   BUILD holds examples/cli/calinvite and examples/ses-simulator/ses-simulator
set -euo pipefail
build=$(realpath "$1")
people=${2:-100000}
work=$(mktemp -d)
disk=$work/disk
stand_in=
end() {
  [ -z "$stand_in" ] || kill "$stand_in" 2>/dev/null || true
  umount "$disk" 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT
mkdir "$disk" "$work/ses"
mount -t tmpfs -o size=1g calinvite-disk "$disk"
export PATH=$build/examples/cli:$PATH

"$build/examples/ses-simulator/ses-simulator" --out "$work/ses" --max-seconds 3000 --rate 100000 --max-24h 10000000 \
  --latency-ms 5 >"$work/ready" &
stand_in=$!
for _ in $(seq 50); do [ -s "$work/ready" ] && break; sleep 0.1; done
field() { /usr/bin/python3 -c "import json, sys; print(json.loads(open(sys.argv[1]).readline())[sys.argv[2]])" "$work/ready" "$1"; }
AWS_ENDPOINT_URL_SESV2=$(field listening)
AWS_CA_BUNDLE=$(field ca)
export AWS_ENDPOINT_URL_SESV2 AWS_CA_BUNDLE
export AWS_REGION=eu-central-1 AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
export CALINVITE_STORE=sqlite:$disk/league.db

# Shows a command as somebody typed it, then what it says.
show() { echo "\$ $1" | sed "s|$disk|/srv/calinvite|g; s|$work|/srv|g; s|$build/[a-z/-]*/||g"; }
run() {
  local shown="" word code=0
  for word; do
    case $word in *" "*) shown+=" \"$word\"" ;; *) shown+=" $word" ;; esac
  done
  show "${shown# }"
  "$@" >"$work/said" 2>&1 || code=$?
  sed "s|$disk|/srv/calinvite|g; s|$work|/srv|g; s|$build/[a-z/-]*/||g" "$work/said"
  [ "$code" -eq 0 ] || echo "(exit $code)"
}

run calinvite domain add league --from cal@reply.league.example --reply-domain reply.league.example --base-url https://cal.league.example
run calinvite organizer add fixtures@league.example --name "League Office" --bulk
run calinvite event create --organizer fixtures@league.example --summary "Harbour v Hill" --start 2037-05-08T15:00 \
  --timezone Europe/London --invite-limit 0
event=$(calinvite --json events | /usr/bin/python3 -c 'import json, sys; print(json.loads(sys.stdin.readline())["uid"])')
seq -f 'fan%06g@example.com' "$people" >"$work/fans.txt"
show "wc -l < fans.txt"
wc -l <"$work/fans.txt"
run calinvite invite "$event" --list "$work/fans.txt" --yes

for seconds in 3 4 5; do
  show "calinvite dispatch --lease 2"
  calinvite dispatch --lease 2 >"$work/said" 2>&1 &
  sender=$!
  sleep "$seconds"
  kill -9 "$sender"
  wait "$sender" 2>/dev/null || true
  show "kill -9 $sender       # from another terminal, $seconds seconds later"
  sleep 2.5
done

used=$(df --output=used -k "$disk" | tail -1)
mount -o "remount,size=$((used + 3000))k" "$disk"
show "df -h --output=size,used,avail /srv/calinvite      # somebody filled the disk"
df -h --output=size,used,avail "$disk"
run calinvite dispatch --lease 2
show "rm …                 # and somebody makes room"
mount -o remount,size=1g "$disk"
sleep 2.5
run calinvite dispatch --lease 2
show "split -C 50m notifications.jsonl events- && calinvite ingest events-* | tail -1     # SES's events settle what did arrive"
split -C 50m "$work/ses/notifications.jsonl" "$work/events-"
calinvite ingest "$work"/events-* | tail -1 | sed "s|$work|/srv|"
show "calinvite report --domain league | grep -v '^in doubt'"
calinvite report --domain league | grep -v '^in doubt'
run calinvite resend "$event" --in-doubt
run calinvite dispatch --lease 2
show "kill -TERM $stand_in        # the stand-in ends, and says what it saw"
kill -TERM "$stand_in"
wait "$stand_in" || true
stand_in=
run "$build/examples/ses-simulator/ses-simulator" summary "$work/ses"
