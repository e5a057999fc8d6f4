# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.keyless.aws.plugins.plugin_utils._progress import ProgressAction


class ActionModule(ProgressAction):
    """Runs the module of this name and prints how far it is."""
