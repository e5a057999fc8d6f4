#!/bin/sh
# Print the path of a real Python interpreter of at least the given version (default 3.11), the oldest that fits.
# Version managers' shims are looked through, because they stop working as soon as HOME is another one.
set -u
least=${1:-3.11}

look() {
    command -v "$1" >/dev/null 2>&1 || return 1
    "$1" - "$least" 2>/dev/null <<'PY'
import os, sys
least = tuple(int(part) for part in sys.argv[1].split("."))
if sys.version_info[:2] < least:
    sys.exit(1)
print(os.path.join(sys.base_exec_prefix, "bin", "python%d.%d" % sys.version_info[:2]))
PY
}

for name in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3 \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[1-9]*/bin/python3; do
    look "$name" && exit 0
done
echo "No Python $least or later was found. On Debian 12 python3.11 is the package 'python3'." >&2
exit 1
