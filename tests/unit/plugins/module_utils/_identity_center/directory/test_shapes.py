from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory.records import (
    ENTERPRISE_PARTS,
    PARTS,
    TEXTS,
    User,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.directory.shapes import (
    create_parameters,
    read_user,
    update_operations,
)
from botocore.session import get_session
from botocore.validate import validate_parameters

ID = "1234567890-11111111-2222-3333-4444-555555555555"
TARO = User(
    "taro@example.com",
    given_name="Taro",
    family_name="Tanaka",
    display_name="Taro Tanaka",
    email="taro@example.com",
    nick_name="taro",
    title="Engineer",
    user_type="Employee",
    locale="ja-JP",
    timezone="Asia/Tokyo",
    preferred_language="ja",
    phone="+81 3 0000 0000",
    address=dict(
        street_address="1-1", locality="Chiyoda", region="Tokyo", postal_code="100-0001", country="JP", formatted="x"
    ),
    enterprise=dict(
        employee_number="1001", cost_center="4711", organization="o", division="d", department="web", manager="hanako"
    ),
)


def model(operation):
    return get_session().get_service_model("identitystore").operation_model(operation).input_shape


def test_create_user_gets_every_attribute_in_awss_form():
    found = create_parameters(TARO)
    assert found == {
        "UserName": "taro@example.com",
        "Name": {"GivenName": "Taro", "FamilyName": "Tanaka"},
        "DisplayName": "Taro Tanaka",
        "NickName": "taro",
        "Title": "Engineer",
        "UserType": "Employee",
        "Locale": "ja-JP",
        "Timezone": "Asia/Tokyo",
        "PreferredLanguage": "ja",
        "Emails": [{"Value": "taro@example.com", "Type": "work", "Primary": True}],
        "PhoneNumbers": [{"Value": "+81 3 0000 0000", "Type": "work", "Primary": True}],
        "Addresses": [
            {
                "StreetAddress": "1-1",
                "Locality": "Chiyoda",
                "Region": "Tokyo",
                "PostalCode": "100-0001",
                "Country": "JP",
                "Formatted": "x",
                "Type": "work",
                "Primary": True,
            }
        ],
        "Extensions": {
            "aws:identitystore:enterprise": {
                "employeeNumber": "1001",
                "costCenter": "4711",
                "organization": "o",
                "division": "d",
                "department": "web",
                "manager": {"value": "hanako"},
            }
        },
    }
    validate_parameters(dict(found, IdentityStoreId="d-1234567890"), model("CreateUser"))


def test_nothing_empty_is_sent_to_create_user():
    found = create_parameters(User("t", given_name="T", family_name="T", display_name="T", address={}, enterprise={}))
    assert set(found) == {"UserName", "Name", "DisplayName"}


def test_what_create_user_takes_is_read_back():
    answer = dict(create_parameters(TARO), UserId=ID, UserStatus="ENABLED")
    found = read_user(answer, enterprise=True)
    assert found == User(**dict(vars(TARO), user_id=ID, user_status="ENABLED"))
    assert read_user(answer, enterprise=False).enterprise is None


def test_a_user_with_nothing_but_an_id_is_read():
    found = read_user({"UserId": ID}, enterprise=True)
    assert found == User(ID, user_id=ID, enterprise={})


@pytest.mark.parametrize("key", ["CostCenter", "costCenter", "costcenter"])
@pytest.mark.parametrize("manager", ["boss", {"Value": "boss"}, {"value": "boss", "displayName": "The boss"}])
def test_the_case_of_enterprise_keys_does_not_matter(key, manager):
    extension = {key: "4711", "Manager": manager, "Unknown": "x", "division": ""}
    answer = {"UserId": ID, "Extensions": {"aws:identitystore:enterprise": extension}}
    assert read_user(answer, enterprise=True).enterprise == {"cost_center": "4711", "manager": "boss"}


def test_entries_that_feed_no_attribute_are_kept_apart():
    answer = {
        "UserId": ID,
        "Emails": [{"Value": "a@example.com"}],
        "PhoneNumbers": [{"Value": "1", "Type": "home", "Primary": True}],
        "Addresses": [{"Locality": "Kyoto", "Type": "home"}],
    }
    found = read_user(answer, enterprise=False)
    assert (found.email, found.phone, found.address) == (None, None, None)
    assert found.other == {"email": "a@example.com", "phone": "1", "address": ""}


def test_update_operations_replace_and_clear():
    user = User("t", given_name="T", title=None, email="t@example.com", address={"postal_code": "1", "country": "JP"},
                enterprise={"manager": "boss"})  # fmt: skip
    fields = ["given_name", "title", "email", "phone", "address.postal_code", "address.country",
              "enterprise.manager", "enterprise.cost_center"]  # fmt: skip
    assert [(each["AttributePath"], each["AttributeValue"]) for each in update_operations(user, fields)] == [
        ("name.givenName", "T"),
        ("title", None),
        ("emails", [{"value": "t@example.com", "type": "work", "primary": True}]),
        ("phoneNumbers", None),
        ("addresses", [{"postalCode": "1", "country": "JP", "type": "work", "primary": True}]),
        ("aws:identitystore:enterprise.manager", {"value": "boss"}),
        ("aws:identitystore:enterprise.costCenter", None),
    ]


def test_an_address_without_parts_is_cleared():
    for fields in (["address"], ["address.locality"]):
        (operation,) = update_operations(User("t", address={}), fields)
        assert operation == dict(AttributePath="addresses", AttributeValue=None)


def test_a_manager_is_cleared_with_null():
    found = update_operations(User("t", enterprise={}), [f"enterprise.{part}" for part in ENTERPRISE_PARTS])
    assert [each["AttributeValue"] for each in found] == [None] * 6


def test_all_attributes_of_a_user_fit_into_one_update():
    fields = [*TEXTS, *(f"{attribute}.{part}" for attribute, parts in PARTS.items() for part in parts)]
    found = update_operations(TARO, fields)
    assert len({each["AttributePath"] for each in found}) == len(found) <= 100
    validate_parameters(dict(IdentityStoreId="d-1234567890", UserId=ID, Operations=found), model("UpdateUser"))
