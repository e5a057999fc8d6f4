# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of sudo rules: what is planned, and that whatever goes wrong after it is in place takes it back."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo import resource, rules_file
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudo.rules_file import (
    RulesFile,
    SudoRules,
    make_plan,
    put,
    read_file,
)
from ansible_collections.keyless.aws.plugins.module_utils._hosts.sudoers import render
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Outcome, Problems, UserError

NO_RIGHTS = render("none", [])
RULES: list[dict[str, Any]] = [{"user": "nobody-here", "commands": ["/bin/true"]}]
SUDO = """\
#!/bin/sh
if [ "$1" = --version ]; then echo 'Sudo version 1.9.13p3'; exit; fi
echo "User $4 may run the following commands on host:"
echo '    (ALL : ALL) ALL'
"""
VISUDO = """\
#!/bin/sh
if [ "$1" = -cf ]; then if grep -q alone "$2"; then echo "$2: not alone" >&2; exit 1; fi; exit 0; fi
if grep -qs together {own}; then echo '{own}: not together' >&2; exit 1; fi
if [ -e {elsewhere} ]; then echo 'elsewhere: broken' >&2; exit 1; fi
if [ ! -e {unread} ]; then echo '{own}: parsed OK'; fi
"""


class Module:
    """What is used of AnsibleModule."""

    def __init__(self, folder: Path, **params: Any) -> None:
        self.check_mode = False
        self.told: list[str] = []
        self.stops = ""
        self.params: dict[str, Any] = {
            "ssm_user": "none", "rules": [], "aliases": None, "prefix": "x_", "users": [], "refuse_more": False,
            "sudo": str(folder / "sudo"), "visudo": str(folder / "visudo"), **params,
        }  # fmt: skip

    def warn(self, text: str) -> None:
        self.told.append(text)

    def run_command(self, argv: list[str], environ_update: dict[str, str]) -> tuple[int, str, str]:
        if self.stops and argv[1] == self.stops:
            raise SystemExit(1)
        done = subprocess.run(argv, capture_output=True, text=True, env=environ_update, check=False)
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of our file, in a folder of the test's own, with programs beside it and root as who runs."""
    path = tmp_path / "sudoers.d" / "ssm-agent-users"
    path.parent.mkdir()
    texts = {"sudo": SUDO, "visudo": VISUDO.format(own=path, elsewhere=tmp_path / "broken", unread=tmp_path / "unread")}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    start = tmp_path / "sudoers"
    start.write_text("ALL ALL=(ALL:ALL) ALL\n")
    monkeypatch.setattr(resource, "START", str(start))
    monkeypatch.setattr(rules_file, "OWN_FILE", str(path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda *_: None)
    # whoever runs the tests owns the files
    real = rules_file.read_file
    monkeypatch.setattr(rules_file, "read_file", lambda path: _of_root(real(path)))
    return path


def _of_root(found: RulesFile | None) -> RulesFile | None:
    return found and RulesFile(found.text, found.mode)


def run(module: Module) -> tuple[dict[str, Any], list[Outcome]]:
    resource_ = SudoRules(module)
    plan = resource_.plan(resource_.read())
    outcomes = [] if module.check_mode else list(resource_.apply(plan))
    return plan.result, outcomes


def test_it_is_put_in_place_once(own: Path, tmp_path: Path) -> None:
    result, outcomes = run(Module(tmp_path, rules=RULES))
    assert [(o.change.action, o.error) for o in outcomes] == [("create", None)]
    assert own.read_text() == render("none", RULES)
    assert os.stat(own).st_mode & 0o7777 == 0o440
    assert (result["implementation"], result["version"]) == ("sudo", "1.9.13p3")
    assert run(Module(tmp_path, rules=RULES))[1] == []
    assert os.listdir(own.parent) == [own.name]


def test_the_plan_names_what_differs() -> None:
    wished = RulesFile("a\nb\n")
    (change,) = make_plan(RulesFile("a\nb\n", 0o644, 1000, 0), wished, {}).changes
    assert change.detail == {"fields": ["mode", "owner"]}
    plan = make_plan(RulesFile("a\n\udcff\n"), wished, {})
    assert plan.before == {rules_file.OWN_FILE: {"content": ["a", "\ufffd"]}}
    assert plan.after == {rules_file.OWN_FILE: {"content": ["a", "b"]}}
    assert make_plan(wished, wished, {"users": []}).changes == []


@pytest.mark.parametrize("former", [None, "# by hand\n", "# caf\udce9 by hand\n"])
def test_refused_together_it_is_taken_back(own: Path, tmp_path: Path, former: str | None) -> None:
    if former is not None:
        own.write_bytes(former.encode("utf-8", "surrogateescape"))
    rules = [{"user": "together", "commands": "all"}]
    with pytest.raises(UserError, match=r"not together") as refused:
        run(Module(tmp_path, rules=rules))
    assert own.read_bytes().decode("utf-8", "surrogateescape") == (former or NO_RIGHTS)
    assert refused.value.details == {"changed": former is None}
    assert os.listdir(own.parent) == [own.name]


def test_whatever_stops_the_check_takes_it_back(own: Path, tmp_path: Path) -> None:
    module = Module(tmp_path, rules=RULES)
    resource_ = SudoRules(module)
    plan = resource_.plan(resource_.read())
    module.stops = "-c"
    with pytest.raises(SystemExit):
        list(resource_.apply(plan))
    assert own.read_text() == NO_RIGHTS


def test_refused_alone_nothing_is_changed(own: Path, tmp_path: Path) -> None:
    module = Module(tmp_path, rules=[{"user": "alone", "commands": "all"}])
    module.check_mode = True
    with pytest.raises(UserError) as refused:
        run(module)
    assert refused.value.message.endswith(f"visudo says: {own}: not alone")
    assert not own.exists()


def test_files_that_were_broken_before(own: Path, tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    with pytest.raises(UserError, match="nothing was changed. Mend them first. visudo says: elsewhere: broken"):
        run(Module(tmp_path))
    assert not own.exists()
    (tmp_path / "broken").unlink()
    own.write_text("together\n")
    assert len(run(Module(tmp_path))[1]) == 1
    own.chmod(0o640)
    own.write_text(render("none", [{"user": "together", "commands": "all"}]))
    own.chmod(0o440)
    with pytest.raises(UserError, match="is as wished, and sudo refuses it"):
        run(Module(tmp_path, rules=[{"user": "together", "commands": "all"}]))


def test_a_folder_that_sudo_does_not_read(own: Path, tmp_path: Path) -> None:
    (tmp_path / "unread").touch()
    for changed in (True, False):
        with pytest.raises(UserError, match="sudo does not read it") as refused:
            run(Module(tmp_path))
        assert refused.value.details == {"changed": changed}


def test_what_is_more_is_told_and_refused_where_asked(own: Path, tmp_path: Path) -> None:
    module = Module(tmp_path, users=["root"])
    result, _outcomes = run(module)
    assert [user["name"] for user in result["users"]] == ["root"]
    assert any(text.startswith("'root' may do more with sudo") for text in module.told)
    for check_mode in (False, True):
        module = Module(tmp_path, users=["root"], refuse_more=True)
        module.check_mode = check_mode
        with pytest.raises(UserError, match=r"\(x_refuse_more\): root: \(ALL : ALL\) ALL\.") as refused:
            run(module)
        assert refused.value.details["users"] == result["users"] and not refused.value.details["changed"]


def test_check_mode_writes_nothing(own: Path, tmp_path: Path) -> None:
    module = Module(tmp_path, rules=RULES)
    module.check_mode = True
    result, _outcomes = run(module)
    assert result["users"] == [] and not own.exists()


def test_without_sudo(own: Path, tmp_path: Path) -> None:
    missing = dict(visudo=str(tmp_path / "none"), sudo=str(tmp_path / "none"))
    with pytest.raises(UserError, match="install the package sudo first, or give x_visudo"):
        run(Module(tmp_path, **missing))
    module = Module(tmp_path, **missing)
    module.check_mode = True
    result, _outcomes = run(module)
    assert result["implementation"] is None and "nothing is checked" in module.told[0]


def test_bad_input_comes_before_everything(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Problems, match=r"x_rules\[0\].commands"):
        run(Module(tmp_path, rules=[{"user": "taro"}]))
    with pytest.raises(UserError, match="become: true"):
        run(Module(tmp_path, rules=RULES))


def test_what_lies_there_is_no_file(tmp_path: Path) -> None:
    assert read_file(str(tmp_path / "none")) is None
    (tmp_path / "link").symlink_to(tmp_path / "none")
    for path in (tmp_path, tmp_path / "link"):
        with pytest.raises(UserError, match="not a regular file"):
            read_file(str(path))


def test_a_folder_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="cannot be written: No such file"):
        put(str(tmp_path / "none" / "file"), "text")


def test_half_a_file_is_never_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fchown", lambda *_: None)
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(UserError, match="No space left"):
        put(str(tmp_path / "file"), "text")
    assert os.listdir(tmp_path) == []
