# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example in the documentation is right, does what the text beside it says, and no key is left out of the text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.keyless.aws.plugins.module_utils._access import accounts, grants, model, outsiders, people
from ansible_collections.keyless.aws.plugins.module_utils._access.compile import compile_access
from ansible_collections.keyless.aws.plugins.module_utils._access.hosts import hosts

TEXT = (Path(__file__).parents[5] / "docs" / "access_model.md").read_text(encoding="utf-8")
EXAMPLE = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[0])["keyless_access"]


@pytest.mark.parametrize(
    "team, users, sudo",
    [
        ("web", ["taro"], [{"user": "taro", "commands": ["/usr/bin/systemctl restart nginx"]}]),
        ("db", ["hana"], []),
        ("other", [], []),
    ],
)
def test_the_example_does_what_the_text_says(team, users, sudo):
    host = {
        "instance_id": "i-0123456789abcdef0",
        "account_id": "111122223333",
        "region": "ap-northeast-1",
        "tags": {"Team": team},
    }
    answer = hosts(EXAMPLE, host)
    assert ([user["name"] for user in answer["users"]], answer["sudo"]) == (users, sudo)
    assert [entry["name"] for entry in compile_access(EXAMPLE)["cloud"]["permission_sets"]] == [
        "WebOperator",
        "OwnTeam",
    ]


def test_every_key_is_explained():
    keys = model._KEYS + people._PERSON_KEYS + accounts._ACCOUNT_KEYS + grants._KEYS + grants._TO
    keys += outsiders._IAM_USER_KEYS + outsiders._FEDERATION_KEYS + tuple(accounts._SESSION_OPTIONS)
    assert [key for key in keys if f"`{key}" not in TEXT] == []
