# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of IAM, and in which order: against an IAM in memory that keeps AWS's rules for private keys."""

from __future__ import annotations

import datetime
import functools

import pytest
import saml_files as files
from ansible_collections.keyless.aws.plugins.module_utils import _targets
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._saml.certificates import read_private_key
from ansible_collections.keyless.aws.plugins.module_utils._saml.provider import api as apis
from ansible_collections.keyless.aws.plugins.module_utils._saml.provider import files as disk
from ansible_collections.keyless.aws.plugins.module_utils._saml.provider import info, resource, validate
from hypothesis import given
from hypothesis import strategies as st

WEB = "111122223333"
ARN = f"arn:aws:iam::{WEB}:saml-provider/partner"


class Iam:
    """One account's IAM. `slow`: so many reads do not see the last write yet. `refuse`: operation -> code."""

    def __init__(self, slow=0):
        self.provider = None
        self.asked, self.refuse, self.slow, self.least = [], {}, slow, 9
        self._lag, self._before, self._keys = 0, None, 0

    def call(self, operation, **parameters):
        self.asked.append(operation)
        if operation in self.refuse:
            raise AwsError(f"{operation}: {self.refuse[operation]}", self.refuse[operation])
        if operation == "list_saml_providers":
            return dict(SAMLProviderList=[dict(Arn=ARN)] if self.provider else [])
        if operation == "get_saml_provider":
            return self._seen()
        self._before, self._lag = self.provider and dict(self.provider), self.slow
        return getattr(self, operation)(**parameters) or {}

    def pages(self, operation, key, **parameters):
        self.asked.append(operation)
        trust = dict(Statement=[dict(Effect="Allow", Principal=dict(Federated=ARN))])
        return [dict(RoleName="Partner", AssumeRolePolicyDocument=trust)]

    def _seen(self):
        now = self._before if self._lag > 0 else self.provider
        self._lag -= 1
        if now is None:
            raise AwsError("GetSAMLProvider: not found", "NoSuchEntity")
        tags = [dict(Key=key, Value=value) for key, value in now["tags"].items()]
        keys = [dict(KeyId=key_id, Timestamp=moment) for key_id, moment in now["keys"].items()]
        return dict(
            SAMLMetadataDocument=now["document"], Tags=tags, PrivateKeyList=keys, SAMLProviderUUID="U",
            **({"AssertionEncryptionMode": now["mode"]} if now["mode"] else {}),
        )  # fmt: skip

    def create_saml_provider(self, Name, SAMLMetadataDocument, Tags, AssertionEncryptionMode=None, AddPrivateKey=None):
        tags = {tag["Key"]: tag["Value"] for tag in Tags}
        self.provider = dict(document=SAMLMetadataDocument, tags=tags, keys={}, mode=AssertionEncryptionMode)
        self._add(AddPrivateKey)
        return dict(SAMLProviderArn=ARN)

    def update_saml_provider(self, SAMLProviderArn, AddPrivateKey=None, RemovePrivateKey=None, **settings):
        keys = dict(self.provider["keys"])
        keys.pop(RemovePrivateKey, None)
        self.provider = dict(self.provider, keys=keys)
        self._add(AddPrivateKey)
        self.least = min(self.least, len(self.provider["keys"]))
        self.provider["mode"] = settings.get("AssertionEncryptionMode", self.provider["mode"])
        if "SAMLMetadataDocument" in settings:
            self.provider["document"] = settings["SAMLMetadataDocument"]

    def tag_saml_provider(self, SAMLProviderArn, Tags):
        new = {tag["Key"]: tag["Value"] for tag in Tags}
        self.provider = dict(self.provider, tags=dict(self.provider["tags"], **new))

    def untag_saml_provider(self, SAMLProviderArn, TagKeys):
        tags = {key: value for key, value in self.provider["tags"].items() if key not in TagKeys}
        self.provider = dict(self.provider, tags=tags)

    def delete_saml_provider(self, SAMLProviderArn):
        self.provider = None

    def _add(self, pem):
        if pem is not None:
            if len(self.provider["keys"]) > 1:
                raise AwsError("UpdateSAMLProvider: LimitExceeded", "LimitExceeded")
            self._keys += 1
            moment = files.NOW + datetime.timedelta(minutes=self._keys)
            self.provider["keys"] = dict(self.provider["keys"], **{f"KEY{self._keys}": moment})


class Connection:
    account_id = name = WEB
    region = "aws-global"

    def __init__(self, iam):
        self._iam = iam

    def client(self, service):
        assert service == "iam"
        return self._iam


