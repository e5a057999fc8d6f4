# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters for workstations are doors to the pure part, and complain in Ansible's way."""

from __future__ import annotations

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.filter import client_config, client_config_problems, client_profiles

RENDER = client_config.FilterModule().filters()["client_config"]
CHECK = client_config_problems.FilterModule().filters()["client_config_problems"]
PROFILES = client_profiles.FilterModule().filters()["client_profiles"]


def documented(module):
    return yaml.safe_load(module.EXAMPLES)[0]["vars"], yaml.safe_load(module.RETURN)["_value"]


def test_the_documented_text_is_what_comes():
    example, returned = documented(client_config)
    assert RENDER(example["profiles"], example["sso_sessions"]) == returned["sample"]
    with pytest.raises(AnsibleFilterError, match=r"client_config: mine_profiles\[0\].sso_session: no SSO session"):
        RENDER(example["profiles"], prefix="mine_")


def test_the_documented_check_passes_and_others_do_not():
    example, returned = documented(client_config_problems)
    assert CHECK([], example["sso_sessions"], example["existing"]) == []
    profile = dict(documented(client_config)[0]["profiles"][0], sso_session="keyles")
    assert CHECK([profile], example["sso_sessions"]) == returned["sample"]


def test_the_documented_profiles_are_what_comes():
    example, returned = documented(client_profiles)
    samples = {key: entry["sample"] for key, entry in returned["contains"].items()}
    assert PROFILES(example["keyless_access"]) == {"taro": samples}
    with pytest.raises(AnsibleFilterError, match="(?s)client_profiles: .*region: is missing"):
        PROFILES({})
