#!/bin/sh
# Write requirements/constraints.txt anew: what pip chooses today for run.txt and test.txt on Python 3.11.
set -eu
report=.cache/pins.json
mkdir -p .cache
.venv/bin/python -m pip install --quiet --dry-run --ignore-installed --report "$report" -r requirements/test.txt 2>.cache/pins.log
.venv/bin/python - "$report" >.cache/constraints.txt <<'PY'
import json, sys

print("# What pip chose from run.txt and test.txt on Python 3.11; `make pins` writes this file anew.")
chosen = [item["metadata"] for item in json.load(open(sys.argv[1]))["install"]]
print("\n".join(sorted(f"{item['name'].lower().replace('_', '-')}=={item['version']}" for item in chosen)))
PY
mv .cache/constraints.txt requirements/constraints.txt
