#!/usr/bin/env bash
# build-image.sh NAME: have the podman image localhost/keyless-NAME, a Debian with systemd, sshd and sudo. NAME is the
# Debian release, or `rpm` for a facsimile of an RPM distribution (rpm-facsimile.sh).
#
# No container registry: mmdebstrap makes a root file system from this machine's own Debian mirror, and podman imports
# it. The tar stays in .cache/hosts/, named after the recipe's content, so that importing it again takes seconds.
# It is made anew when the recipe changes, and when it is older than HOSTS_MAX_AGE days (default 14).
set -euo pipefail

name=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=$(cd "$here/../.." && pwd)/.cache/hosts
max_age=${HOSTS_MAX_AGE:-14}
image=localhost/keyless-$name:latest
ingredients=("${BASH_SOURCE[0]}" "$here/ssh-host-keys.service")
suite=$name
hooks=()

packages=(
    systemd systemd-sysv dbus libpam-systemd     # a real init, with logind
    openssh-server sudo passwd login procps      # what the roles work on
    python3                                      # what Ansible works with
    iproute2 ca-certificates
    libnss-extrausers                            # accounts that are not in /etc/passwd, as LDAP's are not
)
# The sudo of Ubuntu 26.04, beside the other.
if [ "$suite" = trixie ]; then packages+=(sudo-rs); fi
# Before bookworm / and /usr are separate; the package joins them, as an installed Debian has it.
if [ "$suite" = bullseye ]; then packages+=(usrmerge); fi
if [ "$name" = rpm ]; then
    suite=bookworm
    packages+=(dnf python3-dnf rpm)
    ingredients+=("$here/rpm-facsimile.sh")
    # shellcheck disable=SC2016  # $1 is mmdebstrap's: the new root
    hooks+=(--customize-hook='chroot "$1" sh -s < '"'$here/rpm-facsimile.sh'")
else
    packages+=(python3-apt)
fi
recipe=$(cat "${ingredients[@]}" | sha256sum | cut -c1-12)
tar=$cache/$name-$recipe.tar

say() { printf '%s: %s\n' "$name" "$*"; }

young() {  # young SECONDS-SINCE-THE-EPOCH
    (($(date +%s) - $1 < max_age * 86400))
}

mirror() {  # mirror REGEX-OF-RELEASE FALLBACK: where this machine gets such a Debian release from
    local found=""
    if [ "$(. /etc/os-release && echo "${ID:-}")" = debian ] && command -v apt-get > /dev/null; then
        # shellcheck disable=SC2016  # the names are apt's, not the shell's
        found=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' |
            awk -v release="$1" '$1 ~ /^https?:/ && $2 ~ release && $3 == "main" && !n++ { print $1 }')
    fi
    echo "${found:-$2}"
}

sources() {
    local codename main security
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-none}")
    main=$(mirror "^$codename\$" http://deb.debian.org/debian)
    security=$(mirror "^$codename-security\$" http://deb.debian.org/debian-security)
    echo "deb $main $suite main"
    echo "deb $main $suite-updates main"
    echo "deb $security $suite-security main"
}

build() {
    local mode=auto part=$tar.part started=$SECONDS
    if [ "$(id -u)" = 0 ]; then mode=root; fi
    say "building the root file system (about a minute)"
    # Not in an installed machine: host keys and the machine id are one's own, made at first boot; udev and gettys
    # have nothing to do in a container.
    # shellcheck disable=SC2016  # in the hooks $1 is mmdebstrap's: the new root
    sources | mmdebstrap --quiet --mode="$mode" --variant=apt --format=tar --include="$(IFS=,; echo "${packages[*]}")" \
        --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
        --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --customize-hook='rm -f "$1"/etc/ssh/ssh_host_*_key* "$1"/etc/resolv.conf && : > "$1"/etc/machine-id' \
        --customize-hook="copy-in '$here/ssh-host-keys.service' /etc/systemd/system" \
        --customize-hook='systemctl --quiet --root="$1" enable ssh-host-keys.service ssh.service' \
        --customize-hook='systemctl --quiet --root="$1" mask systemd-udevd.service systemd-udev-trigger.service getty.target console-getty.service' \
        "${hooks[@]}" "$suite" "$part" -
    mv "$part" "$tar"
    find "$cache" -maxdepth 1 -name "$name-*.tar" ! -name "$(basename "$tar")" -delete
    say "built in $((SECONDS - started)) s, $(du -h "$tar" | cut -f1)"
}

mkdir -p "$cache"
built=$("$here/podman.sh" image inspect --format '{{ index .Labels "keyless.recipe" }} {{ index .Labels "keyless.built" }}' "$image" 2> /dev/null || true)
if [ "${built% *}" = "$recipe" ] && young "${built#* }"; then
    say "image is there"
    exit 0
fi

if [ ! -e "$tar" ] || ! young "$(stat -c %Y "$tar")"; then
    build
fi
say "importing"
"$here/podman.sh" import --quiet --change 'CMD ["/sbin/init"]' --change 'STOPSIGNAL SIGRTMIN+3' --change 'ENV container=podman' \
    --change "LABEL keyless.recipe=$recipe" --change "LABEL keyless.built=$(stat -c %Y "$tar")" "$tar" "$image" > /dev/null
# The image of that name before; one that a running host still uses stays.
"$here/podman.sh" image prune --force --filter label=keyless.recipe > /dev/null 2>&1 || true
say "image is ready"
