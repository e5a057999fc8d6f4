# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that give more than they seem to: wildcards, and programs from which one comes to a shell; pure.

What is said here are warnings. Such a rule may be meant, as where everybody may be root anyway.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Dict, FrozenSet, Iterator, List, Optional

from ..sudoers import Reader, Rule
from .commands import ANYTHING, Command, has_wildcards

# When a program is one to warn of: whatever its arguments are, or only where people may choose them.
_ALWAYS, _CHOSEN = True, False


@dataclass(frozen=True)
class _Kind:
    """`noexec`: whether sudo's tag NOEXEC keeps the program from starting the shell."""

    says: str
    always: bool
    noexec: bool
    programs: FrozenSet[str]


def _kind(says: str, always: bool, noexec: bool, programs: str) -> _Kind:
    return _Kind(says, always, noexec, frozenset(programs.split()))


_KINDS = (
    _kind(
        "is an editor, which starts a shell and writes any file",
        _ALWAYS,
        False,
        """
        vi vim view vimdiff rvim nvim elvis nvi nano rnano pico emacs emacsclient mg jed joe jmacs mcedit
        micro ne ed ex red vipw vigr visudo gvim kak hx
        """,
    ),
    _kind(
        "shows its text in a pager, in which '!sh' starts a shell",
        _ALWAYS,
        True,
        """
        less more most pg lv bzless bzmore xzless xzmore zless zmore zstdless man info pinfo perldoc pydoc
        pydoc3
        """,
    ),
    _kind(
        "gives a shell, or runs any command",
        _ALWAYS,
        True,
        """
        su sudo doas pkexec run0 tmux screen byobu script scriptreplay expect mc ranger vifm nnn ftp lftp
        sftp telnet mysql mariadb psql sqlite3 mongo mongosh redis-cli mail mailx mutt gdb lldb cgdb ghci
        irb dc visidata fzf crontab at batch dialog whiptail aptitude tasksel needrestart cfdisk
        """,
    ),
    _kind(
        "is a shell",
        _CHOSEN,
        False,
        """
        sh ash bash rbash dash ksh ksh93 mksh zsh fish csh tcsh busybox toybox elvish pwsh
        """,
    ),
    _kind(
        "is an interpreter, which runs any code that it is given",
        _CHOSEN,
        False,
        """
        python perl ruby lua luajit node nodejs deno bun php tclsh wish guile sbcl julia R Rscript java
        jshell jrunscript awk gawk mawk nawk original-awk jq jjs go ghc runghc erl iex elixir octave
        bpftrace
        """,
    ),
    _kind(
        "runs other commands that its arguments name",
        _CHOSEN,
        True,
        """
        env nice ionice nohup timeout time stdbuf setsid setarch chroot unshare nsenter flock xargs parallel
        watch entr taskset chrt numactl capsh setpriv runuser systemd-run systemd-nspawn machinectl start-
        stop-daemon run-parts strace ltrace perf valgrind ip find fd tar zip unzip 7z cpio ar rsync ssh scp
        rlogin rsh sshpass sed make cmake gcc cc g++ git hg svn tcpdump nmap socat nc ncat netcat openvpn
        ansible ansible-playbook docker podman nerdctl ctr lxc lxd kubectl helm npm npx yarn pip pip3 pipx
        gem cargo apt apt-get dpkg rpm dnf yum zypper pacman snap flatpak puppet logrotate split sort wget
        aria2c ldconfig logsave dmsetup mount cryptsetup
        """,
    ),
    _kind(
        "writes or changes any file, /etc/sudoers and /etc/shadow too",
        _CHOSEN,
        False,
        """
        cp mv ln install tee dd chmod chown chgrp setfacl setcap truncate shred patch curl openssl usermod
        useradd groupadd gpasswd passwd chpasswd chsh debugfs update-alternatives
        """,
    ),
)
_BY_PROGRAM: Dict[str, _Kind] = {program: kind for kind in reversed(_KINDS) for program in kind.programs}
_VERSION = re.compile(r"(?<=[a-z])-?[0-9.]+\Z|\.(basic|tiny|nox|gtk3|traditional|openbsd)\Z")

