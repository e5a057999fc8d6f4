# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-test finds in its cache instead of get-pip: pip out of the interpreter's own ensurepip.

It is run in an empty virtual environment, its arguments are pip options and the packages to have.
"""

from __future__ import annotations

import os
import subprocess
import sys

NOT_FOR_PIP = {"--no-setuptools", "--no-wheel"}


def main() -> int:
    # With GET_PIP set, whatever ansible-test runs as pip would run this script again.
    os.environ.pop("GET_PIP", None)
    subprocess.run([sys.executable, "-m", "ensurepip", "--default-pip"], check=True, stdout=subprocess.DEVNULL)
    wanted = [argument for argument in sys.argv[1:] if argument not in NOT_FOR_PIP]
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--force-reinstall", *wanted]
    return subprocess.run(install, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
