# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service Quotas, for the quotas that the emulator has: those of Identity Center, and IAM's policies per role.

Codes as automation in public uses them; IAM's quotas are known in us-east-1 only. Values are settings, so that tests
can run into them.
"""

from __future__ import annotations

from typing import Any, Dict, List

from .errors import AwsError
from .identify import Call
from .paging import paged
from .service import Service
from .settings import DEFAULTS, Settings

PER_ACCOUNT, PER_ROLE = "L-89954265", "L-0DA4ABF3"
# code -> name, and the setting that holds its value
_QUOTAS = {
    "sso": {PER_ACCOUNT: ("Permission sets allowed per AWS account", "permission_sets_per_account")},
    "iam": {PER_ROLE: ("Managed policies per role", "policies_per_role")},
}
_NAMES = {"sso": "AWS IAM Identity Center", "iam": "AWS Identity and Access Management (IAM)"}


class ServiceQuotas(Service):
    name = "service-quotas"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def get_service_quota(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        return dict(Quota=self._found(call, params, self._settings))

    def get_aws_default_service_quota(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        return dict(Quota=self._found(call, params, DEFAULTS))

    def list_service_quotas(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        return self._listed(call, params, self._settings)

    def list_aws_default_service_quotas(self, call: Call, params: Dict[str, Any]) -> Dict[str, Any]:
        return self._listed(call, params, DEFAULTS)

    def _found(self, call: Call, params: Dict[str, Any], values: Settings) -> Dict[str, Any]:
        for quota in self._quotas(call, params["ServiceCode"], values):
            if quota["QuotaCode"] == params["QuotaCode"]:
                return quota
        raise AwsError("NoSuchResourceException", "The request failed because the specified quota does not exist.")

    def _listed(self, call: Call, params: Dict[str, Any], values: Settings) -> Dict[str, Any]:
        quotas = self._quotas(call, params["ServiceCode"], values)
        return paged("Quotas", quotas, params, f"quotas-{params['ServiceCode']}")

    def _quotas(self, call: Call, service: str, values: Settings) -> List[Dict[str, Any]]:
        if service not in _QUOTAS:
            raise AwsError("NoSuchResourceException", f"The service {service} does not exist.")
        if service == "iam" and call.region != "us-east-1":
            return []
        arn = f"arn:aws:servicequotas:{call.region}:{call.account}:{service}"
        return [
            dict(
                ServiceCode=service, ServiceName=_NAMES[service], QuotaArn=f"{arn}/{code}", QuotaCode=code,
                QuotaName=name, Value=float(getattr(values, setting)), Unit="None", Adjustable=True,
                GlobalQuota=service == "iam", QuotaAppliedAtLevel="ACCOUNT",
            )
            for code, (name, setting) in _QUOTAS[service].items()
        ]
