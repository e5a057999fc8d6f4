# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.facts import (
    Asked,
    Files,
    HostReader,
    NameService,
    asked,
    parse,
    parse_limits,
)
from ansible_collections.keyless.aws.plugins.module_utils._hosts.accounts.records import (
    MARKER,
    Account,
    Group,
    GroupWish,
    Home,
    Limits,
    UserWish,
    Wishes,
)
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError

PASSWD = """root:x:0:0:root:/root:/bin/bash
+nisuser::::::
# a comment
broken line
taro:x:1001:1001:Tarō,,,:/home/taro:/bin/bash
hanako:x:1002:2001::/srv/hanako:/bin/sh
twin:x:1002:2001::/home/twin:/bin/sh
plain:secret:1003:9:no shadow line:/home/plain:
taro:x:7777:7777:a second line that the tools do not see:/:/bin/false
odd:x:many:1:::
"""
GROUP = """root:x:0:
keyless-managed:x:990:taro
web:x:2001:taro,hanako
taro:x:1001:
+:::
"""
SHADOW = """root:*:20000:0:99999:7:::
taro:!:20000:0:99999:7::22280:
hanako:$y$j9T$salt$hash:20000:0:99999:7:::
twin::20000:0:99999:7::nonsense:
"""


class Names(NameService):
    """A directory with the user remote, in its groups staff and (local) web, and a group of its own."""

    def __init__(self):
        self.asked = []

    def entry(self, kind, key, table):
        self.asked.append((kind, key))
        return table.get(key)

    def user(self, name):
        return self.entry("user", name, {"remote": ("remote", "x", 5001, 9001, "Remote", "/home/remote", "/bin/zsh")})

    def uid(self, uid):
        return self.entry("uid", uid, {5001: ("remote",), 1234: ("other",)})

    def group(self, name):
        return self.entry("group", name, {"staff": ("staff", "x", 9000, ["remote"])})

    def gid(self, gid):
        return self.entry("gid", gid, {9000: ("staff",), 9001: ("people",)})

    def gids_of(self, name, gid):
        return [gid, 9000, 2001, 4444]


@pytest.fixture
def root(tmp_path):
    for path, text in {
        "etc/passwd": PASSWD,
        "etc/group": GROUP,
        "etc/shadow": SHADOW,
        "etc/login.defs": "UID_MIN 1000\nUSERGROUPS_ENAB yes\n",
        "proc/self/loginuid": "1001",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / "home/taro").mkdir(parents=True)
    (tmp_path / "home/file").write_text("")
    return tmp_path


@pytest.fixture
def reader(root, monkeypatch):
    monkeypatch.delenv("SUDO_USER", raising=False)
    return HostReader(str(root), Names())


def test_accounts():
    accounts = parse(Files(PASSWD, GROUP, SHADOW)).accounts
    assert sorted(accounts) == ["hanako", "plain", "root", "taro", "twin"]
    assert accounts["taro"] == Account(
        name="taro",
        uid=1001,
        gid=1001,
        comment="Tarō,,,",
        home="/home/taro",
        shell="/bin/bash",
        locked=True,
        expires="2031-01-01",
        local=True,
        group="taro",
        groups=frozenset([MARKER, "web"]),
    )
    assert accounts["hanako"].group == "web" and accounts["plain"].group is None


@pytest.mark.parametrize("name, locked", [("root", True), ("taro", True), ("hanako", False), ("twin", False)])
def test_a_password_is_locked_when_nothing_can_match_it(name, locked):
    assert parse(Files(PASSWD, GROUP, SHADOW)).accounts[name].locked is locked


def test_without_a_line_in_shadow_the_password_of_passwd_counts():
    plain = parse(Files(PASSWD, GROUP, SHADOW)).accounts["plain"]
    assert (plain.locked, plain.expires) == (False, "")


def test_without_the_right_to_read_shadow_nothing_is_claimed():
    taro = parse(Files(PASSWD, GROUP, None)).accounts["taro"]
    assert (taro.locked, taro.expires) == (None, None)


def test_expiry():
    accounts = parse(Files(PASSWD, GROUP, SHADOW)).accounts
    assert (accounts["root"].expires, accounts["twin"].expires) == ("", "")
    for days, date in (("0", "1970-01-01"), ("20818", "2026-12-31"), ("-1", ""), ("99999999999", "")):
        text = f"taro:!:20000:0:99999:7::{days}:\n"
        assert parse(Files(PASSWD, GROUP, text)).accounts["taro"].expires == date


def test_ids_have_all_their_owners():
    host = parse(Files(PASSWD, GROUP, SHADOW))
    assert host.uid_owners[1002] == {"hanako", "twin"}
    assert host.gid_owners[2001] == {"web"}


def test_a_line_ends_where_the_tools_end_it():
    text = "taro:x:1001:1001:a\u2028root2:x:0:0::/root:/bin/sh:/home/taro:/bin/bash\n"
    assert sorted(parse(Files(text, GROUP, SHADOW)).accounts) == ["taro"]


def test_limits():
    text = """
    # UID_MIN 1
    UID_MIN 500
    GID_MIN nonsense
    UID_MAX 59999
    SYS_GID_MIN 201
    USERGROUPS_ENAB YES
    UMASK 027
    EMPTY
    """
    assert parse_limits(text) == Limits(500, 59999, 1000, 201, True, 0o027)
    assert parse_limits(text + "\nUID_MIN 1000\n").uid_min == 1000
    assert parse_limits("HOME_MODE 0700\nUMASK 022").home_umask == 0o077
    assert parse_limits("") == Limits()


