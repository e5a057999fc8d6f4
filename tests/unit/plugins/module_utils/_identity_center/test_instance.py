from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import Instance, find_instance
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError

ONE, TWO = (
    {"InstanceArn": f"arn:aws:sso:::instance/ssoins-{n * 16}", "IdentityStoreId": f"d-{n * 10}"} for n in ("1", "2")
)


class Sso:
    region = "eu-west-1"

    def __init__(self, *instances):
        self.instances = list(instances)

    def pages(self, operation, key):
        assert (operation, key) == ("list_instances", "Instances")
        return self.instances


def test_the_only_instance_needs_no_arn():
    for none in (None, ""):
        assert find_instance(Sso(ONE), none) == Instance(ONE["InstanceArn"], ONE["IdentityStoreId"])


def test_none_is_most_often_the_wrong_region():
    with pytest.raises(UserError, match="no Identity Center instance in Region eu-west-1.*`region`"):
        find_instance(Sso(), None)


def test_of_two_one_has_to_be_named():
    with pytest.raises(UserError, match="instance_arn: this caller sees 2 .*ssoins-1.*ssoins-2"):
        find_instance(Sso(TWO, ONE), None)
    assert find_instance(Sso(TWO, ONE), TWO["InstanceArn"]).identity_store_id == TWO["IdentityStoreId"]


def test_an_arn_that_is_not_there_is_named():
    with pytest.raises(UserError, match="instance_arn: no instance arn:aws:sso:::instance/ssoins-2"):
        find_instance(Sso(ONE), TWO["InstanceArn"])
