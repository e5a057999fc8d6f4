# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one person may do on one host through one permission set, judged from what was read back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .._evaluation.conditions import Context, context_of
from .._evaluation.evaluate import ALLOWED, DENIED, UNDECIDABLE, Decision, evaluate, evaluate_all, worst
from .._sessions.managed_policies import MANAGED
from .._sessions.remote_desktop import GUI_CONNECT, MAKE_USER_DOCUMENT
from .._sessions.scope import RUN_AS_TAG, partition_of
from .._sessions.statements import AWS_DOCUMENTS, SHELL_DOCUMENT
from .._sessions.ways_round import PUSH_KEYS, RUN_COMMANDS, TAG_PRINCIPALS, WRITE_DOCUMENTS

EVERYTHING = "everything"
BOUNDARY = "its permissions boundary"
# What a tag is when the question is what would be if there were one.
SOMEBODY = "somebody"


@dataclass(frozen=True)
class Request:
    """Who wants to get where. tags: the person's attributes as Identity Center sends them."""

    user_name: str
    tags: Mapping[str, str]
    account_id: str
    region: str
    instance_id: str
    instance_tags: Mapping[str, str]

    def arn(self, service: str, resource: str, owned: bool = True) -> str:
        account = self.account_id if owned else ""
        return f"arn:{partition_of(self.region)}:{service}:{self.region}:{account}:{resource}"

    @property
    def instance(self) -> str:
        if self.instance_id.startswith("mi-"):
            return self.arn("ssm", "managed-instance/" + self.instance_id)
        return self.arn("ec2", "instance/" + self.instance_id)

    def context(self, on_instance: bool, **more: Any) -> Context:
        values: Dict[str, Any] = {
            "aws:userid": "AROAEXAMPLE:" + self.user_name,
            "aws:PrincipalAccount": self.account_id,
            "aws:PrincipalType": "AssumedRole",
            "aws:ResourceAccount": self.account_id,
            "aws:RequestedRegion": self.region,
            "ssm:SessionDocumentAccessCheck": "true",
        }
        values.update({"aws:PrincipalTag/" + key: value for key, value in self.tags.items()})
        if on_instance:
            for prefix in ("aws:ResourceTag/", "ssm:resourceTag/", "ec2:ResourceTag/"):
                values.update({prefix + key: value for key, value in self.instance_tags.items()})
        values.update(more)
        return context_of(values)


@dataclass(frozen=True)
class Policies:
    """A permission set's policies: documents that can be judged, and names of what was not read.

    may_give: AWS managed policies, which only ever allow. may_take: what might also refuse.
    """

    documents: Tuple[Any, ...]
    may_give: Tuple[str, ...] = ()
    may_take: Tuple[str, ...] = ()


def policies_of(permission_set: Mapping[str, Any]) -> Policies:
    documents = [permission_set["inline_policy"]] if permission_set.get("inline_policy") else []
    unread, own = [], []
    for arn in permission_set.get("managed_policies") or ():
        name = str(arn).rsplit("/", 1)[-1]
        if name not in MANAGED:
            unread.append(name)
        elif MANAGED[name] is not None:
            documents.append({"Version": "2012-10-17", "Statement": [dict(MANAGED[name], Sid=name)]})
    for reference in permission_set.get("customer_managed_policies") or ():
        own.append(str(reference.get("name") if isinstance(reference, Mapping) else reference))
    if permission_set.get("permissions_boundary"):
        own.append(BOUNDARY)
    return Policies(tuple(documents), tuple(unread), tuple(own))


def may_start(policies: Sequence[Any], request: Request, document: str) -> Decision:
    """Whether a session with a document may be started; both the instance and the document have to be granted."""
    owned = not document.startswith("AWS-")
    return evaluate_all(
        policies,
        "ssm:StartSession",
        [
            (request.instance, request.context(True)),
            (request.arn("ssm", "document/" + document, owned), request.context(False)),
        ],
    )


