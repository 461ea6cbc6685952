#!/bin/sh
# Installs what is missing on Debian 12, and nothing when nothing is.
#
#   scripts/setup.sh demo   build the library, run the demo
#   scripts/setup.sh fuzz   build the library and fuzz it
#   scripts/setup.sh test   and build and run every test
#   scripts/setup.sh bench  and compare it with what else composes invitations
#   scripts/setup.sh all    and the tools for developers (scripts/tidy.sh, other compilers, documents)
set -eu

demo="g++ cmake ninja-build pkg-config libsqlitecpp-dev libsqlite3-dev
  libcurl4-openssl-dev libssl-dev nlohmann-json3-dev libexpected-dev libicu-dev libgmime-3.0-dev
  libc-ares-dev libpsl-dev libkainjow-mustache-dev libcli11-dev libcpp-httplib-dev openssl tzdata python3"
test="libical-dev pybind11-dev python3-dev python3-venv python3-pytest python3-pandas python3-icalendar python3-botocore
  abigail-tools python3-dateutil mypy python3-typeshed clang-format strace postfix thunderbird xvfb chromium curl
  valgrind dpkg-dev file man-db php-cli golang-go doxygen"
fuzz="clang libclang-rt-14-dev catch2"
bench="php-sabre-vobject libphp-phpmailer libjwt-dev python3-boto3"
all="clang-tidy ccache debootstrap graphviz fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji pngquant"

case "${1:-}" in
  demo) wanted="$demo" ;;
  fuzz) wanted="$demo $fuzz" ;;
  test) wanted="$demo $fuzz $test" ;;
  bench) wanted="$demo $fuzz $test $bench" ;;
  all) wanted="$demo $fuzz $test $all" ;;
  *)
    echo "usage: scripts/setup.sh demo|fuzz|test|bench|all" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "setup.sh: this system has no apt-get; install the counterparts of:" $wanted >&2
  exit 1
fi

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
  sed -n 's/^installed //p')
missing=""
for package in $wanted; do
  printf '%s\n' "$installed" | grep -qxF "$package" || missing="$missing $package"
done
# Node.js may well come from elsewhere than Debian; what counts is that it can be called.
if [ "$1" != demo ] && [ "$1" != fuzz ]; then
  command -v node >/dev/null || missing="$missing nodejs"
  command -v npm >/dev/null || missing="$missing npm"
fi
[ -n "$missing" ] || exit 0

root=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "setup.sh: neither root nor sudo; have an administrator install:$missing" >&2
    exit 1
  fi
  root="sudo"
fi
echo "setup.sh: installing$missing"
apt="$root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600"
$apt update
$apt install -y --no-install-recommends $missing
