# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be known of an account for a task, read the cheaper way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Collection, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from ..._aws import AwsError
from ..._parallel import each
from ..._shape import nearest
from . import choice
from .api import Everything, PoliciesApi
from .plan import SamePolicy
from .records import Account, Policy, Version, Wanted, newcomers

# Requests side by side in one account; several accounts are read at once.
AT_ONCE = 5
# So many users, groups or roles are asked for by name; of more, all names are listed.
_FEW_NAMES = 3


@dataclass(frozen=True)
class AccountReader:
    """expected: by kind, whom earlier tasks would have created if they were not run in check mode."""

    api: PoliciesApi
    account_id: str
    partition: str
    same_policy: SamePolicy
    expected: Mapping[str, Collection[str]] = field(default_factory=dict)

    def read(self, desired: Sequence[Wanted]) -> Account:
        account = Account(self.account_id, self.partition)
        wanted = {account.arn(want): want for want in desired}
        everything = self._everything(desired)
        if everything is not None:
            policies = self._of_everything(everything, wanted)
            namesakes = _namesakes(everything.policies, wanted)
        else:
            found = each(list(wanted.items()), lambda item: self._one(*item), at_once=AT_ONCE)
            policies = {policy.arn: policy for policy in found if policy is not None}
            missing = {arn: want for arn, want in wanted.items() if arn not in policies}
            namesakes = _namesakes(self._listed(), missing) if missing else {}
        unknown = self._unknown(newcomers(policies, wanted), everything)
        return replace(account, policies=policies, namesakes=namesakes, unknown=unknown)

    def _everything(self, desired: Sequence[Wanted]) -> Optional[Everything]:
        if not choice.depends_on_size(desired):
            return None
        size = self.api.size() or choice.Size()
        return self.api.everything(choice.kinds(desired)) if choice.sweeps(desired, size) else None

    def _of_everything(self, everything: Everything, wanted: Mapping[str, Wanted]) -> Dict[str, Policy]:
        answers = [answer for answer in everything.policies if answer["Arn"] in wanted]

        def one(answer: Mapping[str, Any]) -> Policy:
            want, policy = wanted[answer["Arn"]], everything.policy(answer)
            if want.asks_details:
                policy = with_details(policy, self.api.policy(policy.arn) or {})
            return replace(policy, **self._uses(answer)) if want.absent else policy

        return {policy.arn: policy for policy in each(answers, one, at_once=AT_ONCE)}

    def _one(self, arn: str, want: Wanted) -> Optional[Policy]:
        answer = self.api.policy(arn)
        if answer is None:
            return None
        policy = with_details(Policy(arn, answer["PolicyName"], answer["Path"]), answer)
        policy = replace(policy, versions=self._versions(arn, answer["DefaultVersionId"], want))
        if want.absent:
            return replace(policy, **self._uses(answer))
        if not want.attachments:
            return policy
        having = self.api.attachments(arn) if answer.get("AttachmentCount") else {}
        return replace(policy, attachments={kind: having.get(kind, []) for kind in want.attachments})

    def _versions(self, arn: str, default: str, want: Wanted) -> List[Version]:
        """The default one; and all where it goes, or where another one may have the wanted document."""
        read = replace(self.api.version(arn, default), default=True)
        if not want.absent and self.same_policy(read.document or {}, want.document):
            return [read]
        others = [version for version in self.api.versions(arn) if version.id != default]
        if not want.absent:
            others = [self.api.version(arn, version.id) for version in others]
        return [read] + [replace(version, default=False) for version in others]

    def _uses(self, answer: Mapping[str, Any]) -> Dict[str, Any]:
        """Who has a policy, and who has it as a permissions boundary."""
        arn = answer["Arn"]
        attached = self.api.attachments(arn) if answer.get("AttachmentCount") else {}
        bounded = self.api.attachments(arn, boundaries=True) if answer.get("PermissionsBoundaryUsageCount") else {}
        return dict(attachments=attached, boundary_of=[name for names in bounded.values() for name in names])

    def _listed(self) -> Sequence[Mapping[str, Any]]:
        """Nothing where the caller may not list: AWS tells of a namesake all the same, only later."""
        try:
            return self.api.local_policies()
        except AwsError as error:
            if error.denied:
                return []
            raise

    def _unknown(
        self, wanted: Mapping[str, Sequence[str]], everything: Optional[Everything]
    ) -> Dict[Tuple[str, str], str]:
        """Who is not there, and who is perhaps meant."""
        found: Dict[Tuple[str, str], str] = {}
        for kind, names in wanted.items():
            expected = self.expected.get(kind, ())
            names = [name for name in names if name not in expected]
            if not names:
                continue
            known = everything.names.get(kind) if everything is not None else None
            if known is None and len(names) <= _FEW_NAMES:
                names = [name for name in names if not self.api.exists(kind, name)]
                known = self._names(kind) if names else []
            elif known is None:
                known = self.api.names(kind)
            found.update(((kind, name), nearest(name, known)) for name in names if name not in known)
        return found

    def _names(self, kind: str) -> List[str]:
        """Only to say what was meant, so nobody needs the right to list."""
        try:
            return self.api.names(kind)
        except AwsError as error:
            if error.denied:
                return []
            raise


def with_details(policy: Policy, answer: Mapping[str, Any]) -> Policy:
    tags = {tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])}
    return replace(policy, description=answer.get("Description", ""), tags=tags)


def _namesakes(answers: Iterable[Mapping[str, Any]], wanted: Mapping[str, Wanted]) -> Dict[str, str]:
    """Other policies that have the name of a wanted one; IAM has a name once in an account."""
    names = {want.name.casefold(): want.name for want in wanted.values()}
    others = [answer for answer in answers if answer["Arn"] not in wanted]
    return {
        names[answer["PolicyName"].casefold()]: answer["Arn"]
        for answer in others
        if answer["PolicyName"].casefold() in names
    }
