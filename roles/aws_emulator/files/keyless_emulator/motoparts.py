# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""moto: imported when it is first needed, because that takes a second, and mended where it is wrong or slow."""

from __future__ import annotations

import functools
import importlib
import os
import sys
import warnings
from typing import Any, Callable, Dict, Iterable, List, Optional

from . import iam_principals, iam_rules, instance_profiles, managed_policies, saml_providers
from .errors import Answer
from .identify import Accounts
from .settings import Settings

PARTITION = "aws"


class Moto:
    """The rest of AWS. All of it is called under the emulator's one lock, since moto's state has none."""

    def __init__(self, accounts: Accounts, settings: Settings) -> None:
        self._accounts = accounts
        self._settings = settings
        self._app: Any = None
        # moto takes this for every account's id, which would make AssumeRole lead nowhere.
        os.environ.pop("MOTO_ACCOUNT_ID", None)

    @functools.cached_property
    def iam(self) -> Any:
        module = importlib.import_module("moto.iam.models")
        _mend_access_keys(module, self._accounts)
        _mend_summary(module, self._settings)
        managed_policies.mend(module)
        saml_providers.mend(module)
        iam_rules.mend(module, self._settings)
        iam_principals.mend(module)
        return module

    @functools.cached_property
    def organizations(self) -> Any:
        module = importlib.import_module("moto.organizations.models")
        self.iam  # noqa: B018 - a new account gets a role, so IAM has to be mended first
        # moto does not know Identity Center's delegated administrator.
        module.FakeDelegatedAdministrator.SUPPORTED_SERVICES.append("sso.amazonaws.com")
        return module

    @functools.cached_property
    def ec2(self) -> Any:
        module = importlib.import_module("moto.ec2.models")
        instance_profiles.mend(importlib.import_module("moto.ec2.models.iam_instance_profile"))
        return module

    def iam_backend(self, account: str) -> Any:
        return self.iam.iam_backends[account][PARTITION]

    def organizations_backend(self, account: str) -> Optional[Any]:
        """Return an account's organization without importing anything: what was not imported holds nothing."""
        if "organizations" not in self.__dict__ and "moto.organizations.models" not in sys.modules:
            return None
        return self.organizations.organizations_backends[account][PARTITION]

    def operation(self, service: str, environ: Dict[str, Any]) -> Optional[str]:
        """Return the operation that a REST request is, None if that cannot be told."""
        routing = importlib.import_module("moto.core.routing")
        request = importlib.import_module("moto.core.request").Request(dict(environ))
        try:
            return str(routing.get_service_router(service).match(request)[0].name)
        except Exception:  # whatever it is that moto's router cannot read
            return None

    def serve(self, environ: Dict[str, Any], account: str) -> Answer:
        """Let moto answer a request on behalf of an account."""
        if self._app is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                werkzeug_app = importlib.import_module("moto.moto_server.werkzeug_app")
            self.iam, self.organizations  # noqa: B018 - mend them before their first request
            self._app = werkzeug_app.DomainDispatcherApplication(werkzeug_app.create_backend_app)
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = account
        started: List[Any] = []

        def start_response(status: str, headers: List[Any], _exc_info: Any = None) -> Callable[[bytes], None]:
            started[:] = [int(status.split()[0]), list(headers)]
            return lambda _data: None

        chunks: Iterable[bytes] = self._app(environ, start_response)
        body = b"".join(chunks)
        return Answer(started[0], started[1], body)

    def reset(self) -> None:
        """Forget everything; cheaper than moto's own reset, which builds every account anew to throw it away."""
        self._accounts.issued.clear()
        base = sys.modules.get("moto.core.base_backend")
        if base is None:
            return
        for backends in list(base.BackendDict._instances):
            backends.clear()
            getattr(backends, "master_accounts", {}).clear()
        base.BackendDict._instances.clear()
        importlib.import_module("moto.core.model_instances").reset_model_data()


def _mend_access_keys(iam: Any, accounts: Accounts) -> None:
    """Note whose an issued access key is; moto looks through every account's IAM on each request."""
    original = iam.AccessKey.__init__

    def __init__(self: Any, user_name: Any, prefix: str, account_id: str, status: str = "Active") -> None:
        original(self, user_name, prefix, account_id, status)
        accounts.issued[self.access_key_id] = account_id

    iam.AccessKey.__init__ = __init__


def _mend_summary(iam: Any, settings: Settings) -> None:
    """Let GetAccountSummary tell the quota that provisioning keeps to."""
    iam.AccountSummary._attached_policies_per_role_quota = property(
        lambda _summary: settings.policies_per_role, lambda _summary, _value: None
    )
