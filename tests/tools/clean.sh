#!/bin/sh
# Remove everything that make has made: hosts and their images, environments, caches, what tools leave.
set -eu
if [ -x tests/hosts/setup.sh ]; then tests/hosts/setup.sh --remove; fi
# The cache may hold root file systems and ssh control sockets, never anything of the user's.
rm -rf .venv .venv-* .cache .ansible .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage tests/output
rm -f keyless-aws-*.tar.gz changelogs/.plugin-cache.yaml
find . -path ./.git -prune -o -type d -name __pycache__ -exec rm -rf {} +
