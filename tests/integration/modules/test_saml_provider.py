# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""saml_provider and saml_provider_info over HTTP, by real ansible-playbook, in several accounts."""

from __future__ import annotations

import datetime
import json

import pytest
import saml_files as files

MODULE, INFO = "saml_provider", "saml_provider_info"
WEB, DATA, OWN = "111122223333", "444455556666", "123456789012"
NOW = datetime.datetime.now(datetime.timezone.utc)
REAL = files.certificate(now=NOW)  # of which the clock says that it is valid


def role(account):
    return dict(role_arn=f"arn:aws:iam::{account}:role/keyless")


def document(text=REAL, **more):
    return files.metadata(files.provider(keys=files.key_descriptor(text)), **more)


def arn(name="partner", account=OWN):
    return f"arn:aws:iam::{account}:saml-provider/{name}"


def task(providers, name=MODULE, **more):
    return {"name": "Run it", f"keyless.aws.{name}": dict(providers=providers, **more)}


@pytest.fixture
def there(emulator):
    """What an account has by name; without the dates, which AWS makes."""

    def there(account=OWN):
        iam = emulator.client("iam", account=account)
        found = {}
        for entry in iam.list_saml_providers()["SAMLProviderList"]:
            answer = iam.get_saml_provider(SAMLProviderArn=entry["Arn"])
            found[entry["Arn"].rpartition("/")[2]] = answer
        return found

    return there


def tags_of(answer):
    return {tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])}


def asked(emulator, before):
    now = emulator.calls()
    return {name: times - before.get(name, 0) for name, times in now.items() if times != before.get(name, 0)}


def test_life_in_two_accounts(emulator, run_module, ansible, there):
    (ansible.home / "partner.xml").write_text(document())
    wanted = dict(
        targets=[role(WEB), role(DATA)],
        providers=[
            dict(name="partner", metadata_file=str(ansible.home / "partner.xml"), tags=dict(team="web")),
            dict(name="agency", metadata=document(entity="https://agency.example.com")),
        ],
    )
    predicted = run_module(MODULE, wanted, check=True, diff=True)
    assert emulator.writes() == {}
    made = run_module(MODULE, wanted, diff=True)
    assert (made["created"], made["updated"], made["deleted"]) == (4, 0, 0)
    assert made["diff"] == predicted["diff"]
    assert [change["name"] for change in made["changes"]] == [
        f"{account}/{name}" for account in (WEB, DATA) for name in ("partner", "agency")
    ]
    for entry, foretold in zip(made["saml_providers"], predicted["saml_providers"], strict=True):
        assert entry.pop("uuid").startswith("SAMLSP")
        assert entry.pop("create_date") < entry.pop("valid_until")
        assert entry == foretold
        assert entry["arn"] == arn(entry["name"], entry["account_id"])
        assert entry["signing_certificates"][0]["days_left"] in (699, 700)
    assert made["saml_providers"][0]["entity_id"] == files.ENTITY
    assert made["saml_providers"][0]["tags"] == {"keyless:managed": "true", "team": "web"}
    assert there(WEB)["partner"]["SAMLMetadataDocument"] == document()
    assert set(there(DATA)) == {"partner", "agency"}

    before = emulator.calls()
    wanted["providers"][1]["metadata"] = document(entity="https://agency.example.com").replace("><", ">\n  <")
    again = run_module(MODULE, wanted, diff=True)
    assert not again["changed"]
    assert "diff" not in again
    assert asked(emulator, before) == {"sts:AssumeRole": 2, "iam:ListSAMLProviders": 2, "iam:GetSAMLProvider": 4}


