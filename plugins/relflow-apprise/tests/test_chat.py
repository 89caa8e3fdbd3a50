"""Messages that travel through Apprise: to a real HTTP server on this machine, and as the services would get them."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from relflow_apprise import SERVICES, Chat

from relflow import Delivered, Failed, Outgoing, PluginError, Recipient
from relflow.hooks import Plugins

TEXT = "投诉已受理 received"


class Server(ThreadingHTTPServer):
    """Answers with the statuses that it was told, then 200; keeps what it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[int] = []
        self.delay = 0.0
        self.requests: list[tuple[str, Any]] = []

    @property
    def url(self) -> str:
        """Where Apprise finds it."""
        return f"json://127.0.0.1:{self.server_port}/people/{{address}}"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, json.loads(body)))
        time.sleep(self.server.delay)
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
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


def message(address: str = "li", channel: str = "desk", text: str = TEXT) -> Outgoing:
    """A message on its way."""
    return Outgoing("K-1:2:1", "K-1", "received", "li", Recipient(address, channel, "zh"), text)


def test_a_message_arrives_whole(server: Server) -> None:
    """At the address of the recipient, with the text."""
    assert Chat({"desk": server.url}).relflow_deliver("east", message()) == Delivered()
    ((path, sent),) = server.requests
    assert path == "/people/li"
    assert sent["message"] == TEXT


def test_an_address_stays_in_its_place(server: Server) -> None:
    """It leads to no other path, host or setting."""
    chat = Chat({"desk": server.url})
    for address in ("../../admin?cto=1&verify=no", "li@evil.example", "a/b#c", "李"):
        chat.relflow_deliver("", message(address))
    paths = [path for path, _ in server.requests]
    assert len(paths) == 4
    assert all(path.startswith("/people/") and path.count("/") == 2 for path in paths)


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 500, 503])
def test_what_the_service_does_not_take_is_tried_again(server: Server, status: int) -> None:
    """Apprise does not say why; redirects are not followed."""
    server.answers = [status]
    assert Chat({"desk": server.url}).relflow_deliver("", message()) == Failed("the service did not take it")
    assert len(server.requests) == 1


def test_no_answer_in_time_is_tried_again(server: Server) -> None:
    """A service that hangs costs the timeout and no more."""
    server.delay = 0.5
    began = time.monotonic()
    outcome = Chat({"desk": server.url}, timeout=0.1).relflow_deliver("", message())

    assert outcome == Failed("the service did not take it")
    assert time.monotonic() - began < 0.45


@pytest.mark.parametrize(
    ("channels", "address", "channel", "host", "where"),
    [
        ({"ding": "dingtalk://abc123/{address}"}, "13800000000", "ding", "oapi.dingtalk.com", "text.content"),
        ({"fei": "feishu://abc-123"}, "", "fei", "open.feishu.cn", "content.text"),
        ({"wecom": "wecombot://0a1b2c"}, "", "wecom", "qyapi.weixin.qq.com", "text.content"),
        ({"slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/{address}"}, "#sales", "slack",
         "hooks.slack.com", "attachments.0.text"),
        ({}, "feishu://abc-123", "apprise", "open.feishu.cn", "content.text"),
    ],
)  # fmt: skip
def test_services_get_what_they_want(
    monkeypatch: pytest.MonkeyPatch, channels: dict[str, str], address: str, channel: str, host: str, where: str
) -> None:
    """The request that would leave for each service holds the text where the service looks for it."""
    asked: list[tuple[str, Any]] = []

    class Answer:
        status_code = 200
        content = b"ok" if channel == "slack" else b'{"errcode": 0, "code": 0}'

    def post(url: str, data: bytes | str = b"", **settings: Any) -> Answer:
        asked.append((url, json.loads(data)))
        assert settings["allow_redirects"] is False
        return Answer()

    monkeypatch.setattr(requests, "post", post)
    monkeypatch.setattr(requests, "request", lambda method, url, **settings: post(url, **settings))
    assert Chat(channels).relflow_deliver("", message(address, channel)) == Delivered()
    ((url, sent),) = asked
    for part in where.split("."):
        sent = sent[int(part) if part.isdigit() else part]
    assert url.startswith(f"https://{host}/")
    assert TEXT in sent


@pytest.mark.parametrize("address", ["json://127.0.0.1/x", "file:///etc/passwd", "mailto://x:y@z.com", "", "feishu"])
def test_an_address_reaches_only_services_that_were_named(address: str) -> None:
    """What stands in a customer's record does not make us call hosts inside the company."""
    assert Chat().relflow_deliver("", message(address, "apprise")) == Failed(
        "not a service that an address may name", retry=False
    )
    assert {"dingtalk", "feishu", "slack", "wecombot"} <= SERVICES
    assert "json" not in SERVICES


def test_an_address_that_means_nothing_makes_the_message_dead() -> None:
    """Trying again would not help."""
    outcome = Chat().relflow_deliver("", message("feishu://!!!", "apprise"))
    assert outcome == Failed("not an address that the service understands", retry=False)


def test_another_channel_is_left_to_others(server: Server) -> None:
    """Mail is not sent by chat."""
    assert Chat({"desk": server.url}).relflow_deliver("", message(channel="mail")) is None
    assert server.requests == []


def test_no_token_or_text_reaches_a_log(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """Apprise would log both; what others log through it is left alone."""
    caplog.set_level(logging.DEBUG, "apprise")
    server.answers = [500]
    chat = Chat({"desk": server.url.replace("127.0.0.1", "user:s3cret@127.0.0.1")})
    chat.relflow_deliver("", message())
    Chat().relflow_deliver("", message("feishu://!s3cret!", "apprise"))
    assert [record for record in caplog.records if record.name == "apprise"] == []
    assert "s3cret" not in caplog.text + repr(chat)
    logging.getLogger("apprise").warning("somebody else's")
    assert "somebody else's" in caplog.text


def test_a_long_text_is_sent_in_parts(server: Server) -> None:
    """Nothing of it is cut off."""
    text = "客户 " * 20_000
    assert Chat({"desk": server.url}).relflow_deliver("", message(text=text)) == Delivered()
    assert len(server.requests) > 1
    assert "".join(sent["message"] for _, sent in server.requests).count("客户") == 20_000


@pytest.mark.parametrize("channels", [{"desk": ""}, {"desk": "li@example.com"}, {"apprise": "feishu://abc-123"}])
def test_channels_that_cannot_work_are_refused_at_the_start(channels: dict[str, str]) -> None:
    """With the channel's name, in both languages."""
    with pytest.raises(PluginError) as caught:
        Chat(channels)
    assert caught.value.reason == "apprise-url"
    assert next(iter(channels)) in caught.value.text("zh")


def test_the_plugin_is_found_by_its_name(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named, not merely installed; its channels come from the environment."""
    monkeypatch.setenv("RELFLOW_APPRISE_DESK", server.url)
    plugins = Plugins(["apprise"])

    assert plugins.names("relflow_deliver") == ("apprise",)
    assert plugins.first("relflow_deliver", tenant="", message=message()) == Delivered()
