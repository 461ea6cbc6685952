#!/bin/bash
# Installs what is missing, builds, and runs every test. The summaries of the runners stand last.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }

step "set up"
scripts/setup.sh test

step "format"
scripts/format.sh --check

step "build"
cmake --preset dev
cmake --build --preset dev

step "npm packages of the tests and of an example"
scripts/npm.sh tests/compose/readers build/dev/tests/compose/readers
scripts/npm.sh tests/cli/local_ses build/dev/tests/cli/local_ses
scripts/npm.sh examples/node build/dev/examples/node

step "tests"
ctest --preset dev

step "readers of outside bytes and the C API under AddressSanitizer and UndefinedBehaviorSanitizer"
cmake --preset asan
cmake --build --preset asan --target corpus_tests c_tests fuzzers
ctest --preset asan -L reader
ctest --preset asan -L '^c$'
ctest --preset asan -L corpus --verbose

step "a short slice of fuzzing, the same each time; scripts/fuzz.sh runs it for longer"
scripts/fuzz.sh all 30 1

step "demo"
scripts/demo.sh --once

step "all passed"
