#!/usr/bin/env bash
# podman with what this machine needs (env.sh), so that nobody has to remember it.
set -euo pipefail
settings=$("$(dirname "${BASH_SOURCE[0]}")/env.sh")
eval "$settings"
exec podman "$@"
