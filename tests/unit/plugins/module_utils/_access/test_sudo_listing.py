# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._access.sudo_listing import sudo_rights

HEAD = """Matching Defaults entries for taro on web-1:
    env_reset, mail_badpass, secure_path=/usr/local/sbin\\:/usr/local/bin

User taro may run the following commands on web-1:
"""


@pytest.mark.parametrize(
    "listing, rights",
    [
        (None, None),
        ("none", "none"),
        ("all", "all"),
        ("User taro is not allowed to run sudo on web-1.", "none"),
        (["User taro is not allowed to run sudo on web-1."], "none"),
        ("", "none"),
        ([], "none"),
        (["/bin/a", "/bin/b c"], ["/bin/a", "/bin/b c"]),
        (HEAD + "    (ALL) NOPASSWD: ALL\n", "all"),
        (HEAD + "    (ALL : ALL) NOPASSWD: ALL\n", "all"),
        (HEAD + "    (root) NOPASSWD: /bin/a\n    (root) NOPASSWD: ALL", "all"),
        (HEAD + "    (ALL) ALL\n", ["all (asks for a password)"]),
        (
            (HEAD + "    (root) NOPASSWD: /usr/bin/systemctl restart nginx").splitlines(),
            ["/usr/bin/systemctl restart nginx"],
        ),
        (HEAD + "    (root) NOPASSWD: /bin/a, /bin/b\\, c\n", ["/bin/a", "/bin/b, c"]),
        (HEAD + "    (root) NOPASSWD: /bin/a,\n        /bin/b", ["/bin/a", "/bin/b"]),
        (HEAD + "    (root) NOPASSWD: /bin/a, PASSWD: /bin/b", ["/bin/a", "/bin/b (asks for a password)"]),
        (HEAD + "    (root) NOPASSWD: SETENV: /bin/a", ["/bin/a"]),
        (HEAD + "    (www-data) NOPASSWD: /bin/a", ["as www-data: /bin/a"]),
        (HEAD + "    (www-data) NOPASSWD: ALL", ["as www-data: all"]),
        (HEAD + "    (www-data, root) NOPASSWD: /bin/a", ["/bin/a"]),
    ],
)
def test_what_sudo_lists(listing, rights):
    assert sudo_rights(listing) == rights
