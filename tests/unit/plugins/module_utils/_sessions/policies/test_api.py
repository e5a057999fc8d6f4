# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What IAM refuses while it is written to; what it answers is tested over HTTP."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.api import PoliciesApi
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policies.records import Policy, Version

ARN = "arn:aws:iam::111122223333:policy/Web"


class Iam:
    """Refuses with the codes that it is given, one a call, and then works."""

    def __init__(self, *codes):
        self.codes, self.calls = list(codes), []

    def call(self, operation, **parameters):
        self.calls.append(operation)
        code = self.codes.pop(0) if self.codes else ""
        if code:
            raise AwsError(f"{operation}: {code}", code)
        return dict(PolicyVersion=dict(VersionId="v2"), Policy=dict(Arn=ARN, DefaultVersionId="v1"))


@pytest.fixture
def api():
    def make(*codes):
        iam, slept = Iam(*codes), []
        return PoliciesApi(iam, sleep=slept.append), iam.calls, slept

    return make


def test_what_somebody_else_changes_now_is_tried_again_later(api):
    policies, calls, slept = api("ConcurrentModification", "ConcurrentModification")
    assert policies.new_version(ARN, {}, None) == "v2"
    assert (len(calls), slept) == (3, [2.0, 4.0])
    policies, calls, _slept = api(*["ConcurrentModification"] * 5)
    with pytest.raises(AwsError):
        policies.new_version(ARN, {}, None)
    assert len(calls) == 5


def test_a_policy_that_was_just_made_is_not_known_everywhere_at_once(api):
    policies, calls, slept = api("", "NoSuchEntity")
    assert policies.create("Web", "/", {}, None, {}) == "v1"
    policies.attach(ARN, "users", "a")
    assert calls == ["create_policy", "attach_user_policy", "attach_user_policy"]
    assert slept == [2.0]


def test_a_quota_is_explained(api):
    policies, _calls, _slept = api("LimitExceeded")
    with pytest.raises(UserError, match=r"attach_group_policy: LimitExceeded. IAM attaches ten managed policies"):
        policies.attach(ARN, "groups", "ops")


def test_what_is_gone_already_is_no_error(api):
    policy = Policy(ARN, "Web", versions=[Version("v1"), Version("v2", True)], attachments=dict(users=["a"], roles=[]))
    policies, calls, _slept = api(*["NoSuchEntity"] * 3)
    policies.delete(policy)
    assert calls == ["detach_user_policy", "delete_policy_version", "delete_policy"]
    policies, _calls, _slept = api("DeleteConflict")
    with pytest.raises(AwsError, match="DeleteConflict"):
        policies.detach(ARN, "users", "a")
    policies, _calls, _slept = api("NoSuchEntity")
    with pytest.raises(AwsError, match="NoSuchEntity"):
        policies.attach(ARN, "users", "a")
