"""The whole way through `reconcile`, against an identity store that is a few dictionaries."""

from __future__ import annotations

import copy
import itertools
from unittest import mock

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._identity_center import instance
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory import resource
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory.records import (
    ADDRESS_PARTS,
    REQUIRED,
    TEXTS,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import reconcile
from hypothesis import given, settings
from hypothesis import strategies as st

ENTERPRISE = "aws:identitystore:enterprise"


class Store:
    """The operations that are used, as AWS does them; it also is the client of each service."""

    region = "ap-northeast-1"

    def __init__(self):
        self.users, self.groups, self.memberships = {}, {}, {}
        self.calls = []
        self.refused = {}
        self._numbers = itertools.count(1)

    def pages(self, operation, key, **parameters):
        if operation == "list_instances":
            return [dict(InstanceArn="arn:aws:sso:::instance/ssoins-1", IdentityStoreId="d-1234567890")]
        self._note(operation, parameters)
        if operation == "list_users":
            asked = parameters.get("Extensions", [])
            return [self._seen(user, asked) for user in copy.deepcopy(list(self.users.values()))]
        if operation == "list_groups":
            return copy.deepcopy(list(self.groups.values()))
        return [each for each in self.memberships.values() if each["GroupId"] == parameters["GroupId"]]

    @staticmethod
    def _seen(user, asked):
        extensions = user.pop("Extensions", {})
        return dict(user, Extensions={key: value for key, value in extensions.items() if key in asked})

    def call(self, operation, **parameters):
        self._note(operation, parameters)
        return getattr(self, operation)(**parameters)

    def _note(self, operation, parameters):
        assert parameters.pop("IdentityStoreId") == "d-1234567890"
        self.calls.append(operation)
        for value in (parameters.get("UserName"), parameters.get("DisplayName"), operation):
            if value in self.refused:
                raise AwsError(f"{operation}: refused", self.refused[value], operation)

    def writes(self):
        return [call for call in self.calls if not call.startswith("list")]

    def create_user(self, **user):
        assert not [each for each in self.users.values() if each["UserName"].lower() == user["UserName"].lower()]
        assert {"DisplayName", "Name"} <= set(user) and {"GivenName", "FamilyName"} == set(user["Name"])
        assert all(user.values())
        self._check_emails(None, user.get("Emails"))
        id_ = f"u-{next(self._numbers)}"
        self.users[id_] = dict(copy.deepcopy(user), UserId=id_)
        return dict(UserId=id_)

    def update_user(self, UserId, Operations):
        user = self.users[UserId]
        for operation in Operations:
            path, value = operation["AttributePath"], operation["AttributeValue"]
            assert value is None or value
            if path == "emails":
                self._check_emails(UserId, value and [dict(Value=value[0]["value"])])
            if path.startswith(ENTERPRISE + "."):
                target, key = user.setdefault("Extensions", {}).setdefault(ENTERPRISE, {}), path[len(ENTERPRISE) + 1 :]
            elif path.startswith("name."):
                target, key = user["Name"], upper(path[5:])
            else:
                target, key = user, upper(path)
                if path in ("emails", "addresses", "phoneNumbers") and value:
                    value = [{upper(name): text for name, text in value[0].items()}]
            target[key] = value
            if value is None:
                assert key not in ("GivenName", "FamilyName", "DisplayName")
                del target[key]

    def _check_emails(self, user_id, emails):
        others = [user for id_, user in self.users.items() if user.get("Emails") and id_ != user_id]
        assert not emails or emails[0]["Value"].lower() not in {user["Emails"][0]["Value"].lower() for user in others}

    def delete_user(self, UserId):
        del self.users[UserId]
        self.memberships = {
            id_: each for id_, each in self.memberships.items() if each["MemberId"] != dict(UserId=UserId)
        }

    def create_group(self, **group):
        assert group["DisplayName"].lower() not in [each["DisplayName"].lower() for each in self.groups.values()]
        assert all(group.values())
        id_ = f"g-{next(self._numbers)}"
        self.groups[id_] = dict(group, GroupId=id_)
        return dict(GroupId=id_)

    def update_group(self, GroupId, Operations):
        (operation,) = Operations
        assert operation["AttributePath"] == "description"
        self.groups[GroupId]["Description"] = operation["AttributeValue"]

    def delete_group(self, GroupId):
        del self.groups[GroupId]
        self.memberships = {id_: each for id_, each in self.memberships.items() if each["GroupId"] != GroupId}

    def create_group_membership(self, GroupId, MemberId):
        assert GroupId in self.groups and MemberId["UserId"] in self.users
        assert (GroupId, MemberId) not in [(each["GroupId"], each["MemberId"]) for each in self.memberships.values()]
        id_ = f"m-{next(self._numbers)}"
        self.memberships[id_] = dict(MembershipId=id_, GroupId=GroupId, MemberId=MemberId)
        return dict(MembershipId=id_)

    def delete_group_membership(self, MembershipId):
        del self.memberships[MembershipId]


def upper(name):
    return name[:1].upper() + name[1:]


class Left(Exception):
    pass


class Module:
    def __init__(self, check, params):
        common = dict(instance_arn=None, api_rate=1e6, max_deletions=10, protect=[], progress="never")
        self.params = dict(common, **dict(dict(users=None, groups=None, purge_members=True), **params))
        self.check_mode, self._diff, self.required = check, True, []

    def require_botocore_at_least(self, version, reason):
        self.required.append((version, reason))

    def warn(self, text):
        raise AssertionError(text)

    def exit_json(self, **result):
        self.result = dict(result, failed=False)
        raise Left

    def fail_json(self, **result):
        self.result = dict(result, failed=True)
        raise Left


def run(store, check=False, **params):
    module = Module(check, params)
    with mock.patch.object(instance, "Client", lambda *_arguments, **_more: store), pytest.raises(Left):
        reconcile(module, resource.Directory(module))
    return dict(module.result, required=module.required)


def info(store, **params):
    module = Module(False, dict(dict(include=["users", "enterprise", "groups", "members"]), **params))
    with mock.patch.object(instance, "Client", lambda *_arguments, **_more: store):
        return dict(resource.read_directory(module), required=module.required)


def user(name, **more):
    return dict(dict(user_name=name, given_name="G", family_name="F", state="present"), **more)


TEAM = dict(
    users=[user("taro", email="taro@example.com"), user("hana", enterprise=dict(department="web"))],
    groups=[dict(name="web", description="Web", members=["taro", "hana"]), dict(name="db")],
)


def test_users_and_groups_come_in_one_task_and_stay():
    store = Store()
    done = run(store, **TEAM)
    assert store.writes() == ["create_user"] * 2 + ["create_group"] * 2 + ["create_group_membership"] * 2
    assert [each["user_id"] for each in done["users"]] == ["u-1", "u-2"]
    assert [each["group_id"] for each in done["groups"]] == ["g-3", "g-4"]
    assert (done["created"], done["updated"], done["deleted"]) == (6, 0, 0)
    store.calls.clear()
    again = run(store, **TEAM)
    assert not again["changed"] and "diff" not in again
    assert again["users"] == done["users"] and again["groups"] == done["groups"]
    assert store.calls == WITH_MEMBERS


WITH_MEMBERS = ["list_users", "list_groups", "list_group_memberships"]


def test_check_mode_predicts_without_ids():
    store = Store()
    done = run(store, check=True, **TEAM)
    assert store.writes() == []
    assert done["changed"] and len(done["changes"]) == 6
    assert "user_id" not in done["users"][0] and "group_id" not in done["groups"][0]
    assert done["groups"][0]["members"] == ["taro", "hana"]


@pytest.mark.parametrize(
    "params, calls",
    [
        (dict(users=[user("taro")]), ["list_users"]),
        (dict(users=[user("taro")], groups=[]), ["list_users"]),
        (dict(groups=[dict(name="web")]), ["list_groups"]),
        (dict(groups=[dict(name="none", state="absent", members=["taro"])]), ["list_groups"]),
        (dict(groups=[dict(name="web", members=["taro", "hana"])]), WITH_MEMBERS),
        (dict(users=[], groups=[]), []),
    ],
)
def test_only_what_is_needed_is_read(params, calls):
    store = Store()
    run(store, **TEAM)
    store.calls.clear()
    done = run(store, **params)
    assert not done["changed"]
    assert store.calls == calls


def test_enterprise_attributes_need_a_botocore_that_knows_them():
    store = Store()
    assert run(store, users=[user("taro"), user("gone", enterprise={}, state="absent")])["required"] == []
    ((version, reason),) = run(store, users=[user("taro", enterprise=dict(division="d"))])["required"]
    assert version == "1.42.5" and "enterprise attributes" in reason
    assert info(store, include=["users", "members"])["required"] == []
    assert info(store, include=["enterprise"])["required"]
    assert info(store, users=[])["required"] == []


def test_a_failure_stops_only_what_needs_it():
    store = Store()
    store.refused["hana"] = "ServiceQuotaExceededException"
    done = run(store, **TEAM)
    assert done["failed"]
    assert [(each["kind"], each["name"]) for each in done["failures"]] == [
        ("user", "hana"),
        ("group_membership", "web/hana"),
    ]
    assert "skipped, because user 'hana' failed" in done["failures"][1]["error"]
    assert done["created"] == 4
    del store.refused["hana"]
    assert run(store, **TEAM)["created"] == 2


def test_deletion_takes_memberships_along():
    store = Store()
    run(store, **TEAM)
    store.calls.clear()
    done = run(
        store,
        users=[dict(user_name="hana", state="absent")],
        groups=[dict(name="web", members=["taro"]), dict(name="db", state="absent")],
    )
    assert store.writes() == ["delete_group", "delete_user"]
    assert done["users"] == [] and done["groups"][0]["members"] == ["taro"]
    assert len(store.memberships) == 1


def test_problems_come_before_the_first_write():
    store = Store()
    done = run(store, users=[user("new")], groups=[dict(name="web", members=["new", "neu"])])
    assert done["failed"] and store.writes() == []
    assert done["problems"] == [
        "groups[0].members[1]: there is no user 'neu', and users does not list it (did you mean 'new'?)"
    ]


def test_info_reads_everything():
    store = Store()
    run(store, **TEAM)
    store.calls.clear()
    found = info(store)
    assert store.calls == ["list_groups", "list_users", "list_group_memberships", "list_group_memberships"]
    assert [each["user_name"] for each in found["users"]] == ["hana", "taro"]
    assert [each["enterprise"] for each in found["users"]] == [dict(department="web"), {}]
    assert found["groups"] == [
        dict(name="db", group_id="g-4", members=[]),
        dict(name="web", group_id="g-3", description="Web", members=["hana", "taro"]),
    ]
    assert found["missing_users"] == found["missing_groups"] == []


@pytest.mark.parametrize(
    "params, users, groups, calls",
    [
        (dict(include=["groups"]), [], ["db", "web"], ["list_groups"]),
        (dict(include=["users"]), ["hana", "taro"], [], ["list_users"]),
        (dict(include=[]), [], [], []),
        (dict(users=[], groups=[]), [], [], []),
        (dict(users=["TARO", "taro", "x"], groups=[]), ["taro"], [], ["list_users"]),
        (dict(users=[], groups=["Web", "y"]), [], ["web"], ["list_groups", "list_users", "list_group_memberships"]),
        (dict(users=[], groups=["y"]), [], [], ["list_groups"]),
    ],
)
def test_info_reads_what_is_asked_for(params, users, groups, calls):
    store = Store()
    run(store, **TEAM)
    store.calls.clear()
    found = info(store, **params)
    assert [each["user_name"] for each in found["users"]] == users
    assert [each["name"] for each in found["groups"]] == groups
    assert store.calls == calls
    assert found["missing_users"] == (["x"] if "x" in (params.get("users") or []) else [])
    assert found["missing_groups"] == (["y"] if "y" in (params.get("groups") or []) else [])


# Whatever is there and whatever is asked for: one run gets there, and check mode knows how it will look.

NAMES = ["taro", "hana", "jiro", "Sabu"]
some_text = st.one_of(st.none(), st.sampled_from(["", "a", "b"]))


def table(keys):
    return st.one_of(st.none(), st.dictionaries(st.sampled_from(keys), some_text, max_size=3))


@st.composite
def users(draw):
    listed = []
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True)):
        values = {text: draw(some_text) for text in TEXTS if text not in ("email", *REQUIRED)}
        addresses = [None, "", f"{name}@example.com", f"{name}@example.org", "x@example.com"]
        values["email"] = draw(st.sampled_from(addresses))
        values["display_name"] = draw(st.sampled_from([None, "D"]))
        values["address"] = draw(table(ADDRESS_PARTS[:3]))
        values["enterprise"] = draw(table(["department", "manager", "cost_center"]))
        name = draw(st.sampled_from([name, name.upper()]))
        listed.append(user(name, state=draw(st.sampled_from(["present", "present", "absent"])), **values))
    return listed


