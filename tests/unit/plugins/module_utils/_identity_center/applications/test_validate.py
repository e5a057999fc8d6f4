# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the text of the list `applications` tells."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import Guard
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.applications.records import Item
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.applications.validate import (
    instance_of,
    items,
    selection_findings,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems

ARN = "arn:aws:sso::111122223333:application/ssoins-1234567890abcdef/apl-1234567890abcdef"


def test_what_is_not_given_is_left_alone():
    assert items([dict(name="Partner", users=None, status=None)], Guard()) == [
        Item("applications[0]", "Partner", None)
    ]


def test_a_name_beside_an_arn_is_what_it_shall_be_called():
    (by_arn,) = items([dict(name="New", application_arn=ARN)], Guard())
    (by_name,) = items([dict(name="New", description="Ours")], Guard())
    assert (by_arn.fields, by_name.fields) == (dict(name="New"), dict(description="Ours"))


def test_everything_is_read():
    sign_in = dict(origin="APPLICATION", application_url="https://example.com")
    (item,) = items(
        [dict(name="A", status="ENABLED", sign_in_options=sign_in, users=[], groups=["g"], assignment_required=False,
              purge=False)],
        Guard(),
    )  # fmt: skip
    assert item == Item("applications[0]", "A", None, dict(status="ENABLED", sign_in_options=sign_in), False, (),
                        ("g",), False)  # fmt: skip
    assert item.kinds == ["GROUP", "USER"]


@pytest.mark.parametrize("entry, said", [
    (dict(), "applications[0]: names no application; give name, or application_arn"),
    (dict(name=" "), "applications[0].name: is empty; give the application's display name"),
    (dict(name="x" * 101), "applications[0].name: has 101 characters; give at most 100"),
    (dict(application_arn="arn:aws:sso::1:x"), "applications[0].application_arn: 'arn:aws:sso::1:x' is not the ARN of "
     "an application (arn:aws:sso::111122223333:application/ssoins-.../apl-...)"),
    (dict(name="a", description=""), "applications[0].description: AWS cannot clear a description; give a text, or "
     "leave it out"),
    (dict(name="a", description="x" * 129), "applications[0].description: has 129 characters; give at most 128"),
    (dict(name="a", sign_in_options=dict(origin="APPLICATION")), "applications[0].sign_in_options.application_url: is "
     "missing; with origin APPLICATION give where the sign-in begins"),
    (dict(name="a", sign_in_options=dict(origin="IDENTITY_CENTER", application_url="ftp://x")),
     "applications[0].sign_in_options.application_url: 'ftp://x' is not an http(s) URL of at most 512 characters"),
    (dict(name="a", users=["taro", " "]), "applications[0].users[1]: is empty; give a name or an id"),
    (dict(name="a", groups=[""]), "applications[0].groups[0]: is empty; give a name or an id"),
])  # fmt: skip
def test_findings(entry, said):
    with pytest.raises(Problems) as caught:
        items([entry], Guard())
    assert caught.value.details["problems"] == [said]


def test_all_problems_come_at_once():
    with pytest.raises(Problems) as caught:
        items([dict(name="a"), dict(name=""), dict(name="a")], Guard(max_deletions=-1))
    assert caught.value.details["problems"] == [
        "applications[1].name: is empty; give the application's display name",
        "applications[2]: is a, like applications[0]; put both into one entry",
        "max_deletions: -1 is less than 0; give the most that may be deleted",
    ]


def test_the_filter_of_info():
    assert selection_findings(["Partner", ARN]) == []
    assert [finding.partition(":")[0] for finding in selection_findings(["", "arn:x"])] == [
        "applications[0]", "applications[1]"]  # fmt: skip


def test_instance_of():
    assert instance_of(ARN) == "ssoins-1234567890abcdef"
    assert instance_of("arn:aws:sso:::instance/ssoins-1234567890abcdef") is None
