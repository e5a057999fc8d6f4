# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of IAM, which are deleted only when they are empty; moto deletes them whatever they have."""

from __future__ import annotations

import importlib
from typing import Any


def mend(iam: Any) -> None:
    """Put the rule into moto's IAM (its module `moto.iam.models`)."""
    conflict = importlib.import_module("moto.iam.exceptions").DeleteConflictException
    delete = iam.IAMBackend.delete_group

    def deleted(self: Any, group_name: str) -> None:
        group = self.groups.get(group_name)
        for has, what in (("users", "remove users from group"), ("policies", "delete policies"),
                          ("managed_policies", "detach all policies")):  # fmt: skip
            if group is not None and getattr(group, has):
                raise conflict(f"Cannot delete entity, must {what} first.")
        delete(self, group_name)

    iam.IAMBackend.delete_group = deleted