@st.composite
def tasks(draw):
    groups = [
        dict(
            name=draw(st.sampled_from([name, name.upper()])),
            description=draw(some_text),
            members=draw(st.one_of(st.none(), st.lists(st.sampled_from(NAMES), unique=True))),
            state=draw(st.sampled_from(["present", "present", "absent"])),
        )
        for name in draw(st.lists(st.sampled_from(["web", "db"]), unique=True))
    ]
    return dict(users=draw(users()), groups=groups, purge_members=draw(st.booleans()))


def without_ids(records):
    return [{key: value for key, value in each.items() if key not in ("user_id", "group_id")} for each in records]


def sorted_members(groups):
    return [dict(group, members=sorted(group["members"])) if "members" in group else group for group in groups]


@settings(max_examples=150, deadline=None)
@given(st.lists(tasks(), min_size=1, max_size=3))
def test_one_run_gets_there(runs):
    store = Store()
    for params in runs:
        before = copy.deepcopy(vars(store))
        predicted = run(store, check=True, **copy.deepcopy(params))
        assert store.writes() == [] and store.users == before["users"]
        done = run(store, **copy.deepcopy(params))
        assert done["failed"] == predicted["failed"]
        if done["failed"]:
            assert done["problems"] == predicted["problems"] and store.writes() == []
            store.calls.clear()
            continue
        assert done["changes"] == predicted["changes"]
        for kind in ("users", "groups"):
            assert without_ids(done[kind]) == without_ids(predicted[kind])
        assert len(store.writes()) == len(done["changes"])
        again = run(store, **copy.deepcopy(params))
        assert not again["changed"], again["changes"]
        assert again["users"] == done["users"]
        assert sorted_members(again["groups"]) == sorted_members(done["groups"])
        store.calls.clear()


