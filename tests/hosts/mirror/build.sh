#!/usr/bin/env bash
# build.sh ARCHITECTURE: a mirror of stand-in agents, signed by keys that live for this run only. Makes
# .cache/hosts/mirror/mirror.tar with, below each of these folders, what lies in AWS's own bucket:
#
#   good                       3.3.1.0, 3.3.2.0 and latest (3.3.2.0), as they should be
#   tampered, truncated        one byte is another, or the end is missing; the signature is that of the whole
#   expired, other             signed by a key that has expired, by one that nobody has pinned
#   cut                        the mirror goes away half-way through the package (serve.py does it)
#
# and the public keys in keys/. Beside the tar lies the fingerprint of each key.
set -euo pipefail

architecture=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(cd "$here/../../.." && pwd)/.cache/hosts/mirror
work=$(mktemp -d)
home=$work/gnupg
www=$work/www

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

package() {  # package VERSION FILE
    local root=$work/root-$1
    mkdir -p "$root"/{DEBIAN,usr/bin,lib/systemd/system,etc/amazon/ssm,var/lib/amazon/ssm}
    sed "s/@VERSION@/$1/" "$here/amazon-ssm-agent.sh" > "$root/usr/bin/amazon-ssm-agent"
    sed "s/@VERSION@/$1/" "$here/ssm-cli.sh" > "$root/usr/bin/ssm-cli"
    chmod 755 "$root"/usr/bin/*
    echo '{}' > "$root/etc/amazon/ssm/amazon-ssm-agent.json.template"
    printf '%s\n' '[Unit]' 'Description=stand-in of the SSM agent' '[Service]' 'ExecStart=/usr/bin/amazon-ssm-agent' \
        'KillMode=process' 'Restart=always' 'RestartSec=90' '[Install]' 'WantedBy=multi-user.target' \
        > "$root/lib/systemd/system/amazon-ssm-agent.service"
    printf '%s\n' 'Package: amazon-ssm-agent' "Version: $1-1" "Architecture: $architecture" \
        'Maintainer: Nobody <nobody@example.org>' 'Description: stand-in of the SSM agent' > "$root/DEBIAN/control"
    # As the real package does: it refuses to be where the snap is, stops the old agent, and starts the new one.
    printf '%s\n' '#!/bin/sh' 'if snap list 2> /dev/null | grep -q amazon-ssm-agent; then exit 1; fi' \
        'systemctl stop amazon-ssm-agent || true' > "$root/DEBIAN/preinst"
    printf '%s\n' '#!/bin/sh' 'systemctl daemon-reload' 'systemctl enable amazon-ssm-agent' \
        'systemctl start amazon-ssm-agent' > "$root/DEBIAN/postinst"
    printf '%s\n' '#!/bin/sh' 'systemctl stop amazon-ssm-agent' 'systemctl disable amazon-ssm-agent' > "$root/DEBIAN/prerm"
    chmod 755 "$root"/DEBIAN/p*
    dpkg-deb --root-owner-group --build "$root" "$2" > /dev/null
}

version() {  # version FOLDER VERSION KEY: one version below FOLDER, signed by KEY; the last one is the newest
    local file=$www/$1/$2/debian_$architecture/amazon-ssm-agent.deb then=()
    mkdir -p "$(dirname "$file")"
    cp "$work/$2.deb" "$file"
    if [ "$3" = expired ]; then then=(--faked-system-time=20260101T010000); fi
    sign_by "${then[@]}" --local-user "$3@example.org" --output "$file.sig" --detach-sign "$file"
    ln -sfn "$2" "$www/$1/latest"
    echo "$2" > "$www/$1/$2/VERSION"
}

rm -rf "$out"
mkdir -p "$out" "$www/keys"
install -d -m 700 "$home"

make_key good never
make_key other never
make_key expired 1d --faked-system-time=20260101T000000
package 3.3.1.0 "$work/3.3.1.0.deb"
package 3.3.2.0 "$work/3.3.2.0.deb"

version good 3.3.1.0 good
for folder in good tampered truncated cut; do version "$folder" 3.3.2.0 good; done
for key in expired other; do version "$key" 3.3.2.0 "$key"; done

of() { echo "$www/$1/latest/debian_$architecture/amazon-ssm-agent.deb"; }
printf X | dd of="$(of tampered)" bs=1 seek="$(($(stat -c %s "$(of tampered)") - 40))" conv=notrunc status=none
truncate --size=-100 "$(of truncated)"

for key in good other expired; do sign_by --armor --export "$key@example.org" > "$www/keys/$key.gpg"; done

cp "$here/serve.py" "$www"
tar -C "$www" -cf "$out/mirror.tar" .
