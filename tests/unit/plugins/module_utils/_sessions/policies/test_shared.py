# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.shared import shared_warnings
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.validate import policies


def policy(name, team, connect, **more):
    scope = {
        "principal": "iam_user",
        "accounts": ["111122223333"],
        "regions": ["ap-northeast-1"],
        "instances": {"tags": {"Team": team}},
        "connect": connect,
    }
    return dict({"name": name, "scope": scope, "users": ["taro"]}, **more)


def warnings(*items):
    return list(shared_warnings(policies(items)))


def test_ways_in_that_lead_to_the_others_instances():
    (told,) = warnings(
        policy("Web", "web", ["shell"], users=["taro", "ken"]),
        policy("Db", "db", ["port_forward"], users=["ken", "taro"]),
        policy("Alone", "x", ["ssh"], users=["yuki"]),
    )
    assert told.startswith("Web, Db do not go together, and user 'taro', user 'ken' would have them all")


def test_the_same_ways_in_go_together():
    assert warnings(policy("Web", "web", ["shell"]), policy("Db", "db", ["shell"])) == []


def test_nobody_has_both():
    assert warnings(policy("Web", "web", ["shell"]), policy("Db", "db", ["ssh"], users=[], groups=["taro"])) == []


def test_what_goes_counts_no_more():
    gone = {"name": "Db", "state": "absent"}
    assert warnings(policy("Web", "web", ["shell"]), gone) == []
