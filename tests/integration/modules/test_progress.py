"""The lines of long runs: while the module runs, where they are wished for, and nothing left behind."""

from __future__ import annotations

import json
import re

import pytest
from organization import DATA, MANAGEMENT, PROD, STAGING, row
from slow_module import Watched, make_collection

SECONDS = 2.6  # enough for one line

# Hosts of one run, each with what is different about its task; all of them are the control node.
ALWAYS = {
    "always": dict(wish="always"),
    "piped": dict(wish="always", ansible_pipelining=False),
    "checked": dict(wish="always", check=True),
    "failing": dict(wish="always", fail=True),
    "cut": dict(wish="always", seconds=9, limit=6),
}
ON_TERMINALS = {"auto": dict(wish="auto")}
NEVER = {
    "never": dict(wish="never"),
    "background": dict(wish="always", async_seconds=60),
    "secret": dict(wish="always", hidden=True),
}
HOSTS = {**ALWAYS, **ON_TERMINALS, **NEVER}
TOTALS = {name: 1001 + number for number, name in enumerate(HOSTS)}  # by which lines are told apart

TASK = {
    "keyless_tests.progress.slow": dict(
        total="{{ total }}",
        seconds="{{ seconds | default(%s) }}" % SECONDS,
        fail="{{ fail | default(false) }}",
        account="{{ account }}",
    ),
    "async": "{{ async_seconds | default(0) }}",
    "poll": 1,
    "check_mode": "{{ check | default(false) }}",
    "environment": dict(OWN="kept"),
    "no_log": "{{ hidden | default(false) }}",
    "timeout": "{{ limit | default(0) }}",
}


def played(ansible, **more):
    """A play with the task, for all hosts at once."""
    defaults = {"keyless_tests.progress.slow": dict(progress="{{ wish }}")}
    play = dict(hosts="all", connection="local", gather_facts=False, tasks=[TASK], module_defaults=defaults, **more)
    playbook = ansible.home / "play.yml"
    playbook.write_text(json.dumps([play]))
    hosts = {
        name: dict(total=TOTALS[name], account=str(ansible.home / f"{name}.json"), **different)
        for name, different in HOSTS.items()
    }
    inventory = ansible.home / "inventory.yml"
    inventory.write_text(json.dumps(dict(all=dict(hosts=hosts))))
    return playbook, "-i", str(inventory), "--forks", str(len(hosts))


def environment(ansible):
    # Ansible looks for jobs in the home folder that HOME names, and leaves them in the one that the system knows.
    jobs = dict(ANSIBLE_ASYNC_DIR=str(ansible.home / "jobs"))
    return dict(make_collection(ansible.home / "collections"), **jobs)


def account(ansible, name):
    return json.loads((ansible.home / f"{name}.json").read_text())


def left_behind(ansible):
    return list(ansible.home.rglob("*keyless-progress*"))


@pytest.mark.both_ends
@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
def test_who_sees_lines_and_when(ansible, terminal):
    run = Watched(ansible, *played(ansible), terminal=terminal, env=environment(ansible)).wait()
    output = "\n".join(line for moment, line in run.lines)
    told = [
        (moment, *match.groups()) for moment, line in run.lines if (match := re.match(r"slow: (\d+) of (\d+)", line))
    ]
    totals = {int(total) for moment, done, total in told}
    assert totals == {TOTALS[name] for name in {**ALWAYS, **(ON_TERMINALS if terminal else {})}}, output
    form = re.compile(r"slow: \d+ of \d+ created, 3 in flight, about \d+ s left")
    assert all(form.fullmatch(line) for moment, line in run.lines if line.startswith("slow: "))

    results = {name: account(ansible, name) for name in HOSTS if name != "cut"}
    first = {int(total): moment for moment, done, total in reversed(told)}
    for name, result in results.items():
        if TOTALS[name] in totals:
            assert result["private"] == [0o600, 0o700]
            assert first[TOTALS[name]] < result["ended"], f"{name}: shown when the module had ended"
        else:
            assert result["path"] is None
    assert {result["own"] for result in results.values()} == {"kept"}
    assert not left_behind(ansible)
    # The tasks did what they do without.
    recap = {match[1]: match[2] for match in re.finditer(r"^(\w+) +: (ok=\d.*failed=\d)", output, re.M)}
    assert set(recap) == set(HOSTS)
    assert {name for name, sums in recap.items() if "failed=1" in sums} == {"failing", "cut"}, output


