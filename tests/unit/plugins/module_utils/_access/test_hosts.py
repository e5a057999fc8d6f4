# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._access.hosts import hosts
from ansible_collections.keyless.aws.plugins.module_utils._access.model import read_model
from ansible_collections.keyless.aws.plugins.module_utils._access.policies import grant_policy
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.conditions import context_of
from ansible_collections.keyless.aws.plugins.module_utils._evaluation.evaluate import evaluate
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems

OU = "ou-ab12-cdefgh34"


def host(**more):
    facts = {
        "instance_id": "i-0123456789abcdef0",
        "account_id": "111122223333",
        "region": "ap-northeast-1",
        "tags": {"Team": "web"},
    }
    return dict(facts, **more)


def names(answer):
    return [user["name"] for user in answer["users"] if user["state"] == "present"]


def test_a_web_server(model):
    assert hosts(model, host()) == {
        "managed": True,
        "users": [
            {"name": "jiro", "state": "present", "groups": ["staff"]},
            {"name": "taro", "state": "present", "groups": ["staff"]},
        ],
        "os_users": ["gone", "hana", "jiro", "taro"],
        "groups": [{"name": "staff"}],
        "sudo": [
            {"user": "jiro", "commands": ["/usr/bin/systemctl restart nginx"]},
            {"user": "taro", "commands": ["/usr/bin/systemctl restart nginx"]},
        ],
        "ssm_user": "none",
        "notes": [],
    }


def test_a_database_server(model):
    answer = hosts(model, host(tags={"Team": "db"}))
    assert (names(answer), answer["sudo"], answer["ssm_user"]) == (["hana"], [], "none")


@pytest.mark.parametrize(
    "facts, found",
    [
        ({"tags": {}}, []),
        ({"tags": None}, []),
        ({"tags": {"team": "web"}}, []),
        ({"tags": {"Team": "web", "Other": 5}}, ["jiro", "taro"]),
        ({"region": "us-east-1"}, ["jiro", "taro"]),
        ({"instance_id": "mi-0123456789abcdef0"}, []),
        ({"account_id": 111122223333}, ["jiro", "taro"]),
    ],
)
def test_who_gets_there(model, facts, found):
    assert names(hosts(model, host(**facts))) == found


@pytest.mark.parametrize(
    "instances, facts, found",
    [
        ({"ids": ["i-0123456789abcdef0"]}, {"tags": {}}, ["jiro", "taro"]),
        ({"ids": ["i-0123456789abcdef1"]}, {"tags": {}}, []),
        ({"ids": ["mi-0123456789abcdef0"]}, {"tags": {}, "instance_id": "mi-0123456789abcdef0"}, ["jiro", "taro"]),
        ({"all": True}, {"tags": {}}, ["jiro", "taro"]),
        ({"tags": {"Team": ["api", "web"], "Stage": "prod"}}, {"tags": {"Team": "web"}}, []),
        (
            {"tags": {"Team": ["api", "web"], "Stage": "prod"}},
            {"tags": {"Team": "web", "Stage": "prod"}},
            ["jiro", "taro"],
        ),
    ],
)
def test_each_way_to_select_instances(model, instances, facts, found):
    model["grants"] = [dict(model["grants"][0], instances=instances)]
    model["grants"].append(dict(model["grants"][0], name="Other", instances={"ids": ["i-00000000000000000"]}))
    assert names(hosts(model, host(**facts))) == found


@pytest.mark.parametrize("tags", [{"Team": "web"}, {"Team": "db"}, {}, {"Stage": "prod"}])
@pytest.mark.parametrize("instance_id", ["i-0123456789abcdef0", "mi-0123456789abcdef0"])
@pytest.mark.parametrize("region", ["ap-northeast-1", "us-east-1", "eu-west-1"])
def test_a_host_has_exactly_the_users_whom_the_policies_let_in(model, tags, instance_id, region):
    read = read_model(model)
    answer = hosts(model, host(tags=tags, instance_id=instance_id, region=region))
    kind = "ssm" if instance_id.startswith("mi-") else "ec2"
    what = "managed-instance" if kind == "ssm" else "instance"
    arn = f"arn:aws:{kind}:{region}:111122223333:{what}/{instance_id}"
    allowed = set()
    for grant in read.grants:
        for person in read.people_of(grant):
            keys = {f"aws:PrincipalTag/{key}": read.tag_of(person, key) for key in read.attributes}
            keys.update({f"ssm:resourceTag/{key}": value for key, value in tags.items()})
            if "111122223333" in read.accounts_of(grant):
                document, _notes = grant_policy(read, grant)
                if evaluate([document], "ssm:StartSession", arn, context_of(keys)).allowed:
                    allowed.add(person.os_user)
    assert set(names(answer)) == allowed


