# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example of the role session_client's README, in check mode, because it is for the workstation of whoever runs it.

The role itself is tested in extensions/molecule/session_client.
"""

from __future__ import annotations

import json
import os
import pwd
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "roles" / "session_client" / "README.md").read_text(encoding="utf-8")
MODEL = yaml.safe_load((ROOT / "playbooks" / "demo_files" / "access.yml").read_text(encoding="utf-8"))


@pytest.fixture
def example(ansible, tmp_path):
    """example(version) -> the results by task name, with a plugin of that version."""
    play = tmp_path / "play.yml"
    play.write_text(re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)[0])

    def run(version, **more):
        for name, says in {"aws": "aws-cli/2.31.0", "session-manager-plugin": version}.items():
            (tmp_path / name).write_text(f"#!/bin/sh\necho {says}\n")
            (tmp_path / name).chmod(0o755)
        path = f"{tmp_path}:{ansible.environment['PATH']}"
        done = ansible.run(play, check=True, extra=dict(MODEL, **more.pop("extra", {})), env={"PATH": path}, **more)
        tasks = [task for found in json.loads(done.stdout)["plays"] for task in found["tasks"]]
        return {task["task"]["name"].split(" : ")[-1]: task["hosts"]["localhost"] for task in tasks}

    return run


def test_the_example_runs(example):
    results = example("1.2.764.0")
    assert results["AWS configuration"]["changed"]
    (user,) = results["Look at what the users have"]["users"]
    assert (user["name"], user["os_user"]) == (pwd.getpwuid(os.getuid()).pw_name, "taro")
    assert "[profile data-prod-WebOperator]\n" in user["aws_block"]


def test_a_workstation_with_an_old_plugin(example):
    refused = example("1.2.9.0", fails=True)["Say that it is missing or too old"]
    assert refused["msg"].startswith("The session-manager-plugin is 1.2.9.0 on localhost, and 1.2.764.0 or later is ")
    given = dict(session_client_plugin_package="https://192.0.2.1/plugin.deb", session_client_plugin_sha256="0" * 64)
    predicted = example("1.2.9.0", extra=given)["Predict that it would be installed"]
    assert predicted["changed"] and predicted["msg"] == "plugin.deb would be verified and installed"
