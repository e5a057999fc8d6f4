# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups of IAM are deleted only when they have nothing."""

from __future__ import annotations

import json

ARN = "arn:aws:iam::aws:policy/ReadOnlyAccess"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def test_a_group_that_has_something_stays(emulator, refused):
    iam = emulator.client("iam")
    iam.create_group(GroupName="g")
    iam.create_user(UserName="u")

    def stays(text):
        error = refused("DeleteConflict", iam.delete_group, GroupName="g")
        assert text in error["Error"]["Message"]

    iam.add_user_to_group(GroupName="g", UserName="u")
    stays("must remove users from group first")
    iam.remove_user_from_group(GroupName="g", UserName="u")
    iam.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=POLICY)
    stays("must delete policies first")
    iam.delete_group_policy(GroupName="g", PolicyName="p")
    iam.attach_group_policy(GroupName="g", PolicyArn=ARN)
    stays("must detach all policies first")
    iam.detach_group_policy(GroupName="g", PolicyArn=ARN)
    iam.delete_group(GroupName="g")
    refused("NoSuchEntity", iam.delete_group, GroupName="g")


def test_a_user_who_has_something_stays(emulator, refused):
    iam = emulator.client("iam")
    iam.create_user(UserName="u")
    iam.create_group(GroupName="g")
    assert iam.list_service_specific_credentials(UserName="u")["ServiceSpecificCredentials"] == []

    def stays(text):
        error = refused("DeleteConflict", iam.delete_user, UserName="u")
        assert text in error["Error"]["Message"]

    iam.create_login_profile(UserName="u", Password="Only-For-Tests-1")
    stays("must delete login profile first")
    iam.delete_login_profile(UserName="u")
    key = iam.create_access_key(UserName="u")["AccessKey"]["AccessKeyId"]
    stays("must delete access keys first")
    iam.delete_access_key(UserName="u", AccessKeyId=key)
    iam.add_user_to_group(GroupName="g", UserName="u")
    stays("must remove users from group first")
    iam.remove_user_from_group(GroupName="g", UserName="u")
    iam.delete_user(UserName="u")
    refused("NoSuchEntity", iam.delete_user, UserName="u")
