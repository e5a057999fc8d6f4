# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.keyless.aws.plugins.module_utils._access.table import WIDTH, access_table


def row(**more):
    values = dict(
        person="taro@example.com",
        host="web-1",
        instance_id="i-1",
        account_id="111122223333",
        run_as="taro",
        os_user="taro",
        valid_os_user=True,
        exists_on_host=True,
        sudo="none",
        allowed=True,
        way="WebOperator via group web-operators in 111122223333",
        why_not=None,
        ways_round=[],
        leftover=False,
        agent_running=None,
        agent_version=None,
    )
    return dict(values, **more)


def test_a_short_table_line_by_line():
    lines = access_table(
        [
            row(),
            row(host="db-1", instance_id="i-2", exists_on_host=False, sudo=None, allowed=False, why_not="no OS user"),
            row(person="ken", run_as=None, os_user=None, exists_on_host=None, allowed=False, why_not="no value"),
        ]
    )
    assert [" ".join(line.split()) for line in lines] == [
        "PERSON RUN AS VALID ON HOST SUDO SESSION WAY IN, OR WHY NOT",
        "",
        "web-1 (i-1 in 111122223333)",
        "taro@example.com taro yes yes none yes WebOperator via web-operators",
        "ken - - - - NO no value",
        "",
        "db-1 (i-2 in 111122223333)",
        "taro@example.com taro yes NO - NO no OS user",
    ]
    assert lines[0].index("WAY") == lines[3].index("WebOperator") == lines[7].index("no OS user")


def test_no_line_is_wider_than_the_page_and_nothing_is_lost():
    long = row(
        person="a-very-long-name-indeed@a-very-long-domain.example.com",
        host="a-host-with-a-long-name.example.com",
        sudo=["/usr/bin/systemctl restart nginx", "/usr/bin/systemctl reload nginx", "/usr/bin/journalctl -u nginx"],
        ways_round=["everything (AdministratorAccess)"] + [f"port_forward (WebOperator{n})" for n in range(9)],
    )
    lines = access_table([long])
    assert max(map(len, lines)) <= WIDTH
    text = "".join("".join(lines).split())
    for word in ("systemctl", "reload", "journalctl", "everything", "port_forward", "WebOperator8", "111122223333"):
        assert word in text


def test_what_run_as_does_not_cover_is_said_once_a_host():
    lines = access_table([row(ways_round=["ssh (A)"]), row(person="ken", ways_round=["ssh (A)", "command (B)"])])
    assert [line for line in lines if "!" in line] == ["  ! not bound by Run As: ssh (A), command (B)"]


def test_who_is_left_behind_is_said_once_a_host():
    gone = dict(allowed=False, way=None, why_not="no assignment in account 111122223333", leftover=True)
    lines = access_table([row(**gone), row(person="ken@example.com", os_user="ken", **gone), row(host="web-2")])
    assert [line for line in lines if "!" in line] == [
        "  ! still a local administrator, without a grant: taro (taro@example.com), ken (ken@example.com)"
    ]


def test_a_missing_agent_is_said_once_a_host():
    away = dict(agent_running=False)
    lines = access_table([row(**away), row(person="ken", **away), row(host="web-2", agent_running=True)])
    assert [line for line in lines if "!" in line] == ["  ! no SSM agent is running"]
    lines = access_table([row(agent_running=False, agent_version="3.3.1.0")])
    assert lines[-1] == "  ! no SSM agent is running (version 3.3.1.0 is installed)"


def test_an_invalid_value_and_another_os_user_are_told():
    invalid = row(run_as="taro@example.com", os_user="taro@example.com", valid_os_user=False, allowed=False)
    (line,) = access_table([dict(invalid, exists_on_host=None, sudo=None, why_not="an e-mail address")])[3:]
    assert line.split()[2:5] == ["NO", "?", "?"]
    (line,) = access_table([row(os_user="ssm-user")])[3:]
    assert line.endswith("web-operators, as ssm-user")


def test_no_rows_is_a_heading():
    assert len(access_table([])) == 1
