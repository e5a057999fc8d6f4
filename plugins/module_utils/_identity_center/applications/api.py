# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications of Identity Center in AWS: every call, and nothing else."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Set

from ..._aws import AwsError, Client
from ..._parallel import each
from ..assignments.records import Principal, PrincipalKey
from ..instance import Instance
from .records import Application

_PAGE = dict(MaxResults=100)
# What AWS answers where an application is of a kind that only the console, or its own service, changes.
_UNSUPPORTED = "not supported for this action"


class ApplicationsApi:
    """The applications of one instance."""

    def __init__(self, sso: Client, instance: Instance) -> None:
        self._sso = sso
        self._instance = dict(InstanceArn=instance.arn)

    def applications(self) -> List[Application]:
        answers = self._sso.pages("list_applications", "Applications", **self._instance, **_PAGE)
        return [_application(answer) for answer in answers]

    def described(self, arns: Sequence[str]) -> List[Application]:
        """Those of the applications that there are, a call each."""
        return [found for found in each(arns, self._describe) if found is not None]

    def _describe(self, arn: str) -> Optional[Application]:
        try:
            return _application(self._sso.call("describe_application", ApplicationArn=arn))
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise

    def provider(self, arn: str) -> Dict[str, Any]:
        """Name and protocol of an application provider, as far as AWS tells."""
        answer = self._sso.call("describe_application_provider", ApplicationProviderArn=arn)
        name = answer.get("DisplayData", {}).get("DisplayName")
        return dict(name=name, protocol=answer.get("FederationProtocol"))

    def assignment_required(self, arn: str) -> bool:
        answer = self._call("get_application_assignment_configuration", ApplicationArn=arn)
        return bool(answer["AssignmentRequired"])

    def assigned(self, arn: str) -> Set[PrincipalKey]:
        answers = self._sso.pages("list_application_assignments", "ApplicationAssignments", ApplicationArn=arn, **_PAGE)
        return {(answer["PrincipalType"], answer["PrincipalId"]) for answer in answers}

    def update(self, arn: str, fields: Mapping[str, Any]) -> None:
        parameters: Dict[str, Any] = {key.capitalize(): fields[key] for key in fields if key != "sign_in_options"}
        if "sign_in_options" in fields:
            given = fields["sign_in_options"]
            options = dict(Origin=given["origin"])
            if "application_url" in given:
                options["ApplicationUrl"] = given["application_url"]
            parameters["PortalOptions"] = dict(SignInOptions=options)
        self._call("update_application", ApplicationArn=arn, **parameters)

    def require_assignment(self, arn: str, required: bool) -> None:
        self._call("put_application_assignment_configuration", ApplicationArn=arn, AssignmentRequired=required)

    def assign(self, arn: str, principal: Principal) -> None:
        """Somebody else may have been quicker, or an answer got lost: then AWS says that it conflicts."""
        try:
            self._sso.call("create_application_assignment", **_assignment(arn, principal))
        except AwsError as error:
            if error.code != "ConflictException" or not self._is_assigned(arn, principal):
                raise

    def unassign(self, arn: str, principal: Principal) -> None:
        try:
            self._sso.call("delete_application_assignment", **_assignment(arn, principal))
        except AwsError as error:
            if error.code != "ResourceNotFoundException":  # which means: it is gone already
                raise

    def _is_assigned(self, arn: str, principal: Principal) -> bool:
        try:
            self._sso.call("describe_application_assignment", **_assignment(arn, principal))
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return False
            raise
        return True

    def _call(self, operation: str, **parameters: Any) -> Dict[str, Any]:
        try:
            return self._sso.call(operation, **parameters)
        except AwsError as error:
            if not unsupported(error):
                raise
            hint = "AWS does not let this be changed by API for this application; leave the option out, or use the"
            raise AwsError(f"{error.message} {hint} console.", error.code, error.operation) from error


def unsupported(error: AwsError) -> bool:
    """Whether the application is of a kind that AWS does not offer the operation for."""
    return error.code == "ValidationException" and _UNSUPPORTED in error.message


def _assignment(arn: str, principal: Principal) -> Dict[str, Any]:
    return dict(ApplicationArn=arn, PrincipalType=principal.type, PrincipalId=principal.id)


def _application(answer: Mapping[str, Any]) -> Application:
    portal = answer.get("PortalOptions") or {}
    sign_in = portal.get("SignInOptions") or {}
    options = dict(origin=sign_in.get("Origin"), application_url=sign_in.get("ApplicationUrl"))
    return Application(
        arn=answer["ApplicationArn"],
        name=answer.get("Name", ""),
        provider_arn=answer.get("ApplicationProviderArn", ""),
        account_id=answer.get("ApplicationAccount", ""),
        status=answer.get("Status", ""),
        description=answer.get("Description"),
        sign_in_options={key: value for key, value in options.items() if value is not None},
        visibility=portal.get("Visibility"),
    )
