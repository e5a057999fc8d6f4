from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._organizations import info
from ansible_collections.keyless.aws.plugins.module_utils._organizations.tree import Account, Organization
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems

UNIT = "ou-ab12-cdefgh34"
WEB, OLD = Account("222222222222", "web"), Account("111111111111", "old", "SUSPENDED")


def test_accounts_are_shown_by_id_and_by_unit():
    organization = Organization({WEB.id: WEB, OLD.id: OLD}, {UNIT: [WEB.id, OLD.id]})
    assert info.shown([UNIT], organization) == {
        "accounts": [
            {"account_id": OLD.id, "account_name": "old", "state": "SUSPENDED"},
            {"account_id": WEB.id, "account_name": "web", "state": "ACTIVE"},
        ],
        "organizational_units": {UNIT: [OLD.id, WEB.id]},
    }


def test_a_unit_that_is_not_there_is_named():
    with pytest.raises(Problems, match=rf"organizational_units\[0\]: there is no {UNIT}"):
        info.shown([UNIT], Organization({}, {UNIT: None}))


def test_what_is_no_unit_is_refused_before_anything_is_asked():
    class Module:
        params = {"organizational_units": ["111122223333", "Production"]}

    with pytest.raises(Problems) as error:
        info.read_organization(Module())
    assert [problem.split(":")[0] for problem in error.value.details["problems"]] == [
        "organizational_units[0]",
        "organizational_units[1]",
    ]
