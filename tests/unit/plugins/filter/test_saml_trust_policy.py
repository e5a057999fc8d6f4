# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter's door."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.filter import saml_trust_policy as module

ARN = "arn:aws:iam::111122223333:saml-provider/partner"


def test_door():
    (name,) = module.FilterModule().filters()
    assert f"name: {name}\n" in module.DOCUMENTATION
    door = module.FilterModule().filters()["saml_trust_policy"]
    assert door(dict(provider_arn=ARN))["Statement"][0]["Principal"] == {"Federated": ARN}
    with pytest.raises(AnsibleFilterError, match="saml_trust_policy: provider_arn: 'x' is not the ARN"):
        door(dict(provider_arn="x"))
    with pytest.raises(AnsibleFilterError, match="characters, and IAM takes 50"):
        door(dict(provider_arn=ARN), max_length=50)
    for wrong in (0, True, "2048"):
        with pytest.raises(AnsibleFilterError, match="max_length: .* is not a positive whole number"):
            door(dict(provider_arn=ARN), max_length=wrong)
