#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: verified_package
version_added: 0.1.0
short_description: Verify a .deb or .rpm file before it is installed
description:
  - Succeeds when a package file on the host is signed by a key whose fingerprint is pinned, or has a pinned SHA-256, or
    both when both are given, and is the package that was asked for. Fails otherwise. It installs and changes nothing.
  - A signature is trusted only when GnuPG says both GOODSIG and VALIDSIG with a fingerprint of O(fingerprints). An
    expired key, a revoked key, an expired signature, an altered file and a key that is not there are refused, each with
    a message of its own; the exit code of C(gpg --verify), which is 0 for expired and revoked keys, is not looked at.
  - The key comes from a file and needs no trust of its own, because its fingerprint is pinned. It is not added to any
    keyring of the host.
extends_documentation_fragment:
  - keyless.aws.attributes.info
attributes:
  platform:
    description: Target OS that can be operated against.
    support: full
    platforms: linux
requirements:
  - C(gpgv) or C(gpg) on the host where O(signature) is given
  - C(dpkg-deb) for .deb files, C(rpm) for .rpm files
options:
  path:
    description: The package file on the host.
    type: path
    required: true
  signature:
    description: The detached signature of the file, binary or armored.
    type: path
  key:
    description: The public key, or several, binary or armored.
    type: path
  fingerprints:
    description:
      - Fingerprints of the keys that are trusted, 40 hexadecimal digits each, of the primary key or of the subkey that
        signs. Blanks do not matter.
    type: list
    elements: str
  sha256:
    description: The SHA-256 that the file has to have.
    type: str
  expected:
    description:
      - What the package has to say of itself. A good signature alone could be that of another or an older package.
    type: dict
    suboptions:
      name:
        description: Name of the package.
        type: str
      version:
        description: Its version, with or without the distribution's revision.
        type: str
      architecture:
        description: Architecture of the host, in the words of Debian or of the kernel.
        type: str
  accept_unverified:
    description:
      - Whether a file is accepted with neither O(signature) nor O(sha256). B(Whoever can change the file on its way can
        then run anything as root.) What is given is still checked.
    type: bool
    default: false
seealso:
  - module: ansible.builtin.get_url
author:
  - keyless.aws contributors (@keyless-aws)
"""

EXAMPLES = r"""
- name: Verify a package that was downloaded
  keyless.aws.verified_package:
    path: /root/download/amazon-ssm-agent.deb
    signature: /root/download/amazon-ssm-agent.deb.sig
    key: /root/download/amazon-ssm-agent.gpg
    fingerprints:
      - 1C5B395CBE5E74E2F1CA21592784DBF388D19D46
    expected:
      name: amazon-ssm-agent

- name: Verify a package by its digest
  keyless.aws.verified_package:
    path: /root/download/session-manager-plugin.rpm
    sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
"""

RETURN = r"""
verified_by:
  description: What the file was verified by, V(signature) and V(sha256); empty when nothing was asked for.
  returned: success
  type: list
  elements: str
  sample: [signature]
sha256:
  description: SHA-256 of the file.
  returned: success
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
fingerprint:
  description: Fingerprint of the primary key that the signature is trusted for.
  returned: when O(signature) is given
  type: str
  sample: 1C5B395CBE5E74E2F1CA21592784DBF388D19D46
signing_key:
  description: Fingerprint of the key that signed, the primary one or a subkey.
  returned: when O(signature) is given
  type: str
  sample: 1C5B395CBE5E74E2F1CA21592784DBF388D19D46
signed:
  description: When it was signed.
  returned: when O(signature) is given
  type: str
  sample: "2026-09-30T17:02:11Z"
package:
  description: What the package says of itself.
  returned: success
  type: dict
  contains:
    format:
      description: V(deb) or V(rpm).
      type: str
    name:
      description: Name of the package.
      type: str
    version:
      description: Version, without the distribution's revision.
      type: str
    architecture:
      description: Architecture, in the package format's own words.
      type: str
  sample:
    format: deb
    name: amazon-ssm-agent
    version: 3.3.3050.0
    architecture: amd64
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.keyless.aws.plugins.module_utils._hosts.agent.verify import checks_of, verified
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import report

EXPECTED = dict(name=dict(type="str"), version=dict(type="str"), architecture=dict(type="str"))


def main():
    module = AnsibleModule(
        argument_spec=dict(
            path=dict(type="path", required=True),
            signature=dict(type="path"),
            key=dict(type="path", no_log=False),
            fingerprints=dict(type="list", elements="str"),
            sha256=dict(type="str"),
            expected=dict(type="dict", options=EXPECTED),
            accept_unverified=dict(type="bool", default=False),
        ),
        supports_check_mode=True,
    )
    report(module, lambda: verified(module, checks_of(module.params)))


if __name__ == "__main__":
    main()
