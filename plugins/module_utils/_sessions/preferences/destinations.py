# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where sessions are logged to, and with which key they are encrypted: is it there? Pure: no AWS, no Ansible.

A log group that is missing, or not encrypted although the preferences ask for encryption, makes every session fail
at its start. So it is looked at before preferences name it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

# What is looked at, and the inputs that concern it; the first one names it.
CONCERNS: Dict[str, Tuple[str, ...]] = {
    "log_group": ("cloudWatchLogGroupName", "cloudWatchEncryptionEnabled"),
    "bucket": ("s3BucketName", "s3EncryptionEnabled"),
    "key": ("kmsKeyId",),
}
_OPTION = dict(log_group="cloud_watch_log_group_name", bucket="s3_bucket_name", key="kms_key_id")
_CALLED = dict(log_group="log group", bucket="S3 bucket", key="KMS key")
_ENCRYPTION = dict(log_group="cloud_watch_encryption_enabled", bucket="s3_encryption_enabled")


@dataclass(frozen=True)
class Look:
    """What was seen. there: None where the caller may not look, and `hidden` says why.

    encrypted: None where that was not asked, or may not be seen.
    unusable: why it cannot be used although it is there.
    """

    there: Optional[bool]
    encrypted: Optional[bool] = None
    unusable: str = ""
    hidden: str = ""


def to_look_at(have: Mapping[str, Any], goal: Mapping[str, Any], wanted: Mapping[str, Any]) -> Dict[str, str]:
    """What has to be looked at, and its name: what the task names and the document does not say already."""
    return {
        what: str(goal[inputs[0]])
        for what, inputs in CONCERNS.items()
        if goal.get(inputs[0])
        and any(name in wanted for name in inputs)
        and any(have.get(name) != goal.get(name) for name in inputs)
    }


def encryption_wanted(what: str, goal: Mapping[str, Any]) -> bool:
    return what in _ENCRYPTION and goal.get(CONCERNS[what][1]) is True


def problems(place: str, goal: Mapping[str, Any], looks: Mapping[str, Look]) -> Iterator[str]:
    """What would make sessions fail."""
    for what, look in looks.items():
        name, option, called = goal[CONCERNS[what][0]], _OPTION[what], _CALLED[what]
        if look.there is False:
            yield f"{option}: {place} has no {called} '{name}'; make it first, or set check_destinations=false"
        elif look.unusable:
            yield f"{option}: {called} '{name}' in {place} cannot be used: {look.unusable}"
        elif look.encrypted is False and encryption_wanted(what, goal):
            yield (
                f"{option}: {called} '{name}' in {place} is not encrypted, so that every session would fail; "
                f"encrypt it with a KMS key, or give {_ENCRYPTION[what]}: false"
            )


def warnings(place: str, goal: Mapping[str, Any], looks: Mapping[str, Look]) -> List[str]:
    """What could not be looked at."""
    return [
        f"{place}: {_CALLED[what]} '{goal[CONCERNS[what][0]]}' was not checked. {look.hidden}"
        for what, look in looks.items()
        if look.hidden
    ]
