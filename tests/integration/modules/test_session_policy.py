"""session_policy over HTTP, by real ansible-playbook, in several accounts."""

from __future__ import annotations

import json

import pytest

MODULE = "session_policy"
OWN, WEB, DB = "123456789012", "111122223333", "444455556666"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
USER_SCOPE = dict(
    principal="iam_user", accounts=[OWN], regions=["ap-northeast-1"], instances=dict(tags=dict(Team="web")),
    connect=["shell"],
)  # fmt: skip
ROLE_SCOPE = dict(USER_SCOPE, principal="role")
ASKED = ("Get", "List")


def arn(name, account=OWN, path="/"):
    return f"arn:aws:iam::{account}:policy{path}{name}"


def scope(*words, of=None):
    return dict(of or USER_SCOPE, connect=list(words))


@pytest.fixture
def iam(emulator):
    def iam(account=OWN):
        return emulator.client("iam", account=account)

    return iam


@pytest.fixture
def people(iam):
    """Two users, a group and a role in the own account."""
    for name in ("taro", "hanako"):
        iam().create_user(UserName=name)
    iam().create_group(GroupName="ops")
    iam().create_role(RoleName="Backup", AssumeRolePolicyDocument=TRUST)


@pytest.fixture
def there(iam):
    """there(name) -> the policy with its default document, versions and attachments; None if there is none."""

    def there(name, account=OWN, path="/"):
        client, of = iam(account), arn(name, account, path)
        try:
            policy = client.get_policy(PolicyArn=of)["Policy"]
        except client.exceptions.NoSuchEntityException:
            return None
        version = client.get_policy_version(PolicyArn=of, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
        having = client.list_entities_for_policy(PolicyArn=of)
        return dict(
            document=version["Document"],
            default=policy["DefaultVersionId"],
            versions=sorted(each["VersionId"] for each in client.list_policy_versions(PolicyArn=of)["Versions"]),
            description=policy.get("Description", ""),
            tags={tag["Key"]: tag["Value"] for tag in policy.get("Tags", [])},
            users=[each["UserName"] for each in having["PolicyUsers"]],
            groups=[each["GroupName"] for each in having["PolicyGroups"]],
            roles=[each["RoleName"] for each in having["PolicyRoles"]],
        )

    return there


@pytest.fixture
def make(iam):
    """make(name, document=None, account=OWN, **more) -> ARN of a policy that somebody else made"""

    def make(name, document=None, account=OWN, **more):
        statement = dict(Effect="Allow", Action="s3:GetObject", Resource="*")
        text = json.dumps(document or dict(Version="2012-10-17", Statement=[statement]))
        return iam(account).create_policy(PolicyName=name, PolicyDocument=text, **more)["Policy"]["Arn"]

    return make


@pytest.fixture
def play(ansible):
    """play(*arguments) -> results of one task each; `check` in the arguments is the task's check mode."""

    def play(*arguments, fails=False):
        tasks = []
        for number, each in enumerate(arguments):
            given = dict(each)
            task = dict(name=f"Task {number}", check_mode=given.pop("check", False), diff=True)
            tasks.append({**task, f"keyless.aws.{MODULE}": given})
        return ansible.tasks(tasks, fails=fails)

    return play


def test_life(emulator, iam, people, play, there):
    web = dict(name="Web", path="/", description="Ours", scope=USER_SCOPE, users=["taro"], groups=["ops"])
    role = dict(name="Back", path="/teams/", scopes=[ROLE_SCOPE, dict(ROLE_SCOPE, console=False)], roles=["Backup"])
    wanted = dict(policies=[dict(web, tags=dict(team="web")), role])
    before = emulator.writes()
    (predicted,) = play(dict(wanted, check=True))
    assert emulator.writes() == before
    made, again = play(wanted, wanted)
    assert (made["created"], made["updated"], made["deleted"]) == (2, 0, 0)
    assert made["changes"] == predicted["changes"]
    assert made["diff"] == predicted["diff"]
    assert [(each["action"], each["name"], each.get("add")) for each in made["changes"]] == [
        ("create", f"{OWN}/Web", None), ("update", f"{OWN}/Web", "taro"), ("update", f"{OWN}/Web", "ops"),
        ("create", f"{OWN}/Back", None), ("update", f"{OWN}/Back", "Backup"),
    ]  # fmt: skip
    for entry, foretold in zip(made["session_policies"], predicted["session_policies"], strict=True):
        assert entry == dict(foretold, default_version_id="v1")
    assert not again["changed"] and "diff" not in again
    assert again["session_policies"][0] == made["session_policies"][0]
    found = there("Web")
    assert found["document"] == made["session_policies"][0]["document"]
    assert (found["users"], found["groups"], found["description"]) == (["taro"], ["ops"], "Ours")
    assert found["tags"] == {"keyless:managed": "true", "team": "web"}
    assert there("Back", path="/teams/")["roles"] == ["Backup"]

    changed = dict(
        policies=[
            dict(web, description="Other", scope=scope("shell", "ssh"), users=["hanako"], tags=dict(stage="prod")),
            dict(name="Back", path="/teams/", scopes=role["scopes"]),
        ]
    )
    absent = dict(policies=[dict(name="Web", state="absent")])
    before = emulator.writes()
    (predicted,) = play(dict(changed, check=True))
    assert emulator.writes() == before
    changed, again, gone, gone_now, never = play(changed, changed, dict(absent, check=True), absent, absent)
    assert changed["changes"] == predicted["changes"]
    assert changed["diff"] == predicted["diff"]
    assert sorted(changed["diff"]["after"][f"{OWN}/Web"]) == ["document", "tags", "users"]
    assert list(changed["diff"]["after"]) == [f"{OWN}/Web"]
    assert (changed["created"], changed["updated"]) == (0, 1)
    assert any("description" in text and "stays 'Ours'" in text for text in changed["warnings"])
    assert "deprecations" not in changed  # amazon.aws's own way to warn is deprecated in ansible-core, and says so
    entry = changed["session_policies"][0]
    assert entry["default_version_id"] == "v2"
    assert entry["description"] == "Ours"
    assert entry["tags"] == {"keyless:managed": "true", "stage": "prod"}
    assert entry["users"] == ["hanako"]
    assert not again["changed"]
    assert gone_now["changes"] == gone["changes"]
    assert gone_now["changes"][0]["detached"] == dict(users=["hanako"], groups=["ops"])
    assert gone_now["deleted"] == 1 and gone_now["session_policies"] == []
    assert not never["changed"]
    assert there("Web") is None and there("Back", path="/teams/")["roles"] == ["Backup"]


def test_versions(iam, make, play, there):
    """Equal by meaning is equal; an old version is made the default again; the oldest makes room."""
    ways = [scope("shell"), scope("ssh"), scope("port_forward"), scope("command"), scope("shell", "ssh")]
    wishes = [dict(policies=[dict(name="Web", scope=each)]) for each in ways]
    results = play(*wishes)
    assert there("Web")["versions"] == ["v1", "v2", "v3", "v4", "v5"]
    document = results[0]["session_policies"][0]["document"]
    back, room, other = play(
        wishes[0], dict(policies=[dict(name="Web", scope=scope("shell", "port_forward"))]), wishes[1]
    )
    assert back["changes"][0]["version_id"] == "v1" and back["session_policies"][0]["default_version_id"] == "v1"
    assert back["session_policies"][0]["document"] == document
    assert room["changes"][0]["removed_version_id"] == "v2"
    assert any("version v2 makes room" in text for text in room["warnings"])
    assert other["changes"][0]["removed_version_id"] == "v1"
    assert (there("Web")["versions"], there("Web")["default"]) == (["v3", "v4", "v5", "v6", "v7"], "v7")

    statements = [dict(statement, Action=_list(statement["Action"])) for statement in reversed(document["Statement"])]
    make("Adopted", dict(document, Statement=statements), Tags=[dict(Key="by", Value="hand")])
    (adopted,) = play(dict(policies=[dict(name="Adopted", scope=ways[0], users=[])]))
    assert not adopted["changed"]
    assert there("Adopted")["tags"] == dict(by="hand")


def _list(value):
    return value if isinstance(value, list) else [value]


def test_two_accounts_of_which_one_cannot_be_reached_and_one_cannot_be_written(emulator, iam, make, play, there):
    targets = [dict(role_arn=f"arn:aws:iam::{WEB}:role/keyless"), dict(role_arn=f"arn:aws:iam::{DB}:role/keyless")]
    wanted = [dict(name="Web", scope=dict(ROLE_SCOPE, accounts=[WEB])), dict(name="Old", state="absent")]
    make("Old", account=WEB)
    (result,) = play(dict(policies=wanted, targets=[*targets, dict(profile="gone")]), fails=True)
    assert [(each["action"], each["name"]) for each in result["failures"]] == [("read", "profile gone")]
    assert (result["created"], result["deleted"]) == (2, 1)
    assert there("Web", WEB)["document"] == there("Web", DB)["document"]
    assert there("Web") is None and there("Old", WEB) is None
    emulator.faults("iam:CreatePolicyVersion", "AccessDenied")
    wanted = dict(policies=[dict(name="Web", scope=dict(ROLE_SCOPE, accounts=[DB]))], targets=targets)
    (result,) = play(wanted, fails=True)
    assert [each["action"] for each in result["failures"]] == ["update"]
    assert "iam:CreatePolicyVersion" in result["msg"]
    assert result["updated"] == 1 and len(result["session_policies"]) == 1
    (result,) = play(wanted)
    assert result["updated"] == 1


def test_who_already_has_ten_policies_gets_no_more_and_the_others_do(iam, people, make, play, there):
    for number in range(10):
        iam().attach_user_policy(UserName="taro", PolicyArn=make(f"P{number}"))
    (result,) = play(dict(policies=[dict(name="Web", scope=USER_SCOPE, users=["taro", "hanako"])]), fails=True)
    assert "Cannot exceed quota for PoliciesPerUser: 10. IAM attaches ten managed policies" in result["msg"]
    assert there("Web")["users"] == []
    (result,) = play(dict(policies=[dict(name="Web", scope=USER_SCOPE, users=["hanako"])]))
    assert there("Web")["users"] == ["hanako"]


def test_bad_input_is_refused_at_once_and_nothing_is_written(emulator, iam, people, make, play, run_module):
    bounded = make("Bounded")
    iam().put_role_permissions_boundary(RoleName="Backup", PermissionsBoundary=bounded)
    make("Elsewhere", Path="/teams/")
    before = emulator.writes()
    wrong = dict(
        max_deletions=-1,
        policies=[
            dict(name="a b", scope=dict(USER_SCOPE, connect=["shel"])),
            dict(name="Two", scope=USER_SCOPE, scopes=[USER_SCOPE]),
            dict(name="Role", scope=ROLE_SCOPE, users=["taro"], tags={"a*b": "x"}),
        ],
    )
    result = run_module(MODULE, wrong, fails=True)
    assert [text.split(":")[0] for text in result["problems"]] == [
        "policies[0].name", "policies[0].scope.connect[0]", "policies[1]", "policies[2].tags", "policies[2].users",
        "max_deletions",
    ]  # fmt: skip
    missing = [
        dict(name="Web", scope=USER_SCOPE, users=["tarro"], groups=["nobody"]),
        dict(name="elsewhere", scope=USER_SCOPE),
        dict(name="Bounded", state="absent"),
    ]
    result = run_module(MODULE, dict(policies=missing), fails=True)
    assert len(result["problems"]) == 4
    assert f"policies[0].users[0]: account {OWN} has no user 'tarro' (did you mean 'taro'?)" in result["problems"]
    assert f"policies[0].groups[0]: account {OWN} has no group 'nobody'" in result["problems"]
    assert f"policies[1].name: account {OWN} has {arn('Elsewhere', path='/teams/')}" in result["msg"]
    assert f"policies[2]: {bounded} is the permissions boundary of Backup" in result["msg"]
    for number in range(3):
        make(f"P{number}")
    before = emulator.writes()
    gone = [dict(name=f"P{number}", state="absent") for number in range(3)]
    result = run_module(MODULE, dict(policies=gone, max_deletions=2), fails=True)
    assert "this would delete 3 policies, and max_deletions is 2" in result["msg"]
    result = run_module(MODULE, dict(policies=gone, protect=["p1"]), fails=True)
    assert "would delete 1 protected policies" in result["msg"] and f"{OWN}/P1" in result["msg"]
    assert emulator.writes() == before


def test_a_chain_in_check_mode(emulator, run_module):
    """Whoever an earlier task would have created counts as there, in check mode only."""
    wanted = dict(policies=[dict(name="Web", scope=USER_SCOPE, users=["new"])], expected=dict(users=["new"]))
    result = run_module(MODULE, wanted, check=True)
    assert [each.get("add") for each in result["changes"]] == [None, "new"]
    assert "has no user 'new'" in run_module(MODULE, wanted, fails=True)["msg"]
    assert emulator.writes() == {}