def test_only_what_differs_is_changed(emulator, ansible, there):
    """What somebody else made is taken over; each step changes its part, and foretells it in check mode."""
    iam = emulator.client("iam")
    old = [dict(Key="a", Value="1"), dict(Key="b", Value="2")]
    iam.create_saml_provider(Name="partner", SAMLMetadataDocument=document(), Tags=old)
    soon = document(files.certificate(name="next", after=10, now=NOW))
    steps = [
        ([dict(name="partner", metadata=document(), tags=dict(a="1", b="2"))], []),
        ([dict(name="partner", metadata=soon, tags=dict(a="3"))], ["metadata", "tags"]),
        ([dict(name="partner", assertion_encryption_mode="allowed")], ["assertion_encryption_mode"]),
    ]
    tasks = [dict(task(providers), check_mode=check) for providers, _fields in steps for check in (True, False)]
    results = ansible.tasks(tasks, diff=True)
    for (_providers, fields), predicted, done in zip(steps, results[::2], results[1::2], strict=True):
        assert done["changed"] == bool(fields)
        assert [change.get("fields") for change in done["changes"]] == ([fields] if fields else [])
        for key in ("changes", "saml_providers", "changed"):
            assert predicted[key] == done[key]
        assert predicted.get("diff") == done.get("diff")
    assert emulator.writes() == {
        "iam:CreateSAMLProvider": 1, "iam:UpdateSAMLProvider": 2, "iam:TagSAMLProvider": 1, "iam:UntagSAMLProvider": 1,
    }  # fmt: skip
    (change,) = results[3]["diff"]["after"].values()
    assert [each["subject"] for each in change["metadata"]["signing_certificates"]] == ["CN=next"]
    assert set(change["metadata"]) == {"signing_certificates", "metadata_digest"}
    assert change["tags"] == dict(a="3")
    (warning,) = results[3]["warnings"]
    assert "partner: the signing certificate CN=next expires in" in warning
    found = there()["partner"]
    assert (tags_of(found), found["AssertionEncryptionMode"]) == (dict(a="3"), "Allowed")


def test_rotation_of_private_keys(emulator, ansible, there):
    """Old and new together, then the new one alone; a key that nobody knows goes; no key is ever shown."""
    first, second = files.pem(number=1), files.pem(number=2)
    (ansible.home / "second.pem").write_text(second)
    keys = dict(first=dict(pem=first), second=dict(pem_file=str(ansible.home / "second.pem")))

    def provider(*names, **more):
        return [dict(name="partner", private_keys=[keys[name] for name in names], **more)]

    begin = provider("first", metadata=document(), assertion_encryption_mode="required")
    both, new = provider("first", "second"), provider("second")
    tasks = [task(begin)]
    tasks += [dict(task(both), check_mode=True), task(both), task(provider("second", "first"))]
    tasks += [dict(task(new), check_mode=True), task(new)]
    results = ansible.tasks(tasks, diff=True)
    assert [result["changed"] for result in results] == [True, True, True, False, True, True]
    for predicted, done in ((results[1], results[2]), (results[4], results[5])):
        assert predicted["changes"] == done["changes"]
        assert predicted["diff"] == done["diff"]
    prints = [key["public_key_sha256"] for key in results[2]["saml_providers"][0]["private_keys"]]
    assert len(set(prints)) == 2
    (last,) = results[-1]["saml_providers"][0]["private_keys"]
    assert last["public_key_sha256"] == prints[1]
    (remembered,) = [key for key in tags_of(there()["partner"]) if key.startswith("keyless:private-key/")]
    assert remembered.endswith(last["key_id"])
    assert "keyless:private-key" not in str([result["saml_providers"] for result in results])

    iam = emulator.client("iam")
    iam.update_saml_provider(SAMLProviderArn=arn(), AddPrivateKey=files.pem(number=3))
    strange, refused, emptied = ansible.tasks(
        [
            task(provider("second")),
            dict(task(provider()), ignore_errors=True),
            task(provider(assertion_encryption_mode="allowed")),
        ]
    )
    assert [change["fields"] for change in strange["changes"]] == [["private_keys"]]
    assert "providers[0].private_keys: 123456789012/partner would have no key" in refused["msg"]
    assert emptied["saml_providers"][0]["private_keys"] == []
    assert tags_of(there()["partner"]) == {"keyless:managed": "true"}
    said = json.dumps(results + [strange, refused, emptied])
    for pem in (first, second):
        assert pem.split("\n")[1] not in said


