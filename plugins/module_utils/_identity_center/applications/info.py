# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of application_assignments_info."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Tuple

from ..._aws import AwsError
from ..._parallel import each
from ..._reconcile import Problems
from ..assignments.api import DirectoryApi
from ..assignments.records import GROUP, USER, PrincipalKey
from ..instance import IdentityCenter
from .api import ApplicationsApi, unsupported
from .records import Application
from .validate import selection_findings


def read_applications(module: Any) -> Mapping[str, Any]:
    texts: Optional[List[str]] = module.params["applications"]
    problems = selection_findings(texts or [])
    if problems:
        raise Problems(problems)
    center = IdentityCenter(module)
    api = ApplicationsApi(center.sso, center.instance)
    chosen, missing = _chosen(api.applications(), texts)
    arns = sorted({application.provider_arn for application in chosen if application.provider_arn})
    providers = dict(zip(arns, each(arns, api.provider)))
    shown = [_shown(application, providers) for application in chosen]
    if module.params["assignments"]:
        directory = DirectoryApi(center.client("identitystore"), center.instance)
        _add_assignments(api, directory, chosen, shown)
    return dict(applications=shown, missing=missing)


def _chosen(
    applications: Sequence[Application], texts: Optional[Sequence[str]]
) -> Tuple[List[Application], List[str]]:
    """Those that are named, by whichever of name and ARN, and what names none."""
    in_order = sorted(applications, key=lambda each: (each.name, each.arn))
    if texts is None:
        return in_order, []
    known = {text for application in applications for text in (application.name, application.arn)}
    found = [application for application in in_order if application.name in texts or application.arn in texts]
    return found, [text for text in texts if text not in known]


def _shown(application: Application, providers: Mapping[str, Mapping[str, Any]]) -> Dict[str, Any]:
    provider = providers.get(application.provider_arn, {})
    more = dict(provider=provider.get("name"), protocol=provider.get("protocol"))
    known = {key: value for key, value in more.items() if value is not None}
    return dict(application.shown(), saml=more["protocol"] == "SAML", **known)


def _add_assignments(
    api: ApplicationsApi, directory: DirectoryApi, applications: Sequence[Application], shown: List[Dict[str, Any]]
) -> None:
    arns = [application.arn for application in applications]
    assigned: List[Set[PrincipalKey]] = each(arns, api.assigned)
    required = each(arns, lambda arn: _assignment_required(api, arn))
    kinds = {key[0] for keys in assigned for key in keys}
    names = {kind: directory.names(kind) if kind in kinds else {} for kind in (USER, GROUP)}
    for entry, keys, needed in zip(shown, assigned, required):
        if needed is not None:
            entry["assignment_required"] = needed
        entry["users"] = sorted(names[USER].get(id_, id_) for kind, id_ in keys if kind == USER)
        entry["groups"] = sorted(names[GROUP].get(id_, id_) for kind, id_ in keys if kind == GROUP)
        entry["orphaned"] = sorted(id_ for kind, id_ in keys if id_ not in names[kind])


def _assignment_required(api: ApplicationsApi, arn: str) -> Optional[bool]:
    """None where AWS offers no choice for this kind of application."""
    try:
        return api.assignment_required(arn)
    except AwsError as error:
        if unsupported(error):
            return None
        raise
