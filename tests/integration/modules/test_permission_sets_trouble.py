"""permission_sets where requests, answers and provisionings go wrong."""

from __future__ import annotations

import pytest

ACCOUNTS = ["111122223333", "222233334444", "333344445555"]
PROVISION = "sso-admin:ProvisionPermissionSet"
BEHIND = dict(ProvisioningStatus="LATEST_PERMISSION_SET_NOT_PROVISIONED")


class World:
    """Permission sets that are assigned in three accounts each."""

    def __init__(self, emulator, *names):
        self.emulator, self.sso = emulator, emulator.client("sso-admin")
        seeded = emulator.seed(
            dict(
                accounts=[dict(id=account, name=f"account-{account[0]}") for account in ACCOUNTS],
                groups=[dict(name="ops")],
                permission_sets=[dict(name=name) for name in names],
                account_assignments=[dict(permission_sets=list(names), groups=["ops"], accounts=ACCOUNTS)],
            )
        )
        self.arns = seeded["permission_sets"]
        self.instance = dict(InstanceArn=self.sso.list_instances()["Instances"][0]["InstanceArn"])

    def of(self, name):
        return dict(self.instance, PermissionSetArn=self.arns[name])

    def behind(self, name):
        return self.sso.list_accounts_for_provisioned_permission_set(**self.of(name), **BEHIND)["AccountIds"]

    def edit(self, name):
        """By hand, without provisioning."""
        self.sso.update_permission_set(**self.of(name), Description="By hand")

    def provision(self, name, **where):
        where = where or dict(TargetType="ALL_PROVISIONED_ACCOUNTS")
        answer = self.sso.provision_permission_set(**self.of(name), **where)
        return answer["PermissionSetProvisioningStatus"]["RequestId"]

    def provisionings(self):
        return [each for each in self.emulator.operations() if each["kind"] == "provisioning"]


@pytest.fixture
def world(emulator):
    return World(emulator, "Web", "Db")


def sets(*items, **options):
    return dict(options, permission_sets=list(items))


def new(name, text="New"):
    return dict(name=name, description=text)


@pytest.mark.parametrize("error, when", [("drop", "after"), ("http500", "after"), ("cut", "after")])
@pytest.mark.parametrize("async_ms", [0, 300])
def test_a_provisioning_whose_answer_is_lost_is_not_asked_for_twice(emulator, world, run_module, error, when, async_ms):
    emulator.settings(async_ms=async_ms)
    emulator.faults(PROVISION, error, when=when)
    result = run_module("permission_sets", sets(new("Web")))
    assert [change["action"] for change in result["changes"]] == ["update", "provision"]
    assert emulator.calls()[PROVISION] == 1
    assert [each["status"] for each in world.provisionings()] == ["SUCCEEDED"]
    assert world.behind("Web") == []


def test_a_provisioning_that_was_not_taken_is_asked_for_again(emulator, world, run_module):
    for error in ("drop", "http500", "ThrottlingException", "ConflictException"):
        emulator.faults(PROVISION, error, when="before")
    run_module("permission_sets", sets(new("Web")))
    assert emulator.calls()[PROVISION] == 5
    assert len(world.provisionings()) == 1
    assert world.behind("Web") == []


def test_lost_and_refused_answers_of_other_writes_are_survived(emulator, run_module):
    emulator.faults("sso-admin:CreatePermissionSet", "ThrottlingException", times=2)
    emulator.faults("sso-admin:CreatePermissionSet", "drop", when="after")
    emulator.faults("sso-admin:AttachManagedPolicyToPermissionSet", "http500", when="after")
    emulator.faults("sso-admin:PutInlinePolicyToPermissionSet", "ConflictException", times=2)
    policy = dict(Version="2012-10-17", Statement=[dict(Effect="Allow", Action="ec2:Describe*", Resource="*")])
    web = dict(name="Web", managed_policies=["arn:aws:iam::aws:policy/SecurityAudit"], inline_policy=policy)
    result = run_module("permission_sets", sets(web))
    assert (result["created"], result["updated"]) == (1, 0)
    calls = emulator.calls()
    assert calls["sso-admin:CreatePermissionSet"] == 4
    assert calls["sso-admin:PutInlinePolicyToPermissionSet"] == 3
    assert len(run_module("permission_sets_info", {})["permission_sets"]) == 1
    assert not run_module("permission_sets", sets(web))["changed"]


