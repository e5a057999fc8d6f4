# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts and organizational units."""

from __future__ import annotations

import pytest

MANAGEMENT, WEB, DATA, OLD = "123456789012", "111122223333", "444455556666", "777788889999"


@pytest.fixture
def org(emulator, organization):
    return emulator.client("organizations")


def test_accounts(org):
    accounts = {account["Id"]: account for account in org.list_accounts()["Accounts"]}
    assert set(accounts) == {MANAGEMENT, WEB, DATA, OLD}
    assert (accounts[WEB]["Name"], accounts[WEB]["Status"]) == ("web-prod", "ACTIVE")
    assert accounts[OLD]["Status"] == "SUSPENDED"
    assert org.describe_account(AccountId=OLD)["Account"]["Status"] == "SUSPENDED"
    assert org.describe_organization()["Organization"]["MasterAccountId"] == MANAGEMENT


def test_units_by_path(organization, org):
    units = organization["organizational_units"]
    root = org.list_roots()["Roots"][0]["Id"]
    assert units[""] == root
    (prod,) = org.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
    assert (prod["Name"], prod["Id"]) == ("Prod", units["Prod"])
    children = org.list_children(ParentId=units["Prod"], ChildType="ORGANIZATIONAL_UNIT")["Children"]
    assert children == [dict(Id=units["Prod/Web"], Type="ORGANIZATIONAL_UNIT")]
    accounts = org.list_children(ParentId=units["Prod"], ChildType="ACCOUNT")["Children"]
    assert accounts == [dict(Id=DATA, Type="ACCOUNT")]
    (account,) = org.list_accounts_for_parent(ParentId=units["Prod/Web"])["Accounts"]
    assert account["Id"] == WEB
    assert org.list_parents(ChildId=WEB)["Parents"] == [dict(Id=units["Prod/Web"], Type="ORGANIZATIONAL_UNIT")]
    assert org.list_parents(ChildId=units["Prod"])["Parents"] == [dict(Id=root, Type="ROOT")]
    assert org.list_parents(ChildId=OLD)["Parents"] == [dict(Id=root, Type="ROOT")]


def test_what_is_not_there(org, refused):
    refused("ParentNotFoundException", org.list_children, ParentId="ou-abcd-12345678", ChildType="ACCOUNT")
    refused("ParentNotFoundException", org.list_accounts_for_parent, ParentId="r-0000")
    refused("ChildNotFoundException", org.list_parents, ChildId="999999999999")
    refused("AccountNotFoundException", org.describe_account, AccountId="999999999999")


def test_pages_of_twenty_without_losses(emulator, org):
    more = [dict(id=f"{number:012d}", name=f"many{number}", ou="Many") for number in range(1, 46)]
    emulator.seed(dict(accounts=more))
    assert len(org.list_accounts()["Accounts"]) == 20
    pages = list(org.get_paginator("list_accounts").paginate())
    assert len({account["Id"] for page in pages for account in page["Accounts"]}) == 49
    unit = emulator.seed({})["organizational_units"]["Many"]
    pages = list(org.get_paginator("list_accounts_for_parent").paginate(ParentId=unit))
    assert [len(page["Accounts"]) for page in pages] == [20, 20, 5]
    pages = list(org.get_paginator("list_children").paginate(ParentId=unit, ChildType="ACCOUNT"))
    assert [len(page["Children"]) for page in pages] == [20, 20, 5]


def test_members_may_not_look(emulator, org, refused):
    member = emulator.client("organizations", WEB)
    refused("AccessDeniedException", member.list_accounts)
    refused("AccessDeniedException", member.create_organizational_unit, ParentId="r-abcd", Name="Mine")
    assert member.describe_organization()["Organization"]["MasterAccountId"] == MANAGEMENT


def test_delegates_may_look_and_no_more(emulator, org, refused):
    org.register_delegated_administrator(AccountId=WEB, ServicePrincipal="sso.amazonaws.com")
    admins = org.list_delegated_administrators(ServicePrincipal="sso.amazonaws.com")["DelegatedAdministrators"]
    assert [admin["Id"] for admin in admins] == [WEB]
    delegate = emulator.client("organizations", WEB)
    assert len(delegate.list_accounts()["Accounts"]) == 4
    refused("AccessDeniedException", delegate.create_organizational_unit, ParentId="r-abcd", Name="Mine")


def test_units_are_made_renamed_moved_into_and_deleted(organization, org, refused):
    units = organization["organizational_units"]
    new = org.create_organizational_unit(ParentId=units["Prod"], Name="New")["OrganizationalUnit"]["Id"]
    refused("DuplicateOrganizationalUnitException", org.create_organizational_unit, ParentId=units["Prod"], Name="New")
    org.create_organizational_unit(ParentId=units[""], Name="New")  # elsewhere the name is free
    org.update_organizational_unit(OrganizationalUnitId=new, Name="Newer")
    refused("DuplicateOrganizationalUnitException", org.update_organizational_unit, OrganizationalUnitId=new,
            Name="Web")
    move = dict(AccountId=DATA, SourceParentId=units["Prod"], DestinationParentId=new)
    org.move_account(**move)
    refused("SourceParentNotFoundException", org.move_account, **move)
    refused("OrganizationalUnitNotEmptyException", org.delete_organizational_unit, OrganizationalUnitId=new)
    org.move_account(AccountId=DATA, SourceParentId=new, DestinationParentId=units["Prod"])
    org.delete_organizational_unit(OrganizationalUnitId=new)
    refused("OrganizationalUnitNotFoundException", org.describe_organizational_unit, OrganizationalUnitId=new)


def test_without_an_organization(emulator, refused):
    org = emulator.client("organizations")
    refused("AWSOrganizationsNotInUseException", org.list_accounts)
    refused("AWSOrganizationsNotInUseException", org.describe_organization)
    org.create_organization(FeatureSet="ALL")
    assert [account["Id"] for account in org.list_accounts()["Accounts"]] == [MANAGEMENT]
