# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a task goes through its requests: which it needs, in which order, and what becomes of those that fail."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.applications import info, resource
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import Instance
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems

INSTANCE = Instance("arn:aws:sso:::instance/ssoins-1234567890abcdef", "d-1")
ID = "95671a2b3c-00000000-0000-0000-0000-00000000000{}"
TARO, JIRO, GROUP = ID.format(1), ID.format(2), ID.format(3)
SAML, OAUTH = "arn:aws:sso::aws:applicationProvider/custom-saml", "arn:aws:sso::aws:applicationProvider/custom"


def arn(letter):
    return f"arn:aws:sso::111122223333:application/ssoins-1234567890abcdef/apl-{letter * 16}"


class Cloud:
    """Identity Center, as far as applications need it. `broken`: operation -> the error that it answers with."""

    region = "ap-northeast-1"

    def __init__(self):
        self.applications = {arn("a"): dict(Name="Partner", Status="DISABLED"), arn("b"): dict(Name="VPN")}
        self.assigned = {arn("a"): {("USER", JIRO), ("USER", ID.format(9))}, arn("b"): set()}
        self.required = {arn("a"): True, arn("b"): None}
        self.broken, self.asked = {}, []

    def client(self, _service):
        return self

    def _ask(self, operation):
        self.asked.append(operation)
        if operation in self.broken:
            raise self.broken[operation]

    def pages(self, operation, key, ApplicationArn=None, **_more):
        self._ask(operation)
        if operation == "list_applications":
            return [self._shown(each) for each in self.applications]
        if operation == "list_users":
            return [dict(UserName="taro", UserId=TARO), dict(UserName="jiro", UserId=JIRO)]
        if operation == "list_groups":
            return [dict(DisplayName="operators", GroupId=GROUP)]
        return [dict(PrincipalType=kind, PrincipalId=id_) for kind, id_ in sorted(self.assigned[ApplicationArn])]

    def _shown(self, which):
        more = dict(PortalOptions=dict(Visibility="ENABLED", SignInOptions=dict(Origin="IDENTITY_CENTER")))
        provider = SAML if which == arn("a") else OAUTH
        return dict(self.applications[which], ApplicationArn=which, ApplicationProviderArn=provider, **more)

    def call(self, operation, **parameters):
        self._ask(operation)
        which = parameters.get("ApplicationArn")
        key = (parameters.get("PrincipalType"), parameters.get("PrincipalId"))
        if operation == "describe_application":
            return self._shown(which)
        if operation == "describe_application_provider":
            protocol = "SAML" if parameters["ApplicationProviderArn"] == SAML else "OAUTH"
            return dict(FederationProtocol=protocol, DisplayData=dict(DisplayName=protocol.lower()))
        if operation == "get_application_assignment_configuration":
            if self.required[which] is None:
                raise AwsError("is not supported for this action", "ValidationException", operation)
            return dict(AssignmentRequired=self.required[which])
        if operation == "put_application_assignment_configuration":
            self.required[which] = parameters["AssignmentRequired"]
        elif operation == "update_application":
            self.applications[which].update({name: parameters[name] for name in parameters if name != "ApplicationArn"})
        elif operation == "create_application_assignment":
            self.assigned[which].add(key)
        elif operation == "delete_application_assignment":
            self.assigned[which].discard(key)
        return {}


class Module:
    check_mode = False

    def __init__(self, **params):
        self.params = dict(dict(max_deletions=10, protect=[], expected=None), **params)


@pytest.fixture
def cloud(monkeypatch):
    made = Cloud()

    class Center:
        def __init__(self, _module):
            self.sso, self.instance, self.client = made, INSTANCE, made.client

    monkeypatch.setattr(resource, "IdentityCenter", Center)
    monkeypatch.setattr(info, "IdentityCenter", Center)
    return made


def entry(**more):
    keys = ("name", "application_arn", "description", "status", "sign_in_options", "assignment_required", "users",
            "groups")  # fmt: skip
    return dict(dict.fromkeys(keys), **dict(dict(purge=True), **more))


