"""session_policy_info over HTTP: what policies allow, in the words of scopes, and what is wrong with them."""

from __future__ import annotations

import json

import pytest

INFO, MODULE = "session_policy_info", "session_policy"
OWN, WEB = "123456789012", "111122223333"
SCOPE = dict(
    principal="iam_user", accounts=[OWN], regions=["ap-northeast-1"], instances=dict(tags=dict(Team=["web", "api"])),
    connect=["shell", "port_forward"], run_as="required",
)  # fmt: skip
BY_HAND = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "ssm:StartSession", "Resource": "*"},
        {"Effect": "Allow", "Action": "ssm:TerminateSession", "Resource": "arn:aws:ssm:*:*:session/${aws:username}-*"},
    ],
}


@pytest.fixture
def iam(emulator):
    return emulator.client("iam")


def test_what_policies_allow(emulator, ansible, iam):
    iam.create_group(GroupName="ops")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    iam.create_role(RoleName="App", AssumeRolePolicyDocument=trust)
    arn = iam.create_policy(PolicyName="ByHand", Path="/teams/", PolicyDocument=json.dumps(BY_HAND))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="App", PolicyArn=arn)
    two = [dict(SCOPE, principal="role", regions=[region], connect=[way]) for region, way in (
        ("ap-northeast-1", "shell"), ("us-east-1", "port_forward"),
    )]  # fmt: skip
    wanted = [dict(name="Web", scope=SCOPE, groups=["ops"], tags=dict(team="web")), dict(name="Two", scopes=two)]
    tasks = [
        {"name": "Make", f"keyless.aws.{MODULE}": dict(policies=wanted)},
        {"name": "Change", f"keyless.aws.{MODULE}": dict(policies=[dict(wanted[0], scope=dict(SCOPE, console=False))])},
        {"name": "Ours", f"keyless.aws.{INFO}": dict()},
        {"name": "Named", f"keyless.aws.{INFO}": dict(names=["ByHand", "Nobody"])},
        {"name": "Path", f"keyless.aws.{INFO}": dict(path_prefix="/teams/")},
    ]
    _made, _changed, ours, named, path = ansible.tasks(tasks)
    pair, web = ours["session_policies"]
    assert (pair["name"], web["name"], ours["missing"]) == ("Two", "Web", [])
    known = dict(
        account_id=OWN, path="/", default_version_id="v2", users=[], groups=["ops"], roles=[],
        tags={"keyless:managed": "true", "team": "web"},
    )  # fmt: skip
    assert {key: web[key] for key in known} == known
    assert web["versions"] == [dict(version_id="v1", is_default=False), dict(version_id="v2", is_default=True)]
    assert web["exact"] and "scopes" not in web
    assert web["scope"] == dict(SCOPE, console=False, instances=dict(tags=dict(Team=["api", "web"])))
    assert web["summary"] == [
        f"shell, port_forward to instances with Team=api or web in {OWN}, ap-northeast-1; own sessions only; "
        "Run As required; for IAM users"
    ]
    assert web["problems"] == []
    assert pair["exact"] and "scope" not in pair
    assert [(scope["regions"], scope["connect"]) for scope in pair["scopes"]] == [
        (["ap-northeast-1"], ["shell"]), (["us-east-1"], ["port_forward"]),
    ]  # fmt: skip

    (by_hand,) = named["session_policies"]
    assert named["missing"] == [f"{OWN}/Nobody"]
    assert path["session_policies"] == named["session_policies"]
    assert not by_hand["exact"] and "scope" not in by_hand
    assert by_hand["summary"] == [
        "allows ssm:StartSession on everything",
        "allows ssm:TerminateSession on sessions ${aws:username}-* in any account, any Region",
    ]
    assert "username" in " ".join(problem["problem"] for problem in by_hand["problems"])
    assert {"rule", "severity", "path", "problem", "mend"} <= set(by_hand["problems"][0])


def test_many_policies_and_an_account_that_is_denied(emulator, iam, run_module):
    for number in range(12):
        iam.create_policy(PolicyName=f"P{number:02}", Path="/many/", PolicyDocument=json.dumps(BY_HAND))
    before = emulator.calls()
    targets = [dict(), dict(role_arn=f"arn:aws:iam::{WEB}:role/keyless"), dict(profile="gone")]
    result = run_module(INFO, dict(path_prefix="/many/", targets=targets), fails=True)
    assert [policy["name"] for policy in result["session_policies"]] == [f"P{number:02}" for number in range(12)]
    assert [each["name"] for each in result["failures"]] == ["profile gone"]
    assert "1 of 3 accounts could not be read" in result["msg"]
    spent = {name: times - before.get(name, 0) for name, times in emulator.calls().items() if name.startswith("iam:")}
    assert spent == {
        "iam:CreatePolicy": 0, "iam:ListPolicies": 2, "iam:GetPolicy": 12, "iam:GetAccountSummary": 1,
        "iam:GetAccountAuthorizationDetails": 1,
    }  # fmt: skip
    assert "does not begin and end with /" in run_module(INFO, dict(path_prefix="many"), fails=True)["msg"]
