#!/usr/bin/env bash
# build.sh ARCHITECTURE: a mirror of stand-in agents, signed by keys that live for this run only. Makes
# .cache/hosts/mirror/mirror.tar with, below each of these folders, what lies in AWS's own bucket; .rpm files only where
# rpmbuild is, which setup.sh brings for hosts that install them:
#
#   good                       3.3.1.0, 3.3.2.0 and latest (3.3.2.0), as they should be
#   tampered, truncated        one byte is another, or the end is missing; the signature is that of the whole
#   expired, other             signed by a key that has expired, by one that nobody has pinned
#   cut                        the mirror goes away half-way through the package (serve.py does it)
#
# and the public keys in keys/. Beside the tar lies the fingerprint of each key.
set -euo pipefail

architecture=$1
case $architecture in amd64) machine=x86_64 ;; arm64) machine=aarch64 ;; *) machine=$architecture ;; esac
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(cd "$here/../../.." && pwd)/.cache/hosts/mirror
work=$(mktemp -d)
home=$work/gnupg
www=$work/www
formats=(deb)
if command -v rpmbuild > /dev/null; then formats+=(rpm); fi

quit() {
    gpgconf --homedir "$home" --kill all || true
    rm -rf "$work"
}
trap quit EXIT

sign_by() { gpg --homedir "$home" --batch --quiet --yes "$@" 2> "$work/gpg.log" || { cat "$work/gpg.log" >&2 && false; }; }

fingerprint() { sign_by --with-colons --list-keys "$1@example.org" | awk -F: '$1 == "fpr" && !n++ { print $10 }'; }

make_key() {  # make_key NAME LIFETIME [OPTION...]
    local name=$1 lifetime=$2
    sign_by "${@:3}" --passphrase '' --quick-gen-key "$name@example.org" ed25519 sign "$lifetime"
    fingerprint "$name" > "$out/$name.fingerprint"
}

tree() {  # tree VERSION ROOT FOLDER-OF-UNITS: the files that are in the package of either format
    mkdir -p "$2"/{usr/bin,etc/amazon/ssm,var/lib/amazon/ssm,"$3"}
    sed "s/@VERSION@/$1/" "$here/amazon-ssm-agent.sh" > "$2/usr/bin/amazon-ssm-agent"
    sed "s/@VERSION@/$1/" "$here/ssm-cli.sh" > "$2/usr/bin/ssm-cli"
    chmod 755 "$2"/usr/bin/*
    echo '{}' > "$2/etc/amazon/ssm/amazon-ssm-agent.json.template"
    printf '%s\n' '[Unit]' 'Description=stand-in of the SSM agent' '[Service]' 'ExecStart=/usr/bin/amazon-ssm-agent' \
        'KillMode=process' 'Restart=always' 'RestartSec=90' '[Install]' 'WantedBy=multi-user.target' \
        > "$2/$3/amazon-ssm-agent.service"
}

# The scripts in both do what those of the real packages do: they stop the old agent and start the new one.
deb() {  # deb VERSION FILE
    local root=$work/deb-$1
    tree "$1" "$root" lib/systemd/system
    mkdir "$root/DEBIAN"
    printf '%s\n' 'Package: amazon-ssm-agent' "Version: $1-1" "Architecture: $architecture" \
        'Maintainer: Nobody <nobody@example.org>' 'Description: stand-in of the SSM agent' > "$root/DEBIAN/control"
    # It refuses to be where the snap is.
    printf '%s\n' '#!/bin/sh' 'if snap list 2> /dev/null | grep -q amazon-ssm-agent; then exit 1; fi' \
        'systemctl stop amazon-ssm-agent || true' > "$root/DEBIAN/preinst"
    printf '%s\n' '#!/bin/sh' 'systemctl daemon-reload' 'systemctl enable amazon-ssm-agent' \
        'systemctl start amazon-ssm-agent' > "$root/DEBIAN/postinst"
    printf '%s\n' '#!/bin/sh' 'systemctl stop amazon-ssm-agent' 'systemctl disable amazon-ssm-agent' > "$root/DEBIAN/prerm"
    chmod 755 "$root"/DEBIAN/p*
    dpkg-deb --root-owner-group --build "$root" "$2" > /dev/null
}

rpm() {  # rpm VERSION FILE
    local root=$work/rpm-$1
    tree "$1" "$root" etc/systemd/system
    rpmbuild --quiet -bb --target "$machine" --define "version $1" --define "tree $root" --define "_topdir $root.build" \
        --define "_rpmdir $root.built" --define 'debug_package %{nil}' "$here/amazon-ssm-agent.spec" > "$work/rpm.log" 2>&1 ||
        { cat "$work/rpm.log" >&2 && false; }
    mv "$root.built/$machine"/*.rpm "$2"
}

version() {  # version FOLDER VERSION KEY: one version below FOLDER, signed by KEY; the last one is the newest
    local format file then=()
    local -A folders=([deb]=debian [rpm]=linux)
    if [ "$3" = expired ]; then then=(--faked-system-time=20260101T010000); fi
    for format in "${formats[@]}"; do
        file=$www/$1/$2/${folders[$format]}_$architecture/amazon-ssm-agent.$format
        mkdir -p "$(dirname "$file")"
        cp "$work/$2.$format" "$file"
        sign_by "${then[@]}" --local-user "$3@example.org" --output "$file.sig" --detach-sign "$file"
    done
    ln -sfn "$2" "$www/$1/latest"
    echo "$2" > "$www/$1/$2/VERSION"
}

rm -rf "$out"
mkdir -p "$out" "$www/keys"
install -d -m 700 "$home"

make_key good never
make_key other never
make_key expired 1d --faked-system-time=20260101T000000
for number in 3.3.1.0 3.3.2.0; do
    for format in "${formats[@]}"; do "$format" "$number" "$work/$number.$format"; done
done

version good 3.3.1.0 good
for folder in good tampered truncated cut; do version "$folder" 3.3.2.0 good; done
for key in expired other; do version "$key" 3.3.2.0 "$key"; done

for file in "$www"/tampered/3.3.2.0/*/amazon-ssm-agent.???; do
    printf X | dd of="$file" bs=1 seek="$(($(stat -c %s "$file") - 40))" conv=notrunc status=none
done
truncate --size=-100 "$www"/truncated/3.3.2.0/*/amazon-ssm-agent.???

for key in good other expired; do sign_by --armor --export "$key@example.org" > "$www/keys/$key.gpg"; done

cp "$here/serve.py" "$www"
tar -C "$www" -cf "$out/mirror.tar" .
