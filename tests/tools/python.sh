#!/bin/sh
# python.sh [LEAST [MOST]]: print the path of a Python interpreter, the oldest of at least LEAST (default 3.11).
# Version managers' shims are looked through, because they stop working as soon as HOME is another one.
set -u
least=${1:-3.11}
most=${2:-3.99}

look() {
    command -v "$1" >/dev/null 2>&1 || return 1
    "$1" - "$least" "$most" 2>/dev/null <<'PY'
import os, sys
least, most = (tuple(int(part) for part in text.split(".")) for text in sys.argv[1:])
if not least <= sys.version_info[:2] <= most:
    sys.exit(1)
print(os.path.join(sys.base_exec_prefix, "bin", "python%d.%d" % sys.version_info[:2]))
PY
}

minor=${least#3.}
names=${PYTHON:-}
while [ "$minor" -le 15 ]; do
    names="$names python3.$minor ${PYENV_ROOT:-$HOME/.pyenv}/versions/3.$minor.*/bin/python3"
    minor=$((minor + 1))
done
for name in $names python3; do
    look "$name" && exit 0
done
echo "No Python $least or later was found. On Debian 12 python3.11 is the package 'python3'." >&2
exit 1
