# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about starting sessions: instances, session documents and the check between them."""

from __future__ import annotations

from typing import Iterator, List

from ..statements import SHELL_DOCUMENT
from .facts import (
    ACCESS_CHECK,
    OPEN_CHANNEL,
    PUSH_KEY,
    RESUME,
    SESSION_OWNER,
    START,
    TERMINATE,
    Policy,
    checks_access,
    grants_document,
    grants_documents,
    instance_tags,
    reaches,
    reaches_nodes,
    tagged_only,
    through_guiconnect,
)
from .patterns import DOCUMENT, SESSION, Arn, without_variables
from .statements import ERROR, POLICY, WARNING, Line, Problem, Statement

_CHECK = '"BoolIfExists": {"' + ACCESS_CHECK + '": "true"}'
_ROOT_DOCUMENT = "AWS-StartInteractiveCommand"


def anywhere(policy: Policy) -> Iterator[Problem]:
    for statement in policy.starts:
        if not _anywhere(statement):
            continue
        more = [word for action, word in ((TERMINATE, "ends anybody's session"), ("ssm:SendCommand", "runs commands"))
                if statement.allows(action)]  # fmt: skip
        yield statement.found(
            "start_session_anywhere",
            ERROR,
            "It starts sessions on every instance of the account and with every session document, also those that run "
            "commands as root" + (f"; it also {' and '.join(more)}." if more else "."),
            "Name the instances (by ids, or * with a condition on ssm:resourceTag/...) in one statement, and the "
            "session documents by name in another.",
        )


def _anywhere(statement: Statement) -> bool:
    return statement.everywhere and not instance_tags(statement) and not through_guiconnect(statement)


def _everything(statement: Statement) -> bool:
    """Whether `anywhere` has said already that it is far too much."""
    return statement.allows(START) and _anywhere(statement)


def any_document(policy: Policy) -> Iterator[Problem]:
    for statement in policy.starts:
        wide = [arn for arn in statement.resources if _any_document(arn)]
        if wide and not _anywhere(statement) and not tagged_only(statement):
            yield statement.found(
                "any_document",
                WARNING,
                f"{wide[0].text} is every session document, also {_ROOT_DOCUMENT}, which runs commands as root, and "
                "documents that AWS will add.",
                f"Name the documents that are meant, such as {SHELL_DOCUMENT}.",
            )


def _any_document(arn: Arn) -> bool:
    """`*` itself is `anywhere`'s."""
    return not arn.everything and "*" in arn.resource and arn.is_document(_ROOT_DOCUMENT, by_aws=True)


def tags_on_documents(policy: Policy) -> Iterator[Problem]:
    for statement in policy.starts:
        tags = tagged_only(statement)
        if not tags or not reaches(statement, DOCUMENT):
            continue
        elsewhere = grants_documents(policy.starts)
        if elsewhere and all(arn.document is None for arn in statement.resources):
            continue  # `*` with tags, and documents in a statement of their own: nothing is lost
        own = [arn for arn in statement.resources if arn.document and not arn.document.lower().startswith("aws")]
        alone = not reaches_nodes(statement) and len(own) == len(statement.resources)
        yield statement.found(
            "tags_on_documents",
            WARNING if elsewhere or alone else ERROR,
            f"The condition on {tags[0].key} counts for the session documents of this statement too. A document "
            "carries no tag of an instance, so the condition denies every document"
            + (" that is not tagged so itself." if alone else "."),
            "Put the documents into a statement of their own, without the condition on tags.",
            tags[0].path,
        )


def untagged_let_in(policy: Policy) -> Iterator[Problem]:
    for statement in policy.starts:
        for line in instance_tags(statement):
            if (line.if_exists or line.each) and not line.negated and reaches_nodes(statement):
                yield statement.found(
                    "untagged_let_in",
                    ERROR,
                    f"{line.operator} holds where the key is missing, so every instance without the tag "
                    f"{line.key.split('/', 1)[1]} is reached.",
                    f"Write {line.name}, and put session documents into a statement of their own.",
                    line.path,
                )


def access_check(policy: Policy) -> Iterator[Problem]:
    if any(statement.denies(START) and _demands_check(statement) for statement in policy.statements):
        return
    shell = grants_document(policy.starts, SHELL_DOCUMENT)
    for statement in policy.starts:
        if checks_access(statement) or _anywhere(statement):
            continue
        nodes = reaches_nodes(statement)
        if not nodes and not reaches(statement, DOCUMENT):
            continue
        if nodes:
            text = (
                f"Without {ACCESS_CHECK} nobody asks whether {SHELL_DOCUMENT} is granted: a session that names no "
                "document opens the full shell"
                + (", whatever the policy says about documents." if shell else ", although no statement grants it.")
            )
        else:
            text = f"AWS enforces {ACCESS_CHECK} only where every statement that allows {START} has it."
        yield statement.found(
            "no_access_check", ERROR if nodes and not shell else WARNING, text, f"Add the condition {_CHECK}."
        )


