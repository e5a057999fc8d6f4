#!/bin/sh
# venv.sh DIR LEAST_PYTHON PIP_ARGUMENT...: make DIR a virtual environment with these packages.
# A stamp holds the hash of everything that decides its content, so that the next run returns at once.
set -eu
here=$(dirname "$0")
dir=$1 least=$2
shift 2

python=$("$here/python.sh" "$least")
hash=$({ echo "$python" "$@"; cat requirements/*.txt; } | sha256sum | cut -c1-32)
stamp=$dir/.stamp-$(echo "$*" | sha256sum | cut -c1-8)
if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$hash" ]; then exit 0; fi

# Debian keeps ensurepip, without which a virtual environment has no pip, in a package of its own.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    package=$(basename "$python")-venv
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $package, which $python needs to make a virtual environment ..."
        "$here/apt.sh" "$package" >/dev/null
    else
        echo "$python cannot make a virtual environment. Install it first: sudo apt-get install $package" >&2
        exit 1
    fi
fi

if [ "$(cat "$dir/.python" 2>/dev/null)" != "$python" ] || ! "$dir/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$dir"
    "$python" -m venv "$dir"
    echo "$python" >"$dir/.python"
fi
echo "Installing into $(basename "$dir"): $* ..."
"$dir/bin/python" -m pip install --quiet --disable-pip-version-check "$@" 2>"$dir/pip.log" || {
    cat "$dir/pip.log" >&2
    exit 1
}
echo "$hash" >"$stamp"
