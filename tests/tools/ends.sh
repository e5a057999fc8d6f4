#!/bin/sh
# ends.sh BUNDLE COLLECTION...: environments with the oldest and with the newest ansible-core that are supported, and
# the newest one's collections. It wants a newer Python than Debian 12 has; without one, its tests say so.
set -eu
here=$(dirname "$0")

"$here/venv.sh" .venv-core2.17 3.11 -r requirements/core-2.17.txt &
if "$here/python.sh" 3.12 >/dev/null 2>&1; then
    "$here/venv.sh" .venv-core2.21 3.12 -r requirements/core-2.21.txt
    "$here/collections.sh" .cache/collections-newest "$@"
fi
wait $!