def test_what_the_name_services_are_asked_for():
    wishes = Wishes(
        users=[UserWish("", "taro", uid=1500, group="a", groups=("b",), skeleton="/k"), UserWish("", "jiro")],
        groups=[GroupWish("", "c", gid=3000), GroupWish("", "d", present=False)],
    )
    assert asked(wishes) == Asked(
        users=frozenset(["taro", "jiro"]),
        groups=frozenset(["a", "b", "c", "d", "taro", "jiro", MARKER]),
        uids=frozenset([1500]),
        gids=frozenset([3000]),
        members_of=frozenset([MARKER, "d"]),
        namesakes=frozenset(["c"]),
        skeletons=frozenset(["/k"]),
    )


def test_folders_that_homes_may_begin_with(reader):
    wanted = Asked(skeletons=frozenset(["/home/taro", "/home/file", "/home/nothing"]))
    assert reader.read(wanted).skeletons == {"/home/taro"}


def test_a_user_elsewhere_with_the_name_of_a_new_group_is_found(reader):
    host = reader.read(Asked(namesakes=frozenset(["remote", "web"])))
    assert not host.accounts["remote"].local
    assert ("user", "web") not in reader.names.asked


def test_what_is_local_is_asked_of_nobody(reader):
    reader.home = {"taro": Home(True, 1001)}.get
    host = reader.read(Asked(frozenset(["taro"]), frozenset(["web", MARKER]), frozenset([1001]), frozenset([2001])))
    assert reader.names.asked == []
    assert host.managed("taro") and not host.managed("hanako")
    assert host.homes == {"taro": Home(True, 1001)}


def test_what_is_elsewhere_is_found(reader):
    wanted = Asked(frozenset(["remote", "no-such"]), frozenset(["staff"]), frozenset([5001, 6]), frozenset([9000]))
    host = reader.read(wanted)
    assert host.groups["staff"] == Group("staff", 9000, frozenset(["remote"]), local=False)
    remote = host.accounts["remote"]
    assert (remote.local, remote.group, remote.locked, remote.expires) == (False, "people", None, None)
    assert remote.groups == {"staff", "web"}
    assert "no-such" not in host.accounts
    assert host.uid_owners[5001] == {"remote"} and 6 not in host.uid_owners
    assert host.gid_owners[9000] == {"staff"}


def test_the_owner_of_a_home_that_was_left_is_looked_for(reader):
    reader.home = {"taro": Home(True, 1234)}.get
    assert reader.read(Asked(frozenset(["taro"]))).uid_owners[1234] == {"other"}


def test_a_marked_name_is_looked_for_before_it_counts_as_gone(reader, root):
    (root / "etc/group").write_text(GROUP.replace(":990:taro", ":990:taro,remote"))
    assert "remote" in reader.read(Asked()).accounts


def test_the_members_of_a_group_that_is_to_go_are_looked_for(reader, root):
    (root / "etc/group").write_text(GROUP.replace(":2001:taro", ":2001:taro,remote"))
    assert "remote" not in reader.read(Asked()).accounts
    assert "remote" in reader.read(asked(Wishes(groups=[GroupWish("", "web", present=False)]))).accounts


def test_homes(reader, root):
    (root / "home/astray").symlink_to(root / "home/nothing")
    homes = reader.read(Asked(frozenset(["file", "taro", "missing", "astray", "../../etc"]))).homes
    assert homes == {name: Home(name == "taro", os.getuid()) for name in ("file", "taro", "astray")}


def test_bad_names_are_not_even_asked_for(reader):
    reader.read(Asked(frozenset(["1001", "taro@example.com", "a\0b"])))
    assert reader.names.asked == []


def test_as_whom_this_run_came_in(reader, root, monkeypatch):
    assert reader.read(Asked()).logins == {"taro"}
    (root / "proc/self/loginuid").write_text("4294967295")
    assert reader.read(Asked()).logins == frozenset()
    monkeypatch.setenv("SUDO_USER", "hanako")
    assert reader.read(Asked()).logins == {"hanako"}


def test_the_shell_of_new_users(reader, root):
    assert reader.read(Asked()).default_shell == "/bin/sh"
    (root / "bin").mkdir()
    (root / "bin/bash").write_text("")
    (root / "bin/bash").chmod(0o755)
    assert reader.read(Asked()).default_shell == "/bin/bash"


def test_a_vendors_login_defs_is_overridden(reader, root):
    files = {"usr/etc/login.defs": "UID_MIN 700\nGID_MIN 700\n", "etc/login.defs.d/a.defs": "GID_MIN 900"}
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    limits = reader.read(Asked()).limits
    assert (limits.uid_min, limits.gid_min) == (1000, 900)


def test_an_unreadable_passwd_is_an_error(tmp_path):
    with pytest.raises(UserError, match="passwd cannot be read: No such file"):
        HostReader(str(tmp_path), Names()).read(Asked())


def test_the_real_name_service():
    names = NameService()
    assert names.user("root")[2] == 0 and names.uid(0)[0] == "root"
    assert names.gid(0)[2] == 0 and 0 in names.gids_of("root", 0)
    assert names.user("no-such-user-here") is None
    assert names.user("a\0b") is None
    assert names.uid(2**40) is None
    assert names.group("no-such-group-here") is None
