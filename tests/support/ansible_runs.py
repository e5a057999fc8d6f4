"""Runs real ansible-playbook and returns what the tasks returned."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile

from killing import kill

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The gates run parts of the tests with the oldest and the newest ansible-core that are supported.
BIN = pathlib.Path(os.environ.get("KEYLESS_ANSIBLE_BIN") or pathlib.Path(sys.executable).parent)
COLLECTIONS = os.environ.get("KEYLESS_COLLECTIONS") or str(ROOT / ".cache" / "collections")

# What the modules' processes have compiled, for the next ones.
COMPILED = tempfile.TemporaryDirectory(prefix="keyless-compiled-")


class Failed(AssertionError):
    """A run that was expected to work."""


class Ansible:
    """ansible-playbook against one emulator, with a home of its own."""

    def __init__(self, home, endpoint, region):
        self.home = pathlib.Path(home)
        self.timeout = 600  # seconds for one run
        self.environment = {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT / "tests" / "support" / "compiled"),
            "KEYLESS_COMPILED": COMPILED.name,
            "ANSIBLE_COLLECTIONS_PATH": COLLECTIONS,
            "ANSIBLE_HOME": str(self.home / ".ansible"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_PIPELINING": "True",
            # for hosts whose inventory does not name one, such as localhost
            "ANSIBLE_PYTHON_INTERPRETER": str(BIN / "python"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "ANSIBLE_LOCALHOST_WARNING": "False",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
            "ANSIBLE_RETRY_FILES_ENABLED": "False",
            "ANSIBLE_INJECT_FACT_VARS": "False",
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_REGION": region,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def run(self, playbook, *arguments, check=False, diff=False, extra=None, env=None, fails=False, output="json"):
        """Run a playbook by path or FQCN; returns the finished process, as text. `env` None values unset."""
        command = [str(BIN / "ansible-playbook"), str(playbook), *arguments]
        command += ["--check"] if check else []
        command += ["--diff"] if diff else []
        command += ["-e", json.dumps(extra)] if extra else []
        environment = dict(self.environment, **(env or {}))
        if output != "json":
            environment["ANSIBLE_STDOUT_CALLBACK"] = "ansible.builtin.default"
        process = subprocess.Popen(
            command,
            env={key: value for key, value in environment.items() if value is not None},
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            said, errors = process.communicate(timeout=self.timeout)
        except subprocess.TimeoutExpired:
            kill(process)
            raise
        done = subprocess.CompletedProcess(command, process.returncode, said, errors)
        if (done.returncode != 0) != fails:
            raise Failed(f"ansible-playbook ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def command(self, name, *arguments):
        """Run another of Ansible's commands, such as ansible-doc; returns what it prints."""
        run = dict(env=self.environment, cwd=self.home, stdin=subprocess.DEVNULL, capture_output=True)
        return subprocess.run([str(BIN / name), *arguments], text=True, check=True, timeout=self.timeout, **run).stdout

    def begin(self, name, arguments):
        """Start to run one module; returns the process at once, for whoever wants to kill it. Its output is lost."""
        task = {"name": f"Run {name}", f"keyless.aws.{name}": arguments}
        play = dict(name="Begin", hosts="localhost", connection="local", gather_facts=False, tasks=[task])
        path = self.home / "begun.yml"
        path.write_text(json.dumps([play]))
        nowhere = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        command = [str(BIN / "ansible-playbook"), str(path)]
        return subprocess.Popen(command, env=self.environment, cwd=self.home, **nowhere)

    def tasks(self, tasks, check=False, diff=False, env=None, fails=False):
        """Run tasks, given as in YAML, on localhost; returns their results in order, up to the first failure."""
        play = dict(name="Tasks", hosts="localhost", connection="local", gather_facts=False, tasks=tasks)
        path = self.home / "tasks.yml"
        path.write_text(json.dumps([play]))
        done = self.run(path, check=check, diff=diff, env=env, fails=fails)
        return [task["hosts"]["localhost"] for play in json.loads(done.stdout)["plays"] for task in play["tasks"]]

    def module(self, name, arguments, check=False, diff=False, env=None, fails=False):
        """Run one module of this collection, such as `permission_sets`; returns its result."""
        task = {"name": f"Run {name}", f"keyless.aws.{name}": arguments}
        return self.tasks([task], check=check, diff=diff, env=env, fails=fails)[-1]
