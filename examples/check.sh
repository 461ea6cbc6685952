#!/bin/sh
# Runs an example and compares what it prints: check.sh EXPECTED COMMAND…
set -eu
expected=$1
shift
"$@" >printed
diff -u "$expected" printed
