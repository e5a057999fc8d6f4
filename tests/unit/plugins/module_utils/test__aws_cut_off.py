"""An answer that the network cut off, from a real socket, because botocore itself does not notice it."""

from __future__ import annotations

import http.server
import json
import threading

import boto3
import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError, Client
from ansible_collections.keyless.aws.plugins.module_utils._pace import Pace

WHOLE = json.dumps({"Users": [{"UserName": "taro", "UserId": "1"}]}).encode()


@pytest.fixture
def service():
    """A server that cuts off its first `cuts` answers."""

    class Handler(http.server.BaseHTTPRequestHandler):
        cuts = asked = 0

        def do_POST(self):  # noqa: N802
            self.rfile.read(int(self.headers["Content-Length"]))
            Handler.asked += 1
            cut = Handler.asked <= Handler.cuts
            self.send_response(200)
            self.send_header("Content-Length", str(len(WHOLE)))
            self.end_headers()
            self.wfile.write(WHOLE[:10] if cut else WHOLE)
            self.close_connection = True

        def log_message(self, *_arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    Handler.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield Handler
    server.shutdown()
    server.server_close()


class Module:
    def __init__(self, url):
        self.url = url

    def client(self, service, config):
        keys = dict(aws_access_key_id="testing", aws_secret_access_key="testing")
        return boto3.client(service, region_name="ap-northeast-1", endpoint_url=self.url, config=config, **keys)


def users(service, **settings):
    client = Client(Module(service.url), "identitystore", **settings)
    return client.pages("list_users", "Users", IdentityStoreId="d-1234567890")


def test_it_is_asked_for_again(service):
    service.cuts = 1
    assert [user["UserName"] for user in users(service)] == ["taro"]
    assert service.asked == 2


def test_it_is_an_error_where_nothing_may_be_sent_twice(service):
    service.cuts = 1
    with pytest.raises(AwsError) as raised:
        users(service, pace=Pace(), once=["ListUsers"])
    assert raised.value.code == "RequestTimeout"
    assert raised.value.message == f"ListUsers: RequestTimeout: the answer was cut off after 10 of {len(WHOLE)} bytes"
    assert service.asked == 1
