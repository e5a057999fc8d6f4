# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.keyless.aws.plugins.module_utils._access.table import WIDTH, access_table


def row(**more):
    values = dict(
        person="taro@example.com",
        host="web-1",
        run_as="taro",
        os_user="taro",
        valid_os_user=True,
        exists_on_host=True,
        sudo="none",
        allowed=True,
        way="WebOperator via group web-operators in 111122223333",
        why_not=None,
        ways_round=[],
    )
    return dict(values, **more)


def test_a_short_table_line_by_line():
    lines = access_table(
        [row(), row(host="db-1", exists_on_host=None, sudo=None, allowed=False, why_not="no assignment")]
    )
    assert [" ".join(line.split()) for line in lines[2:]] == [
        "taro@example.com web-1 taro yes none yes WebOperator via group web-operators in 111122223333",
        "taro@example.com db-1 taro ? ? NO no assignment",
    ]
    assert lines[0].index("WAY") == lines[2].index("WebOperator") == lines[3].index("no assignment")
    assert set(lines[1]) == {"-", " "}


def test_no_line_is_wider_than_the_page_and_nothing_is_lost():
    long = row(
        person="a-very-long-name-indeed@a-very-long-domain.example.com",
        host="a-host-with-a-long-name.example.com",
        sudo=["/usr/bin/systemctl restart nginx", "/usr/bin/systemctl reload nginx", "/usr/bin/journalctl -u nginx"],
        ways_round=["everything (AdministratorAccess)", "port_forward (WebOperator)"],
    )
    lines = access_table([long])
    assert max(map(len, lines)) <= WIDTH
    text = "".join("".join(lines[2:]).split())
    for word in ("systemctl", "reload", "journalctl", "everything", "port_forward", "WebOperator", "111122223333"):
        assert word in text


def test_whoever_has_no_os_user():
    (line,) = access_table([row(run_as=None, os_user=None, exists_on_host=None, allowed=False, why_not="no value")])[2:]
    assert line.split() == ["taro@example.com", "web-1", "none", "-", "none", "NO", "no", "value"]


def test_no_rows_is_a_heading():
    assert len(access_table([])) == 2
