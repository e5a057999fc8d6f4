from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._organizations.api import OrganizationsApi
from ansible_collections.keyless.aws.plugins.module_utils._organizations.tree import Account

A, B, C = "111122223333", "222233334444", "333344445555"


class Tree:
    """parents: id -> (accounts, units)"""

    def __init__(self, accounts, parents):
        self.accounts, self.parents, self.calls = accounts, parents, []

    def pages(self, operation, key, MaxResults, ParentId=None):  # noqa: N803
        assert MaxResults == 20
        self.calls.append((operation, ParentId))
        if operation == "list_accounts":
            return self.accounts
        if ParentId not in self.parents:
            raise AwsError("no such parent", "ParentNotFoundException")
        return [dict(Id=each) for each in self.parents[ParentId][key == "OrganizationalUnits"]]


def tree():
    closed = dict(Id=B, Name="b", State="CLOSED", Status="SUSPENDED")
    parents = {"r-1": ([A], ["ou-1", "ou-2"]), "ou-1": ([B], ["ou-3"]), "ou-2": ([], []), "ou-3": ([C], [])}
    return Tree([dict(Id=A, Name="a", Status="ACTIVE"), closed, dict(Id=C)], parents)


def test_accounts_with_their_state():
    read = OrganizationsApi(tree()).read([])
    assert read.accounts == {A: Account(A, "a"), B: Account(B, "b", "CLOSED"), C: Account(C)}
    assert read.below == {}


def test_parents_are_read_to_the_bottom_and_once():
    organizations = tree()
    read = OrganizationsApi(organizations).read(["ou-1", "r-1", "ou-1", "ou-9"])
    assert read.below == {"ou-1": [B, C], "r-1": [A, B, C], "ou-9": None}
    assert len(organizations.calls) == len(set(organizations.calls))


def test_other_refusals_are_told():
    class Denied(Tree):
        def pages(self, operation, key, **parameters):
            if operation == "list_accounts":
                return []
            raise AwsError("denied", "AccessDeniedException")

    with pytest.raises(AwsError, match="denied"):
        OrganizationsApi(Denied([], {})).read(["r-1"])
