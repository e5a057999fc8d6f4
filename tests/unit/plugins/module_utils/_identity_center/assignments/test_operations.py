"""How assignments are created and deleted: many at once, with lost answers, refusals and operations under way."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from assignments_cloud import A, B, C, Cloud, key, row, run


def test_many_slow_operations_stay_within_ten():
    accounts = [f"{number:012}" for number in range(100, 115)]
    cloud = Cloud(slow=3)
    result = run(cloud, row(["Web", "Db"], ["ops"], accounts))
    assert result["created"] == 30
    assert cloud.most == 10
    assert len(cloud.spent()) == 30


def test_one_at_a_time_in_an_account():
    cloud = Cloud(slow=3)
    assert run(cloud, row(["Web", "Db"], ["ops", "dba"], [A], users=["taro"]))["created"] == 6
    assert cloud.most == 1


def test_failures_have_their_reason_and_leave_the_result():
    cloud = Cloud()
    cloud.failing[key(B)] = "Account is closed"
    result = run(cloud, row(accounts=[A, B]))
    assert [failure["error"] for failure in result["failures"]] == ["Account is closed"]
    assert [each["account_id"] for each in result["account_assignments"]] == [A]


@pytest.mark.parametrize("slow", [0, 2])
@pytest.mark.parametrize("code", ["+", "+ConflictException", "+InternalServerException", "+503"])
def test_a_lost_answer_is_looked_up(code, slow):
    cloud = Cloud(slow=slow)
    cloud.errors["create_account_assignment"] = [code]
    assert run(cloud, row())["created"] == 1
    assert cloud.spent() == ["create_account_assignment"]


AGAIN = ["", "ThrottlingException", "ConflictException", "ServiceQuotaExceededException", "500"]


@pytest.mark.parametrize("code", AGAIN)
def test_what_was_not_taken_is_sent_again(code):
    cloud = Cloud()
    cloud.errors["create_account_assignment"] = [code, code]
    assert run(cloud, row())["created"] == 1
    assert len(cloud.spent()) == 3


def test_a_quota_that_is_used_up_is_told_in_the_end():
    cloud = Cloud()
    cloud.errors["create_account_assignment"] = ["ServiceQuotaExceededException"] * 99
    assert "ServiceQuotaExceededException" in run(cloud, row())["msg"]
    assert len(cloud.spent()) == 6


def test_a_refusal_is_told_at_once():
    cloud = Cloud()
    cloud.errors["create_account_assignment"] = ["AccessDeniedException"]
    assert run(cloud, row())["msg"].endswith("create_account_assignment: AccessDeniedException")
    assert len(cloud.spent()) == 1


def test_what_someone_else_deleted_meanwhile_is_deleted():
    cloud = Cloud([key()])
    cloud.errors["delete_account_assignment"] = ["+ResourceNotFoundException"]
    cloud.begin = lambda action, what: cloud.assigned.discard(what)
    assert run(cloud, row(state="absent"))["deleted"] == 1


def test_a_deleted_permission_set_has_no_assignment_left():
    cloud = Cloud([key()])
    cloud.errors["delete_account_assignment"] = ["ResourceNotFoundException"]
    original = cloud.list_account_assignments
    answers = iter([original])

    def gone(**parameters):
        for answer in answers:
            return answer(**parameters)
        raise AwsError("no such set", "ResourceNotFoundException")

    cloud.list_account_assignments = gone
    assert run(cloud, row(state="absent"))["deleted"] == 1


@pytest.mark.parametrize("code", ["", "ExpiredTokenException"])
def test_without_a_network_the_run_ends_and_tells_of_each(code):
    cloud = Cloud(slow=1)
    cloud.errors["create_account_assignment"] = [None, "", ""]
    cloud.errors["list_account_assignment_creation_status"] = [None] + [code] * 99
    result = run(cloud, row(accounts=[A, B, C]))
    said = {failure["error"].split(":")[0].split(" (")[0].split(";")[0] for failure in result["failures"]}
    assert said <= {"how it ended is not known", "whether it was begun is not known", "not started"}
    assert len(result["failures"]) == 3


def test_a_status_that_cannot_be_asked_for_is_told():
    cloud = Cloud(slow=1)
    cloud.failing[key()] = "Account is closed"
    cloud.errors["describe_account_assignment_creation_status"] = ["ExpiredTokenException"]
    (failure,) = run(cloud, row())["failures"]
    assert failure["error"].startswith("how it ended is not known (request request 1)")


def test_a_status_that_lags_behind_the_list_is_asked_for_again():
    cloud = Cloud(slow=4)
    cloud.list_account_assignment_creation_status = lambda **_parameters: []
    assert run(cloud, row(accounts=[A, B]))["created"] == 2


def test_reading_that_is_refused_after_a_lost_answer_is_told():
    cloud = Cloud()
    cloud.errors["create_account_assignment"] = [""]
    cloud.errors["list_account_assignment_creation_status"] = [None, "AccessDeniedException"]
    (failure,) = run(cloud, row())["failures"]
    assert failure["error"].endswith("AccessDeniedException")


def test_operations_under_way_are_taken_over_or_waited_for():
    cloud = Cloud([key(B), key(C)], slow=4)
    cloud.begin("create", key(A))
    cloud.begin("delete", key(B))
    cloud.begin("delete", key(C))
    cloud.begin("create", key(A, "Db"))
    result = run(cloud, row(accounts=[A, B]), row(accounts=[C], state="absent"), row(["Db"], state="absent"))
    assert (result["created"], result["deleted"], result["failed"]) == (2, 2, False)
    assert cloud.spent() == ["create_account_assignment", "delete_account_assignment"]
    assert cloud.assigned == {key(A), key(B)}
