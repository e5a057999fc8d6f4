# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role session_client where extensions/molecule/session_client, on Linux hosts, does not come.

The example of its README, in check mode, because it is for the workstation of whoever runs it; packages of macOS, with
facts and an `installer` that say so; and what ssh runs, where no key can be made.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ROLE = ROOT / "roles" / "session_client"
README = (ROLE / "README.md").read_text(encoding="utf-8")
MODEL = yaml.safe_load((ROOT / "playbooks" / "demo_files" / "access.yml").read_text(encoding="utf-8"))

WARNING = "Warn that the AWS CLI is missing or too old"


@pytest.fixture
def example(ansible, tmp_path):
    """example(version, cli) -> the results by task name, with a plugin of that version and an AWS CLI that says so."""
    play = tmp_path / "play.yml"
    play.write_text(re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)[0])

    def run(version, cli="aws-cli/2.31.0", **more):
        for name, says in {"aws": cli, "session-manager-plugin": version}.items():
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
    assert results[WARNING]["skipped"]
    (user,) = results["Look at what the users have"]["users"]
    assert (user["name"], user["os_user"]) == (pwd.getpwuid(os.getuid()).pw_name, "taro")
    assert "[profile data-prod-WebOperator]\n" in user["aws_block"]


def test_a_workstation_with_an_old_plugin(example):
    refused = example("1.2.9.0", fails=True)["Say that it is missing or too old"]
    assert refused["msg"].startswith("The session-manager-plugin is 1.2.9.0 on localhost, and 1.2.764.0 or later is ")
    given = dict(session_client_plugin_package="https://192.0.2.1/plugin.deb", session_client_plugin_sha256="0" * 64)
    results = example("1.2.9.0", cli="aws-vault", extra=given)
    predicted = results["Predict that it would be installed"]
    assert predicted["changed"] and predicted["msg"] == "plugin.deb would be verified and installed"
    assert results[WARNING]["msg"].startswith("aws-vault on localhost; profiles with an sso-session need")


ON_MACOS = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.set_fact: {system: Darwin, pkg_mgr: homebrew, cacheable: true}
    - block:
        - ansible.builtin.include_role: {name: keyless.aws.session_client}
          vars: {session_client_plugin_package: "{{ folder }}/plugin.zip"}
      rescue:
        - ansible.builtin.set_fact: {refused: "{{ ansible_failed_result.msg }}"}
    - block:
        - ansible.builtin.include_role: {name: keyless.aws.session_client, tasks_from: install}
          vars: {session_client_plugin_sha256: "{{ '0' * 64 }}"}
      rescue:
        - ansible.builtin.set_fact: {altered: "{{ ansible_failed_result.msg }}"}
    - ansible.builtin.command: cat {{ folder }}/calls
      register: calls
    - ansible.builtin.include_role: {name: keyless.aws.session_client, tasks_from: install}
      vars: {session_client_plugin_sha256: "{{ 'a package' | hash('sha256') | upper }}"}
  vars: {session_client_plugin_package: "{{ folder }}/plugin.pkg"}
"""


def test_the_package_of_macos(ansible, tmp_path):
    for name in ("installer", "ln"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho {name} "$@" >> {tmp_path}/calls\n')
    (tmp_path / "session-manager-plugin").write_text("#!/bin/sh\necho 1.2.764.0\n")
    for name in ("installer", "ln", "session-manager-plugin"):
        (tmp_path / name).chmod(0o755)
    (tmp_path / "calls").touch()
    (tmp_path / "plugin.pkg").write_text("a package")
    play = tmp_path / "play.yml"
    play.write_text(ON_MACOS)
    path = f"{tmp_path}:{ansible.environment['PATH']}"
    done = ansible.run(play, extra=dict(folder=str(tmp_path)), env={"PATH": path})
    results = [task["hosts"]["localhost"] for found in json.loads(done.stdout)["plays"] for task in found["tasks"]]
    said = {key: text for result in results for key, text in result.get("ansible_facts", {}).items()}
    assert "on macOS it has to be AWS's .pkg" in said["refused"]
    assert f"its SHA-256 is {hashlib.sha256(b'a package').hexdigest()}, and not {'0' * 64} as pinned" in said["altered"]
    assert [result["stdout"] for result in results if result.get("cmd", [""])[0] == "cat"] == [""]
    installed, linked = (tmp_path / "calls").read_text().splitlines()
    assert re.fullmatch(r"installer -pkg /.*/plugin\.pkg -target /", installed)
    assert linked == "ln -sf /usr/local/sessionmanagerplugin/bin/session-manager-plugin /usr/local/bin/"


def test_ssh_does_not_wait_forever_where_no_key_can_be_made(tmp_path):
    (tmp_path / "proxy").write_bytes((ROLE / "files" / "proxy").read_bytes())
    (tmp_path / "key.lock").write_text("neither made nor removed, as in a folder that cannot be written to")
    (tmp_path / "sleep").write_text("#!/bin/sh\n")
    (tmp_path / "sleep").chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    arguments = ["sh", str(tmp_path / "proxy"), "key"]
    said = subprocess.run(arguments, env={"PATH": path}, capture_output=True, text=True, timeout=30, check=False)
    assert said.returncode == 1
    assert said.stderr == f"keyless-aws: no key can be made in {tmp_path}; can you write there, and is the disk full?\n"
