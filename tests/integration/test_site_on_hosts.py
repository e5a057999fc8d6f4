"""The first story from end to end, on two real hosts: one model, applied, proven, broken by hand, mended, revoked."""

from __future__ import annotations

import copy
import json
import pathlib
import subprocess

import pytest
import yaml
from ansible_runs import Ansible
from emulator_process import REGION

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "playbooks" / "demo_files"
MODEL = yaml.safe_load((DEMO / "access.yml").read_text())
INVENTORY = ("-i", str(ROOT / "tests" / "hosts" / "demo.yml"), "-i", str(DEMO / "inventory"))
ASK = "keyless.aws.access_report : Ask the host about its OS users, sudo and the agent"
WEB, DB = "keyless-demo-web", "keyless-demo-db"

pytestmark = [pytest.mark.hosts, pytest.mark.slow]


def on_host(host, command):
    podman = ROOT / "tests" / "hosts" / "podman.sh"
    arguments = [podman, "exec", host, "sh", "-c", command]
    return subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout


def fingerprint(host):
    """Everything that the playbook may change on a host."""
    return on_host(host, "cat /etc/passwd /etc/group /etc/shadow /etc/sudoers.d/* | sha256sum; ls /home")


@pytest.fixture(scope="module")
def organization(emulator_process, tmp_path_factory):
    emulator_process.reset()
    emulator_process.seed(yaml.safe_load((DEMO / "organization.yml").read_text()))
    ansible = Ansible(tmp_path_factory.mktemp("hosts"), emulator_process.url, REGION)
    ansible.run(ROOT / "tests" / "hosts" / "up.yml", *INVENTORY[:2])
    yield emulator_process, ansible
    ansible.run(ROOT / "tests" / "hosts" / "down.yml", *INVENTORY[:2])


@pytest.fixture
def apply(organization, tmp_path):
    """apply(model, playbook, check) -> how many changes each host had, and the report's rows by (person, host)."""
    _emulator, ansible = organization

    def run(model=MODEL, playbook="keyless.aws.site", **more):
        answer = json.loads(ansible.run(playbook, *INVENTORY, extra=model, **more).stdout)
        tasks = [task for play in answer["plays"] for task in play["tasks"]]
        run.hosts = {
            host: result["ansible_facts"]["access_report_host"]
            for task in tasks
            for host, result in task["hosts"].items()
            if "access_report_host" in result.get("ansible_facts", {})
        }
        asked = [task["hosts"] for task in tasks if task["task"]["name"] == ASK]
        run.asked = sorted(host for hosts in asked for host, result in hosts.items() if not result.get("skipped"))
        rows = [
            task["hosts"]["localhost"]["ansible_facts"]["access_report_rows"]
            for task in tasks
            if task["task"]["name"].endswith("Put it together")
        ]
        by_name = {(row["person"].split("@")[0], row["host"]): row for found in rows for row in found}
        return {host: stats["changed"] for host, stats in answer["stats"].items()}, by_name

    return run


def test_the_story(organization, apply):
    emulator, ansible = organization
    before = {host: fingerprint(host) for host in (WEB, DB)}
    changed, rows = apply(check=True, diff=True)
    assert all(changed[host] for host in (WEB, DB, "localhost"))
    assert not any(row["allowed"] for row in rows.values())
    assert emulator.writes() == {}
    assert before == {host: fingerprint(host) for host in (WEB, DB)}

    changed, rows = apply()
    assert all(changed[host] for host in (WEB, DB, "localhost"))
    allowed = {pair for pair, row in rows.items() if row["allowed"]}
    assert allowed == {("taro", WEB), ("hanako", WEB), ("hanako", DB), ("ken", DB)}
    assert rows["taro", WEB]["sudo"] == ["/usr/bin/systemctl restart nginx"]
    assert rows["ken", DB]["sudo"] == "all"
    assert rows["taro", DB]["why_not"] == "WebOperator reaches Team=web, this host has Team=db"
    assert rows["yuki", WEB]["why_not"] == "no assignment in account 111122223333"
    assert rows["yuki", WEB]["run_as"] == "ymori"

    # the hosts were asked once, at the end of their own playbook, and said this
    assert apply.asked == sorted([WEB, DB])
    found = apply.hosts[WEB]
    assert found["os_users"]["taro"]["id"] == on_host(WEB, "id taro").strip()
    assert found["agent"] == {"version": None, "unit": None, "running": False, "enabled": False}
    assert (found["ssm_user"]["exists"], found["ssm_user"]["sudoers_file"]) == (False, True)
    assert rows["taro", WEB]["agent_running"] is False

    # who asks for the agent gets the role ssm_agent, which knows the host's Region and begins with its refusals
    asked = dict(MODEL, keyless_ssm_agent=True, ssm_agent_version="newest", keyless_hosts=WEB)
    refused = json.loads(ansible.run("keyless.aws.hosts", *INVENTORY, extra=asked, fails=True).stdout)
    (said,) = [
        task["hosts"][WEB]["msg"]
        for play in refused["plays"]
        for task in play["tasks"]
        if task["hosts"].get(WEB, {}).get("failed")
    ]
    assert said.startswith("ssm_agent_version: ") and "\n" not in said

    # what the report says is what the hosts do
    assert on_host(WEB, "id -un taro").strip() == "taro"
    assert "NOPASSWD: /usr/bin/systemctl restart nginx" in on_host(WEB, "sudo -l -U taro")
    assert on_host(DB, "runuser -u ken -- sudo -n id -un").strip() == "root"
    assert on_host(WEB, "passwd -S taro").split()[1] == "L"
    assert on_host(WEB, "getent passwd ken || echo missing").strip() == "missing"

    on_host(WEB, "userdel --remove taro")
    refused = ansible.run("keyless.aws.hosts", *INVENTORY, "--tags", "verify", extra=MODEL, fails=True)
    assert "no user 'taro' on this host; the agent creates nobody" in refused.stdout
    _changed, rows = apply(playbook="keyless.aws.report")
    assert rows["taro", WEB]["why_not"] == "no OS user taro on this host"
    changed, rows = apply()
    assert (changed["localhost"], changed[WEB], changed[DB]) == (0, 1, 0), "more than what was broken by hand"
    assert rows["taro", WEB]["allowed"]

    model = copy.deepcopy(MODEL)
    model["keyless_access"]["groups"]["web-operators"] = ["taro"]
    changed, rows = apply(model)
    assert rows["hanako", WEB]["why_not"] == "no assignment in account 111122223333"
    assert rows["hanako", DB]["allowed"]
    assert on_host(WEB, "getent passwd hanako || echo gone").strip() == "gone"
    assert "hanako" not in on_host(WEB, "cat /etc/sudoers.d/ssm-agent-users")
