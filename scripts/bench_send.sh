#!/bin/bash
# Builds, signs and sends the same mails by what others would use and by us, in turn, and prints how we
# compare and whether as many mails arrived as were sent. scripts/bench.sh calls it; calinvite_bench_sign
# and calinvite_bench_send must be built.
#
#   scripts/bench_send.sh PEERS     the folder of the peers' programs
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh bench
peers=$(realpath "$1")
work=$(mktemp -d)
stub=
trap '[ -z "$stub" ] || kill "$stub"; rm -r "$work"' EXIT
cp "$peers/package.json" "$work"
(cd "$work" && npm install --ignore-scripts --no-audit --no-fund --silent)
/usr/bin/python3 "$peers/gen.py" "$work/data" >/dev/null
flags="-O2 -march=native -std=c++17 -Wno-deprecated-declarations"
g++ $flags -o "$work/ses_stub" "$peers/ses_stub.cpp" -lssl -lcrypto -pthread
g++ $flags -o "$work/libcurl" "$peers/j4_curl.cpp" -lcurl -lcrypto
g++ $flags -o "$work/libjwt" "$peers/j6_libjwt.cpp" -ljwt -lcrypto
g++ $flags -o "$work/hmac" "$peers/j6_limit.cpp" -lcrypto
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null

# The stub has the first processor, which takes the interrupts too; whoever sends has the last.
pin="taskset -c $(($(nproc) - 1))"
export PEERS_NPM=$work NODE_NO_WARNINGS=1
results=$work/results

# Signing and tokens.
for _ in 1 2 3; do
  $pin build/release/calinvite_bench_sign "$work/data"
  $pin node "$peers/j3_node.mjs" "$work/data" 5000 1
  $pin /usr/bin/python3 -B "$peers/j3_py.py" "$work/data" 5000 1
  $pin "$work/libjwt" 20000 1
  $pin "$work/hmac" 100000 1
done >"$results"
grep -v '^{' "$results" || true

# Sending, without and with the latency of a distant service.
start_stub() {
  port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  taskset -c 0 "$work/ses_stub" "$port" "$work/cert.pem" "$work/key.pem" --delay-ms "$1" 2>>"$work/stub.log" &
  stub=$!
  sleep 0.5
}
stop_stub() {
  kill "$stub"
  wait "$stub" || true
  stub=
}
ours() { $pin build/release/calinvite_bench_send "$work/data" "https://localhost:$port" "$work/cert.pem" "$@"; }
start_stub 0
for _ in 1 2 3; do
  ours 20000 64 d0
  $pin "$work/libcurl" "$work/data" "https://localhost:$port" "$work/cert.pem" 10000 64 d0 1
  $pin node "$peers/j4_node.mjs" "$work/data" "https://localhost:$port" "$work/cert.pem" 2000 64 d0 1 --compose
  $pin /usr/bin/python3 -B "$peers/j4_py.py" "$work/data" "https://localhost:$port" "$work/cert.pem" 1000 16 d0 1 --compose
done >>"$results"
stop_stub
start_stub 20
for _ in 1 2 3; do
  ours 15000 64 d20
  ours 40000 256 d20
done >>"$results"
stop_stub
/usr/bin/python3 -B bench/send_ratios.py "$results" "$work/stub.log"
