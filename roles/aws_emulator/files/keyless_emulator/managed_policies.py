# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's managed policies in every account.

moto leaves them out unless told otherwise, and then parses five megabytes for each account and partition, and keeps
1,500 objects in each. Here they are read once, and an account gets its copy of a policy when it first asks for it.
"""

from __future__ import annotations

import copy
import functools
import importlib
import json
from typing import Any, Dict, Iterator


def mend(iam: Any) -> None:
    """Let moto's IAM (its module `moto.iam.models`) have the policies."""

    @functools.lru_cache(maxsize=None)
    def catalogue() -> Dict[str, Any]:
        made = [iam.AWSManagedPolicy.from_data(name, "aws", "aws", data) for name, data in _data().items()]
        return {policy.arn: policy for policy in made}

    def policies(backend: Any) -> Policies:
        if "_policies" not in backend.__dict__:
            backend._policies = Policies(backend.account_id, catalogue())
        return backend._policies

    def keep(_backend: Any, _value: Any) -> None:
        """The constructor's assignments are ignored: the policies come later."""

    iam.IAMBackend._init_aws_policies = lambda _backend: []
    iam.IAMBackend._init_managed_policies = lambda _backend: {}
    iam.IAMBackend.managed_policies = property(policies, keep)
    iam.IAMBackend.aws_managed_policies = property(
        lambda backend: [policies(backend)[arn] for arn in catalogue()], keep
    )


class Policies(Dict[str, Any]):
    """An account's managed policies by ARN: its own, and AWS's as copies that are made when they are asked for."""

    def __init__(self, account: str, catalogue: Dict[str, Any]) -> None:
        super().__init__()
        self._account = account
        self._catalogue = catalogue

    def __missing__(self, arn: str) -> Any:
        policy = copy.copy(self._catalogue[arn])
        policy.account_id, policy.attachment_count = self._account, 0
        self[arn] = policy
        return policy

    def __contains__(self, arn: object) -> bool:
        return super().__contains__(arn) or arn in self._catalogue

    def get(self, arn: str, default: Any = None) -> Any:
        return self[arn] if arn in self else default  # noqa: SIM401 - dict's own get would not make a copy

    def _all(self) -> Dict[str, Any]:
        for arn in self._catalogue:
            self[arn]
        return self

    def __iter__(self) -> Iterator[str]:
        self._all()
        return super().__iter__()

    def __len__(self) -> int:
        self._all()
        return super().__len__()

    def keys(self) -> Any:
        self._all()
        return super().keys()

    def values(self) -> Any:
        self._all()
        return super().values()

    def items(self) -> Any:
        self._all()
        return super().items()


@functools.lru_cache(maxsize=None)
def _data() -> Dict[str, Any]:
    module = importlib.import_module("moto.iam.aws_managed_policies")
    return dict(json.loads(module.aws_managed_policies_data))


@functools.lru_cache(maxsize=None)
def arns() -> frozenset[str]:
    """Return the ARNs of AWS's managed policies."""
    return frozenset(f"arn:aws:iam::aws:policy{data.get('Path') or '/'}{name}" for name, data in _data().items())