def _demands_check(statement: Statement) -> bool:
    return statement.everywhere and any(
        line.is_key(ACCESS_CHECK) and line.name == "Bool" and line.values == ("false",) for line in statement.lines
    )


def bool_check(policy: Policy) -> Iterator[Problem]:
    for statement in policy.starts:
        for line in statement.lines:
            if not line.is_key(ACCESS_CHECK) or line.name != "Bool":
                continue
            if line.values != ("true",):
                yield statement.found(
                    "access_check_off",
                    ERROR,
                    f"{ACCESS_CHECK} is compared with {' and '.join(line.values) or 'nothing'}, so the check of the "
                    "session document is not asked for.",
                    f"Write {_CHECK}.",
                    line.path,
                )
            elif not line.if_exists:
                yield statement.found(
                    "bool_not_if_exists",
                    ERROR,
                    f"Not every request carries {ACCESS_CHECK}; plain {line.operator} was seen to deny even documents "
                    "that are granted.",
                    f"Write {_CHECK}.",
                    line.path,
                )


def no_document(policy: Policy) -> Iterator[Problem]:
    reaching = [one for one in policy.starts if reaches_nodes(one)]
    granting = policy.starts + [one for one in policy.beside if one.allows(START)]
    if not reaching or any(reaches(one, DOCUMENT) for one in granting):
        return
    checked = any(checks_access(one) for one in reaching)
    if checked:
        text = "No statement grants a session document, and the document is checked: every session is denied."
    else:
        text = "No statement grants a session document: whoever names one is denied, and only the default shell opens."
    yield reaching[0].found(
        "no_session_document",
        ERROR if checked and not policy.others_too else WARNING,
        text,
        f"Allow {START} on arn:aws:ssm:REGION:ACCOUNT:document/{SHELL_DOCUMENT} in a statement of its own.",
    )


def no_data_channel(policy: Policy) -> Iterator[Problem]:
    direct = [one for one in policy.starts if not through_guiconnect(one)]
    granting = [one for one in policy.statements + policy.beside if one.allows(OPEN_CHANNEL)]
    if not direct or any(not _never_sent(one) for one in granting):
        return
    yield Problem(
        "no_data_channel",
        WARNING if policy.others_too else ERROR,
        POLICY,
        "Statement",
        f"It allows {START} but not {OPEN_CHANNEL}, which the session itself needs: it starts and does not open.",
        f"Allow {OPEN_CHANNEL} on arn:aws:ssm:*:*:session/*, without a condition.",
    )


def _never_sent(statement: Statement) -> List[Line]:
    """OpenDataChannel is asked without keys of ssm, so a condition that needs one never holds."""
    return [line for line in statement.lines if line.begins("ssm:") and line.needs_key] + tagged_only(statement)


def others_sessions(policy: Policy) -> Iterator[Problem]:
    for statement in policy.allowing(TERMINATE, RESUME):
        if not _all_sessions(statement) or _everything(statement) or tagged_only(statement):
            continue
        owner = [line for line in statement.lines if line.is_key(SESSION_OWNER)]
        if any(line.needs_key and _one_owner(line) for line in owner):
            continue
        unsure = any(_one_owner(line) for line in owner)
        words = [word for action, word in ((TERMINATE, "ends"), (RESUME, "takes over")) if statement.allows(action)]
        yield statement.found(
            "others_sessions",
            WARNING if unsure else ERROR,
            f"It {' and '.join(words)} the sessions of other people"
            + (f" that lack the tag, because {owner[0].operator} holds without it." if unsure else " too."),
            'Add the condition "StringLike": {"' + SESSION_OWNER + '": "${aws:userid}"}'
            + ("." if policy.principal in ("identity_center", "saml", "role")
               else "; for IAM users session/${aws:username}-* will do."),
            owner[0].path if owner else "",
        )  # fmt: skip


def _one_owner(line: Line) -> bool:
    """Whether it holds for whole names only; what a variable stands for has no wildcards."""
    names = not line.negated and line.name.startswith("String")
    return names and not any(set("*?") & set(value) for value in map(without_variables, line.values))


def _all_sessions(statement: Statement) -> bool:
    return statement.everywhere or any(arn.all_of(SESSION) for arn in statement.resources)


def key_for_anybody(policy: Policy) -> Iterator[Problem]:
    for statement in policy.allowing(PUSH_KEY):
        if any(line.is_key("ec2:osuser") for line in statement.lines) or _everything(statement):
            continue
        yield statement.found(
            "key_for_any_os_user",
            WARNING,
            f"{PUSH_KEY} without ec2:osuser lets in as every OS user, also as root where sshd allows it.",
            'Add a condition on ec2:osuser, such as "StringEquals": {"ec2:osuser": '
            '"${aws:PrincipalTag/SSMSessionRunAs}"}.',
        )
