#!/bin/sh
# bench.sh: figures, those of a real host too where this machine can run one. HOSTS=no leaves that out.
set -eu
case ${HOSTS:-} in 0) HOSTS=no ;; esac
. tests/tools/hosts.sh
if [ "$HOSTS" = yes ]; then
    export ON_HOST="${ON_HOST-200}"
else
    echo "No figures of a real host: $HOSTS_WHY"
    export ON_HOST=
fi
exec python tests/bench/bench.py
