#!/bin/bash
# A clean Debian 12 in a folder, with nothing of ours but the packages: compiles the C example by pkg-config and the
# C and C++ ones by find_package, and runs those in Python, PHP, Node.js and Go. A run of its own, as root: it
# downloads some 600 MB from the mirror that this machine's apt uses.
#
#   scripts/clean_room.sh           packages of build/dev
#   scripts/clean_room.sh FOLDER    packages that lie there
set -euo pipefail
cd "$(dirname "$0")/.."
packages=${1:-}
step() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }
for tool in debootstrap unshare npm; do
  command -v $tool >/dev/null || { echo "clean_room.sh: $tool is missing; see scripts/setup.sh all" >&2; exit 1; }
done
[ "$(id -u)" -eq 0 ] || { echo "clean_room.sh: only root can enter a root of its own" >&2; exit 1; }

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

if [ -z "$packages" ]; then
  step "packages"
  scripts/setup.sh test
  cmake --preset dev >/dev/null
  cmake --build --preset dev --target calinvite_c calinvite_python calinvite calinvite_man
  packages=$room/packages
  (cd build/dev && cpack -G DEB -B "$packages")
fi

step "a clean root"
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1)
debootstrap --variant=minbase bookworm "$room/root" "$mirror" >"$room/debootstrap.log" ||
  { tail "$room/debootstrap.log" >&2; exit 1; }
mkdir "$room/root/packages"
cp "$packages"/*.deb "$room/root/packages/"
cp -r examples "$room/root/examples"
scripts/npm.sh examples/node "$room/root/examples/node"

cat >"$room/root/try.sh" <<'EOF'
set -eu
export DEBIAN_FRONTEND=noninteractive GOCACHE=/tmp/go HOME=/tmp
apt-get -q update
apt-get -qy install --no-install-recommends gcc g++ make cmake php-cli nodejs golang-go /packages/*.deb

# Runs a quickstart in a folder of its own: it must have mailed two invitations.
mails_two() {
  mkdir "/tmp/$1" && cd "/tmp/$1"
  shift
  "$@"
  test "$(ls mails/new/*.eml | wc -l)" -eq 2
}
cc -std=c11 -pedantic -Werror /examples/quickstart.c $(pkg-config --cflags --libs calinvite) -o /tmp/quickstart
mails_two c_by_pkg_config /tmp/quickstart
mkdir /tmp/consumer
cat >/tmp/consumer/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES C CXX)
find_package(calinvite 0.1 REQUIRED)
add_executable(in_c /examples/quickstart.c)
target_link_libraries(in_c PRIVATE calinvite::c)
add_executable(in_cpp /examples/quickstart.cpp)
target_link_libraries(in_cpp PRIVATE calinvite::calinvite)
CMAKE
cmake -S /tmp/consumer -B /tmp/consumer/build
cmake --build /tmp/consumer/build
mails_two c_by_find_package /tmp/consumer/build/in_c
mails_two cpp_by_find_package /tmp/consumer/build/in_cpp
mails_two python python3 /examples/quickstart.py

# Runs the example of another language: each must say and write the same.
says_the_same() {
  mkdir "/tmp/$1" && cd "/tmp/$1"
  shift
  "$@" /examples/match.ics | tee said
  printf '%s\n' "Harbour v Hill, 2037-05-08T15:00:00 Europe/London" \
    "its own token names attendee fan 001" "a forged token is refused" | cmp - said
  cmp invitation.eml /tmp/php/invitation.eml
}
says_the_same php php /examples/php/invite.php
says_the_same node node /examples/node/invite.mjs
(cd /examples/go && GOPROXY=off go build -o /tmp/in_go .)
says_the_same go /tmp/in_go
cd /tmp && calinvite lint php/invitation.eml && calinvite --version
EOF
step "what the packages are good for"
unshare --mount sh -c 'mount -t proc proc "$1/proc" && exec chroot "$1" sh /try.sh' sh "$room/root"
step "all of it works in a clean room"
