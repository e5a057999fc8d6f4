# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role aws_emulator, by real ansible-playbook."""

from __future__ import annotations

import http.server
import json
import socket
import sys
import threading
import urllib.error
import urllib.request

import pytest
from ansible_runs import Ansible
from keyless_emulator import background

pytestmark = pytest.mark.slow

SEED = dict(
    home_region="eu-west-1",
    accounts=[dict(id="111122223333", name="web-prod", ou="Prod/Web")],
    instances=[dict(account_id="111122223333", region="eu-west-1", instance_id="i-0aaaaaaaaaaaaaaa1",
                    tags=dict(Team="web"))],
    users=[dict(user_name="user[1:3]", nick_name="u[1:3]", attributes=dict(Title="Engineer"))],
    groups=[dict(name="ops", description="Ops", members=["user[1:2]"])],
    permission_sets=[dict(name="Web", session_duration="PT4H", tags=dict(team="web"), inline_policy=dict(
        Version="2012-10-17", Statement=[dict(Effect="Allow", Action="ec2:DescribeInstances", Resource="*")]))],
    account_assignments=[dict(permission_sets=["Web"], groups=["ops"], accounts=["111122223333"])],
)


class Role:
    def __init__(self, home):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._ansible = Ansible(home, self.url, "eu-west-1")
        self._fixed = dict(
            aws_emulator_port=self.port, aws_emulator_python=sys.executable,
            aws_emulator_pid_file=str(home / "pid"), aws_emulator_log_file=str(home / "log"),
        )

    def run(self, fails=False, check=False, **variables):
        """Run the role; returns the names of the tasks that changed something, or the failed one's result."""
        play = dict(name="Play", hosts="localhost", connection="local", gather_facts=False, tasks=[
            {"name": "Role", "ansible.builtin.include_role": dict(name="keyless.aws.aws_emulator"),
             "vars": dict(self._fixed, **variables)},
            {"name": "Facts", "ansible.builtin.debug": dict(var="aws_emulator_environment | default({})")},
        ])
        path = self._ansible.home / "role.yml"
        path.write_text(json.dumps([play]))
        done = json.loads(self._ansible.run(path, fails=fails, check=check).stdout)
        tasks = [task for one in done["plays"] for task in one["tasks"]]
        if fails:
            return tasks[-1]["hosts"]["localhost"]
        self.environment = tasks[-1]["hosts"]["localhost"].get("aws_emulator_environment | default({})")
        return [task["task"]["name"].split(" : ")[-1] for task in tasks
                if task["hosts"].get("localhost", {}).get("changed")]

    def ask(self, path="", body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.url}/_emulator{path}", data=data, timeout=10) as answer:
            return json.load(answer)


@pytest.fixture
def role(tmp_path):
    yield Role(tmp_path)
    background.stop(str(tmp_path / "pid"))


START, SEEDING, STOP = "Start the emulator", "Put the declared state into it", "Stop the emulator"


def test_started_once_then_unchanged_then_anew_with_other_settings_then_stopped_once(role):
    variables = dict(aws_emulator_seed=SEED, aws_emulator_async_ms=300)
    assert role.run(check=True, **variables) == []
    with pytest.raises(urllib.error.URLError):
        role.ask()
    assert role.run(**variables) == [START, SEEDING]
    assert role.environment["AWS_ENDPOINT_URL"] == role.url
    assert role.environment["AWS_REGION"] == "eu-west-1"
    first = role.ask()
    assert (first["settings"]["home_region"], first["settings"]["async_ms"]) == ("eu-west-1", 300)
    assert role.run(**variables) == []
    suspended = dict(SEED, accounts=[dict(SEED["accounts"][0], status="SUSPENDED")])
    assert role.run(**dict(variables, aws_emulator_seed=suspended)) == [SEEDING]
    assert role.ask()["pid"] == first["pid"]
    assert role.run(aws_emulator_rate=20) == [STOP, START]
    second = role.ask()
    assert second["pid"] != first["pid"]
    assert second["settings"]["rate"] == 20
    assert role.run(aws_emulator_state="stopped") == [STOP]
    assert role.run(aws_emulator_state="stopped") == []
    with pytest.raises(urllib.error.URLError):
        role.ask()


def test_a_wrong_seed_says_what_is_wrong(role):
    seed = dict(accounts=[dict(id="12", name="x")])
    assert "account '12' is not 12 digits" in json.dumps(role.run(fails=True, aws_emulator_seed=seed))


def test_a_port_that_something_else_has_is_said(role):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_args):
            pass

    other = http.server.HTTPServer(("127.0.0.1", role.port), Quiet)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    try:
        failed = role.run(fails=True)
    finally:
        other.shutdown()
        other.server_close()
    assert f"Port {role.port} is taken by something else" in failed["msg"]


def test_an_interpreter_without_moto_is_said(role, tmp_path):
    import venv

    venv.create(tmp_path / "bare", with_pip=False)
    failed = role.run(fails=True, aws_emulator_python=str(tmp_path / "bare" / "bin" / "python"))
    assert "install requirements.txt" in failed["stderr"]
