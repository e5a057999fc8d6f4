# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One person and one Windows host: may a desktop be opened through Fleet Manager, as which local user, and if not, why.

Whoever opened one is a local administrator of the host, and stays it when the grant is gone.
"""

from __future__ import annotations

from typing import List, Optional

from .._evaluation.evaluate import Decision
from .desktops import local_name, name_problem
from .questions import Question, Row
from .reach import Policies, may_open_desktop


class DesktopQuestion(Question):
    """Run As, OS users and sudo have no meaning here."""

    def row(self) -> Row:
        self.run_as_on = False  # Windows ignores it, and so there are no ways round it
        way, refused = self._way_in()
        name = local_name(self.request.user_name)
        problem = name_problem(name)
        why_not = self._elsewhere() or refused or problem
        administrators = self._administrators()
        there = None if administrators is None else name.lower() in administrators
        return {
            "person": self.request.user_name,
            "host": str(self.host.get("name") or self.request.instance_id),
            "instance_id": self.request.instance_id,
            "account_id": self.account_id,
            "run_as": None,
            "os_user": name,
            "valid_os_user": problem is None,
            "invalid_because": problem,
            "exists_on_host": there,
            "sudo": "all" if there or why_not is None else "none",
            "allowed": why_not is None,
            "way": self._way_in_words(way),
            "why_not": why_not,
            "ways_round": [],
            "leftover": bool(there and why_not is not None),
            "agent_running": None,
            "agent_version": None,
        }

    def _elsewhere(self) -> Optional[str]:
        home = self.facts.region
        if home and home != self.region:
            return f"desktops open in Identity Center's Region only, which is {home}"
        return None

    def _administrators(self) -> Optional[List[str]]:
        """Names of the local administrators, None where nobody looked."""
        names = self.host.get("local_administrators")
        # as DOMAIN\\name or name; a domain's own users are not made by Fleet Manager, but named the same all the same
        return None if names is None else [str(name).rsplit("\\", 1)[-1].lower() for name in names]

    def _decide(self, policies: Policies) -> Decision:
        return may_open_desktop(policies.documents, self.request)