class Module:
    def __init__(self, providers, **params):
        whole = dict(state="present", warn_days=30, purge_private_keys=True, purge_tags=True)
        providers = [dict(whole, **dict(dict(name="partner"), **provider)) for provider in providers]
        self.params = dict(dict(targets=None, max_deletions=10, protect=[], providers=providers), **params)
        self.no_log_values = set()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(apis.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(apis, "wait_until", lambda read, done, timeout, sleep: _tries(read, done))


def _tries(read, done):
    for _try in range(5):
        state = read()
        if done(state):
            break
    return state


def run(iam, *providers, **params):
    """The outcomes, and the entries of the result."""
    resources = resource.SamlProviders(Module(providers, **params))
    reached = _targets.Reached([Connection(iam)], {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resource, "reach", lambda *_arguments, **_more: reached)
        iam.asked.clear()
        plan = resources.plan(resources.read())
    outcomes = list(resources.apply(plan))
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    return plan


def good(**more):
    return dict(dict(metadata=files.metadata(files.provider(keys=files.key_descriptor(REAL)))), **more)


READ = functools.lru_cache(maxsize=None)(read_private_key)
REAL = files.certificate(now=datetime.datetime.now(datetime.timezone.utc))


def pems(*numbers):
    return [dict(pem=files.pem(number=number)) for number in numbers]


def test_creation_with_two_keys():
    iam = Iam()
    plan = run(iam, good(private_keys=pems(1, 2)))
    assert iam.asked == [
        "list_saml_providers", "create_saml_provider", "get_saml_provider", "tag_saml_provider",
        "update_saml_provider", "get_saml_provider", "tag_saml_provider", "get_saml_provider",
    ]  # fmt: skip
    (entry,) = plan.result["saml_providers"]
    assert [key["key_id"] for key in entry["private_keys"]] == ["KEY1", "KEY2"]
    assert len({key["public_key_sha256"] for key in entry["private_keys"]}) == 2
    assert entry["uuid"] == "U"
    assert run(iam, good(private_keys=pems(2, 1))).changes == []


def test_what_was_written_may_be_seen_late():
    iam = Iam(slow=2)
    plan = run(iam, good(private_keys=pems(1)))
    assert [key["key_id"] for key in plan.result["saml_providers"][0]["private_keys"]] == ["KEY1"]
    iam.slow = 9
    resources = resource.SamlProviders(Module([dict(private_keys=pems(1, 2))]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resource, "reach", lambda *_a, **_m: _targets.Reached([Connection(iam)], {}))
        plan = resources.plan(resources.read())
    (outcome,) = list(resources.apply(plan))
    assert "AWS took a private key, but lists none after 30 seconds; run again to go on" in outcome.error
    assert plan.result["saml_providers"] == []


def test_one_request_where_one_is_enough():
    iam = Iam()
    run(iam, good())
    renewed = files.metadata(files.provider(keys=files.key_descriptor(REAL)), entity="https://new")
    run(iam, dict(metadata=renewed, assertion_encryption_mode="allowed", private_keys=pems(1)))
    assert iam.asked.count("update_saml_provider") == 1
    run(iam, dict(tags=dict(a="1")))
    assert "update_saml_provider" not in iam.asked


def some_keys(least):
    return st.lists(st.integers(1, 4), min_size=least, max_size=2, unique=True)


@given(some_keys(0), some_keys(1), st.integers(0, 2))
def test_every_exchange_of_keys(before, after, forgotten):
    """Whatever was there, what is asked for is there afterwards; while there are keys, one always stays."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validate, "read_private_key", READ)  # which takes a tenth of a second
        iam = Iam()
        run(iam, good(private_keys=pems(*before)))
        for key in [key for key in iam.provider["tags"] if key.startswith("keyless:private")][:forgotten]:
            del iam.provider["tags"][key]
        iam.least = 9
        run(iam, dict(private_keys=pems(*after)))
        assert len(iam.provider["keys"]) == len(after)
        assert iam.least >= 1
        assert run(iam, dict(private_keys=pems(*after))).changes == []
        assert sum(key.startswith("keyless:private") for key in iam.provider["tags"]) == len(after)


def test_roles_are_listed_only_for_a_deletion_that_is_not_forced():
    iam = Iam()
    run(iam, good())
    with pytest.raises(Problems, match="is trusted by Partner"):
        run(iam, dict(state="absent"))
    assert iam.asked == ["list_saml_providers", "list_roles"]
    run(iam, dict(state="absent", force=True))
    assert iam.asked == ["list_saml_providers", "delete_saml_provider"]
    run(iam, dict(state="absent"))
    assert iam.asked == ["list_saml_providers"]


def read(iam, monkeypatch, unreachable=(), **params):
    monkeypatch.setattr(info, "reach", lambda *_a, **_m: _targets.Reached([Connection(iam)], dict(unreachable)))
    return info.read_providers(Module([], **dict(dict(names=None, include=[], warn_days=30), **params)))


def test_info(monkeypatch):
    iam = Iam()
    run(iam, good(assertion_encryption_mode="required", private_keys=pems(1)))
    iam.asked.clear()
    (entry,) = read(iam, monkeypatch)["saml_providers"]
    assert iam.asked == ["list_saml_providers", "get_saml_provider"]
    assert (entry["problems"], entry["tags"]) == ([], {"keyless:managed": "true"})
    assert not {"metadata", "trusted_by"} & set(entry)
    more = dict(names=["partner"], include=["metadata", "roles"], warn_days=1000)
    (entry,) = read(iam, monkeypatch, **more)["saml_providers"]
    assert entry["metadata"] == iam.provider["document"]
    assert entry["trusted_by"] == ["Partner"]
    assert "expires in" in entry["problems"][0]
    iam.asked.clear()
    assert read(iam, monkeypatch, names=["other"], include=["roles"]) == dict(saml_providers=[])
    assert iam.asked == ["list_saml_providers"]


def test_info_of_a_provider_that_cannot_work(monkeypatch):
    iam = Iam()
    run(iam, good())
    iam.provider.update(document="<html>", mode="Required")
    (entry,) = read(iam, monkeypatch)["saml_providers"]
    assert [text[:7] for text in entry["problems"]] == ["is HTML", "asserti"]
    assert "entity_id" not in entry


def test_info_where_not_all_can_be_read(monkeypatch):
    iam = Iam()
    run(iam, good())
    with pytest.raises(UserError, match="1 of 2 accounts could not be read") as caught:
        read(iam, monkeypatch, unreachable={"444455556666": "AssumeRole: access denied"})
    assert [entry["name"] for entry in caught.value.details["saml_providers"]] == ["partner"]
    iam.refuse["get_saml_provider"] = "AccessDenied"
    with pytest.raises(UserError) as caught:
        read(iam, monkeypatch)
    assert caught.value.details["failures"][0]["name"] == WEB
    iam.refuse["get_saml_provider"] = "NoSuchEntity"  # gone meanwhile
    assert read(iam, monkeypatch) == dict(saml_providers=[])
    with pytest.raises(Problems, match="warn_days: -1 is out of range"):
        read(iam, monkeypatch, warn_days=-1)


def test_deleting_what_somebody_else_deletes_too():
    iam = Iam()
    iam.refuse["delete_saml_provider"] = "NoSuchEntity"
    apis.ProvidersApi(iam, files.NOW).delete(ARN)
    iam.refuse["delete_saml_provider"] = "AccessDenied"
    with pytest.raises(AwsError):
        apis.ProvidersApi(iam, files.NOW).delete(ARN)


def test_gone_between_list_and_read():
    iam = Iam()
    run(iam, good())
    iam.refuse["get_saml_provider"] = "NoSuchEntity"
    with pytest.raises(Problems, match="does not exist yet"):
        run(iam, dict())


def test_an_account_that_cannot_be_read():
    iam = Iam()
    run(iam, good())
    iam.refuse["get_saml_provider"] = "AccessDenied"
    resources = resource.SamlProviders(Module([dict()]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resource, "reach", lambda *_a, **_m: _targets.Reached([Connection(iam)], {}))
        plan_failures = resources.plan(resources.read()).failures
    assert [failure.error for failure in plan_failures] == ["get_saml_provider: AccessDenied"]


def test_what_a_key_file_holds_is_kept_out_of_output(tmp_path):
    path = tmp_path / "key.pem"
    path.write_text(files.pem(number=1))
    module = Module([good(private_keys=[dict(pem_file=str(path))])])
    resources = resource.SamlProviders(module)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resource, "reach", lambda *_a, **_m: _targets.Reached([], {}))
        resources.read()
    assert module.no_log_values == {files.pem(number=1)}


def test_files(tmp_path):
    (tmp_path / "good").write_bytes(b"\xef\xbb\xbfx")
    assert disk.read_file(str(tmp_path / "good")) == b"\xef\xbb\xbfx"
    for path, problem in (
        (tmp_path, "is a directory"),
        (tmp_path / "no", "there is no such file"),
        (tmp_path / "good" / "x", "cannot be read"),
        (tmp_path / "a\0b", "is no path"),
    ):
        with pytest.raises(UserError, match=problem):
            disk.read_file(str(path))


def test_libraries_that_are_missing(monkeypatch):
    disk.require_libraries()
    monkeypatch.setattr(disk.xml, "MISSING", True)
    with pytest.raises(UserError, match="defusedxml"):
        disk.require_libraries()
    with pytest.raises(UserError, match="defusedxml"):
        info.read_providers(Module([]))
