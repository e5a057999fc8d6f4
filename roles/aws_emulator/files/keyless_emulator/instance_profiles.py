# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance profiles of instances, where moto differs from EC2.

EC2 refuses a profile that it does not know with an error of its own, takes only running and stopped instances, gives a
replaced association a new id, and shows the new profile on the instance.
"""

from __future__ import annotations

import importlib
from typing import Any, Optional


def mend(models: Any) -> None:
    """Put moto's EC2 (its module `moto.ec2.models.iam_instance_profile`) right."""
    exceptions = importlib.import_module("moto.ec2.exceptions")
    not_found = importlib.import_module("moto.iam.exceptions").NotFoundException
    backend = models.IamInstanceProfileAssociationBackend
    associate, replace = backend.associate_iam_instance_profile, backend.replace_iam_instance_profile_association
    look_up = models.filter_iam_instance_profiles

    def known(account_id: str, partition: str, iam_instance_profile_arn: Any, iam_instance_profile_name: Any) -> Any:
        """The profile; EC2's own error where there is none."""
        try:
            return look_up(account_id, partition, iam_instance_profile_arn, iam_instance_profile_name)
        except not_found:
            what = "name" if iam_instance_profile_name else "arn"
            raise exceptions.EC2ClientError(
                "InvalidParameterValue",
                f"Value ({iam_instance_profile_name or iam_instance_profile_arn}) for parameter iamInstanceProfile."
                f"{what} is invalid. Invalid IAM Instance Profile {'name' if what == 'name' else 'ARN'}",
            ) from None

    def associated(
        self: Any, instance_id: str, iam_instance_profile_name: Optional[str] = None,
        iam_instance_profile_arn: Optional[str] = None,
    ) -> Any:
        state = self.get_instance(instance_id).state
        if state not in ("running", "stopped"):
            raise exceptions.EC2ClientError(
                "IncorrectInstanceState", f"The instance '{instance_id}' is not in the 'running' or 'stopped' states."
            )
        return _shown(self, associate(self, instance_id, iam_instance_profile_name, iam_instance_profile_arn))

    def replaced(
        self: Any, association_id: str, iam_instance_profile_name: Optional[str] = None,
        iam_instance_profile_arn: Optional[str] = None,
    ) -> Any:
        found = replace(self, association_id, iam_instance_profile_name, iam_instance_profile_arn)
        found.association_id = models.random_iam_instance_profile_association_id()
        return _shown(self, found)

    models.filter_iam_instance_profiles = known
    backend.associate_iam_instance_profile = associated
    backend.replace_iam_instance_profile_association = replaced


def _shown(backend: Any, association: Any) -> Any:
    """Let the instance show its profile, with the profile's own id."""
    profile = association.iam_instance_profile
    backend.modify_instance_attribute(
        association.instance_id, "iam_instance_profile", dict(Arn=profile.arn, Id=profile.id)
    )
    return association
