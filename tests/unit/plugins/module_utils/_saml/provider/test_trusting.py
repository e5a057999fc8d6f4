# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which roles trust a SAML provider."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._saml.provider.trusting import (
    roles_by_provider,
    trusted_providers,
)


@pytest.mark.parametrize(
    "policy, expected",
    [
        (dict(Statement=[dict(Effect="Allow", Principal=dict(Federated="a"))]), {"a"}),
        (dict(Statement=dict(Effect="Allow", Principal=dict(Federated=["a", "b"]))), {"a", "b"}),
        (dict(Statement=[dict(Effect="Deny", Principal=dict(Federated="a"))]), set()),
        (dict(Statement=[dict(Effect="Allow", Principal="*")]), set()),
        (dict(Statement=[dict(Effect="Allow", Principal=dict(AWS="*"))]), set()),
        (dict(Statement=["odd"]), set()),
        (dict(), set()),
        ("text", set()),
        (None, set()),
    ],
)
def test_trusted_providers(policy, expected):
    assert trusted_providers(policy) == expected


def test_roles_by_provider():
    def role(name, *arns):
        return dict(
            RoleName=name,
            AssumeRolePolicyDocument=dict(Statement=[dict(Effect="Allow", Principal=dict(Federated=list(arns)))]),
        )

    roles = [role("z", "a"), role("b", "a", "c"), role("none")]
    assert roles_by_provider(roles) == dict(a=["b", "z"], c=["b"])
