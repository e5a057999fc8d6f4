from __future__ import annotations

from ansible_collections.keyless.aws.plugins.module_utils._identity_center.preflight.records import (
    Demand,
    Reference,
    crowded_roles,
    policies_demanded,
    references,
)

WEB, DB = "111122223333", "222233334444"


def test_references_of_a_permission_set():
    own = [dict(name="web", path="/teams/")]
    boundary = dict(customer_managed_policy=dict(name="edge", path="/"))
    web, edge = references(own, boundary)
    assert (web, web.policy) == (Reference("web", "/teams/"), "/teams/web")
    assert (edge, edge.policy) == (Reference("edge", "/", True), "/edge")
    assert references(own, dict(managed_policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess")) == [web]
    assert references([], {}) == []


def test_what_accounts_need_is_joined_over_permission_sets():
    demands = [
        Demand("A", (WEB, DB), (Reference("web"),)),
        Demand("B", (WEB,), (Reference("edge", boundary=True), Reference("web"))),
        Demand("C", ("333344445555",)),
    ]
    assert policies_demanded(demands) == {WEB: {"/web", "/edge"}, DB: {"/web"}}


def test_roles_are_crowded_beyond_iams_default():
    assert crowded_roles([Demand("A", (WEB,), policies=11), Demand("B", (DB,), policies=10)]) == {WEB}
