# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._access.compile import compile_access
from ansible_collections.keyless.aws.plugins.module_utils._access.hosts import hosts
from ansible_collections.keyless.aws.plugins.module_utils._access.model import read_model
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

OU = "ou-ab12-cdefgh34"


def problems_of(raw, units=None):
    with pytest.raises(Problems) as caught:
        read_model(raw, units)
    return caught.value.details["problems"]


def put(model, path, value):
    """put(model, "grants/0/name", "X"); a value of ... removes the key."""
    *outer, last = path.split("/")
    place = model
    for part in outer:
        place = place[int(part) if isinstance(place, list) else part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return model


def test_the_model_of_the_tests_is_right(model):
    read = read_model(model)
    assert read_model(read) is read
    assert [grant.name for grant in read.grants] == ["WebOperator", "OwnTeam", "Sandbox"]


@pytest.mark.parametrize(
    "path, value, told",
    [
        # the whole
        ("atributes", {}, "atributes: no such key (did you mean 'attributes'?)"),
        ("region", ..., "region: is missing"),
        ("region", "Tokyo", "region: 'Tokyo' is not a Region"),
        ("directory", "okta", "directory: 'okta' is not one of identity_center, external"),
        ("federations", {"partner": {"metadata_file": "p.xml", "accounts": ["web-prod"]}}, "federations.partner: is not supported yet"),
        # attributes
        ("attributes/Team", "groups", "attributes.Team: 'groups': groups cannot be a source"),
        ("attributes/Team", "${mail}", "attributes.Team: '${mail}' is Active Directory's syntax"),
        ("attributes/Team", "emails", "attributes.Team: 'emails' is multi-valued"),
        ("attributes/SSMSessionRunAs", "nickname", "attributes.SSMSessionRunAs: 'nickname' is not a source that Identity Center supports (did you mean 'nickName'?)"),
        ("attributes/ssmsessionrunas", "nickName", "attributes.ssmsessionrunas: Session Manager knows only 'SSMSessionRunAs'"),
        ("attributes/T*", "title", "attributes.T*: 'T*' is not a key"),
        # people
        ("people/taro/os_user", "taro@example.com", "people.taro.os_user: 'taro@example.com' is an e-mail address"),
        ("people/taro/os_user", 1001, "people.taro.os_user: '1001' is a number"),
        ("people/taro/os_user", "1001", "people.taro.os_user: '1001' is a number"),
        ("people/taro/os_user", "root", "people.taro.os_user: 'root' is never a Run As user"),
        ("people/taro/os_user", "x" * 33, "is 33 characters long; give at most 32"),
        ("people/new@example.com", {}, "people.new@example.com: 'new@example.com' is an e-mail address"),
        ("people/nobody", {}, "people.nobody: is in no group and in no grant"),
        ("people/taro/attributes/nickName", "tarou", None),
        ("people/taro/attributes/enterprise.deparment", "x", "people.taro.attributes: 'enterprise.deparment' is not a source"),
        ("people/taro/attributes/enterprise.department", 5, "people.taro.attributes.enterprise.department: 5 is a number"),
        ("people/taro/attributes/enterprise.department", "we*b", "'we*b' cannot be sent as the attribute 'Team'"),
        ("people/taro/attributes/enterprise.department", "w" * 257, "cannot be sent as the attribute 'Team'"),
        ("people/taro/attributes/displayName", "x" * 1025, "is 1025 characters long; at most 1024"),
        ("people/taro/attributes/userName", "other", "people.taro.attributes.userName: 'other' contradicts people.taro.user_name, which says 'taro@example.com'"),
        ("people/taro/user_name", "u" * 129, "at most 128"),
        ("people/taro/user_name", "HANAKO@example.com", "people.hanako.user_name: 'hanako@example.com' is the user name of people.taro already"),
        ("people/taro/emial", "x", "people.taro.emial: no such key (did you mean 'email'?)"),
        ("people/taro/state", "gone", "people.taro.state: 'gone' is not one of present, absent"),
        ("people/taro", "x", "people.taro: 'x' is not a mapping"),
        # groups
        ("groups/web-operators", ["tarou", "jiro"], "groups.web-operators[0]: no person 'tarou' (did you mean 'taro'?)"),
        ("groups/web-operators", "taro", "groups.web-operators: 'taro' is not a list"),
        ("groups/" + "g" * 1025, [], "the name has 1025 characters"),
        # accounts
        ("accounts/sandbox/id", 12345670123, "accounts.sandbox.id: 12345670123 is a number, YAML may have changed it; quote it"),
        ("accounts/sandbox/id", "12345", "accounts.sandbox.id: '12345' is not an account id"),
        ("accounts/sandbox/id", "111122223333", "accounts.sandbox.id: '111122223333' is the id of accounts.web-prod already"),
        ("accounts/sandbox/regions", ..., "accounts.sandbox.regions: is missing"),
        ("accounts/sandbox/regions", [], "accounts.sandbox.regions: the list is empty"),
        ("accounts/sandbox/regions", ["tokyo"], "accounts.sandbox.regions[0]: 'tokyo' is not a Region"),
        ("accounts/sandbox/regions", ["cn-north-1"], "accounts: the Regions are in several partitions (aws, aws-cn)"),
        ("accounts/sandbox/run_as", "no", "accounts.sandbox.run_as: 'no' is neither true nor false"),
        ("accounts/sandbox/role_arn", "arn:aws:iam::012345670123:role/x", "accounts.sandbox: give role_arn or profile, not both"),
        ("accounts/web-prod/role_arn", "arn:aws:iam::999999999999:role/x", "accounts.web-prod.role_arn: the role is in account 999999999999, not in 111122223333"),
        ("accounts/web-prod/role_arn", "keyless", "accounts.web-prod.role_arn: 'keyless' is not the ARN of an IAM role"),
        ("accounts/555566667777", {"id": "555566667777", "regions": ["us-east-1"]}, "accounts.555566667777: a name must not look like an id"),
        # grants
        ("grants/0/name", ..., "grants[0].name: is missing"),
        ("grants/0/name", "Web Operator", "grants[0].name: 'Web Operator' must be 1 to 32 letters"),
        ("grants/0/name", "W" * 33, "grants[0].name: "),
        ("grants/1/name", "WebOperator", "grants[1].name: 'WebOperator' is the name of grants[0] already"),
        ("grants/0/description", "ウェブ", "grants[0].description: 'ウェブ' has 'ウ', which is outside Latin-1"),
        ("grants/0/session_duration", "PT13H", "grants[0].session_duration: PT13H is longer than PT12H; give PT1H to PT12H"),
        ("grants/0/session_duration", 4, "grants[0].session_duration: 4 is a number"),
        ("grants/0/to", ..., "grants[0].to: is missing"),
        ("grants/0/to", {}, "grants[0].to: names nobody"),
        ("grants/0/to", {"groups": []}, "grants[0].to.groups: the list is empty"),
        ("grants/0/to", {"groups": ["web-operator"]}, "grants[0].to.groups[0]: no group 'web-operator' (did you mean 'web-operators'?)"),
        ("grants/0/to/people", ["tarou"], "grants[0].to.people[0]: no person 'tarou' (did you mean 'taro'?)"),
        ("grants/0/to/iam_users", ["taro"], "grants[0].to.iam_users: is not supported yet by this version"),
        ("grants/0/to/saml", ["partner"], "grants[0].to.saml: is not supported yet by this version"),
        ("grants/0/accounts", ["web-prod", "web-prd"], "grants[0].accounts[1]: no account 'web-prd' (did you mean 'web-prod'?)"),
        ("grants/0/accounts", ["111122223334"], "grants[0].accounts[0]: no account with the id '111122223334' (did you mean '111122223333'?)"),
        ("grants/0/accounts", [111122223333], "grants[0].accounts[0]: 111122223333 is a number, YAML may have changed it; quote it"),
        ("grants/0/accounts", ["web-prod", "111122223333"], "grants[0].accounts[1]: '111122223333' is web-prod, which is named already"),
        ("grants/0/accounts", [], "grants[0].accounts: the list is empty"),
        ("grants/1/accounts", ["web-prod", "sandbox"], "grants[1].accounts: run_as is true in web-prod and false in sandbox; make one grant for each"),
        ("grants/0/instances", ..., "grants[0].instances: is missing"),
        ("grants/0/instances", {"ids": ["i-1"]}, "grants[0].instances.ids[0]: 'i-1' is not an instance id"),
        ("grants/0/instances", {"principal_tags": ["Tem"]}, "grants[0].instances.principal_tags: no attribute 'Tem' in attributes (did you mean 'Team'?)"),
        ("grants/0/instances", {"ids": [f"i-{number:017x}" for number in range(150)]}, "grants[0].instances: the policy has"),
        ("grants/0/connect", ["shell", "rdp"], "grants[0].connect[1]: 'rdp' is not supported yet by this version"),
        ("grants/0/connect", ["command"], "grants[0].connect: command counts as root on the instance, so it needs sudo: all"),
        ("grants/2/connect", ["ssh"], "grants[2].connect: ssh needs the person's own OS user, but run_as is false in sandbox"),
        ("grants/2/os_groups", ["staff"], "grants[2].os_groups: needs the person's own OS user, but run_as is false in sandbox"),
        ("grants/0/os_groups", ["docker"], "grants[0].os_groups[0]: 'docker' makes its members root by another way"),
        ("grants/0/os_groups", ["Staff"], "grants[0].os_groups[0]: 'Staff' has upper-case letters"),
        ("grants/0/sudo", "everything", "grants[0].sudo: 'everything' is neither none nor all nor a list of commands"),
        ("grants/0/sudo", [], "grants[0].sudo: the list is empty"),
        ("grants/0/sudo", ["systemctl restart nginx"], "grants[0].sudo[0]: 'systemctl restart nginx' does not begin with an absolute path"),
        ("grants/0/sudo", ["/bin/true\ntaro ALL=(ALL) ALL"], "grants[0].sudo[0]: "),
        ("grants/0/sudoers", [], "grants[0].sudoers: no such key (did you mean 'sudo'?)"),
        # sessions
        ("sessions/idle_timeout", 61, "sessions.idle_timeout: 61 is not a whole number from 1 to 60"),
        ("sessions/max_duration", 1441, "sessions.max_duration: 1441 is not a whole number from 1 to 1440"),
        ("sessions/kms_key", "alias/x", "sessions.kms_key: 'alias/x' is not the ARN of a KMS key"),
        ("sessions/s3_bucket", "A", "sessions.s3_bucket: 'A' is not a name of an S3 bucket"),
        ("sessions/cloudwatch_streaming", "yes", "sessions.cloudwatch_streaming: 'yes' is neither true nor false"),
        ("sessions/shell_profile", {"linux": 5}, "sessions.shell_profile.linux: 5 is a number"),
        ("sessions/shell_profile", {"macos": "x"}, "sessions.shell_profile.macos: no such key"),
        ("sessions/idle", 20, "sessions.idle: no such key"),
    ],
)  # fmt: skip
def test_bad_input_is_told_with_path_value_and_mend(model, path, value, told):
    put(model, path, value)
    if told is None:
        read_model(model)
        return
    found = problems_of(model)
    assert [problem for problem in found if told in problem], found
    assert len(found) == 1 or path.startswith(("people", "accounts", "groups", "attributes")), found


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
        ({"SSMSessionRunAs": "enterprise.organization"}, {"attributes": {"enterprise.organization": "partner"}}, "partner", {"enterprise": {"organization": "partner"}}),
        ({"SSMSessionRunAs": "${path:userName}"}, {}, "taro", {"user_name": "taro"}),
        ({"SSMSessionRunAs": "userName"}, {"user_name": "tt"}, "tt", {"user_name": "tt"}),
        ({"SSMSessionRunAs": "enterprise.manager.value"}, {"os_user": "tt"}, "tt", {"enterprise": {"manager": "tt"}}),
        ({"SSMSessionRunAs": 'addresses[type eq "work"].locality'}, {}, "taro", {"address": {"locality": "taro"}}),
    ],
)  # fmt: skip
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
