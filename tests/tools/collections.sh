#!/bin/sh
# collections.sh DIR BUNDLE_VERSION COLLECTION...: unpack these collections into DIR/ansible_collections, and let
# keyless.aws there be this checkout. They come out of PyPI's `ansible` bundle, so that Galaxy is not needed.
set -eu
dir=$1 version=$2
shift 2

stamp=$dir/.stamp
wanted="$version $*"
if ! { [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; }; then
    echo "Fetching collections of the ansible $version bundle: $* ..."
    rm -rf "$dir"
    mkdir -p "$dir/wheel"
    # The wheel is pure Python: its demand for a newer interpreter than ours does not matter for unpacking.
    .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --python-version 3.13 --dest "$dir/wheel" "ansible==$version" 2>"$dir/pip.log" || {
        cat "$dir/pip.log" >&2
        exit 1
    }
    .venv/bin/python - "$dir" "$@" <<'PY'
import pathlib, sys, zipfile

root = pathlib.Path(sys.argv[1])
wanted = tuple("ansible_collections/%s/" % name.replace(".", "/") for name in sys.argv[2:])
(wheel,) = (root / "wheel").glob("ansible-*.whl")
with zipfile.ZipFile(wheel) as bundle:
    names = [name for name in bundle.namelist() if name.startswith(wanted)]
    bundle.extractall(root, names)
for folder in wanted:
    if not (root / folder).is_dir():
        sys.exit("The bundle does not hold %s" % folder)
PY
    rm -rf "$dir/wheel"
    echo "$wanted" >"$stamp"
fi
mkdir -p "$dir/ansible_collections/keyless"
ln -sfn "$PWD" "$dir/ansible_collections/keyless/aws"
