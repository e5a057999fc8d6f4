"""An organization, rows and writes for the tests of account_assignments."""

from __future__ import annotations

MANAGEMENT = "123456789012"
PROD, STAGING, DATA, OLD = "111122223333", "222233334444", "333344445555", "444455556666"


class Organization:
    """An organization in the emulator, as tests see it: by names."""

    def __init__(self, emulator):
        self.emulator = emulator
        self.sso, self.store = emulator.client("sso-admin"), emulator.client("identitystore")
        accounts = [
            dict(id=PROD, name="web-prod", ou="workloads/web"),
            dict(id=STAGING, name="web-staging", ou="workloads/web"),
            dict(id=DATA, name="data", ou="workloads"),
            dict(id=OLD, name="old", ou="workloads", status="SUSPENDED"),
        ]
        self.units = emulator.seed(dict(accounts=accounts))["organizational_units"]
        (instance,) = self.sso.list_instances()["Instances"]
        self.instance = dict(InstanceArn=instance["InstanceArn"])
        self.store_id = dict(IdentityStoreId=instance["IdentityStoreId"])
        self.sets, self.ids = {}, {}
        self.set("WebOperator", managed=True)
        self.set("Auditor")
        for name in ("web-operators", "auditors"):
            self.ids[name] = self.store.create_group(**self.store_id, DisplayName=name)["GroupId"]
        self.ids["taro"] = self.user("taro")

    def set(self, name, managed=False):
        tags = [dict(Key="keyless:managed", Value="true")] if managed else []
        created = self.sso.create_permission_set(**self.instance, Name=name, Tags=tags)
        self.sets[name] = created["PermissionSet"]["PermissionSetArn"]
        return self.sets[name]

    def user(self, name):
        values = dict(UserName=name, DisplayName=name, Name=dict(GivenName=name, FamilyName="Tanaka"))
        return self.store.create_user(**self.store_id, **values)["UserId"]

    def join(self, group, user):
        self.store.create_group_membership(
            **self.store_id, GroupId=self.ids[group], MemberId=dict(UserId=self.ids[user])
        )

    def assign(self, permission_set, name, account, kind="GROUP"):
        """Assign by hand; with asynchronous operations on, the operation is under way afterwards."""
        answer = self.sso.create_account_assignment(**self._parameters(permission_set, name, account, kind))
        return answer["AccountAssignmentCreationStatus"]["RequestId"]

    def unassign(self, permission_set, name, account, kind="GROUP"):
        self.sso.delete_account_assignment(**self._parameters(permission_set, name, account, kind))

    def _parameters(self, permission_set, name, account, kind):
        return dict(
            self.instance,
            PermissionSetArn=self.sets[permission_set],
            PrincipalType=kind,
            PrincipalId=self.ids.get(name, name),
            TargetType="AWS_ACCOUNT",
            TargetId=account,
        )

    def there(self):
        """Every assignment: {(permission set, principal, account)}."""
        names = {principal_id: name for name, principal_id in self.ids.items()}
        found = set()
        for name, arn in self.sets.items():
            which = dict(self.instance, PermissionSetArn=arn)
            for account in self.sso.list_accounts_for_provisioned_permission_set(**which)["AccountIds"]:
                for each in self.sso.list_account_assignments(**which, AccountId=account)["AccountAssignments"]:
                    found.add((name, names.get(each["PrincipalId"], each["PrincipalId"]), account))
        return found

    def settings(self, **values):
        self.emulator.seed(dict(settings=values))


def row(sets="WebOperator", groups="web-operators", accounts=PROD, **more):
    """A row of single names, or of lists."""
    given = dict(permission_sets=sets, groups=groups, accounts=accounts, **more)
    listed = {key: value if isinstance(value, list) or key == "state" else [value] for key, value in given.items()}
    return {key: value for key, value in listed.items() if value != [None]}


WRITES = ("sso-admin:CreateAccountAssignment", "sso-admin:DeleteAccountAssignment")


def writes(calls):
    return {name.split(":")[1]: times for name, times in calls.items() if name in WRITES}
