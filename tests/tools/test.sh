#!/bin/sh
# test.sh PYTEST_ARGUMENT...: all tests in one run of pytest, whose closing line is the last line.
set -eu
. tests/tools/hosts.sh
export KEYLESS_HOSTS="$HOSTS" KEYLESS_HOSTS_WHY="real systemd hosts: $HOSTS_WHY"
export PYTHONUNBUFFERED=1 # show how far it is in a log, too
exec pytest "$@" tests
