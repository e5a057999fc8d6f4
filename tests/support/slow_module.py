"""A collection with one module that does nothing but tell its progress, and what watches runs while they last."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import time

from ansible_runs import BIN, COLLECTIONS

ACTION = """
from ansible_collections.keyless.aws.plugins.plugin_utils._progress import ProgressAction

class ActionModule(ProgressAction):
    pass
"""

# `total` things in `seconds`; what it saw of its file, and when it ended, goes to the file `account`.
MODULE = """#!/usr/bin/python
import json, os, stat, time
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.keyless.aws.plugins.module_utils._progress import FILE_VARIABLE, PROGRESS_SPEC, progress_of

def main():
    options = dict(
        total=dict(type="int"), seconds=dict(type="float"), fail=dict(type="bool", default=False),
        account=dict(type="path"), **PROGRESS_SPEC
    )
    module = AnsibleModule(options, supports_check_mode=True)
    path = os.environ.get(FILE_VARIABLE)
    private = path and [stat.S_IMODE(os.stat(each).st_mode) for each in (path, os.path.dirname(path))]
    progress, total = progress_of(module), module.params["total"]
    progress.begin("created", total)
    began = time.monotonic()
    share = 0
    while share < 1:
        share = min(1, (time.monotonic() - began) / module.params["seconds"])
        progress.moved(int(share * total), in_flight=3)
        time.sleep(0.05)
    with open(module.params["account"], "w") as file:
        json.dump(dict(path=path, private=private, own=os.environ.get("OWN"), ended=time.time()), file)
    if module.params["fail"]:
        module.fail_json(msg="as asked")
    module.exit_json(changed=False)

if __name__ == "__main__":
    main()
"""


def make_collection(folder):
    """Write the collection keyless_tests.progress; returns the environment variables with which Ansible finds it."""
    plugins = folder / "ansible_collections" / "keyless_tests" / "progress" / "plugins"
    for kind, text in (("action", ACTION), ("modules", MODULE)):
        (plugins / kind).mkdir(parents=True)
        (plugins / kind / "slow.py").write_text(text)
    return dict(ANSIBLE_COLLECTIONS_PATH=f"{folder}:{COLLECTIONS}")


class Watched:
    """A run of ansible-playbook whose output is read while it runs: `lines` are (time, line)."""

    def __init__(self, ansible, playbook, *arguments, terminal=False, env=None):
        environment = dict(ansible.environment, ANSIBLE_STDOUT_CALLBACK="ansible.builtin.default", **(env or {}))
        self._ours, theirs = pty.openpty() if terminal else os.pipe()
        self._process = subprocess.Popen(
            [str(BIN / "ansible-playbook"), str(playbook), *arguments],
            env=environment,
            cwd=ansible.home,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        os.close(theirs)
        self.lines = []
        self.code = None

    def __iter__(self):
        rest = b""
        while True:
            try:
                read = os.read(self._ours, 65536)
            except OSError:  # how a terminal ends
                read = b""
            if not read:
                break
            *lines, rest = (rest + read).split(b"\n")
            for line in lines:
                self.lines.append((time.time(), line.decode().rstrip("\r")))
                yield self.lines[-1]
        os.close(self._ours)
        self.code = self._process.wait(timeout=60)

    def interrupt(self):
        """As Ctrl-C does: for everything that runs in the foreground."""
        os.killpg(self._process.pid, signal.SIGINT)

    def wait(self):
        for _line in self:
            pass
        return self