def test_interrupted(ansible):
    run = Watched(ansible, *played(ansible), "--limit", "cut", env=environment(ansible))
    seen = False
    for _moment, line in run:
        if line.startswith("slow: ") and not seen:
            assert left_behind(ansible)
            run.interrupt()
            seen = True
    assert seen and run.code != 0
    assert not left_behind(ansible)


def test_defaults_of_the_action_group_reach_modules_with_an_action_plugin(ansible, emulator, organization):
    """For each of them: what is not in the environment comes from the group or from the module's own defaults."""
    group = dict(region="ap-northeast-1", endpoint_url=emulator.url, access_key="testing", secret_key="testing")
    tasks = [
        {"keyless.aws.identity_store": dict(groups=[dict(name="operators")])},
        {"keyless.aws.permission_sets": dict(permission_sets=[dict(name="Operator")])},
        {"keyless.aws.account_assignments": {"assignments": [row("Operator", "operators")]}},
        {"account_assignments": {"assignments": [row("Operator", "operators")]}},
    ]
    play = dict(
        hosts="localhost",
        connection="local",
        gather_facts=False,
        collections=["keyless.aws"],
        tasks=tasks,
        module_defaults={"group/keyless.aws.aws": group, "keyless.aws.account_assignments": dict(purge="loud")},
    )
    playbook = ansible.home / "play.yml"

    def run(**more):
        playbook.write_text(json.dumps([play]))
        unset = ("AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        return ansible.run(playbook, env=dict.fromkeys(unset), **more).stdout

    assert "value of purge must be one of" in run(fails=True)
    del play["module_defaults"]["keyless.aws.account_assignments"]
    results = [task["hosts"]["localhost"] for play in json.loads(run())["plays"] for task in play["tasks"]]
    assert [result["changed"] for result in results] == [False, False, True, False]


@pytest.mark.both_ends
def test_account_assignments(ansible, organization):
    """Four at a time, one in each account, 1.5 seconds each: lines while they are made, and the result as ever."""
    organization.settings(async_ms=1500, latency_ms=20)
    many = row(["WebOperator", "Auditor"], ["web-operators", "auditors"], [MANAGEMENT, PROD, STAGING, DATA])
    task = {"keyless.aws.account_assignments": dict(assignments=[many], progress="always"), "register": "made"}
    said = {"ansible.builtin.debug": dict(msg="{{ made.created }} were made: {{ made.keys() | sort | join(' ') }}")}
    playbook = ansible.home / "play.yml"
    playbook.write_text(json.dumps([dict(hosts="localhost", gather_facts=False, tasks=[task, said])]))

    run = Watched(ansible, playbook).wait()
    output = "\n".join(line for moment, line in run.lines)
    assert run.code == 0, output
    assert "16 were made: account_assignments changed changes created deleted failed updated" in output
    told = [(moment, line) for moment, line in run.lines if line.startswith("account_assignments: ")]
    form = r"account_assignments: (\d+) of 16 created(, [1-4] in flight)?(, about \d+ s left)?"
    found = [re.fullmatch(form, line) for moment, line in told]
    assert len(found) >= 2 and all(found), output
    done = [int(match[1]) for match in found]
    assert done == sorted(set(done)) and done[0] < 16, output
    assert all(match[3] or match[1] in ("0", "16") for match in found), output
    assert told[-1][0] - told[0][0] > 1.5, "all at once"
    assert not left_behind(ansible)
