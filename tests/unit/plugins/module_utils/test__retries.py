"""Requests of a real boto3 client to a real socket, at our pace."""

from __future__ import annotations

import http.server
import json
import threading

import boto3
import pytest
from ansible_collections.keyless.aws.plugins.module_utils._aws import AwsError, Client
from ansible_collections.keyless.aws.plugins.module_utils._pace import Pace

USERS = {"Users": [{"UserName": "taro", "UserId": "1"}]}


@pytest.fixture
def service():
    """Gives the answers that it is told: (status, body, headers), or None for a connection that is dropped."""

    class Handler(http.server.BaseHTTPRequestHandler):
        answers, asked = [], []

        def do_POST(self):  # noqa: N802
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            Handler.asked.append(body)
            answer = Handler.answers.pop(0) if Handler.answers else (200, USERS, {})
            if answer is None:
                self.close_connection = True
                return
            status, said, headers = answer
            text = json.dumps(said).encode()
            self.send_response(status)
            for name, value in dict(headers, **{"Content-Length": str(len(text))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    Handler.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield Handler
    server.shutdown()
    server.server_close()


class Recorded(Pace):
    """Does not wait, and remembers what it was told."""

    def __init__(self):
        super().__init__()
        self.turns, self.slowed, self.pauses = 0, [], []

    def take(self):
        self.turns += 1

    def throttled(self, retry_after=None):
        self.slowed.append(retry_after)

    def back_off(self, attempt, retry_after=None):
        self.pauses.append((attempt, retry_after))
        return 0.0


class Module:
    def __init__(self, url):
        self.url = url

    def client(self, service, config):
        keys = dict(aws_access_key_id="testing", aws_secret_access_key="testing")
        return boto3.client(service, region_name="ap-northeast-1", endpoint_url=self.url, config=config, **keys)


def ask(service, answers, once=()):
    service.answers = list(answers)
    pace = Recorded()
    client = Client(Module(service.url), "identitystore", pace, once)
    try:
        return pace, client.pages("list_users", "Users", IdentityStoreId="d-1234567890")
    except AwsError as error:
        return pace, error


def throttled(**more):
    return (400, dict({"__type": "ThrottlingException", "Message": "slow"}, **more), {})


FAILED = (500, {"__type": "InternalServerException"}, {})


def test_each_page_waits_for_its_turn(service):
    pace, users = ask(service, [(200, dict(USERS, NextToken="more"), {}), (200, dict(USERS, NextToken="last"), {})])
    assert (len(users), pace.turns) == (3, 3)
    assert [asked.get("NextToken") for asked in service.asked] == [None, "more", "last"]


@pytest.mark.parametrize("failure", [None, FAILED, (503, {}, {}), (429, {}, {})])
def test_what_failed_is_sent_again_in_its_turn(service, failure):
    pace, users = ask(service, [failure, failure])
    assert (len(users), pace.turns) == (1, 3)
    assert [attempt for attempt, _after in pace.pauses] == [1, 2]


def test_throttling_is_told_to_the_pace_with_what_aws_asks(service):
    pace, users = ask(service, [throttled(), throttled(RetryAfterSeconds=3), (429, {}, {"Retry-After": "2"})])
    assert len(users) == 1
    assert pace.slowed == [None, 3.0, 2.0]
    assert pace.pauses == [(1, None), (2, 3.0), (3, 2.0)]


@pytest.mark.parametrize(
    "failure, tries, code", [(FAILED, 6, "InternalServerException"), (throttled(), 12, "ThrottlingException")]
)
def test_it_ends_some_time(service, failure, tries, code):
    pace, error = ask(service, [failure] * 99)
    assert (error.code, pace.turns) == (code, tries)


def test_without_an_answer_it_is_hopeless(service):
    pace, error = ask(service, [None] * 99)
    assert (error.code, error.hopeless, pace.turns) == ("", True, 6)


@pytest.mark.parametrize("failure", [None, FAILED, throttled()])
def test_what_must_not_be_repeated_is_sent_once(service, failure):
    pace, error = ask(service, [failure], once=["ListUsers"])
    assert isinstance(error, AwsError)
    assert (pace.turns, pace.slowed) == (1, [None] if failure == throttled() else [])


def test_too_many_operations_are_no_reason_to_send_fewer_requests(service):
    pace, error = ask(service, [throttled(Message="There are too many requests processing.")], once=["ListUsers"])
    assert (error.throttled, pace.slowed) == (True, [])


def test_nobody_is_waited_for_longer_than_a_signature_holds(service):
    pace, _users = ask(service, [(429, {}, {"Retry-After": "86400"})])
    assert pace.slowed == [120.0]


def test_refusals_are_final(service):
    pace, error = ask(service, [(400, {"__type": "ValidationException"}, {})])
    assert (error.code, error.hopeless, pace.turns) == ("ValidationException", False, 1)
