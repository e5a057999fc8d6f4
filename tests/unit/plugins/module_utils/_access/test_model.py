# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml
from ansible_collections.keyless.aws.plugins.module_utils._access.compile import compile_access
from ansible_collections.keyless.aws.plugins.module_utils._access.hosts import hosts
from ansible_collections.keyless.aws.plugins.module_utils._access.model import read_model
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from edits import put
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

OU = "ou-ab12-cdefgh34"


def problems_of(raw, units=None):
    with pytest.raises(Problems) as caught:
        read_model(raw, units)
    return caught.value.details["problems"]


def test_the_model_of_the_tests_is_right(model):
    read = read_model(model)
    assert read_model(read) is read
    assert [grant.name for grant in read.grants] == ["WebOperator", "OwnTeam", "Sandbox"]


BAD = yaml.safe_load((Path(__file__).parent / "bad_models.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad["put"])
def test_bad_input_is_told_with_path_value_and_mend(model, bad):
    put(model, bad["put"], bad.get("value", ...))
    found = problems_of(model)
    assert [problem for problem in found if bad["told"] in problem], found
    # What is wrong above may leave what builds on it without a base; a grant stands on nothing but itself.
    assert len(found) == 1 or not bad["put"].startswith(("grants", "sessions")), found


@pytest.mark.parametrize(
    "path, value, told",
    [
        ("people/taro/attributes/displayName", "x" * 1025, "is 1025 characters long; at most 1024"),
        ("people/taro/attributes/enterprise.department", "w" * 257, "cannot be sent as the attribute 'Team'"),
        ("people/taro/user_name", "u" * 129, "is 129 characters long; at most 128"),
        ("groups/" + "g" * 1025, [], "the name has 1025 characters"),
        ("grants/0/instances", {"ids": [f"i-{n:017x}" for n in range(150)]}, "grants[0].instances: the policy has"),
    ],
)
def test_what_is_too_long(model, path, value, told):
    put(model, path, value)
    assert told in problems_of(model)[0]


def test_ssh_to_managed_nodes_only_is_refused(model):
    put(model, "grants/0/instances", {"ids": ["mi-0123456789abcdef0"]})
    put(model, "grants/0/connect", ["ssh"])
    assert problems_of(model) == ["grants[0].connect: ssh pushes a key to EC2 instances; instances.ids names none"]


def test_all_problems_come_at_once(model):
    for path, value in (
        ("people/taro/os_user", "root"),
        ("groups/dba", ["hanoko"]),
        ("grants/0/accounts", ["web-prd"]),
        ("grants/1/session_duration", "PT13H"),
        ("sessions/idle_timeout", 0),
    ):
        put(model, path, value)
    assert [problem.split(":")[0] for problem in problems_of(model)] == [
        "people.taro.os_user",
        "groups.dba[0]",
        "sessions.idle_timeout",
        "grants[0].accounts[0]",
        "grants[1].session_duration",
        "people.hanako",
    ]


@pytest.mark.parametrize("raw", [None, "x", 5, [], [{}]])
def test_what_is_no_model_at_all(raw):
    assert problems_of(raw)[0].startswith("keyless_access: ")


def test_an_empty_model_says_what_is_missing():
    assert [problem.split(":")[0] for problem in problems_of({})] == ["region", "people", "accounts", "grants"]


def test_keys_without_a_value_are_as_good_as_none(model):
    model["sessions"] = model["federations"] = None
    model["groups"]["empty"] = None
    model["people"]["jiro"] = None
    model["grants"][0]["sudo"] = None
    read = read_model(model)
    assert (read.sessions, read.groups["empty"], read.grants[0].sudo) == ({}, (), "none")


@pytest.mark.parametrize(
    "attributes, person, os_user, field",
    [
        (None, {}, "taro", {"nick_name": "taro"}),
        ({}, {"os_user": "tt"}, "tt", {"nick_name": "tt"}),
        ({"SSMSessionRunAs": "enterprise.organization"}, {}, "taro", {"enterprise": {"organization": "taro"}}),
        (
            {"SSMSessionRunAs": "enterprise.organization"},
            {"attributes": {"enterprise.organization": "partner"}},
            "partner",
            {"enterprise": {"organization": "partner"}},
        ),
        ({"SSMSessionRunAs": "${path:userName}"}, {}, "taro", {"user_name": "taro"}),
        ({"SSMSessionRunAs": "userName"}, {"user_name": "tt"}, "tt", {"user_name": "tt"}),
        ({"SSMSessionRunAs": "enterprise.manager.value"}, {"os_user": "tt"}, "tt", {"enterprise": {"manager": "tt"}}),
        ({"SSMSessionRunAs": 'addresses[type eq "work"].locality'}, {}, "taro", {"address": {"locality": "taro"}}),
    ],
)
def test_the_os_user_goes_where_its_attribute_reads_it(model, attributes, person, os_user, field):
    model["attributes"] = attributes
    model["people"] = {"taro": person}
    model["groups"] = {"web-operators": ["taro"]}
    model["grants"] = model["grants"][:1]
    read = read_model(model).people["taro"]
    assert read.os_user == os_user
    assert {key: read.user[key] for key in field} == field


def test_an_os_user_that_its_attribute_contradicts_is_refused(model):
    model["attributes"] = {"SSMSessionRunAs": "userName"}
    model["people"] = {"taro": {"user_name": "taro2", "os_user": "taro"}}
    model["groups"] = {"web-operators": ["taro"]}
    model["grants"] = model["grants"][:1]
    assert "the OS user 'taro' is sent by userName, where people.taro.user_name puts 'taro2'" in problems_of(model)[0]


def test_without_run_as_nobody_needs_an_os_user(model):
    model["accounts"]["web-prod"]["run_as"] = False
    model["attributes"] = {"Team": "enterprise.department"}
    model["people"]["new@example.com"] = {}
    model["groups"]["dba"].append("new@example.com")
    model["grants"] = model["grants"][:1]
    read = read_model(model)
    assert not read.uses_run_as
    assert read.people["new@example.com"].os_user == ""


def test_units_are_checked_too(model):
    model["grants"][0]["accounts"] = [OU]
    assert read_model(model).grants[0].organizational_units == (OU,)
    assert problems_of(model, {"x": ["1"], OU: [5]}) == [
        "organizational_units.x: is not the id of an organizational unit (ou-...) or of a root (r-...)",
        "organizational_units.x[0]: '1' is not an account id: 12 digits in quotes",
        f"organizational_units.{OU}[0]: 5 is a number, YAML may have changed it; quote it",
    ]


def test_a_unit_that_mixes_run_as_is_refused(model):
    model["grants"][0]["accounts"] = [OU]
    found = problems_of(model, {OU: ["111122223333", "012345670123"]})
    assert "run_as is true in web-prod and false in sandbox" in found[0]


def test_more_than_fifty_attributes(model):
    model["attributes"].update({f"k{number}": "title" for number in range(50)})
    assert problems_of(model) == ["attributes: 52 attributes, Identity Center takes 50"]


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["taro", "web-prod", "111122223333", "all", "none", "shell", OU, "i-0123456789abcdef0"]),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.one_of(SCALARS), inner, max_size=3)),
    max_leaves=8,
)


def paths(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in items:
        yield from paths(entry, (*path, key))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_input_gives_a_result_or_problems_and_never_a_crash(model, data):
    broken = copy.deepcopy(model)
    for _change in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(paths(broken))))
        value = data.draw(ANYTHING)
        if not path:
            broken = value
            break
        place = broken
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
    host = {"instance_id": "i-0123456789abcdef0", "account_id": "111122223333", "region": "us-east-1"}
    try:
        compiled, answer = compile_access(broken), hosts(broken, host)
    except Problems as problems:
        assert problems.details["problems"]
        assert all(isinstance(problem, str) and ": " in problem for problem in problems.details["problems"])
    else:
        assert set(compiled) == {"cloud", "notes"}
        assert answer["managed"] in (True, False)