def test_rights_of_several_grants_add_up(model):
    model["grants"].append(dict(model["grants"][0], name="More", sudo=["/usr/bin/journalctl"]))
    answer = hosts(model, host())
    assert answer["sudo"][0]["commands"] == ["/usr/bin/journalctl", "/usr/bin/systemctl restart nginx"]
    model["grants"].append(dict(model["grants"][0], name="Everything", sudo="all"))
    assert hosts(model, host())["sudo"][0]["commands"] == "all"


def test_a_shared_os_user_is_one_user_and_said_to_be_shared(model):
    model["people"]["jiro"]["os_user"] = "taro"
    answer = hosts(model, host())
    assert names(answer) == ["taro"]
    assert len(answer["sudo"]) == 1
    assert answer["notes"] == [
        {
            "severity": "info",
            "path": "people",
            "message": "taro, jiro share the OS user 'taro': the host cannot tell them apart",
        }
    ]


def test_who_left_is_not_asked_for_so_that_only_what_this_collection_made_goes(model):
    """A purge takes away what is ours; `absent` would fail where the account was there before."""
    assert "gone" not in [user["name"] for user in hosts(model, host())["users"]]


def test_without_run_as_everyone_is_ssm_user(model):
    sandbox = host(account_id="012345670123")
    answer = hosts(model, sandbox)
    assert (answer["users"], answer["groups"], answer["sudo"], answer["ssm_user"]) == ([], [], [], "all")
    assert answer["notes"] == []
    model["grants"].append(dict(model["grants"][2], name="Less", sudo=["/bin/true"]))
    answer = hosts(model, sandbox)
    assert answer["ssm_user"] == "all"
    assert "Sandbox, Less share ssm-user here" in answer["notes"][0]["message"]
    model["grants"][2]["sudo"] = ["/bin/false"]
    assert hosts(model, sandbox)["ssm_user"] == ["/bin/false", "/bin/true"]
    model["grants"][2]["instances"] = model["grants"][3]["instances"] = {"ids": ["i-00000000000000000"]}
    assert hosts(model, sandbox)["ssm_user"] == "none"


@pytest.mark.parametrize(
    "facts, place",
    [({"account_id": "999999999999"}, "account 999999999999"), ({"region": "eu-west-1"}, "web-prod, eu-west-1")],
)
def test_a_host_elsewhere_is_left_alone(model, facts, place):
    answer = hosts(model, host(**facts))
    assert (answer["managed"], answer["users"], answer["sudo"], answer["ssm_user"]) == (False, [], [], None)
    assert answer["notes"][0]["message"] == (
        f"i-0123456789abcdef0 is in {place}, which is not in accounts: nothing is managed on it"
    )


def test_organizational_units_reach_hosts_only_when_they_are_known(model):
    model["grants"] = [dict(model["grants"][0], accounts=[OU])]
    with pytest.raises(Problems, match=r"grants\[0\].accounts: .*--limit"):
        hosts(model, host())
    assert names(hosts(model, host(), {OU: ["111122223333"]})) == ["jiro", "taro"]
    assert names(hosts(model, host(), {OU: ["012345670123"]})) == []


def test_bad_facts_are_told(model):
    with pytest.raises(Problems) as caught:
        hosts(model, {"instance_id": "x", "account_id": 5, "tags": [], "nmae": "y"})
    assert [problem.split(":")[0] for problem in caught.value.details["problems"]] == [
        "host.nmae",
        "host.instance_id",
        "host.account_id",
        "host.region",
    ]
