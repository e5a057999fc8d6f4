# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made of AWS's answers that are no plain success."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.applications.api import (
    ApplicationsApi,
    unsupported,
)
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.assignments.records import Principal
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import Instance

ARN = "arn:aws:sso::111122223333:application/ssoins-1234567890abcdef/apl-1234567890abcdef"
TARO = Principal("USER", "taro", "u1")


class Sso:
    """Answers each operation with what is given for it, an error or an answer, and notes what it got."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def call(self, operation, **parameters):
        self.asked.append((operation, parameters))
        answer = self.answers.get(operation, {})
        if isinstance(answer, Exception):
            raise answer
        return answer


def error(code, message="no"):
    return AwsError(f"Operation: {code}: {message}", code, "Operation")


def api(**answers):
    sso = Sso(**answers)
    return sso, ApplicationsApi(sso, Instance("arn:aws:sso:::instance/ssoins-1234567890abcdef", "d-1"))


def test_a_conflict_is_no_error_where_the_assignment_is_there():
    _sso, applications = api(create_application_assignment=error("ConflictException"))
    applications.assign(ARN, TARO)
    _sso, applications = api(
        create_application_assignment=error("ConflictException"),
        describe_application_assignment=error("ResourceNotFoundException"),
    )
    with pytest.raises(AwsError, match="ConflictException"):
        applications.assign(ARN, TARO)
    _sso, applications = api(
        create_application_assignment=error("ConflictException"), describe_application_assignment=error("AccessDenied")
    )
    with pytest.raises(AwsError, match="AccessDenied"):
        applications.assign(ARN, TARO)


def test_other_refusals_are_errors():
    _sso, applications = api(create_application_assignment=error("ResourceNotFoundException"))
    with pytest.raises(AwsError, match="ResourceNotFound"):
        applications.assign(ARN, TARO)


def test_what_is_gone_is_unassigned():
    _sso, applications = api(delete_application_assignment=error("ResourceNotFoundException"))
    applications.unassign(ARN, TARO)
    _sso, applications = api(delete_application_assignment=error("ConflictException"))
    with pytest.raises(AwsError):
        applications.unassign(ARN, TARO)


def test_update_sends_aws_names():
    sso, applications = api()
    applications.update(ARN, dict(status="ENABLED", name="N", sign_in_options=dict(origin="IDENTITY_CENTER")))
    applications.update(ARN, dict(sign_in_options=dict(origin="APPLICATION", application_url="https://a.example")))
    assert [parameters for _operation, parameters in sso.asked] == [
        dict(ApplicationArn=ARN, Status="ENABLED", Name="N",
             PortalOptions=dict(SignInOptions=dict(Origin="IDENTITY_CENTER"))),
        dict(ApplicationArn=ARN, PortalOptions=dict(
             SignInOptions=dict(Origin="APPLICATION", ApplicationUrl="https://a.example"))),
    ]  # fmt: skip


def test_what_aws_does_not_offer_says_what_to_do():
    refusal = error("ValidationException", f"The application with arn '{ARN}' is not supported for this action.")
    _sso, applications = api(put_application_assignment_configuration=refusal)
    assert unsupported(refusal) and not unsupported(error("ValidationException", "too long"))
    with pytest.raises(AwsError, match="leave the option out, or use the console") as caught:
        applications.require_assignment(ARN, True)
    assert unsupported(caught.value)


def test_applications_that_are_gone_are_left_out():
    _sso, applications = api(describe_application=error("ResourceNotFoundException"))
    assert applications.described([ARN]) == []
    _sso, applications = api(describe_application=error("AccessDeniedException"))
    with pytest.raises(AwsError):
        applications.described([ARN])
