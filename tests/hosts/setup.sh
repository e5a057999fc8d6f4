#!/usr/bin/env bash
# setup.sh [SUITE...]: tools, images (default: bookworm trixie) and the throwaway ssh key for the test hosts. With the
#                      suite rpm, what builds its packages too.
# setup.sh --remove:   removes the containers and images again; the packages stay.
#
# Quick when everything is there. Exit 3: this machine has no container tools and may not install them, or cannot run
# containers; what to do about it is said on stderr. Any other failure is a real one.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=$(cd "$here/../.." && pwd)/.cache/hosts
packages=(podman runc netavark aardvark-dns iptables mmdebstrap gnupg openssh-client sudo)
commands=(podman mmdebstrap gpg gpgv dpkg-deb ssh ssh-keygen sudo)

say() { printf 'test hosts: %s\n' "$*"; }

cannot() {
    printf 'test hosts: %s\n' "$@" >&2
    exit 3
}

missing_commands() {
    local name
    for name in "${commands[@]}"; do
        command -v "$name" > /dev/null || echo "$name"
    done
    # Only where our own containers.conf is in use; elsewhere podman brings what it likes best.
    if [ -n "$("$here/env.sh")" ]; then command -v runc > /dev/null || echo runc; fi
}

install_tools() {
    local missing
    mapfile -t missing < <(missing_commands)
    if [ "${#missing[@]}" = 0 ]; then return; fi
    if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
        cannot "these commands are missing: ${missing[*]}" \
            "On Debian or Ubuntu: sudo apt-get install --no-install-recommends ${packages[*]} debian-archive-keyring"
    fi
    say "installing ${packages[*]}"
    "$here/../tools/apt.sh" "${packages[@]}" > "$cache/apt.log" 2>&1 ||
        cannot "apt-get install failed:" "$(tail -n 5 "$cache/apt.log")" "Install by hand: ${packages[*]}"
}

build_images() {
    local suite pid failed=0
    local -A running=()
    for suite in "$@"; do
        "$here/build-image.sh" "$suite" 2> "$cache/$suite.log" &
        running[$suite]=$!
    done
    for suite in "${!running[@]}"; do
        pid=${running[$suite]}
        if ! wait "$pid"; then
            failed=1
            printf 'test hosts: no image of %s; the last lines of %s:\n' "$suite" "$cache/$suite.log" >&2
            tail -n 20 "$cache/$suite.log" >&2
        fi
    done
    return "$failed"
}

try_container() {
    local answer
    answer=$("$here/podman.sh" run --rm --network=none --pull=never "localhost/keyless-$1" true 2>&1) ||
        cannot "podman cannot run a container on this machine: $answer"
}

remove() {
    command -v podman > /dev/null || return 0
    local image
    "$here/podman.sh" ps --all --quiet --filter label=keyless.test-host |
        xargs --no-run-if-empty "$here/podman.sh" rm --force --time 3
    # Asked of podman for each name, so that nobody else's image is met.
    for image in bullseye bookworm trixie rpm; do
        if "$here/podman.sh" image exists "localhost/keyless-$image"; then
            "$here/podman.sh" rmi --force "localhost/keyless-$image"
        fi
    done
}

if [ "${1:-}" = --remove ]; then
    remove
    exit 0
fi
suites=("$@")
if [ "${#suites[@]}" = 0 ]; then suites=(bookworm trixie); fi
if [[ " ${suites[*]} " == *" rpm "* ]]; then
    packages+=(rpm)
    commands+=(rpmbuild)
fi

mkdir -p "$cache"
# Demo and tests may start at the same time; the second waits, and then finds everything there.
if [ -z "${HOSTS_LOCKED:-}" ] && command -v flock > /dev/null; then
    HOSTS_LOCKED=1 exec flock --close "$cache/lock" "$0" "${suites[@]}"
fi

install_tools
# Before minutes go into images: in a container of its own, say, podman may have no storage to work with.
answer=$("$here/podman.sh" info 2>&1 > /dev/null) || cannot "podman does not work on this machine: $answer"
build_images "${suites[@]}"
[ -e "$cache/id_ed25519" ] || ssh-keygen -q -t ed25519 -N '' -C 'keyless test hosts' -f "$cache/id_ed25519"
try_container "${suites[0]}"
say "ready: ${suites[*]}"
