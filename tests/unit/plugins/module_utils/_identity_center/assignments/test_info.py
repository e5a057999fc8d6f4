"""What account_assignments_info reads, against an Identity Center that is a few sets and dictionaries."""

from __future__ import annotations

from assignments_cloud import DBA, GHOST, OLD, OPS, SETS, TARO, A, B, C, Cloud, info, key


def test_info_reads_what_is_asked_for():
    dba, ghost, taro = key(B, "Db", principal=DBA), key(B, "Db", "USER", GHOST), key(C, kind="USER", principal=TARO)
    cloud = Cloud([key(), dba, ghost, taro])

    def found(**options):
        return [
            (each["account_id"], each["permission_set"], each["principal_type"], each["principal"], each["orphaned"])
            for each in info(cloud, **options)["account_assignments"]
        ]

    everything = [
        (A, "Web", "GROUP", "ops", False),
        (B, "Db", "GROUP", "dba", False),
        (B, "Db", "USER", None, True),
        (C, "Web", "USER", "taro", False),
    ]
    assert found() == everything
    assert found(accounts=["b"]) == everything[1:3]
    assert found(accounts=[A, B, C, OLD], permission_sets=["Web"]) == [everything[0], everything[3]]
    assert found(users=["taro"]) == everything[3:]
    assert found(groups=["ops"], users=[GHOST]) == [everything[0], everything[2]]
    cloud.errors["list_account_assignments_for_principal"] = ["AccessDeniedException"]
    assert found(groups=["ops", "dba"]) == everything[:2]
    cloud.errors["list_account_assignments_for_principal"] = ["ExpiredTokenException"]
    assert info(cloud, groups=["ops"])["failed"]
    cloud.calls.clear()
    assert found(accounts=[A]) == everything[:1]
    assert cloud.calls.count("list_account_assignments") == 1
    assert "list_accounts" not in cloud.calls


def test_info_names_what_is_missing_and_what_is_wrong():
    cloud = Cloud([key()])
    answer = info(cloud, accounts=["nowhere", A], permission_sets=["Gone", SETS["Web"]], groups=["gone", "ops"])
    assert answer["missing"] == dict(accounts=["nowhere"], permission_sets=["Gone"], groups=["gone"])
    (only,) = answer["account_assignments"]
    assert only == dict(
        account_id=A, account_name="a", permission_set="Web", permission_set_arn=SETS["Web"], principal_type="GROUP",
        principal="ops", principal_id=OPS, orphaned=False,
    )  # fmt: skip
    assert "quote it" in info(cloud, accounts=["123"])["msg"]
    cloud.accounts[C] = "a"
    assert "is the name of 2 accounts" in info(cloud, accounts=["a"])["msg"]
