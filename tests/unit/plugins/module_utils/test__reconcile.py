from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import (
    CREATE,
    DELETE,
    PROVISION,
    READ,
    UPDATE,
    Change,
    Outcome,
    Plan,
    Problems,
    UserError,
    in_order,
    reconcile,
    report,
    summary,
)


class Exit(Exception):
    def __init__(self, failed, result):
        super().__init__(result)
        self.failed, self.result = failed, result


class Module:
    """What `reconcile` uses of an AnsibleModule."""

    def __init__(self, check_mode=False, diff=False):
        self.check_mode, self._diff, self.warnings = check_mode, diff, []

    def warn(self, text):
        self.warnings.append(text)

    def exit_json(self, **result):
        raise Exit(False, result)

    def fail_json(self, **result):
        raise Exit(True, result)


class Letters:
    """A resource: letters that shall be there."""

    def __init__(self, there, wanted, refused=()):
        self.there, self.wanted, self.refused = set(there), wanted, refused

    def read(self):
        return set(self.there)

    def plan(self, current):
        new = [letter for letter in self.wanted if letter not in current]
        return Plan(
            changes=[Change(CREATE, "letter", letter) for letter in new],
            before=dict.fromkeys(new),
            after={letter: letter for letter in new},
            result={"letters": sorted(current | set(self.wanted))},
            warnings=["few letters"] if len(self.wanted) < 2 else [],
        )

    def apply(self, plan):
        def add(change):
            if change.name in self.refused:
                raise UserError(f"{change.name} is refused")
            self.there.add(change.name)

        return in_order(plan.changes, add)


def leave(module, resource):
    with pytest.raises(Exit) as info:
        reconcile(module, resource)
    return info.value


def test_what_is_missing_is_done_and_told():
    letters = Letters("a", ["a", "b", "c"])
    end = leave(Module(diff=True), letters)
    assert not end.failed
    assert letters.there == {"a", "b", "c"}
    assert end.result["changed"] is True
    assert end.result["created"] == 2
    assert [change["name"] for change in end.result["changes"]] == ["b", "c"]
    assert end.result["diff"] == {"before": {"b": None, "c": None}, "after": {"b": "b", "c": "c"}}
    assert end.result["letters"] == ["a", "b", "c"]


def test_nothing_to_do_is_no_change_and_no_diff():
    end = leave(Module(diff=True), Letters("ab", ["a", "b"]))
    assert end.result == {
        "changed": False,
        "changes": [],
        "created": 0,
        "updated": 0,
        "deleted": 0,
        "letters": ["a", "b"],
    }


def test_check_mode_predicts_the_same_result_and_does_nothing():
    letters = Letters("a", ["a", "b"])
    predicted = leave(Module(check_mode=True, diff=True), letters).result
    assert letters.there == {"a"}
    assert predicted == leave(Module(diff=True), letters).result


def test_warnings_of_the_plan_reach_the_user():
    module = Module()
    leave(module, Letters("", ["a"]))
    assert module.warnings == ["few letters"]


def test_a_failed_item_does_not_stop_the_others_and_all_are_named():
    letters = Letters("", ["a", "b", "c"], refused="ac")
    end = leave(Module(), letters)
    assert end.failed
    assert letters.there == {"b"}
    assert end.result["changed"] is True
    assert end.result["msg"] == (
        "2 of 3 changes failed, the others were done:\n"
        "- create letter 'a': a is refused\n"
        "- create letter 'c': c is refused"
    )
    assert [failure["name"] for failure in end.result["failures"]] == ["a", "c"]


@pytest.mark.parametrize("check_mode", [False, True])
def test_what_could_not_be_planned_fails_the_task_in_check_mode_too_and_the_rest_is_done(check_mode):
    class PartlyUnread(Letters):
        def plan(self, current):
            plan = super().plan(current)
            plan.failures = [Outcome(Change(READ, "letter", "z"), "it is illegible")]
            return plan

    letters = PartlyUnread("", ["a"])
    end = leave(Module(check_mode=check_mode), letters)
    assert end.failed
    assert letters.there == (set() if check_mode else {"a"})
    assert [change["name"] for change in end.result["changes"]] == ["a"]
    assert end.result["failures"] == [{"action": "read", "kind": "letter", "name": "z", "error": "it is illegible"}]
    assert "read letter 'z': it is illegible" in end.result["msg"]


def test_a_single_failure_is_the_message():
    end = leave(Module(), Letters("", ["a"], refused="a"))
    assert end.result["msg"] == "create letter 'a': a is refused"
    assert end.result["changed"] is False


