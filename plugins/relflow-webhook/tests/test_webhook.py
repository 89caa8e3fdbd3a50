"""Messages that travel to a real HTTP server on this machine and are checked there."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from relflow_webhook import Receiver, SignatureError, Webhook, sign, verify

from relflow import Delivered, Failed, Outgoing, PluginError, Recipient
from relflow.engine import Retry
from relflow.engine.core import Core
from relflow.engine.delivery import dispatch
from relflow.hooks import Plugins
from relflow.stores import MemoryStore
from relflow.testing.stores import sample_step

SECRET = "correct horse battery staple"


class Server(ThreadingHTTPServer):
    """Answers with the statuses it was told, then 204; keeps what it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[int] = []
        self.wish: str | None = None
        self.delay = 0.0
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.receiver = Receiver([SECRET])

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/hooks/relflow?v=1"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, dict(self.headers), body))
        time.sleep(self.server.delay)
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(status)
        self.send_header("X-Request-Id", "r-7")
        if self.server.wish is not None:
            self.send_header("Retry-After", self.server.wish)
        if 300 <= status < 400:
            self.send_header("Location", self.server.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on a free port."""
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def message(channel: str = "webhook", **fields: Any) -> Outgoing:
    """A message on its way."""
    settings = {"text": "投诉已受理 received", "attempt": 1, **fields}
    return Outgoing("K-1:2:1", "K-1", "received", "li", Recipient("li@example.com", channel, "zh"), **settings)


def post(server: Server, **fields: Any) -> Delivered | Failed | None:
    """Send one message."""
    return Webhook(server.url, SECRET, timeout=2).relflow_deliver("east", message(**fields))


def test_a_message_arrives_signed_and_whole(server: Server) -> None:
    """The receiver trusts it and finds the words, the key and whom it is for."""
    assert post(server, attempt=3) == Delivered("r-7")
    ((path, headers, body),) = server.requests
    accepted = server.receiver.accept(headers, body)

    assert path == "/hooks/relflow?v=1"
    assert headers["Idempotency-Key"] == accepted.key == "K-1:2:1"
    assert accepted.data == {
        "address": "li@example.com", "attempt": 3, "case": "K-1", "key": "K-1:2:1", "name": "received",
        "recipient": "li", "tenant": "east", "text": "投诉已受理 received",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "retry"),
    [(400, False), (401, False), (404, False), (301, False), (307, False), (408, True), (425, True), (429, True),
     (500, True), (503, True)],
)  # fmt: skip
def test_an_answer_decides_whether_to_try_again(server: Server, status: int, retry: bool) -> None:
    """What may pass is tried again; what will not is given up; redirects are not followed."""
    server.answers = [status]

    assert post(server) == Failed(f"answered {status}", retry=retry)
    assert len(server.requests) == 1


NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
WISHES = [
    ("120", timedelta(minutes=2)),
    (" 0 ", timedelta()),
    ("99999999999999999999", timedelta(days=1)),
    ("Mon, 02 Mar 2026 08:10:00 GMT", timedelta(minutes=10)),
    ("Monday, 02-Mar-26 08:10:00 GMT", timedelta(minutes=10)),
    ("Mon Mar  2 08:10:00 2026", timedelta(minutes=10)),
    ("Mon, 02 Mar 2026 07:00:00 GMT", timedelta()),
    ("Tue, 02 Mar 2027 08:00:00 GMT", timedelta(days=1)),
    ("-5", None),
    ("1.5", None),
    ("soon", None),
    ("", None),
    ("Mon, 99 Mar 2026 08:10:00 GMT", None),
]


@pytest.mark.parametrize(("wish", "after"), WISHES)
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_left_alone_as_long_as_it_asks(
    server: Server, wish: str, after: timedelta | None, status: int
) -> None:
    """Seconds or a date in any form that HTTP allows, at most a day; what is neither counts as nothing said."""
    server.answers, server.wish = [status], wish
    sender = Webhook(server.url, SECRET, timeout=2, clock=NOW.timestamp)

    assert sender.relflow_deliver("east", message()) == Failed(f"answered {status}", after=after)


def test_only_what_is_tried_again_waits(server: Server) -> None:
    """An answer that is final has no wish for later, and neither has one that took the message."""
    server.answers, server.wish = [410, 200], "120"

    assert post(server) == Failed("answered 410", retry=False)
    assert post(server) == Delivered("r-7")


def test_no_answer_in_time_is_tried_again(server: Server) -> None:
    """A receiver that hangs costs the timeout and no more."""
    server.delay = 0.5
    began = time.monotonic()
    outcome = Webhook(server.url, SECRET, timeout=0.1).relflow_deliver("", message())

    assert outcome == Failed("no answer in time")
    assert time.monotonic() - began < 0.45


def test_no_connection_is_tried_again() -> None:
    """A closed port is a failure with the kind of the error alone."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    outcome = Webhook(f"http://127.0.0.1:{port}/", SECRET).relflow_deliver("", message())

    assert outcome == Failed("no connection (ConnectionRefusedError)")


def test_another_channel_is_left_to_others(server: Server) -> None:
    """Mail is not sent by HTTP."""
    assert post(server, channel="mail") is None
    assert server.requests == []


def test_a_request_that_was_changed_is_refused(server: Server) -> None:
    """Another body, key, moment, secret or no signature at all."""
    post(server)
    ((_, headers, body),) = server.requests
    names = ("Idempotency-Key", "Relflow-Timestamp", "Relflow-Signature")

    def reason(headers: dict[str, str], body: bytes, *secrets: str) -> str:
        with pytest.raises(SignatureError) as caught:
            Receiver(secrets or (SECRET,)).accept(headers, body)
        return caught.value.reason

    assert reason(headers, body.replace(b"received", b"refused!")) == "signature"
    assert reason({**headers, "Idempotency-Key": "K-1:2:2"}, body) == "signature"
    assert reason({**headers, "Relflow-Timestamp": str(int(headers["Relflow-Timestamp"]) + 1)}, body) == "signature"
    assert reason(headers, body, "another secret of some length") == "signature"
    for name in names:
        assert reason({key: value for key, value in headers.items() if key != name}, body) == "missing"
    assert reason({**headers, "Relflow-Timestamp": "soon"}, body) == "missing"
    assert Receiver(["old secret, still valid", SECRET]).accept(headers, body).key == "K-1:2:1"


def test_a_replay_is_noticed_and_an_old_one_refused(server: Server) -> None:
    """Within the window the key is known; behind it the request is stale, from either side."""
    post(server)
    ((_, headers, body),) = server.requests
    now = [float(headers["Relflow-Timestamp"])]
    receiver = Receiver([SECRET], window=300, clock=lambda: now[0])
    first, second = (receiver.accept(headers, body).again for _ in range(2))
    assert (first, second) == (False, True)
    for moment in (now[0] + 301, now[0] - 301):
        with pytest.raises(SignatureError) as caught:
            verify([SECRET], headers, body, moment)
        assert caught.value.reason == "stale"


def test_a_signed_body_must_be_about_its_key() -> None:
    """Whoever holds the secret still cannot put one message's key on another's body."""
    for body in (json.dumps({"key": "other"}).encode(), b"no json", b"[1]"):
        headers = {
            "Idempotency-Key": "K",
            "Relflow-Timestamp": str(int(time.time())),
            "Relflow-Signature": sign(SECRET, int(time.time()), "K", body),
        }
        with pytest.raises(SignatureError) as caught:
            Receiver([SECRET]).accept(headers, body)
        assert caught.value.reason == "body"


@pytest.mark.parametrize(
    ("url", "secret", "reason"),
    [
        ("", SECRET, "webhook-url"),
        ("ftp://example.com", SECRET, "webhook-url"),
        ("https://", SECRET, "webhook-url"),
        ("https://me:pass@example.com", SECRET, "webhook-url"),
        ("https://example.com:port", SECRET, "webhook-url"),
        ("https://example.com", "short", "webhook-secret"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(url: str, secret: str, reason: str) -> None:
    """In both languages, without showing the secret."""
    with pytest.raises(PluginError) as caught:
        Webhook(url, secret)
    assert caught.value.reason == reason
    assert secret not in caught.value.text("zh")
    assert SECRET not in repr(Webhook("https://example.com", SECRET))


def test_the_plugin_is_found_by_its_name(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named, not merely installed; its settings come from the environment."""
    monkeypatch.setenv("RELFLOW_WEBHOOK_URL", server.url)
    monkeypatch.setenv("RELFLOW_WEBHOOK_SECRET", SECRET)
    plugins = Plugins(["webhook"])

    assert plugins.names("relflow_deliver") == ("webhook",)
    assert plugins.first("relflow_deliver", tenant="", message=message()) == Delivered("r-7")
    monkeypatch.delenv("RELFLOW_WEBHOOK_SECRET")
    with pytest.raises(PluginError, match="secret"):
        Plugins(["webhook"])


def test_the_dispatcher_repeats_a_delivery_under_its_key(server: Server) -> None:
    """A receiver that was down gets the message later, once under one key, and the next one only after it."""
    now = [datetime(2026, 3, 2, 12, tzinfo=UTC)]
    store = MemoryStore()
    with store.unit() as unit:
        unit.write(sample_step())
        unit.write(sample_step(version=2))
    core = Core({}, store, Plugins([Webhook(server.url, SECRET)]), lambda: now[0], adopt=False)
    server.answers = [503, 204, 204]
    counts = []
    for _ in range(2):
        counts.append(dispatch(core, "", Retry(), 10).delivered)
        now[0] += timedelta(minutes=1)

    accepted = [server.receiver.accept(headers, body) for _, headers, body in server.requests]
    assert counts == [0, 2]
    assert [(one.key, one.again, one.data["attempt"]) for one in accepted] == [
        ("K-1:1:1", False, 1),
        ("K-1:1:1", True, 2),
        ("K-1:2:1", False, 1),
    ]
