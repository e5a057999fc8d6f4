# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules need of the machine they run on: files, and libraries that ansible-core does not bring."""

from __future__ import annotations

import os

from ansible.module_utils.basic import missing_required_lib

from ..._reconcile import UserError
from .. import certificates, xml
from ..text import MAX_LENGTH


def read_file(path: str) -> bytes:
    """The file as it is; no more of it than can be metadata."""
    try:
        if os.path.isdir(path):
            raise UserError("is a directory; give the file in it")
        with open(path, "rb") as file:
            return file.read(4 * MAX_LENGTH + 1)
    except FileNotFoundError:
        raise UserError("there is no such file on the host where the module runs; check the path") from None
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror}); check its permissions") from None
    except ValueError:
        raise UserError("is no path; give the path of a file") from None


def require_libraries() -> None:
    missing = [name for name, module in (("cryptography", certificates), ("defusedxml", xml)) if module.MISSING]
    if missing:
        raise UserError(" ".join(missing_required_lib(name) for name in missing))
