#!/bin/sh
# Inside the new root of localhost/keyless-rpm: a facsimile of Amazon Linux 2023. It is Debian with dnf and rpm, wears
# Amazon Linux's release files and has neither apt nor dpkg on its PATH; what an RPM host's packages do is real.
set -eu

rm -f /etc/os-release /etc/debian_version
cat > /etc/os-release << 'RELEASE'
NAME="Amazon Linux"
VERSION="2023"
ID="amzn"
ID_LIKE="fedora"
VERSION_ID="2023"
PLATFORM_ID="platform:al2023"
PRETTY_NAME="Amazon Linux 2023 (facsimile on Debian)"
RELEASE
echo 'Amazon Linux release 2023 (Amazon Linux)' > /etc/system-release

mkdir -p /usr/lib/hidden
mv /usr/bin/apt* /usr/bin/dpkg* /usr/lib/hidden

# Debian's rpm keeps its data base in the home of whoever calls it.
mkdir -p /etc/rpm /etc/yum.repos.d /var/lib/rpm
echo '%_dbpath /var/lib/rpm' > /etc/rpm/macros
printf '%s\n' '[main]' 'gpgcheck=True' 'reposdir=/etc/yum.repos.d' > /etc/dnf/dnf.conf
rpm --initdb

# What Debian has installed, told to rpm, so that packages may require it.
work=$(mktemp -d)
cat > "$work/facsimile.spec" << 'SPEC'
Name: facsimile
Version: 2023
Release: 1
Summary: What Debian has installed
License: GPL-3.0-or-later
BuildArch: noarch
Provides: /bin/sh
Provides: /bin/bash
Provides: systemd
Provides: system-release = 2023
Provides: system-release(releasever) = 2023
%description
%files
SPEC
rpmbuild --quiet --define "_topdir $work" -bb "$work/facsimile.spec"
rpm --install "$work"/RPMS/noarch/*.rpm
rm -rf "$work"
