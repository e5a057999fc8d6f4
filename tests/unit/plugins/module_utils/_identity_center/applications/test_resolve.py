# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which applications, users and groups are meant."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.applications.records import (
    Application,
    Item,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.applications.resolve import resolve
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.records import Principal
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems

INSTANCE = "ssoins-1234567890abcdef"
ID = "95671a2b3c-00000000-0000-0000-0000-000000000001"


def arn(letter, instance=INSTANCE):
    return f"arn:aws:sso::111122223333:application/{instance}/apl-{letter * 16}"


APPLICATIONS = [Application(arn("a"), "Partner"), Application(arn("b"), "VPN"), Application(arn("c"), "VPN")]
IDS = dict(USER={"taro": ID}, GROUP={"operators": "g1"})


def item(name=None, index=0, **more):
    return Item(f"applications[{index}]", name, more.pop("arn", None), **more)


def problems(*items, **more):
    with pytest.raises(Problems) as caught:
        resolve(items, APPLICATIONS, IDS, INSTANCE, **more)
    return caught.value.details["problems"]


def test_by_name_and_by_arn():
    one, other = resolve([item("Partner"), item(index=1, arn=arn("c"))], APPLICATIONS, IDS, INSTANCE)
    assert (one.application, other.application) == (APPLICATIONS[0], APPLICATIONS[2])


def test_users_and_groups_each_once_however_they_are_named():
    (want,) = resolve([item("Partner", users=("taro", ID, "taro"), groups=("operators",))], APPLICATIONS, IDS, INSTANCE)
    assert want.principals == (Principal("GROUP", "operators", "g1"), Principal("USER", "taro", ID))


def test_ids_are_taken_as_they_are_where_nothing_was_looked_up():
    none = dict(USER={}, GROUP={})
    (want,) = resolve([item("Partner", users=(ID,))], APPLICATIONS, none, INSTANCE)
    assert want.principals == (Principal("USER", None, ID),)


def test_what_an_earlier_task_would_have_created_is_known():
    (want,) = resolve([item("Partner", users=("new",))], APPLICATIONS, IDS, INSTANCE, dict(USER=["new"]))
    assert want.principals == (Principal("USER", "new", None),)


def test_a_missing_application_points_to_the_checklist():
    (said,) = problems(item("Partners"))
    assert said.startswith(f"applications[0].name: no application 'Partners' in {INSTANCE} (did you mean 'Partner'?); ")
    assert "keyless.aws.external_login" in said
    (said,) = problems(item(arn=arn("d")))
    assert said.startswith(f"applications[0].application_arn: no application {arn('d')}; AWS has no API")


def test_an_ambiguous_name_names_the_candidates():
    assert problems(item("VPN")) == [
        "applications[0].name: 2 applications are called 'VPN'; give application_arn, one of "
        f"{arn('b')} (ENABLED), {arn('c')} (ENABLED)"
    ]


def test_everything_that_is_wrong_is_told():
    other = arn("a", "ssoins-0000000000000000")
    missing = ID.replace("1", "2")
    assert problems(
        item("Partner", users=("tara", missing), groups=("operator",)),
        item(index=1, arn=arn("a")),
        item(index=2, arn=other),
    ) == [
        "applications[0].groups[0]: no group 'operator' (did you mean 'operators'?)",
        "applications[0].users[0]: no user 'tara' (did you mean 'taro'?)",
        f"applications[0].users[1]: no user with the id {missing}",
        f"applications[1]: is {arn('a')}, like applications[0]; put both into one entry",
        f"applications[2].application_arn: {other} belongs to another instance than {INSTANCE}",
    ]
