#!/bin/sh
# apt.sh PACKAGE...: install these Debian packages, one caller after the other, because apt-get itself does not wait.
set -eu
lock=$(dirname "$0")/../../.cache/apt.lock
mkdir -p "$(dirname "$lock")"
if [ -z "${APT_LOCKED:-}" ] && command -v flock >/dev/null; then
    APT_LOCKED=1 exec flock --close "$lock" "$0" "$@"
fi
export DEBIAN_FRONTEND=noninteractive
# One unreachable third-party source must not stop us; what counts is whether the packages can be installed.
apt-get update -qq || echo "apt-get update was not clean; trying all the same"
apt-get install -qq --no-install-recommends "$@"
