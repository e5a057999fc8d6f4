#!/usr/bin/env bash
# The demonstration, with two real hosts where this machine can run them. Hosts and emulator are gone afterwards.
set -euo pipefail
. tools/hosts.sh

play() { ansible-playbook -i tests/hosts/demo.yml "$@"; }

if [ "$HOSTS" = yes ]; then
    # Also when interrupted: a host that is left behind would keep its port.
    trap 'play tests/hosts/down.yml >.cache/hosts/down.log' EXIT
    play tests/hosts/up.yml >.cache/hosts/up.log || {
        cat .cache/hosts/up.log
        exit 1
    }
    play playbooks/demo.yml "$@"
else
    ansible-playbook -i localhost, playbooks/demo.yml "$@"
    printf '\nHOSTS LEFT OUT: the half of the demonstration that needs real systemd hosts was not run.\n%s\n' "$HOSTS_WHY"
fi
