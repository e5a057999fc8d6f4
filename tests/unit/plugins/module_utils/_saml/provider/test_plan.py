# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the providers that are there to those that shall be: changes, diff, warnings, refusals."""

from __future__ import annotations

from dataclasses import replace

import pytest
import saml_files as files
from ansible_collections.keyless.aws.plugins.module_utils._guardrails import Guard
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._saml.metadata import read_metadata
from ansible_collections.keyless.aws.plugins.module_utils._saml.provider.plan import plan_providers
from ansible_collections.keyless.aws.plugins.module_utils._saml.provider.records import (
    Account,
    Current,
    NewKey,
    PrivateKey,
    Provider,
    Wanted,
)

WEB = "111122223333"
ARN = f"arn:aws:iam::{WEB}:saml-provider/partner"
NAME = f"{WEB}/partner"


def have(document=None, **more):
    document = files.metadata() if document is None else document
    return Provider("partner", ARN, document, read_metadata(document, files.NOW), uuid="UUID", **more)


def want(document=None, **more):
    if document is not None:
        more.update(document=document, metadata=read_metadata(document, files.NOW))
    return Wanted("providers[0]", "partner", **more)


def planned(provider, wanted, guard=None, **account):
    providers = {"partner": provider} if provider else {}
    arns = {"partner": ARN} if provider or wanted.absent else {}
    there = Account(WEB, "aws", arns, providers, **account)
    return plan_providers(Current([there]), [wanted], guard or Guard(), files.NOW)


def key(number, known=True, name=None):
    return PrivateKey(name or f"K{number}", f"2026-01-0{number}", f"print{number}" if known else None)


def new(number):
    return NewKey(f"print{number}", f"pem{number}")


def test_creation():
    plan = planned(None, want(files.metadata(), tags=dict(a="1"), private_keys=[new(1)], mode="required"))
    (change,) = plan.changes
    assert (change.action, change.name) == ("create", NAME)
    (entry,) = plan.result["saml_providers"]
    assert entry["tags"] == {"keyless:managed": "true", "a": "1"}
    assert entry["private_keys"] == [dict(public_key_sha256="print1")]
    assert entry["arn"] == ARN
    assert not {"uuid", "create_date", "valid_until"} & set(entry)
    assert plan.before == {NAME: None}
    assert plan.after[NAME]["entity_id"] == files.ENTITY
    assert "pem1" not in str((plan.result, plan.after, change.shown(), change))


def test_the_arn_of_other_partitions():
    account = Account(WEB, "aws-cn")
    plan = plan_providers(Current([account]), [want(files.metadata())], Guard(), files.NOW)
    assert plan.result["saml_providers"][0]["arn"] == f"arn:aws-cn:iam::{WEB}:saml-provider/partner"


def test_what_is_not_named_stays():
    there = have(mode="allowed", private_keys=[key(1)], tags=dict(a="1"))
    plan = planned(there, want())
    assert plan.changes == []
    (entry,) = plan.result["saml_providers"]
    assert (entry["uuid"], entry["assertion_encryption_mode"], entry["tags"]) == ("UUID", "allowed", dict(a="1"))
    assert entry["private_keys"] == [dict(key_id="K1", timestamp="2026-01-01", public_key_sha256="print1")]


@pytest.mark.parametrize("name", files.other_ways())
def test_metadata_in_another_way_is_no_change(name):
    document = files.other_ways()[name]
    text = document.decode() if isinstance(document, bytes) else document
    assert planned(have(), want(text)).changes == []


@pytest.mark.parametrize("name", files.changes())
def test_other_metadata_is_a_change(name):
    plan = planned(have(), want(files.changes()[name]))
    (change,) = plan.changes
    assert change.detail == dict(fields=["metadata"])
    assert change.payload.document == files.changes()[name]
    assert plan.before[NAME]["metadata"]["metadata_digest"] != plan.after[NAME]["metadata"]["metadata_digest"]


def test_what_aws_has_may_be_unreadable():
    plan = planned(have("<html>"), want(files.metadata()))
    assert plan.changes[0].detail == dict(fields=["metadata"])
    assert plan.before[NAME] == dict(metadata={})
    plan = planned(have("<html>"), want(tags=dict(a="1")))
    assert plan.changes[0].detail == dict(fields=["tags"])
    assert "is HTML" in plan.warnings[0]
    assert "entity_id" not in plan.result["saml_providers"][0]


def test_tags():
    there = have(tags={"keyless:managed": "true", "a": "1", "b": "2"})
    steps = planned(there, want(tags=dict(a="1", b="3", c="4"))).changes[0].payload
    assert (steps.tags, steps.untag) == (dict(b="3", c="4"), [])
    steps = planned(there, want(tags={})).changes[0].payload
    assert (steps.tags, steps.untag) == ({}, ["a", "b"])
    plan = planned(there, want(tags=dict(c="4"), purge_tags=False))
    assert plan.after == {NAME: dict(tags=dict(c="4"))}
    assert plan.changes[0].payload.untag == []