def test_a_failed_provisioning_is_told_and_healed_by_the_next_run(emulator, world, run_module):
    emulator.faults(PROVISION, "failed", reason="The role is not ours.")
    failed = run_module("permission_sets", sets(new("Web"), new("Db")), fails=True)
    (failure,) = failed["failures"]
    assert (failure["action"], failure["error"]) == ("provision", "The role is not ours.")
    assert failed["updated"] == 2
    predicted = run_module("permission_sets", sets(new("Web"), new("Db")), check=True)
    healed = run_module("permission_sets", sets(new("Web"), new("Db")))
    assert healed["changes"] == predicted["changes"]
    (change,) = healed["changes"]
    assert (change["action"], change["name"], change["accounts"]) == ("provision", failure["name"], ACCOUNTS)
    assert world.behind("Web") == world.behind("Db") == []
    assert not run_module("permission_sets", sets(new("Web"), new("Db")))["changed"]


def test_only_accounts_that_are_not_up_to_date_are_provisioned_again(emulator, world, run_module):
    world.edit("Web")
    world.provision("Web", TargetType="AWS_ACCOUNT", TargetId=ACCOUNTS[0])
    assert world.behind("Web") == ACCOUNTS[1:]
    before = len(world.provisionings())
    healed = run_module("permission_sets", sets(dict(name="Web"), provision="outdated"))
    assert healed["changes"][0]["accounts"] == ACCOUNTS[1:]
    assert sorted(each["account_id"] for each in world.provisionings()[before:]) == ACCOUNTS[1:]
    assert world.behind("Web") == []


def test_a_provisioning_that_does_not_end_is_named_and_the_others_are_done(emulator, world, run_module):
    emulator.faults(PROVISION, "stuck")
    failed = run_module("permission_sets", sets(new("Web"), new("Db"), wait_timeout=1), fails=True)
    (failure,) = failed["failures"]
    (stuck,) = [each for each in world.provisionings() if each["status"] == "IN_PROGRESS"]
    assert world.arns[failure["name"]] == stuck["permission_set_arn"]
    assert failure["error"].startswith(f"still in progress after 1 seconds (request {stuck['request_id']})")
    assert "wait_timeout" in failure["error"]
    assert f"provision permission_set '{failure['name']}'" in failed["msg"]
    outdated = sets(dict(name=failure["name"]), provision="outdated", wait_timeout=1)
    again = run_module("permission_sets", outdated, fails=True)
    assert f"an earlier provisioning is still in progress (request {stuck['request_id']})" in again["msg"]
    assert emulator.calls()[PROVISION] == 2


def test_what_a_killed_run_left_in_progress_is_waited_for_and_not_done_again(emulator, world, run_module):
    emulator.settings(async_ms=3000)
    world.edit("Web")
    world.provision("Web")
    result = run_module("permission_sets", sets(dict(name="Web"), provision="outdated"))
    assert [change["action"] for change in result["changes"]] == ["provision"]
    assert len(world.provisionings()) == 1
    assert world.behind("Web") == []


def test_a_run_that_was_killed_before_provisioning_is_found_by_outdated_only(world, run_module):
    world.edit("Web")
    assert not run_module("permission_sets", sets(dict(name="Web"), dict(name="Db")))["changed"]
    healed = run_module("permission_sets", sets(dict(name="Web"), dict(name="Db"), provision="outdated"))
    assert [(change["action"], change["name"]) for change in healed["changes"]] == [("provision", "Web")]
    assert world.behind("Web") == []


def test_a_change_waits_for_a_provisioning_in_progress(emulator, world, run_module):
    emulator.settings(async_ms=800)
    world.provision("Web")
    run_module("permission_sets", sets(new("Web")))
    assert world.behind("Web") == []
    assert [each["status"] for each in world.provisionings()] == ["SUCCEEDED"] * 2


def test_many_sets_at_awss_own_rate(emulator, run_module):
    names = [f"Set{number:02}" for number in range(25)]
    world = World(emulator, *names)
    emulator.settings(rate=20, async_ms=300)
    result = run_module("permission_sets", sets(*map(new, names)))
    assert result["updated"] == 25
    assert len(world.provisionings()) == 25
    assert {tuple(world.behind(name)) for name in names} == {()}
    assert emulator.calls().get("THROTTLED", 0) <= 2