# These open a pager for some of their subcommands only; '' stands for none at all.
_PAGED = {
    "systemctl": frozenset(
        ["", "status", "show", "cat", "help", "edit", "list-units", "list-unit-files", "list-timers", "list-sockets",
         "list-dependencies", "list-jobs", "list-machines", "show-environment"]
    ),
    "git": frozenset(["log", "diff", "show", "blame", "grep", "help", "branch", "tag", "reflog", "config", "-p"]),
    "loginctl": frozenset(["", "list-sessions", "list-users", "session-status", "user-status", "seat-status"]),
    "timedatectl": frozenset(["timesync-status", "show-timesync"]),
    "resolvectl": frozenset(["", "status", "statistics", "query"]),
    "networkctl": frozenset(["", "list", "status", "lldp"]),
    "apt": frozenset(["changelog"]),
    "dmesg": frozenset(["-H", "--human"]),
}  # fmt: skip
_PAGER = "shows its text in a pager, in which '!sh' starts a shell"
_MEND = "give all its arguments, without wildcards"


def warnings(reader: Reader) -> List[str]:
    """One line for each command that gives more than it seems to, each `path: what`."""
    found: Dict[str, None] = {}
    for rule in reader.rules:
        for command in rule.commands:
            for part in reader.parts(command):
                for text in _of_command(part, rule):
                    found[f"{part.path}: '{part.text}' {text}"] = None
    return list(found)


def _of_command(command: Command, rule: Rule) -> Iterator[str]:
    if command.text == ANYTHING:
        return
    if has_wildcards(command.program):
        yield "has wildcards in the path, so it allows whatever lies there now and later; name the programs"
    if has_wildcards(command.arguments) and command.arguments != "*":
        yield "has wildcards in the arguments, which match blanks and further arguments too; list what is needed"
    text = shell_problem(command, "NOEXEC" in rule.tags)
    if text is not None:
        yield text


def shell_problem(command: Command, noexec: bool = False) -> Optional[str]:
    """How one comes to a shell, or to any file, by this command; None where this table knows no way."""
    name = posixpath.basename(command.program)
    chosen = not command.arguments or has_wildcards(command.arguments)
    if name == "journalctl" or name in _PAGED:
        return _paged(name, command.arguments, noexec) or (_other(name, chosen, noexec, command.arguments))
    return _other(name, chosen, noexec, command.arguments)


def _paged(name: str, arguments: str, noexec: bool) -> Optional[str]:
    words = arguments.split(" ")
    free = not arguments or has_wildcards(words[0])
    shown = name == "journalctl" or free or any(word in _PAGED[name] for word in _subcommands(words))
    if noexec or not shown or "--no-pager" in words:
        return None
    return _PAGER + ("; give '--no-pager' among the arguments" if name not in ("git", "dmesg", "apt") else "")


def _subcommands(words: List[str]) -> List[str]:
    """The first word that is no option, and the options before it."""
    for number, word in enumerate(words):
        if not word.startswith("-"):
            return [*words[: number + 1]]
    return [*words, ""]


def _other(name: str, chosen: bool, noexec: bool, arguments: str) -> Optional[str]:
    kind = _BY_PROGRAM.get(name) or _BY_PROGRAM.get(_VERSION.sub("", name))
    if kind is None or (noexec and kind.noexec):
        return None
    interactive = kind.says.startswith("is ") and arguments == '""'
    if not (kind.always or chosen or interactive):
        return None
    mend = "" if kind.always or interactive else "; " + _MEND
    if kind.always and kind.noexec:
        mend = "; the tag NOEXEC keeps it from that"
    return kind.says + mend
