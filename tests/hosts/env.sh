#!/usr/bin/env bash
# Prints what podman needs in its environment on this machine, for `eval "$(tests/hosts/env.sh)"`.
#
# On an ordinary machine that is nothing. Where cgroup v2 or CAP_SYS_RESOURCE is missing (some CI runners), podman's
# defaults do not start a container: crun wants cgroup v2, and raising limits is refused. Then a containers.conf of
# our own takes runc and the limits that are there. A CONTAINERS_CONF that is already set is left alone.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
conf=$root/.cache/hosts/containers.conf
cap_sys_resource=24

has_cgroup_v2() { [ -e /sys/fs/cgroup/cgroup.controllers ]; }

may_raise_limits() {
    local bounding
    bounding=$(awk '$1 == "CapBnd:" { print $2 }' /proc/self/status)
    (((16#$bounding >> cap_sys_resource) & 1))
}

limits() {  # the hard limits of this shell, as podman's default_ulimits
    local files processes most
    files=$(ulimit -Hn)
    processes=$(ulimit -Hu)
    most=$(cat /proc/sys/kernel/pid_max)
    if [ "$files" = unlimited ]; then files=1048576; fi
    if [ "$processes" = unlimited ] || [ "$processes" -gt "$most" ]; then processes=$most; fi
    printf '"nofile=%s:%s", "nproc=%s:%s"' "$files" "$files" "$processes" "$processes"
}

if [ -n "${CONTAINERS_CONF:-}" ] || [ ! -e /proc/self/status ] || { has_cgroup_v2 && may_raise_limits; }; then
    exit 0
fi

mkdir -p "$(dirname "$conf")"
# Written beside and moved, because demo and tests may run at the same time.
cat > "$conf.$$" <<CONF
# written by tests/hosts/env.sh
[containers]
default_ulimits = [$(limits)]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
CONF
mv "$conf.$$" "$conf"
printf 'export CONTAINERS_CONF=%q\n' "$conf"