def test_more_deletions_than_allowed_stop_the_task_before_it_writes():
    store = Store()
    people = [user(f"u{number}") for number in range(12)]
    run(store, users=people)
    before = copy.deepcopy(store.users)
    gone = [dict(each, state="absent") for each in people]
    result = run(store, users=gone)
    assert result["msg"].startswith("max_deletions: this would delete 12 users, groups and memberships, and max_dele")
    assert result["deletions"][0] == "user u0"
    assert store.users == before
    assert run(store, users=gone, max_deletions=12)["deleted"] == 12


def ops(*members):
    return dict(name="ops", state="present", description=None, members=list(members))


@pytest.mark.parametrize("name", ["taro", "TARO", "ops"])
def test_what_is_protected_loses_nothing(name):
    store = Store()
    run(store, users=[user("taro")], groups=[ops("taro")])
    result = run(store, groups=[ops()], protect=[name, "SomePermissionSet"])
    assert result["msg"].startswith("protect: this would delete 1 protected users, groups and memberships.")
    assert result["deletions"] == ["group membership ops/taro"]
    assert run(store, groups=[ops()], protect=["hanako"])["deleted"] == 1


def test_an_address_moves_from_one_to_the_other():
    store = Store()
    run(store, users=[user("a", email="x@example.com"), user("b")])
    result = run(store, users=[user("b", email="x@example.com"), user("a", email="y@example.com")])
    assert [change["name"] for change in result["changes"]] == ["a", "b"]
