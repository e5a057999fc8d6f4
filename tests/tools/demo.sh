#!/usr/bin/env bash
# The demonstration: an emulated organization, and two real hosts where this machine can run them. The site playbook is
# applied, applied again (which must change nothing), and the last table proves what is true. All is gone afterwards.
set -euo pipefail
. tests/tools/hosts.sh

log=.cache/demo
mkdir -p "$log"
# Any will do for the emulator, and no real ones can get there.
export AWS_ACCESS_KEY_ID=emulated-key AWS_SECRET_ACCESS_KEY=emulated-secret AWS_REGION=ap-northeast-1 AWS_EC2_METADATA_DISABLED=true
unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN AWS_DEFAULT_REGION
export AWS_ENDPOINT_URL=http://127.0.0.1:${KEYLESS_DEMO_PORT:=5610}
export ANSIBLE_LOCALHOST_WARNING=False ANSIBLE_INVENTORY_UNPARSED_WARNING=False ANSIBLE_DEPRECATION_WARNINGS=False
export ANSIBLE_PIPELINING=True ANSIBLE_DISPLAY_SKIPPED_HOSTS=False ANSIBLE_DISPLAY_OK_HOSTS=False ANSIBLE_CALLBACK_RESULT_FORMAT=yaml

say() { printf '\n== %s\n' "$*"; }

quietly() { # NAME COMMAND...: into a log, which is shown if the command fails
    local name=$1
    shift
    "$@" >"$log/$name.log" 2>&1 || {
        cat "$log/$name.log"
        return 1
    }
}

organization() { # start|stop
    quietly "organization-$1" ansible-playbook "playbooks/demo_$1.yml" -e "aws_emulator_port=$KEYLESS_DEMO_PORT" \
        -e "aws_emulator_pid_file=$PWD/$log/emulator.pid" -e "aws_emulator_log_file=$PWD/$log/emulator.log"
}

hosts() { # up|down
    quietly "hosts-$1" ansible-playbook -i tests/hosts/demo.yml "tests/hosts/$1.yml"
}

stop() {
    organization stop &
    if [ "$HOSTS" = yes ]; then hosts down || true; fi
    wait
}

site() {
    ansible-playbook "${inventory[@]}" playbooks/demo.yml -e "keyless_report_file=$PWD/$log/table.txt" "$@"
}

trap stop EXIT
if [ "$HOSTS" = yes ]; then
    say "Starting an emulated organization and two hosts"
    hosts up &
    organization start
    wait $!
    inventory=(-i tests/hosts/demo.yml -i playbooks/demo_files/inventory)
else
    say "Starting an emulated organization"
    organization start
    inventory=() # the implicit localhost knows which Python runs it
fi

say "Applying the model (playbooks/demo_files/access.yml): what changes"
site --skip-tags report

say "Applying it again, and reading everything back: nothing may change"
site >"$log/second.log" 2>&1 || {
    cat "$log/second.log"
    exit 1
}
sed -n '/^PLAY RECAP/,$p' "$log/second.log"
if grep -Eq '^[^ ]+ +: .*changed=[1-9]' "$log/second.log"; then
    cat "$log/second.log"
    echo "The second run changed something." >&2
    exit 1
fi

say "Who can open a session on which host, as whom, and why"
cat "$log/table.txt"
if [ "$HOSTS" = no ]; then
    printf '\nHOSTS LEFT OUT: the half of the demonstration that needs real systemd hosts was not run.\n%s\n' "$HOSTS_WHY"
fi
