#!/bin/sh
# Stands in for ssm-cli in tests: it knows the instance from its registration only.
set -eu

registration=/var/lib/amazon/ssm/registration
[ "${1:-}" = get-instance-information ]
if [ ! -s "$registration" ]; then
    echo "failed to get identity: no identity of OnPrem, EC2 was found" >&2
    exit 1
fi
python3 - "$registration" << 'PYTHON'
import json, sys
known = json.load(open(sys.argv[1]))
print(json.dumps({"instance-id": known["ManagedInstanceID"], "region": known["Region"], "release-version": "@VERSION@"}))
PYTHON