def test_others_were_done_is_said_only_if_something_was_done():
    end = leave(Module(), Letters("", ["a", "b"], refused="ab"))
    assert end.result["msg"].splitlines()[0] == "2 of 2 changes failed:"


class Words(Letters):
    """Words of letters: a word needs its first letter."""

    def plan(self, current):
        plan = super().plan(current)
        plan.changes += [Change(CREATE, "word", word, needs=(("letter", word[0]),)) for word in ("ab", "ac", "bc")]
        return plan


@pytest.mark.parametrize(
    "refused, last",
    [
        ("a", "- and 2 more were skipped because of these"),
        ("b", "- and 1 more was skipped because of these"),
    ],
)
def test_what_was_skipped_is_counted_in_the_message_and_named_in_the_failures(refused, last):
    end = leave(Module(), Words("", ["a", "b"], refused=refused))
    skipped = [word for word in ("ab", "ac", "bc") if word[0] == refused]
    assert end.result["msg"].splitlines() == [
        f"{1 + len(skipped)} of 5 changes failed, the others were done:",
        f"- create letter '{refused}': {refused} is refused",
        last,
    ]
    assert [failure["name"] for failure in end.result["failures"]] == [refused, *skipped]
    assert end.result["failures"][1]["error"] == f"skipped, because letter '{refused}' failed"


def test_what_was_skipped_where_nothing_was_done():
    words = Words("", ["a"], refused=("a", "bc"))
    assert leave(Module(), words).result["msg"].splitlines() == [
        "4 of 4 changes failed:",
        "- create letter 'a': a is refused",
        "- create word 'bc': bc is refused",
        "- and 2 more were skipped because of these",
    ]


def test_a_user_error_while_reading_fails_with_its_details():
    class Unreadable(Letters):
        def read(self):
            raise UserError("there is nothing to read", option="letters")

    end = leave(Module(), Unreadable("", []))
    assert end.failed
    assert end.result == {"msg": "there is nothing to read", "option": "letters"}


def test_problems_are_listed_one_a_line():
    assert Problems(["a: wrong"]).message == "a: wrong"
    both = Problems(["a: wrong", "b: wrong too"])
    assert both.message == "2 problems:\n- a: wrong\n- b: wrong too"
    assert both.details == {"problems": ["a: wrong", "b: wrong too"]}


def test_what_needs_a_failed_change_is_skipped():
    done = []

    def do(change):
        if change.name == "group":
            raise UserError("no")
        done.append(change.name)

    changes = [
        Change(CREATE, "group", "group"),
        Change(CREATE, "member", "group/taro", needs=(("group", "group"),)),
        Change(UPDATE, "group", "group"),
        Change(CREATE, "badge", "taro", needs=(("member", "group/taro"),)),
        Change(CREATE, "user", "taro"),
    ]
    outcomes = list(in_order(changes, do))
    assert done == ["taro"]
    assert [bool(outcome.error) for outcome in outcomes] == [True, True, True, True, False]
    assert [outcome.skipped for outcome in outcomes] == [False, True, True, True, False]
    assert outcomes[1].error == "skipped, because group 'group' failed"
    assert outcomes[3].error == "skipped, because member 'group/taro' failed"


def test_sums_count_things_not_steps():
    changes = [
        Change(CREATE, "set", "a"),
        Change(UPDATE, "set", "a"),
        Change(UPDATE, "set", "b"),
        Change(UPDATE, "set", "b"),
        Change(PROVISION, "set", "b"),
        Change(DELETE, "set", "c"),
    ]
    sums = summary(changes)
    assert (sums["created"], sums["updated"], sums["deleted"]) == (1, 1, 1)
    assert sums["changed"] is True


def test_a_change_shows_its_detail_and_never_its_payload():
    change = Change(UPDATE, "set", "a", dict(fields=["x"]), payload="secret")
    assert change.shown() == {"action": "update", "kind": "set", "name": "a", "fields": ["x"]}


def test_report_never_changes_anything():
    with pytest.raises(Exit) as info:
        report(Module(), lambda: {"letters": []})
    assert info.value.result == {"changed": False, "letters": []}


def test_report_hands_warnings_over_as_ansible_core_asks_for():
    module = Module()
    with pytest.raises(Exit) as info:
        report(module, lambda: {"letters": [], "warnings": ["a wildcard"]})
    assert info.value.result == {"changed": False, "letters": []}
    assert module.warnings == ["a wildcard"]


def test_report_turns_a_user_error_into_a_failure():
    def read():
        raise UserError("no")

    with pytest.raises(Exit) as info:
        report(Module(), read)
    assert info.value.failed
    assert info.value.result == {"msg": "no"}
