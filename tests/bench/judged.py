# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scopes before the independent judge, by the thousand: how many grants go beyond the scope (none may), how many lack.

`python judged.py FIRST COUNT` judges the scopes with these seeds and prints [scopes, questions, beyond, lacking].
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time

from judge import Judge, NoJudge

_BATCH = 25


def measure(scopes: int) -> None:
    """All cores at once, each with a judge of its own; ends with an error where a single grant goes too far."""
    began, cores = time.monotonic(), len(os.sched_getaffinity(0))
    share = -(-scopes // cores)
    parts = [(first, min(share, scopes - first)) for first in range(0, scopes, share)]
    command = [sys.executable, __file__]
    running = [subprocess.Popen([*command, *map(str, part)], stdout=subprocess.PIPE, text=True) for part in parts]
    answers = [json.loads(process.communicate()[0]) for process in running]
    judged, questions, beyond, lacking = (sum(numbers) for numbers in zip(*answers, strict=True))
    seconds = time.monotonic() - began
    print(
        f"\n{judged} generated scopes, {questions} questions to the independent judge: {beyond} grants beyond the "
        f"scope, {lacking} lacking ({seconds:.0f} s)",
        flush=True,
    )
    if beyond or lacking:
        raise SystemExit("session policies are not what their scopes say; the scopes stand above")


def judged(first: int, count: int) -> list[int]:
    from ansible_collections.keyless.aws.plugins.module_utils._sessions.policy import session_policy
    from judged_scopes import asked_of, put
    from session_world import random_person, random_scope

    judge = Judge()
    questions = beyond = lacking = 0
    for start in range(first, first + count, _BATCH):
        asked = []
        for seed in range(start, min(start + _BATCH, first + count)):
            chance = random.Random(seed)
            scope = random_scope(chance)
            person = random_person(chance, scope["principal"])
            policy = session_policy(scope)
            asked += [(scope, one, put(policy, person, one)) for one in asked_of(scope, person)]
        for (scope, one, _put), answer in zip(asked, judge.ask([entry[2] for entry in asked]), strict=True):
            questions += 1
            allowed = answer["result"] == "Allowed"
            if allowed != one.expected:
                print(f"{scope}\n  {one}: {answer}", file=sys.stderr)
                beyond, lacking = beyond + allowed, lacking + (not allowed)
    judge.end()
    return [count, questions, beyond, lacking]


if __name__ == "__main__":
    try:
        print(json.dumps(judged(int(sys.argv[1]), int(sys.argv[2]))))
    except NoJudge as reason:
        raise SystemExit(str(reason)) from None
