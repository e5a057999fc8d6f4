# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""boto3 clients for many accounts."""

from __future__ import annotations

import threading
from typing import Any, Dict, Optional

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ._reconcile import UserError

try:
    from boto3.session import Session
    from botocore.exceptions import BotoCoreError
except ImportError:  # AnsibleAWSModule says what is missing, before anything here is used
    pass


class ClientsOfMany:
    """The module as `Client` sees it, for many accounts and several threads.

    A client that cannot be made is an error of its target alone: amazon.aws leaves the whole task then, and would do
    so from each of the threads. And all accounts share a boto3 session: amazon.aws makes one for each client, which
    reads the descriptions of the services anew, and that takes 15 times as long and 4 MB each.
    """

    region = AnsibleAWSModule.region

    def __init__(self, module: Any) -> None:
        self.params = module.params
        self._name = getattr(module, "_name", "")
        self._lock = threading.Lock()
        self._sessions: Dict[Optional[str], Any] = {}  # by profile

    def client(self, service: str, config: Any, **connection: Any) -> Any:
        region, endpoint, settings = get_aws_connection_info(self)
        settings.update(dict(region=region, endpoint_url=endpoint), **connection)
        profile = settings.pop("profile_name", None)
        users_own = settings.pop("aws_config", None)
        try:
            with self._lock:  # a session makes one client at a time
                if profile not in self._sessions:
                    self._sessions[profile] = Session(profile_name=profile)
                return self._sessions[profile].client(
                    service,
                    region_name=settings.pop("region"),
                    config=users_own.merge(config) if users_own else config,
                    **settings,
                )
        except (BotoCoreError, ValueError) as error:
            raise UserError(f"Couldn't connect to AWS: {error}") from error

    def fail_json(self, msg: str, **details: Any) -> None:
        raise UserError(msg)

    def fail_json_aws(self, exception: BaseException, msg: str = "", **details: Any) -> None:
        raise UserError(f"{msg}: {exception}" if msg else str(exception))
