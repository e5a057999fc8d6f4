"""People and groups for the tests of identity_store, and a look at the identity store that owes nothing to it."""

from __future__ import annotations

ENTERPRISE = "aws:identitystore:enterprise"
TARO = dict(
    user_name="taro@example.com",
    given_name="Taro",
    family_name="Tanaka",
    display_name="Taro T.",
    email="taro@example.com",
    nick_name="taro",
    title="Engineer",
    user_type="Employee",
    locale="ja-JP",
    timezone="Asia/Tokyo",
    preferred_language="ja",
    phone="+81 3 0000 0000",
    address=dict(
        street_address="1-1",
        locality="Chiyoda",
        region="Tokyo",
        postal_code="100-0001",
        country="JP",
        formatted="1-1 Chiyoda, Tokyo",
    ),
    enterprise=dict(
        employee_number="1001",
        cost_center="4711",
        organization="partner",
        division="d1",
        department="web",
        manager="hanako",
    ),
)
HANA = dict(user_name="hana@example.com", given_name="Hana", family_name="Sato")
TEAM = dict(
    users=[TARO, HANA],
    groups=[
        dict(name="web", description="Web servers", members=["taro@example.com", "hana@example.com"]),
        dict(name="db", members=["HANA@example.com"]),
    ],
)


class Directory:
    """The identity store by plain boto3."""

    def __init__(self, emulator):
        self.client = emulator.client("identitystore")
        instance = emulator.client("sso-admin").list_instances()["Instances"][0]
        self.store = {"IdentityStoreId": instance["IdentityStoreId"]}

    def users(self):
        answer = self.client.list_users(Extensions=[ENTERPRISE], **self.store)["Users"]
        return {user["UserName"]: user for user in answer}

    def groups(self):
        return {group["DisplayName"]: group for group in self.client.list_groups(**self.store)["Groups"]}

    def members(self, group):
        names = {user["UserId"]: name for name, user in self.users().items()}
        id_ = self.groups()[group]["GroupId"]
        answer = self.client.list_group_memberships(GroupId=id_, **self.store)["GroupMemberships"]
        return sorted(names[each["MemberId"]["UserId"]] for each in answer)

    def create_user(self, name, **more):
        values = dict(UserName=name, DisplayName="D", Name={"GivenName": "G", "FamilyName": "F"}, **more)
        return self.client.create_user(**self.store, **values)["UserId"]


def without_ids(records):
    return [{key: value for key, value in each.items() if key not in ("user_id", "group_id")} for each in records]


def since(emulator, before):
    """What the emulator received meanwhile."""
    calls = emulator.calls()
    return {name: times - before.get(name, 0) for name, times in calls.items() if times != before.get(name, 0)}