def may_open_desktop(policies: Sequence[Any], request: Request) -> Decision:
    """Whether Fleet Manager's Remote Desktop may be opened: the session, the local user, and the connection itself."""
    through = {"aws:CalledVia": [GUI_CONNECT]}
    instance, nowhere = request.instance, request.context(False)
    session = request.arn("ssm", "document/AWS-StartPortForwardingSession", owned=False)
    user = request.arn("ssm", "document/" + MAKE_USER_DOCUMENT, owned=False)
    decisions = [
        evaluate_all(
            policies,
            "ssm:StartSession",
            [(instance, request.context(True, **through)), (session, request.context(False, **through))],
        ),
        evaluate_all(policies, "ssm:SendCommand", [(instance, request.context(True)), (user, nowhere)]),
        evaluate(policies, "ssm-guiconnect:StartConnection", "*", nowhere),
    ]
    return worst(decisions)


def demands_run_as(policies: Sequence[Any], request: Request) -> bool:
    """Whether the policies refuse a session that has no SSMSessionRunAs."""
    decision = may_start(policies, with_run_as(request, None), SHELL_DOCUMENT)
    return decision.effect == DENIED and may_start(policies, with_run_as(request, SOMEBODY), SHELL_DOCUMENT).allowed


def open_ways(policies: Sequence[Any], request: Request) -> List[str]:
    """The ways round Run As that are not refused; one that cannot be judged counts, with a question mark."""
    ways: List[Tuple[str, str]] = []
    for word, documents in AWS_DOCUMENTS.items():
        ways.append((word, _worst(may_start(policies, request, document) for document in documents)))
    ways.append(("other_documents", may_start(policies, request, "AnyOtherSessionDocument").effect))
    instance, nowhere = request.context(True), request.context(False)
    anything = [
        ("run_commands", RUN_COMMANDS, request.instance, instance),
        ("write_documents", WRITE_DOCUMENTS, request.arn("ssm", "document/" + SHELL_DOCUMENT), nowhere),
        ("push_keys", PUSH_KEYS, request.instance, request.context(True, **{"ec2:osuser": "root"})),
        (
            "tag_principals",
            TAG_PRINCIPALS,
            f"arn:{partition_of(request.region)}:iam::{request.account_id}:user/{SOMEBODY}",
            request.context(False, **{"aws:RequestTag/" + RUN_AS_TAG: "root", "aws:TagKeys": [RUN_AS_TAG]}),
        ),
    ]
    for word, actions, resource, context in anything:
        ways.append((word, _worst(evaluate(policies, action, resource, context) for action in actions)))
    if all(effect == ALLOWED for _word, effect in ways):
        return [EVERYTHING]
    return [word + ("?" if effect == UNDECIDABLE else "") for word, effect in ways if effect in (ALLOWED, UNDECIDABLE)]


def _worst(decisions: Any) -> str:
    effects = {decision.effect for decision in decisions}
    return next((effect for effect in (ALLOWED, UNDECIDABLE) if effect in effects), DENIED)


def with_run_as(request: Request, value: Optional[str]) -> Request:
    """The same request with another SSMSessionRunAs, or with none."""
    tags = {key: entry for key, entry in request.tags.items() if key != RUN_AS_TAG}
    if value is not None:
        tags[RUN_AS_TAG] = value
    return replace(request, tags=tags)


def why_refused(decision: Decision, name: str, request: Request) -> str:
    """A refusal in plain words."""
    if decision.effect == DENIED:
        return f"{name} denies it ({decision.statement})"
    if decision.effect == UNDECIDABLE:
        return f"{name} cannot be judged from here ({decision.statement})"
    for miss in decision.misses:
        found = miss.key.split("/", 1)
        if len(found) == 2 and found[0].lower() in ("ssm:resourcetag", "aws:resourcetag", "ec2:resourcetag"):
            wanted = " or ".join(_in_words(entry, request.tags) for entry in miss.expected)
            have = request.instance_tags.get(found[1])
            has = f"{found[1]}={have}" if have is not None else f"no tag {found[1]}"
            return f"{name} reaches {found[1]}={wanted}, this host has {has}"
    if decision.misses:
        return f"{name} does not allow it here ({decision.misses[0].key})"
    return f"{name} does not name this instance or the shell"


def _in_words(expected: str, tags: Mapping[str, str]) -> str:
    """A principal tag as the value that the person has."""
    prefix = "${aws:PrincipalTag/"
    if not expected.startswith(prefix):
        return expected
    key = expected[len(prefix) :].rstrip("}")
    return tags.get(key, f"the person's {key}, who has none")
