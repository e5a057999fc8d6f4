# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two filters for sudo rules are doors to the pure part, and complain in Ansible's way."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.keyless.aws.plugins.filter import sudoers, sudoers_problems
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudoers import HEADER

RENDER = sudoers.FilterModule().filters()["sudoers"]
CHECK = sudoers_problems.FilterModule().filters()["sudoers_problems"]
RULES = [{"group": "web", "commands": ["/bin/id"]}]


def test_it_renders() -> None:
    assert RENDER("all", RULES) == (HEADER + "\nssm-user ALL=(ALL) NOPASSWD:ALL\n%web ALL=(root) NOPASSWD:/bin/id\n")
    assert RENDER("none").endswith("\n# ssm-user has no sudo rights.\n")


def test_all_problems_are_in_the_error() -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        RENDER("some", [{"group": "web", "commands": ["id"]}], prefix="my_")
    assert "sudoers: 2 problems:\n- my_ssm_user: 'some' is neither" in str(caught.value)
    assert "- my_rules[0].commands[0]: 'id' does not begin with an absolute path" in str(caught.value)


def test_problems_are_listed_and_none_is_an_empty_list() -> None:
    assert CHECK("none", RULES) == []
    assert CHECK("none") == []
    (problem,) = CHECK("none", [{"group": "web"}], "my_")
    assert problem.startswith("my_rules[0].commands: is missing")


@pytest.mark.parametrize("documented", [sudoers, sudoers_problems])
def test_the_documentation_is_yaml(documented: Any) -> None:
    options = yaml.safe_load(documented.DOCUMENTATION)["options"]
    assert set(options) == {"_input", "rules", "prefix", "aliases"}
    assert yaml.safe_load(documented.EXAMPLES)
    assert yaml.safe_load(documented.RETURN)["_value"]["type"]


def test_the_documented_sample_is_what_comes_out() -> None:
    sample = yaml.safe_load(sudoers.RETURN)["_value"]["sample"]
    nginx = {"group": "web-operators", "commands": ["/usr/bin/systemctl restart nginx"]}
    assert RENDER("none", [nginx]) == sample
    assert CHECK("none", [{"user": "taro"}]) == yaml.safe_load(sudoers_problems.RETURN)["_value"]["sample"]
