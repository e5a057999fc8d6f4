# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-test finds in its cache instead of get-pip: pip by the pip of our environment, or out of ensurepip.

It is run in an empty virtual environment, its arguments are pip options and the packages to have. Beside it lies
`get_pip.python` with the path of an interpreter that has pip; one install instead of two, for each of ten environments.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NOT_FOR_PIP = {"--no-setuptools", "--no-wheel"}


def main() -> int:
    # With GET_PIP set, whatever ansible-test runs as pip would run this script again.
    os.environ.pop("GET_PIP", None)
    wanted = [argument for argument in sys.argv[1:] if argument not in NOT_FOR_PIP]
    install = ["install", "--quiet", "--force-reinstall", *wanted]
    ours = Path(__file__).with_name("get_pip.python").read_text()
    if subprocess.run([ours, "-m", "pip", "--python", sys.executable, *install], check=False).returncode == 0:
        return 0
    # That pip does not know so old a Python any more.
    subprocess.run([sys.executable, "-m", "ensurepip", "--default-pip"], check=True, stdout=subprocess.DEVNULL)
    return subprocess.run([sys.executable, "-m", "pip", *install], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
