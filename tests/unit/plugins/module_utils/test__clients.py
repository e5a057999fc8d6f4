from __future__ import annotations

import pytest
from ansible_collections.keyless.aws.plugins.module_utils._clients import ClientsOfMany
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import UserError
from botocore.config import Config

TOKYO, OSAKA = "ap-northeast-1", "ap-northeast-3"


class Module:
    params = dict(
        region=TOKYO, endpoint_url="http://127.0.0.1:1", validate_certs=False, aws_config=dict(read_timeout=7)
    )


def test_a_client_that_cannot_be_made_is_an_error_like_others_and_leaves_no_task():
    quiet = ClientsOfMany(Module())
    with pytest.raises(UserError, match="Couldn't connect: no such profile"):
        quiet.fail_json_aws(ValueError("no such profile"), msg="Couldn't connect")
    with pytest.raises(UserError, match="a region is required"):
        quiet.fail_json(msg="a region is required")


def test_clients_of_all_accounts_come_from_one_session_and_keep_to_the_modules_options(monkeypatch):
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    quiet = ClientsOfMany(Module())
    keys = [dict(aws_access_key_id=name, aws_secret_access_key="x") for name in ("a", "b")]
    one, other = (quiet.client("iam", Config(connect_timeout=5), **each, profile_name=None) for each in keys)
    assert [each._request_signer._credentials.access_key for each in (one, other)] == ["a", "b"]
    assert len(quiet._sessions) == 1
    meta = one.meta
    assert (meta.endpoint_url, meta.config.read_timeout, meta.config.connect_timeout) == ("http://127.0.0.1:1", 7, 5)
    assert one._endpoint.http_session._verify is False
    assert quiet.client("ssm", Config(), **keys[0], region=OSAKA).meta.region_name == OSAKA
    with pytest.raises(UserError, match="Couldn't connect to AWS"):
        quiet.client("ssm", Config(), **keys[0], profile_name="gone")
