# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doors to logins through an external Identity Center."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.filter import (
    external_login_checklist,
    external_login_problems,
    external_logins,
)

LOGIN = dict(name="PartnerOperator", provider="partner")


def filter_of(module):
    (function,) = module.FilterModule().filters().values()
    return function


def test_a_chain():
    (login,) = filter_of(external_logins)([LOGIN], {"own": "111122223333"})
    assert login["arn"] == "arn:aws:iam::111122223333:role/PartnerOperator"
    assert login["arn"] in filter_of(external_login_checklist)([login])
    assert len(filter_of(external_login_problems)(login, {}, {})) == 2


def test_problems_of_logins_are_the_message():
    with pytest.raises(AnsibleFilterError, match=r"^external_login_logins\[0\].provider: is missing"):
        filter_of(external_logins)([dict(name="x")])


def test_a_checklist_needs_accounts():
    with pytest.raises(AnsibleFilterError, match="the account of PartnerOperator is not known; give account_id"):
        filter_of(external_login_checklist)(filter_of(external_logins)([LOGIN]))