def test_deletion(emulator, ansible, there):
    iam = emulator.client("iam")
    for name in ("partner", "agency"):
        iam.create_saml_provider(Name=name, SAMLMetadataDocument=document())
    trust = dict(
        Version="2012-10-17",
        Statement=dict(
            Effect="Allow", Principal=dict(Federated=[arn()]), Action="sts:AssumeRoleWithSAML",
            Condition=dict(StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"}),
        ),
    )  # fmt: skip
    iam.create_role(RoleName="PartnerOperator", AssumeRolePolicyDocument=json.dumps(trust))
    before = emulator.writes()
    gone = [dict(name="partner", state="absent"), dict(name="agency", state="absent"), dict(name="no", state="absent")]
    forced = [dict(gone[0], force=True)] + gone[1:]
    results = ansible.tasks(
        [
            dict(task(gone), ignore_errors=True),
            dict(task(forced, max_deletions=1), ignore_errors=True),
            dict(task(forced), check_mode=True),
            {"name": "Who trusts them", "keyless.aws.saml_provider_info": dict(include=["roles"])},
        ]
    )
    assert "123456789012/partner is trusted by PartnerOperator" in results[0]["msg"]
    assert results[0]["trusted_by"] == {"123456789012/partner": ["PartnerOperator"]}
    assert "max_deletions: this would delete 2 SAML providers" in results[1]["msg"]
    assert (results[2]["deleted"], results[2]["saml_providers"]) == (2, [])
    assert [entry["trusted_by"] for entry in results[3]["saml_providers"]] == [[], ["PartnerOperator"]]
    assert emulator.writes() == before
    done, again = ansible.tasks([task(forced), task(gone)])
    assert (done["deleted"], done["changed"], again["changed"]) == (2, True, False)
    assert there() == {}


def test_bad_input_is_told_at_once_and_nothing_written(emulator, run_module, ansible):
    (ansible.home / "page.xml").write_text("<!DOCTYPE html><html>Sign in</html>")
    bad = [
        dict(name="a b", metadata=document()),
        dict(name="partner", metadata_file=str(ansible.home / "page.xml"), private_keys=[dict(pem="secret word")]),
        dict(name="partner", metadata=document(files.certificate(after=-1, now=NOW)), warn_days=-1),
        dict(name="agency", metadata_file="/no/such/file.xml"),
        dict(name="new", tags={"aws:x": "y"}, metadata=files.pem(number=1)),
        dict(name="other", private_keys=[dict(pem_file=files.pem(number=2))]),
        dict(name="AWSSSO_1234567890abcdef_DO_NOT_DELETE", state="absent"),
    ]
    failed = run_module(MODULE, dict(providers=bad), fails=True)
    assert [problem.split(": ")[0] for problem in failed["problems"]] == [
        "providers[0].name",
        "providers[1].metadata_file",
        "providers[1].private_keys[0]",
        "providers[2].name",
        "providers[2].warn_days",
        "providers[2].metadata",
        "providers[3].metadata_file",
        "providers[4].tags",
        "providers[4].metadata",
        "providers[5].private_keys[0]",
        "providers[6].name",
    ]
    assert "is HTML" in failed["problems"][1]
    for secret in ("secret word", files.pem(number=1).split("\n")[1], files.pem(number=2).split("\n")[1]):
        assert secret not in json.dumps(failed)
    missing = run_module(MODULE, dict(providers=[dict(name="new")]), fails=True)
    assert "providers[0]: 123456789012/new does not exist yet; give metadata or metadata_file" in missing["msg"]
    assert emulator.writes() == {}


def test_one_failure_does_not_stop_the_others(emulator, run_module, there):
    emulator.faults("iam:CreateSAMLProvider", "LimitExceeded")
    wanted = dict(
        targets=[dict(role(WEB)), dict(role_arn="arn:aws:iam::999999999999:role/keyless")],
        providers=[dict(name=name, metadata=document()) for name in ("one", "two")],
    )
    emulator.seed(dict(accounts=[dict(id=WEB, name="web")]))
    failed = run_module(MODULE, wanted, fails=True)
    assert failed["created"] == 1
    assert [failure["name"] for failure in failed["failures"]][0] == "999999999999"
    assert "LimitExceeded" in failed["failures"][1]["error"]
    assert [entry["name"] for entry in failed["saml_providers"]] == list(there(WEB))
    read = run_module(INFO, dict(targets=wanted["targets"]), fails=True)
    assert [failure["name"] for failure in read["failures"]] == ["999999999999"]
    assert len(read["saml_providers"]) == 1


def test_info(emulator, ansible):
    iam = emulator.client("iam")
    late = document(files.certificate(name="late", before=-9, after=-1, now=NOW))
    iam.create_saml_provider(Name="late", SAMLMetadataDocument=late)
    iam.create_saml_provider(Name="partner", SAMLMetadataDocument=document())
    before = emulator.writes()
    ask = f"keyless.aws.{INFO}"
    everything, named, wrong = ansible.tasks(
        [
            {"name": "All", ask: {}},
            {"name": "One", ask: dict(names=["partner", "no"], include=["metadata"], warn_days=1000)},
            {"name": "Wrong", ask: dict(warn_days=-1), "ignore_errors": True},
        ]
    )
    late, partner = everything["saml_providers"]
    assert (late["name"], partner["name"], partner["problems"]) == ("late", "partner", [])
    assert "expired on" in late["problems"][0]
    assert late["signing_certificates"][0]["days_left"] == -2
    assert "metadata" not in partner
    (one,) = named["saml_providers"]
    assert one["metadata"] == document()
    assert "expires in" in one["problems"][0]
    assert "warn_days: -1 is out of range" in wrong["msg"]
    assert emulator.writes() == before
