# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sso-admin as a whole."""

from __future__ import annotations

from .applications import Applications
from .assignments import Assignments
from .attributes import Attributes
from .instances import Instances
from .permission_sets import PermissionSets
from .policies import Policies


class SsoAdmin(Instances, PermissionSets, Policies, Attributes, Assignments, Applications):
    """Every operation stands in the class of its subject."""
