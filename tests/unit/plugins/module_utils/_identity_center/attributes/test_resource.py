"""What happens when AWS is slow, or somebody else is quicker."""

from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.attributes import resource as resources
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.attributes.api import AttributesApi
from ansible_collections.keyless.aws.plugins.module_utils._identity_center.instance import Instance
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError

INSTANCE = Instance("arn:aws:sso:::instance/ssoins-1234567890abcdef", "d-1")
NICK, TITLE, TEAM = "${path:nickName}", "${path:title}", "${path:enterprise.department}"


class Sso:
    """Identity Center with attributes: what is there, who comes in between, what was written."""

    def __init__(self, sources=None, busy=0, reason=None, before=None):
        self.sources, self.busy, self.reason = sources, busy, reason
        self.before = list(before or [])  # what happens before each of the next writes
        self.writes = []

    def call(self, operation, InstanceArn, InstanceAccessControlAttributeConfiguration=None):
        verb = operation.split("_")[0]
        assert InstanceArn == INSTANCE.arn
        if verb == "describe":
            return self._describe()
        if self.before:
            self.before.pop(0)(self)
        if verb == "create" and self.sources is not None:
            raise AwsError("in the way", "ConflictException", operation)
        if verb != "create" and self.sources is None:
            raise AwsError("it is off", "ResourceNotFoundException", operation)
        self.writes.append(verb)
        configuration = (InstanceAccessControlAttributeConfiguration or {}).get("AccessControlAttributes")
        self.sources = None if verb == "delete" else {each["Key"]: each["Value"]["Source"][0] for each in configuration}
        return {}

    def _describe(self):
        if self.sources is None:
            raise AwsError("it is off", "ResourceNotFoundException", "Describe")
        status = "ENABLED"
        if self.busy:
            self.busy -= 1
            status = "CREATION_IN_PROGRESS"
        elif self.reason:
            status = "CREATION_FAILED"
        listed = [dict(Key=key, Value=dict(Source=[source])) for key, source in self.sources.items()]
        answer = dict(Status=status, InstanceAccessControlAttributeConfiguration=dict(AccessControlAttributes=listed))
        return dict(answer, StatusReason=self.reason) if self.reason else answer


class Module:
    def __init__(self, **params):
        defaults = dict(attributes=None, state="present", purge=False, disable=False)
        self.params = dict(defaults, instance_arn=None, **dict(dict(wait_timeout=60), **params))


@pytest.fixture
def run(monkeypatch):
    def run(sso, **params):
        monkeypatch.setattr(resources, "_api", lambda module: (AttributesApi(sso, INSTANCE), INSTANCE))
        resource = resources.AccessControlAttributes(Module(**params), sleep=lambda seconds: None)
        plan = resource.plan(resource.read())
        return plan, list(resource.apply(plan))

    return run


def errors(outcomes):
    return {outcome.error for outcome in outcomes}


def test_one_write_carries_all_changes(run):
    sso = Sso({"Old": TITLE})
    plan, outcomes = run(sso, attributes={"RunAs": "nickName", "Team": "enterprise.department"})
    assert errors(outcomes) == {None}
    assert len(outcomes) == 2
    assert sso.writes == ["update"]
    assert sso.sources == plan.result["attributes"] == {"Old": TITLE, "RunAs": NICK, "Team": TEAM}


def test_nothing_to_do_writes_nothing(run):
    sso = Sso({"RunAs": NICK})
    assert run(sso, attributes={"RunAs": "nickName"})[1] == []
    assert sso.writes == []


def test_enabling_is_waited_for(run):
    sso = Sso()
    sso.before = [lambda sso: setattr(sso, "busy", 3)]
    _plan, outcomes = run(sso, attributes={"RunAs": "nickName"})
    assert errors(outcomes) == {None}
    assert sso.busy == 0


def test_a_failed_start_fails_every_change_with_awss_reason(run):
    sso = Sso(before=[lambda sso: setattr(sso, "reason", "internal failure")])
    _plan, outcomes = run(sso, attributes={"RunAs": "nickName"})
    assert errors(outcomes) == {"could not be enabled: internal failure"}
    assert len(outcomes) == 2


def test_enabling_that_takes_too_long_is_told(run):
    sso = Sso(before=[lambda sso: setattr(sso, "busy", 1000)])
    _plan, outcomes = run(sso, attributes={"RunAs": "nickName"}, wait_timeout=0)
    assert "still being enabled after 0 seconds" in errors(outcomes).pop()


def test_what_is_being_enabled_by_somebody_else_is_waited_for(run):
    sso = Sso({"Old": TITLE}, busy=2)
    assert errors(run(sso, attributes={"RunAs": "nickName"})[1]) == {None}
    with pytest.raises(UserError, match="still being enabled after 0 seconds"):
        run(Sso({"Old": TITLE}, busy=2), attributes={"RunAs": "nickName"}, wait_timeout=0)


def test_somebody_else_enabled_it_first_and_their_attributes_stay(run):
    sso = Sso(before=[lambda sso: setattr(sso, "sources", {"Theirs": TITLE})])
    plan, outcomes = run(sso, attributes={"RunAs": "nickName"})
    assert errors(outcomes) == {None}
    assert sso.sources == plan.result["attributes"] == {"Theirs": TITLE, "RunAs": NICK}


def test_somebody_else_turned_it_off_meanwhile(run):
    sso = Sso({"Theirs": TITLE}, before=[lambda sso: setattr(sso, "sources", None)])
    _plan, outcomes = run(sso, attributes={"RunAs": "nickName"})
    assert errors(outcomes) == {None}
    assert sso.sources == {"RunAs": NICK}


def test_endless_conflicts_end(run):
    def conflict(sso):
        raise AwsError("busy", "ConflictException", "Update")

    sso = Sso({"Old": TITLE}, before=[conflict] * 100)
    assert errors(run(sso, attributes={"RunAs": "nickName"})[1]) == {"busy"}
    assert len(sso.before) == 100 - len(resources.PAUSES) - 1


def test_other_errors_are_not_tried_again(run):
    def refuse(sso):
        raise AwsError("access denied", "AccessDeniedException", "Update")

    sso = Sso({"Old": TITLE}, before=[refuse])
    assert errors(run(sso, attributes={"RunAs": "nickName"})[1]) == {"access denied"}


def test_disable_deletes_once(run):
    sso = Sso({"Old": TITLE})
    plan, outcomes = run(sso, disable=True)
    assert errors(outcomes) == {None}
    assert (sso.writes, sso.sources) == (["delete"], None)
    assert plan.result == {"attributes": {}, "enabled": False}


def test_disable_is_content_when_somebody_else_did_it(run):
    sso = Sso({"Old": TITLE}, before=[lambda sso: setattr(sso, "sources", None)])
    assert errors(run(sso, disable=True)[1]) == {None}


def test_info(monkeypatch):
    def info(sso):
        monkeypatch.setattr(resources, "_api", lambda module: (AttributesApi(sso, INSTANCE), INSTANCE))
        return resources.read_attributes(Module())

    assert info(Sso()) == {"attributes": {}, "enabled": False}
    assert info(Sso({"A": NICK})) == {"attributes": {"A": NICK}, "enabled": True, "status": "ENABLED"}
    failed = info(Sso({"A": NICK}, reason="internal failure"))
    assert (failed["status"], failed["status_reason"]) == ("CREATION_FAILED", "internal failure")
