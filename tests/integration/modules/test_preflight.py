"""What AWS is going to refuse is told before the first write, all of it, and asks nothing where nothing is to do."""

from __future__ import annotations

import json

import pytest
from organization import DATA, MANAGEMENT, OLD, PROD, STAGING, row, writes

POLICY = json.dumps(dict(Version="2012-10-17", Statement=[dict(Effect="Allow", Action="s3:*", Resource="*")]))
STRANGER = "999999999999"


def targets(*accounts):
    role = "arn:aws:iam::{}:role/OrganizationAccountAccessRole"
    return [dict(account_id=each, role_arn=role.format(each)) for each in accounts]


def own_policy(emulator, account, name="keyless-web", path="/"):
    iam = emulator.client("iam", None if account == MANAGEMENT else account)
    iam.create_policy(PolicyName=name, Path=path, PolicyDocument=POLICY)


@pytest.fixture
def needs(organization):
    """needs(set, name, path) makes a permission set refer to a customer managed policy."""

    def refer(permission_set="WebOperator", name="keyless-web", path="/"):
        organization.sso.attach_customer_managed_policy_reference_to_permission_set(
            **organization.instance,
            PermissionSetArn=organization.sets[permission_set],
            CustomerManagedPolicyReference=dict(Name=name, Path=path),
        )

    return refer


def warnings(result):
    return [text for text in result.get("warnings", []) if "preflight" in text]


def test_all_that_would_fail_is_told_at_once_and_nothing_is_changed(emulator, organization, assign, needs, spent):
    needs()
    own_policy(emulator, PROD)
    product = row(accounts=[PROD, STAGING, DATA, OLD, STRANGER])
    ways = targets(PROD, STAGING, DATA)
    for check in (True, False):
        spent()
        failed = assign(product, targets=ways, check=check, fails=True)
        assert failed["problems"] == [
            "account 999999999999 is not in the organization; mend the id, or leave it out",
            "account 444455556666 (old) is SUSPENDED, so nothing can be provisioned there; leave it out",
            "permission set 'WebOperator' needs the customer managed policy 'keyless-web' with path '/' in accounts "
            "222233334444 (web-staging) and 333344445555 (data), where it does not exist; create it there first",
        ]
        assert writes(spent()) == {}
    for account in (STAGING, DATA):
        own_policy(emulator, account)
    assert assign(row(accounts=[PROD, STAGING, DATA]), targets=ways)["created"] == 3


def test_what_it_tells_is_what_aws_does(emulator, organization, assign, needs):
    needs()
    own_policy(emulator, PROD)
    failed = assign(row(accounts=[PROD, STAGING, OLD]), preflight=False, fails=True)
    errors = {each["account_id"]: each["error"] for each in failed["failures"]}
    assert set(errors) == {STAGING, OLD}
    assert "Not supported policy arn:aws:iam::222233334444:policy/keyless-web" in errors[STAGING]
    assert "Obtaining permissions to manage your AWS account" in errors[OLD]


def test_a_run_without_creations_asks_for_nothing_of_it(organization, assign, spent):
    product = row(accounts=[PROD, STAGING])
    assign(product)
    spent()
    assert not assign(product, targets=targets(PROD, STAGING))["changed"]
    asked = spent()
    assert assign(product, preflight=False)["changed"] is False
    assert asked == spent()
    assign(dict(product, state="absent"))
    assert not [name for name in spent() if name.startswith(("organizations:", "iam:", "service-quotas:"))]


def test_the_callers_own_account_is_seen_and_others_are_one_warning(emulator, organization, assign, needs):
    needs()
    result = assign(row(accounts=[MANAGEMENT, PROD, STAGING]), check=True, fails=True)
    assert f"in account {MANAGEMENT}" in result["msg"]
    own_policy(emulator, MANAGEMENT)
    result = assign(row(accounts=[MANAGEMENT, PROD, STAGING]), check=True)
    (warning,) = warnings(result)
    assert "whether 2 accounts have the policies needed" in warning
    assert "no entry in targets leads there" in warning
    assert result["created"] == 3


def test_calls_are_a_few_for_each_permission_set(organization, assign, spent):
    groups = [f"group-{number}" for number in range(5)]
    for name in groups:
        organization.ids[name] = organization.store.create_group(**organization.store_id, DisplayName=name)["GroupId"]
    product = row(["WebOperator", "Auditor"], groups, [PROD, STAGING, DATA])
    spent()
    assign(product, check=True, preflight=False)
    without = sum(spent().values())
    assert assign(product, check=True)["created"] == 30
    # who the caller is, the organization, its accounts, how many sets there are; and three for each set
    assert sum(spent().values()) - without == 4 + 2 * 3


def test_a_boundary_is_a_policy_that_has_to_be_there(emulator, organization, assign):
    organization.sso.put_permissions_boundary_to_permission_set(
        **organization.instance,
        PermissionSetArn=organization.sets["WebOperator"],
        PermissionsBoundary=dict(CustomerManagedPolicyReference=dict(Name="edge", Path="/teams/")),
    )
    failed = assign(row(), targets=targets(PROD), fails=True)
    assert "needs the permissions boundary 'edge' with path '/teams/' in account 111122223333" in failed["msg"]
    own_policy(emulator, PROD, "edge", "/teams/")
    assert assign(row(), targets=targets(PROD))["created"] == 1