def test_keys_that_are_known_stay():
    there = have(private_keys=[key(1), key(2)], key_tags=dict(K1="print1", K2="print2"))
    assert planned(there, want(private_keys=[new(2), new(1)])).changes == []
    steps = planned(there, want(private_keys=[new(2), new(3)])).changes[0].payload
    assert (steps.add_keys, steps.known_keys, steps.remove_keys) == ([new(3)], ["K1", "K2"], ["K1"])
    assert steps.untag == ["keyless:private-key/K1"]


def test_a_key_without_a_tag_is_another_key():
    there = have(private_keys=[key(1, known=False)])
    steps = planned(there, want(private_keys=[new(1)])).changes[0].payload
    assert (steps.add_keys, steps.remove_keys) == ([new(1)], ["K1"])
    plan = planned(there, want(private_keys=[new(1)], purge_private_keys=False))
    assert plan.changes[0].payload.remove_keys == []
    assert len(plan.result["saml_providers"][0]["private_keys"]) == 2


def test_a_key_that_is_there_twice_goes_once():
    """As after a run that was killed, and added it again."""
    there = have(private_keys=[key(1), replace(key(2), fingerprint="print1")])
    steps = planned(there, want(private_keys=[new(1)])).changes[0].payload
    assert (steps.add_keys, steps.remove_keys) == ([], ["K2"])


def test_forgotten_tags_go_when_keys_change():
    there = have(private_keys=[key(1)], key_tags=dict(K1="print1", K9="print9"))
    assert planned(there, want(private_keys=[new(1)])).changes == []
    steps = planned(there, want(private_keys=[new(1), new(2)])).changes[0].payload
    assert steps.untag == ["keyless:private-key/K9"]


@pytest.mark.parametrize(
    "provider, wanted, problem",
    [
        (None, want(), f"providers[0]: {NAME} does not exist yet; give metadata or metadata_file to create it"),
        (have(), want(mode="required"), "would have no key, and assertion_encryption_mode: required needs one"),
        (have(mode="required", private_keys=[key(1)]), want(private_keys=[]), "would have no key"),
        (
            have(private_keys=[key(1), key(2)]),
            want(private_keys=[new(3)], purge_private_keys=False),
            "would have 3 keys, and AWS takes 2; it has K1, K2",
        ),
    ],
)
def test_what_cannot_be(provider, wanted, problem):
    with pytest.raises(Problems) as caught:
        planned(provider, wanted)
    assert problem in caught.value.message


def test_required_without_a_key_that_nobody_asked_about():
    assert planned(have(mode="required"), want(tags=dict(a="1"))).changes[0].detail == dict(fields=["tags"])


def test_deletion():
    plan = planned(have(), want(absent=True))
    (change,) = plan.changes
    assert (change.action, change.payload.arn, plan.result) == ("delete", ARN, dict(saml_providers=[]))
    assert (plan.before, plan.after) == ({NAME: dict(arn=ARN)}, {NAME: None})
    nothing = plan_providers(Current([Account(WEB, "aws")]), [want(absent=True)], Guard(), files.NOW)
    assert nothing.changes == []


def test_deletion_of_what_roles_trust():
    trusted_by = dict(partner=[f"Role{number}" for number in range(7)])
    with pytest.raises(Problems) as caught:
        planned(have(), want(absent=True), trusted_by=trusted_by)
    assert "is trusted by Role0, Role1, Role2, Role3, Role4 and 2 more" in caught.value.message
    assert caught.value.details["trusted_by"] == {NAME: trusted_by["partner"]}
    assert planned(have(), want(absent=True, force=True), trusted_by=trusted_by).changes


@pytest.mark.parametrize("guard", [Guard(0), Guard(protect=["PARTNER"]), Guard(protect=[ARN])])
def test_guardrails(guard):
    with pytest.raises(UserError, match="SAML providers"):
        planned(have(), want(absent=True), guard=guard)


def test_warnings():
    soon = files.with_certificate(files.certificate(after=10))
    (text,) = planned(have(), want(soon)).warnings
    assert text.startswith("partner: the signing certificate CN=signing.example.com expires in 10 days")
    (text,) = planned(have(soon), want()).warnings
    assert text.startswith(f"{NAME}: the signing certificate")
    assert planned(have(soon), want(warn_days=5)).warnings == []
    (text,) = planned(have(), want(files.metadata(entity="https://new"))).warnings
    assert f"the entity ID changes from {files.ENTITY} to https://new" in text


def test_a_warning_about_the_same_document_is_given_once():
    soon = files.with_certificate(files.certificate(after=10))
    accounts = [Account(WEB, "aws"), Account("444455556666", "aws")]
    assert len(plan_providers(Current(accounts), [want(soon)], Guard(), files.NOW).warnings) == 1


def test_accounts_that_could_not_be_read():
    plan = plan_providers(Current([], {WEB: "access denied"}), [want()], Guard(), files.NOW)
    assert [(each.change.action, each.change.name, each.error) for each in plan.failures] == [
        ("read", WEB, "access denied")
    ]
