# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which profiles an access model gives to whom."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._access.clients import client_profiles
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems


def names(model, **options):
    return {key: [p["name"] for p in client["profiles"]] for key, client in client_profiles(model, **options).items()}


def test_one_profile_for_each_grant_and_account(model):
    assert names(model) == {
        "taro": ["web-prod-WebOperator", "web-prod-OwnTeam"],
        "hanako": ["web-prod-OwnTeam", "sandbox-Sandbox"],
        "jiro": ["web-prod-WebOperator", "web-prod-OwnTeam", "sandbox-Sandbox"],
    }
    clients = client_profiles(model, "work", "aws-")
    assert (clients["hanako"]["user_name"], clients["hanako"]["os_user"]) == ("hanako@example.com", "hana")
    assert clients["hanako"]["profiles"][1] == {
        "name": "aws-sandbox-Sandbox",
        "sso_session": "work",
        "sso_account_id": "012345670123",
        "sso_role_name": "Sandbox",
        "region": "ap-northeast-1",
    }


def test_accounts_of_units_are_those_that_the_model_names(model):
    model["grants"][2]["accounts"] = ["ou-abcd-12345678"]
    assert names(model)["hanako"] == ["web-prod-OwnTeam"]
    units = {"ou-abcd-12345678": ["012345670123", "999999999999"]}
    assert names(model, organizational_units=units)["hanako"] == ["web-prod-OwnTeam", "sandbox-Sandbox"]


def test_desktops_are_opened_in_the_console(model):
    model["accounts"]["web-prod"]["regions"] = ["ap-northeast-1"]
    model["grants"][2].update(connect=["rdp"], accounts=["web-prod"])
    del model["grants"][2]["sudo"]
    assert names(model)["hanako"] == ["web-prod-OwnTeam"]


def test_two_profiles_of_one_name_are_refused(model):
    model["accounts"]["web"] = dict(model["accounts"].pop("sandbox"), run_as=True)
    model["grants"][1]["accounts"] = ["web-prod"]
    model["grants"][2].update(name="prod-OwnTeam", accounts=["web"])
    with pytest.raises(Problems) as caught:
        client_profiles(model)
    (problem,) = caught.value.details["problems"]
    assert problem.startswith("grants[2].name: with the account web the profile would be called 'web-prod-OwnTeam'")


def test_what_is_wrong_with_the_model_is_said(model):
    model["grants"][0]["accounts"] = ["web-prd"]
    with pytest.raises(Problems, match="did you mean 'web-prod'"):
        client_profiles(model)
