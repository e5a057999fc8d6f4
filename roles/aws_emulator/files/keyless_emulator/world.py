# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that the emulator knows, behind one lock."""

from __future__ import annotations

import copy
import threading
from typing import Dict

from .directory.service import IdentityStore
from .directory.store import Stores
from .documents.service import Documents
from .faults import Faults
from .identify import Accounts
from .identity_center.records import Instance
from .identity_center.service import SsoAdmin
from .motoparts import Moto
from .organization.service import Organizations
from .organization.tree import Organization
from .pace import Bucket, Counts
from .quotas import ServiceQuotas
from .roles import Roles
from .service import Service
from .settings import Settings

# The instance that a fresh emulator has, until seeding says otherwise.
INSTANCE_ARN = "arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6"
STORE_ID = "d-95671a2b3c"


class World:
    def __init__(self, settings: Settings) -> None:
        self._start = copy.copy(settings)
        self.settings = settings
        self.lock = threading.RLock()
        self.counts = Counts()
        self.bucket = Bucket()
        self.faults = Faults()
        self.accounts = Accounts(settings.account)
        self.moto = Moto(self.accounts, settings)
        self.organization = Organization(settings, self.moto)
        self.roles = Roles(self.moto)
        self._fill()

    def _fill(self) -> None:
        """Begin with one instance of Identity Center, and nothing else."""
        self.stores = Stores()
        self.sso_admin = SsoAdmin(self.settings, self.organization, self.roles, self.stores)
        self.documents = Documents(self.settings)
        self.organizations = Organizations(self.organization)
        self.services: Dict[str, Service] = {
            "sso-admin": self.sso_admin,
            "identitystore": IdentityStore(self.stores, self.organization.is_administrator),
            "ssm": self.documents,
            "organizations": self.organizations,
            "service-quotas": ServiceQuotas(self.settings),
        }
        start = Instance(INSTANCE_ARN, STORE_ID, self.settings.account, self.settings.home_region)
        self.sso_admin.add_instance(start)

    def reset(self) -> None:
        """Go back to the start: state, settings, faults and counters."""
        with self.lock:
            self.settings.__dict__.update(self._start.__dict__)
            self.moto.reset()
            self._fill()
            self.faults.clear()
            self.bucket.clear()
            self.counts.clear()
