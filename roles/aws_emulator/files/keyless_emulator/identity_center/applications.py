# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications, and who is assigned to them.

SAML applications are made in the console only, here by seeding. Where no source says how AWS answers, the stricter
answer is given: a second assignment of the same is a conflict, and one that is not there cannot be deleted.
"""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from ..errors import AwsError
from ..identify import Call
from ..paging import paged
from .base import Base
from .permission_sets import merged_tags
from .records import Application, Instance, Principal, new_application

_PREFIX = "arn:aws:sso::aws:applicationProvider/"
CUSTOM, CUSTOM_SAML = _PREFIX + "custom", _PREFIX + "custom-saml"
EXTERNAL_ACCOUNT = _PREFIX + "catalog/ExternalAWSAccount"
PROVIDERS: Dict[str, Dict[str, Any]] = {
    arn: dict(ApplicationProviderArn=arn, FederationProtocol=protocol, DisplayData=dict(DisplayName=name))
    for arn, protocol, name in (
        (CUSTOM, "OAUTH", "Custom application"),
        (CUSTOM_SAML, "SAML", "Custom SAML 2.0 application"),
        (EXTERNAL_ACCOUNT, "SAML", "External AWS Account"),
    )
}


class Applications(Base):
    def list_application_providers(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        return paged("ApplicationProviders", list(PROVIDERS.values()), params, "application-providers")

    def describe_application_provider(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        arn = params["ApplicationProviderArn"]
        if arn not in PROVIDERS:
            raise AwsError("ResourceNotFoundException", f"Application provider {arn} not found.")
        return PROVIDERS[arn]

    def create_application(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        """Only OAuth 2.0; the refusal of others is as hashicorp/terraform-provider-aws issue 34813 saw it."""
        instance = self.instance(call, params)
        provider = self.describe_application_provider(call, params)
        token = (call.account, params.get("ClientToken", ""))
        if token[1] and token in self.tokens:
            return _created(instance, self.tokens[token])
        if provider["FederationProtocol"] != "OAUTH":
            raise AwsError("ValidationException", f"The application provider with arn "
                           f"'{provider['ApplicationProviderArn']}' is not supported for this action.")
        found = new_application(instance, call.account, params["Name"], provider["ApplicationProviderArn"])
        found.tags.update(merged_tags({}, params.get("Tags") or []))
        _change(found, params)
        found.visibility = (params.get("PortalOptions") or {}).get("Visibility", found.visibility)
        instance.applications[found.arn] = found
        self.tokens[token] = found.arn
        return _created(instance, found.arn)

    def describe_application(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        instance, found = self.application(call, params)
        return _shown(instance, found)

    def list_applications(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        instance = self.instance(call, params)
        asked = params.get("Filter") or {}
        found = [
            _shown(instance, each) for each in instance.applications.values()
            if asked.get("ApplicationAccount") in (None, each.account)
            and asked.get("ApplicationProvider") in (None, each.provider)
        ]
        return paged("Applications", found, params, "applications", size=50)

    def update_application(self, call: Call, params: Dict[str, Any]) -> None:
        _change(self.application(call, params)[1], params)

    def delete_application(self, call: Call, params: Dict[str, Any]) -> None:
        instance, found = self.application(call, params)
        del instance.applications[found.arn]

    # Who gets in

    def get_application_assignment_configuration(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        return dict(AssignmentRequired=self._configurable(call, params).assignment_required)

    def put_application_assignment_configuration(self, call: Call, params: Dict[str, Any]) -> None:
        self._configurable(call, params).assignment_required = params["AssignmentRequired"]

    def _configurable(self, call: Call, params: Dict[str, Any]) -> Application:
        """Some applications refuse this: aws-ia/terraform-aws-iam-identity-center pull request 73."""
        _instance, found = self.application(call, params)
        if found.assignment_required is None:
            raise AwsError("ValidationException", f"The application with arn '{found.arn}' is not supported for this "
                           "action.")
        return found

    def create_application_assignment(self, call: Call, params: Dict[str, Any]) -> None:
        instance, found = self.application(call, params)
        kind, id_ = principal = _principal(params)
        if not self.stores.has(instance.store_id, kind, id_):
            raise AwsError("ResourceNotFoundException", f"{kind} {id_} not found in directory {instance.store_id}.")
        if principal in found.assigned:
            raise AwsError("ConflictException", f"{kind} {id_} is already assigned to the application.")
        found.assigned[principal] = None

    def delete_application_assignment(self, call: Call, params: Dict[str, Any]) -> None:
        """The assignment of a user or group that is gone can be deleted like any other."""
        _instance, found, principal = self._assignment(call, params)
        del found.assigned[principal]

    def describe_application_assignment(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        _instance, found, principal = self._assignment(call, params)
        return _assigned(found, principal)

    def _assignment(self, call: Call, params: Dict[str, Any]) -> Tuple[Instance, Application, Principal]:
        instance, found = self.application(call, params)
        principal = _principal(params)
        if principal not in found.assigned:
            raise AwsError("ResourceNotFoundException", "The application assignment does not exist.")
        return instance, found, principal

    def list_application_assignments(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        _instance, found = self.application(call, params)
        principals = [_assigned(found, principal) for principal in found.assigned]
        return paged("ApplicationAssignments", principals, params, f"application-{found.arn}")

    def list_application_assignments_for_principal(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        """For a user also what the user's groups have: "to test access to an application for a user" (the model)."""
        instance = self.instance(call, params)
        principals: List[Principal] = [_principal(params)]
        store = self.stores.find(instance.store_id)
        if principals[0][0] == "USER" and store is not None:
            principals += [("GROUP", group) for group in store.groups_of(principals[0][1])]
        only = (params.get("Filter") or {}).get("ApplicationArn")
        found = [
            _assigned(each, principal) for each in instance.applications.values() for principal in principals
            if principal in each.assigned and only in (None, each.arn)
        ]
        return paged("ApplicationAssignments", found, params, f"applications-{principals[0][1]}")


def _created(instance: Instance, arn: str) -> Dict[str, Any]:
    return dict(ApplicationArn=arn, InstanceArn=instance.arn, IdentityStoreArn=instance.store_arn)


def _change(found: Application, params: Dict[str, Any]) -> None:
    """What is left out stays as it is."""
    sign_in = (params.get("PortalOptions") or {}).get("SignInOptions")
    if sign_in is not None and sign_in["Origin"] == "APPLICATION" and not sign_in.get("ApplicationUrl"):
        raise AwsError("ValidationException", "ApplicationUrl is required if the Origin is APPLICATION.")
    found.name = params.get("Name", found.name)
    found.description = params.get("Description", found.description)
    found.status = params.get("Status", found.status)
    found.sign_in = dict(sign_in) if sign_in is not None else found.sign_in


def _principal(params: Dict[str, Any]) -> Principal:
    return (params["PrincipalType"], params["PrincipalId"])


def _assigned(found: Application, principal: Principal) -> Dict[str, Any]:
    return dict(ApplicationArn=found.arn, PrincipalType=principal[0], PrincipalId=principal[1])


def _shown(instance: Instance, found: Application) -> Dict[str, Any]:
    answer = dict(
        ApplicationArn=found.arn, ApplicationProviderArn=found.provider, Name=found.name,
        ApplicationAccount=found.account, InstanceArn=instance.arn, IdentityStoreArn=instance.store_arn,
        Status=found.status, PortalOptions=dict(SignInOptions=found.sign_in, Visibility=found.visibility),
        Description=found.description, CreatedDate=found.created, CreatedFrom=instance.region,
    )
    return {key: value for key, value in answer.items() if value is not None}
