# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups of IAM, which are deleted only when they have nothing; moto deletes them whatever they have."""

from __future__ import annotations

import importlib
from typing import Any

# What an entity may have, and what AWS asks for then.
_OF_GROUP = (("users", "remove users from group"), ("policies", "delete policies"),
             ("managed_policies", "detach all policies"))  # fmt: skip
_OF_USER = (("password", "delete login profile"), ("access_keys", "delete access keys"))


def mend(iam: Any) -> None:
    """Put the rules into moto's IAM (its module `moto.iam.models`)."""
    conflict = importlib.import_module("moto.iam.exceptions").DeleteConflictException
    backend, responses = iam.IAMBackend, importlib.import_module("moto.iam.responses")
    delete_group, delete_user = backend.delete_group, backend.delete_user

    def refuse_if(entity: Any, things: Any) -> None:
        for has, what in things:
            if entity is not None and getattr(entity, has):
                raise conflict(f"Cannot delete entity, must {what} first.")

    def group_deleted(self: Any, group_name: str) -> None:
        refuse_if(self.groups.get(group_name), _OF_GROUP)
        delete_group(self, group_name)

    def user_deleted(self: Any, user_name: str) -> None:
        refuse_if(self.users.get(user_name), _OF_USER)
        if any(user.name == user_name for group in self.groups.values() for user in group.users):
            raise conflict("Cannot delete entity, must remove users from group first.")
        delete_user(self, user_name)

    def list_service_specific_credentials(_self: Any) -> Any:
        """Credentials for CodeCommit and the like; there are none, and moto does not know the operation."""
        return responses.ActionResult(dict(ServiceSpecificCredentials=[]))

    backend.delete_group, backend.delete_user = group_deleted, user_deleted
    responses.IamResponse.list_service_specific_credentials = list_service_specific_credentials
