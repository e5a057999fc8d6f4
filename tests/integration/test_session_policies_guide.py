# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/session_policies.md: its tasks run as they are, and do what the text says."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml

TEXT = (Path(__file__).parents[2] / "docs" / "session_policies.md").read_text(encoding="utf-8")
TASKS = [task for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL) for task in yaml.safe_load(block)]
OWN, WEB, DB = "123456789012", "111122223333", "444455556666"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
NAMES = [task["name"] for task in TASKS]


@pytest.fixture
def world(emulator):
    """Whoever the guide names."""
    emulator.seed(dict(accounts=[dict(id=WEB, name="web"), dict(id=DB, name="db")]))
    iam = emulator.client("iam")
    for name in ("web-operators", "db-operators"):
        iam.create_group(GroupName=name)
    for account, name in ((None, "backup"), (WEB, "contractors")):
        emulator.client("iam", account=account).create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)


def test_the_tasks_run_as_they_are(ansible, world):
    results = dict(zip(NAMES, ansible.tasks(TASKS), strict=True))
    reading = {"Read the policies that this collection made", "Say what they allow"}
    assert {name for name, result in results.items() if not result["changed"]} == reading
    (policy,) = results["Read the policies that this collection made"]["session_policies"]
    assert policy["exact"] and policy["groups"] == ["web-operators"]
    assert "sts_creds" not in results["Get credentials for one instance and one hour"]  # nobody sees them


@pytest.mark.both_ends
def test_a_contractor_gets_one_instance_for_one_hour(emulator, ansible, world):
    (task,) = [dict(task) for task in TASKS if "amazon.aws.sts_assume_role" in task]
    del task["no_log"]
    before = datetime.now(timezone.utc)
    show = dict(msg=task["amazon.aws.sts_assume_role"]["policy"])
    given, shown = ansible.tasks([task, {"name": "Show", "ansible.builtin.debug": show, "vars": task["vars"]}])
    client = emulator.client("sts")
    policy = json.loads(shown["msg"]) if isinstance(shown["msg"], str) else shown["msg"]
    credentials = given["sts_creds"]
    assert given["sts_user"]["arn"] == f"arn:aws:sts::{WEB}:assumed-role/contractors/ichiro"
    assert credentials["session_token"]
    assert client.get_caller_identity()["Account"] == OWN
    lasts = datetime.fromisoformat(credentials["expiration"]) - before
    assert timedelta(minutes=59) < lasts < timedelta(minutes=61)
    statements = {statement["Sid"]: statement for statement in policy["Statement"]}
    instance = statements["StartSessionsOnInstances"]
    assert instance["Resource"] == f"arn:aws:ec2:ap-northeast-1:{WEB}:instance/i-0123456789abcdef0"
    until = datetime.strptime(instance["Condition"]["DateLessThan"]["aws:CurrentTime"], "%Y-%m-%dT%H:%M:%SZ")
    assert timedelta(minutes=59) < until.replace(tzinfo=timezone.utc) - before < timedelta(minutes=61)
    denials = [statement["Sid"] for statement in policy["Statement"] if statement["Effect"] == "Deny"]
    assert denials == ["DenySessionsWithoutRunAs"]
    assert emulator.calls()["sts:AssumeRole"] == 2  # one is of this test's own clients


def test_a_policy_that_is_no_document_or_too_large_is_refused(emulator, ansible, world):
    """So that the test above can fail: STS looks at what it is given."""
    (task,) = [dict(task) for task in TASKS if "amazon.aws.sts_assume_role" in task]
    scope = dict(task["vars"]["scope"], instances=dict(ids=[f"i-{number:017x}" for number in range(20)]))
    arguments = dict(task["amazon.aws.sts_assume_role"], policy="{'Version': '2012-10-17'}")
    wrong = [
        dict(task, no_log=False, ignore_errors=True, vars=dict(scope=scope)),
        {"name": "Wrong", "amazon.aws.sts_assume_role": arguments, "ignore_errors": True},
    ]
    large, odd = ansible.tasks(wrong)
    assert "a session's own policy takes 2048" in large["msg"]
    assert "MalformedPolicyDocument" in str(odd)
