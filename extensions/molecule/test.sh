#!/usr/bin/env bash
# test.sh [SCENARIO...]: test roles on the shared hosts; without names all scenarios. Its exit code is the answer.
#
# Wants molecule and ansible-playbook on PATH, and the collection as ansible_collections/keyless/aws below
# ANSIBLE_COLLECTIONS_PATH.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"

# The hosts' names and ports are the same in every run, so a second run waits for the first.
mkdir -p .cache
if [ -z "${MOLECULE_LOCKED:-}" ] && command -v flock > /dev/null; then
    MOLECULE_LOCKED=1 exec flock --close .cache/molecule.lock "$0" "$@"
fi

# Molecule remembers here what it has created and prepared, and after a killed run it would leave that out. A folder
# of our own also keeps two clones of the same folder name apart.
export MOLECULE_EPHEMERAL_DIRECTORY=$root/.cache/molecule
rm -rf "$MOLECULE_EPHEMERAL_DIRECTORY"

# Molecule leaves the hosts when it is stopped, or when creating one of them fails.
trap 'ansible-playbook -i extensions/molecule/inventory.yml tests/hosts/down.yml > /dev/null' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ "$#" = 0 ]; then
    molecule test --all
else
    molecule test --scenario-name default "${@/#/--scenario-name=}"
fi
