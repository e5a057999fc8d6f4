#!/bin/sh
# test.sh PYTEST_ARGUMENT...: all tests in one run of pytest, whose closing line is the last line. What is measured is
# what runs in pytest's own processes: the unit tests. The rest runs modules in processes of their own.
# Several processes take test by test (that is loadgroup without groups; `load` deals out many at once and in advance),
# in the order of tests/conftest.py.
set -eu
. tests/tools/hosts.sh
export KEYLESS_HOSTS="$HOSTS" KEYLESS_HOSTS_WHY="real systemd hosts: $HOSTS_WHY"
export PYTHONUNBUFFERED=1 # show how far it is in a log, too
export COVERAGE_FILE=.cache/coverage
exec pytest --dist loadgroup --durations=20 \
    --cov --cov-config=pyproject.toml --cov-report= --cov-fail-under=90 "$@" tests