def run(*entries, **params):
    """The plan after it was carried out, and its outcomes."""
    task = resource.ApplicationAssignments(Module(applications=list(entries), **params))
    plan = task.plan(task.read())
    return plan, list(task.apply(plan))


def test_everything_in_order_and_nothing_the_second_time(cloud):
    wanted = entry(name="Partner", status="ENABLED", assignment_required=False, users=["taro"], groups=["operators"])
    plan, outcomes = run(wanted)
    assert all(outcome.error is None for outcome in outcomes)
    assert [change.action for change in plan.changes] == ["update", "update", "create", "create", "delete", "delete"]
    assert cloud.assigned[arn("a")] == {("USER", TARO), ("GROUP", GROUP)}
    assert (cloud.applications[arn("a")]["Status"], cloud.required[arn("a")]) == ("ENABLED", False)
    assert cloud.asked.index("delete_application_assignment") > cloud.asked.index("create_application_assignment")
    assert run(wanted)[0].changes == []


def test_only_what_is_needed_is_asked_for(cloud):
    run(entry(application_arn=arn("a"), status="DISABLED"))
    assert cloud.asked == ["describe_application"]
    cloud.asked.clear()
    run(entry(name="Partner", users=[TARO], purge=False))
    assert "list_groups" not in cloud.asked and "get_application_assignment_configuration" not in cloud.asked


def test_what_fails_is_not_in_the_result(cloud):
    cloud.broken["create_application_assignment"] = AwsError("no", "AccessDeniedException", "Create")
    cloud.broken["update_application"] = AwsError("no", "AccessDeniedException", "Update")
    plan, outcomes = run(entry(name="Partner", status="ENABLED", users=["taro", "jiro"]))
    errors = [outcome.change.action for outcome in outcomes if outcome.error]
    assert errors == ["update", "create"]
    (shown,) = plan.result["applications"]
    assert (shown["status"], shown["users"]) == ("DISABLED", ["jiro"])


def test_what_cannot_be_read_fails_alone_unless_nothing_can(cloud):
    vpn = entry(name="VPN", assignment_required=True)
    plan, _outcomes = run(vpn, entry(name="Partner", users=["jiro"]))
    assert [failure.change.name for failure in plan.failures] == ["VPN"]
    assert len(plan.changes) == 1
    cloud.broken["list_application_assignments"] = AwsError("gone", "ExpiredToken", "List")
    with pytest.raises(AwsError, match="gone"):
        run(entry(name="Partner", users=["jiro"]), vpn)


def test_arns_of_another_instance_are_not_asked_for(cloud):
    other = arn("a").replace("ssoins-1234567890abcdef", "ssoins-0000000000000000")
    with pytest.raises(Problems, match="belongs to another instance"):
        run(entry(application_arn=other, users=[]))
    assert cloud.asked == []


def test_what_is_expected_counts_in_check_mode(cloud):
    module = Module(applications=[entry(name="Partner", users=["new"])], expected=dict(users=["new"], groups=None))
    with pytest.raises(Problems, match="no user 'new'"):
        resource.ApplicationAssignments(module).read()
    module.check_mode = True
    task = resource.ApplicationAssignments(module)
    assert task.plan(task.read()).result["applications"][0]["users"] == ["new"]


def test_info(cloud):
    found = info.read_applications(Module(applications=None, assignments=True))
    partner, vpn = found["applications"]
    assert (partner["saml"], partner["provider"], partner["users"]) == (True, "saml", [ID.format(9), "jiro"])
    assert (partner["orphaned"], partner["assignment_required"]) == ([ID.format(9)], True)
    assert (vpn["saml"], "assignment_required" in vpn) == (False, False)
    some = info.read_applications(Module(applications=["VPN", arn("a"), "nothing"], assignments=False))
    assert [each["name"] for each in some["applications"]] == ["Partner", "VPN"]
    assert (some["missing"], "users" in some["applications"][0]) == (["nothing"], False)
    with pytest.raises(Problems):
        info.read_applications(Module(applications=[""], assignments=True))
    cloud.broken["get_application_assignment_configuration"] = AwsError("no", "AccessDeniedException", "Get")
    with pytest.raises(AwsError):
        info.read_applications(Module(applications=None, assignments=True))