def test_more_policies_than_a_role_may_have(emulator, organization, assign):
    for name in ("ReadOnlyAccess", "SecurityAudit", "ViewOnlyAccess"):
        arn = f"arn:aws:iam::aws:policy/{'job-function/' if name == 'ViewOnlyAccess' else ''}{name}"
        organization.sso.attach_managed_policy_to_permission_set(
            **organization.instance, PermissionSetArn=organization.sets["WebOperator"], ManagedPolicyArn=arn
        )
    for number in range(8):
        own_policy(emulator, PROD, f"own-{number}")
        organization.sso.attach_customer_managed_policy_reference_to_permission_set(
            **organization.instance, PermissionSetArn=organization.sets["WebOperator"],
            CustomerManagedPolicyReference=dict(Name=f"own-{number}"),
        )  # fmt: skip
    failed = assign(row(), targets=targets(PROD), fails=True)
    assert "attaches 11 policies to its role, and a role may have 10 in account 111122223333" in failed["msg"]
    emulator.settings(policies_per_role=11)
    assert assign(row(), targets=targets(PROD))["created"] == 1


def test_a_full_account(emulator, organization, assign):
    names = [f"Set{number}" for number in range(52)]
    for name in names:
        organization.set(name)
        organization.assign(name, "auditors", PROD)
    emulator.settings(permission_sets_per_account=52)
    failed = assign(row(accounts=[PROD, STAGING]), fails=True)
    assert "an account may have 52 permission sets, and these would have more: 111122223333" in failed["msg"]
    assert STAGING not in failed["msg"]
    assert assign(row(names[0], accounts=[PROD, STAGING]))["created"] == 2  # it is there already
    emulator.settings(permission_sets_per_account=53)
    assert assign(row(accounts=[PROD, STAGING]))["created"] == 2


class TestDelegatedAdministrator:
    KEYS = dict(AWS_ACCESS_KEY_ID=DATA)  # to the emulator, this is that account's

    @pytest.fixture(autouse=True)
    def delegated(self, emulator, organization):
        emulator.seed(dict(delegated_administrators=[DATA]))

    def test_learns_what_only_the_management_account_may_do(self, organization, assign):
        organization.assign("Auditor", "auditors", MANAGEMENT)
        rows = [row(accounts=[MANAGEMENT]), row("Auditor", "auditors", [PROD])]
        failed = assign(*rows, env=self.KEYS, fails=True)
        assert [problem.split(",")[0] for problem in failed["problems"]] == [
            "account 123456789012 is the management account",
            "permission set 'Auditor' is provisioned in the management account 123456789012",
        ]
        assert assign(*rows)["created"] == 2

    def test_may_do_the_rest(self, assign):
        assert assign(row(accounts=[PROD, DATA]), env=self.KEYS)["created"] == 2


def test_wrong_targets_are_told_even_if_there_is_nothing_to_do(assign):
    failed = assign(targets=[dict(account_id="1234")], fails=True)
    assert "targets[0].account_id: '1234' is not an account id of 12 digits" in failed["msg"]


def test_a_target_that_cannot_be_entered_stops_nothing(emulator, assign, needs):
    needs()
    emulator.faults("sts:AssumeRole", "AccessDenied", times=None)
    result = assign(row(), targets=targets(PROD), check=True)
    assert result["created"] == 1
    (warning,) = warnings(result)
    assert "AssumeRole: access denied" in warning


def web_operator(**values):
    return dict(permission_sets=[dict(name="WebOperator", **values)])


def test_permission_sets_look_ahead_where_they_are_asked_to(emulator, organization, run_module, spent):
    organization.assign("WebOperator", "web-operators", PROD)
    organization.assign("WebOperator", "web-operators", STAGING)
    own_policy(emulator, PROD)
    wanted = web_operator(customer_managed_policies=[dict(name="keyless-web")])
    ahead = dict(wanted, preflight=True, targets=targets(PROD, STAGING))
    spent()
    failed = run_module("permission_sets", ahead, fails=True)
    assert failed["problems"] == [
        "permission set 'WebOperator' needs the customer managed policy 'keyless-web' with path '/' in account "
        "222233334444, where it does not exist; create it there first"
    ]
    assert not [name for name in spent() if ":Attach" in name]
    own_policy(emulator, STAGING)
    assert run_module("permission_sets", ahead)["changed"]
    spent()
    assert not run_module("permission_sets", ahead)["changed"]
    assert not [name for name in spent() if not name.startswith("sso-admin:")]


def test_permission_sets_do_not_look_ahead_unasked(emulator, organization, run_module, spent):
    organization.assign("WebOperator", "web-operators", PROD)
    spent()
    failed = run_module(
        "permission_sets", web_operator(customer_managed_policies=[dict(name="keyless-web")]), fails=True
    )
    assert "Not supported policy" in failed["msg"]
    assert not [name for name in spent() if not name.startswith("sso-admin:")]
