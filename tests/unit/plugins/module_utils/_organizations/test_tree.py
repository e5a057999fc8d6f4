from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._organizations.tree import (
    Account,
    Organization,
    account_finding,
    find_account,
    parent_finding,
)

WEB = Account("111122223333", "web-prod")
ONE, OTHER = Account("222233334444", "twin"), Account("333344445555", "twin")
KNOWN = Organization({account.id: account for account in (WEB, ONE, OTHER)})


@pytest.mark.parametrize("text", ["111122223333", "012345678901", "web-prod", "Web prod 2", "1st"])
def test_what_may_be_an_account(text):
    assert account_finding(text) is None


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("12345670123", "quote it"),  # 012345670123 without quotes, where YAML takes it for a decimal number
        ("1402433619", "quote it"),  # ... and where it takes it for an octal one
        ("1111222233334", "quote it"),
        ("1111_2222", "quote it"),
        ("ou-ab12-abcdefgh", "organizational_units"),
        ("r-ab12", "organizational_units"),
        ("", "is empty"),
        ("  ", "is empty"),
    ],
)
def test_what_is_no_account(text, wrong):
    assert wrong in account_finding(text)


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("ou-ab12-abcdefgh", None),
        ("r-ab12", None),
        ("111122223333", "it goes into accounts"),
        ("workloads", "is not the id"),
        ("ou-ab12", "is not the id"),
        ("r-AB12", "is not the id"),
    ],
)
def test_parents(text, wrong):
    finding = parent_finding(text)
    assert finding is None if wrong is None else wrong in finding


def test_ids_count_as_they_are_where_nothing_was_read():
    assert find_account("999988887777", Organization()) == Account("999988887777")


def test_accounts_are_found_by_id_and_by_name():
    assert find_account("111122223333", KNOWN) is WEB
    assert find_account("web-prod", KNOWN) is WEB


@pytest.mark.parametrize(
    "text, error, wrong",
    [
        ("web-prd", LookupError, "no account 'web-prd' (did you mean 'web-prod'?)"),
        ("999988887777", LookupError, "no account 999988887777 in the organization"),
        ("twin", ValueError, "'twin' is the name of 2 accounts (222233334444, 333344445555); give the id"),
    ],
)
def test_accounts_that_are_not_found(text, error, wrong):
    with pytest.raises(error) as raised:
        find_account(text, KNOWN)
    assert str(raised.value.args[0]) == wrong


def test_shown():
    assert (WEB.shown, Account("111122223333").shown) == ("111122223333 (web-prod)", "111122223333")
