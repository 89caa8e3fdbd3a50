"""Letters that travel to a real SMTP server on this machine and are read there."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import ssl
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given
from hypothesis import strategies as st
from relflow_mail import Letterhead, Mail, letter, message_id

from relflow import Delivered, Failed, Outgoing, PluginError, Recipient
from relflow.hooks import Plugins


class Postbox:
    """Keeps the letters; answers as told."""

    def __init__(self) -> None:
        self.letters: list[tuple[Envelope, EmailMessage]] = []
        self.answers: list[str] = []
        self.rcpt: str | None = None
        self.encrypted: list[bool] = []
        self.delay = 0.0

    async def handle_RCPT(  # noqa: N802 - the server calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        if self.rcpt is None:
            envelope.rcpt_tos.append(address)
        return self.rcpt or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Take a letter, or not."""
        await asyncio.sleep(self.delay)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            made: Any = email.message_from_bytes(content, policy=email.policy.default)
            self.letters.append((envelope, made))
            self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return answer


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """An authority that vouches for the server."""
    return trustme.CA()


def body(made: EmailMessage) -> str:
    """The text of a letter."""
    content = made.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


Serve = Callable[..., tuple[Postbox, int]]


@pytest.fixture
def serve(authority: trustme.CA) -> Iterator[Serve]:
    """Starts servers on free ports, with the encryption and the login that a test wants."""
    running: list[Controller] = []

    def start(security: str = "none", *, login: bool = False) -> tuple[Postbox, int]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        box = Postbox()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings: dict[str, Any] = {"hostname": "127.0.0.1", "port": port, "enable_SMTPUTF8": True}
        if login:
            settings |= {"authenticator": _knows, "auth_required": True, "auth_require_tls": security != "none"}
        if security == "starttls":
            settings |= {"tls_context": context, "require_starttls": True}
        if security == "tls":
            settings |= {"ssl_context": context}
            settings["auth_require_tls"] = False
        controller = Controller(box, **settings)
        controller.start()
        running.append(controller)
        return box, port

    yield start
    for controller in running:
        controller.stop()


def _knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=data.login == b"crm" and data.password == b"s3cret", handled=False)


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """What verifies the server's certificate."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def mail(port: int, **settings: Any) -> Mail:
    """The plugin, for a server of ours."""
    given = {"security": "none", "timeout": 5, "clock": lambda: 1_800_000_000.0, **settings}
    return Mail("localhost", "crm@example.com", port=port, **given)


def message(address: str = "li@example.com", channel: str = "mail", **fields: Any) -> Outgoing:
    """A message on its way."""
    settings = {"text": "投诉已受理\n请于今日内联系客户", "attempt": 1, **fields}
    return Outgoing("K-1:2:1", "K-1", "received", "li", Recipient(address, channel, "zh"), **settings)


def test_a_letter_arrives_whole_and_in_the_recipients_language(serve: Serve) -> None:
    """From the sender, to the one address, with subject, text, date, language and a stable Message-ID."""
    box, port = serve()
    outcome = mail(port, name="客户关系", prefix="[CRM]").relflow_deliver("east", message())
    ((envelope, made),) = box.letters

    assert (envelope.mail_from, envelope.rcpt_tos) == ("crm@example.com", ["li@example.com"])
    assert made["From"] == "客户关系 <crm@example.com>"
    assert made["To"] == "li@example.com"
    assert made["Subject"] == "[CRM] 投诉已受理"
    assert made["Date"] == "Fri, 15 Jan 2027 08:00:00 -0000"
    assert made["Content-Language"] == "zh-CN"
    assert made["Auto-Submitted"] == "auto-generated"
    assert body(made) == "投诉已受理\n请于今日内联系客户\n"
    assert outcome == Delivered(made["Message-ID"])
    assert made["Message-ID"] == message_id("east", "K-1:2:1", "example.com")


def test_every_attempt_has_the_same_message_id(serve: Serve) -> None:
    """By which a second delivery after a crash is told; another key or tenant has another one, and shows neither."""
    box, port = serve()
    plugin = mail(port)
    for attempt in (1, 2):
        plugin.relflow_deliver("east", message(attempt=attempt))
    first, second = (made["Message-ID"] for _, made in box.letters)

    assert first == second
    assert len({first, message_id("west", "K-1:2:1", "example.com"), message_id("east", "K-1:2:2", "example.com")}) == 3
    assert "K-1" not in first


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the server does not count encryption from the first byte
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_way_is_encrypted_and_the_sender_known(serve: Serve, authority: trustme.CA, security: str) -> None:
    """With the server's certificate verified and a login."""
    box, port = serve(security, login=True)
    plugin = mail(port, security=security, username="crm", password="s3cret", context=trusting(authority))
    outcome = plugin.relflow_deliver("", message())

    assert isinstance(outcome, Delivered), outcome
    assert box.encrypted == [True]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(serve: Serve, security: str) -> None:
    """Nothing is sent; somebody may mend it, so it is tried again."""
    box, port = serve(security)
    assert mail(port, security=security).relflow_deliver("", message()) == Failed("no encryption that can be trusted")
    assert box.letters == []


def test_a_server_without_encryption_gets_nothing(serve: Serve) -> None:
    """Whoever strips STARTTLS from the server's offer does not get to read the mail."""
    box, port = serve()
    outcome = mail(port, security="starttls").relflow_deliver("", message())

    assert isinstance(outcome, Failed)
    assert (outcome.retry, box.letters) == (True, [])


def test_a_refused_login_waits(serve: Serve, authority: trustme.CA) -> None:
    """A password that is being changed makes no message dead, and shows nowhere."""
    _, port = serve("starttls", login=True)
    plugin = mail(port, security="starttls", username="crm", password="old", context=trusting(authority))

    assert plugin.relflow_deliver("", message()) == Failed("login refused (535)")
    assert "old" not in repr(plugin)


@pytest.mark.parametrize(("answer", "retry"), [("450 busy li@example.com", True), ("554 spam li@example.com", False)])
def test_an_answer_decides_whether_to_try_again(serve: Serve, answer: str, retry: bool) -> None:
    """For now, or for good; the server's words stay out, for they name the recipient."""
    box, port = serve()
    box.answers = [answer]
    assert mail(port).relflow_deliver("", message()) == Failed(f"answered {answer[:3]}", retry=retry)
    box.rcpt = answer
    assert mail(port).relflow_deliver("", message()) == Failed(f"recipient refused ({answer[:3]})", retry=retry)


def test_no_answer_and_no_connection_are_tried_again(serve: Serve) -> None:
    """A server that hangs costs the timeout; a closed port is named by its kind alone."""
    box, port = serve()
    box.delay = 0.5
    assert mail(port, timeout=0.2).relflow_deliver("", message()) == Failed("no answer in time")
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = free.getsockname()[1]
    assert mail(closed).relflow_deliver("", message()) == Failed("no connection (ConnectionRefusedError)")


@pytest.mark.parametrize(
    "address",
    ["", "li", "li@", "@example.com", "a@b.com, c@d.com", "Li <li@example.com>", "li@example.com\r\nBcc: x@y.com",
     "li@example.com\nRCPT TO:<x@y.com>", "li @example.com", "li@exa mple.com", "a@b@c.com", "li@example..com",
     ".li@example.com", "li\x00@example.com", "\ud800@example.com", '"li"@example.com', "li@[127.0.0.1]"],
)  # fmt: skip
def test_what_is_not_one_address_makes_the_message_dead(serve: Serve, address: str) -> None:
    """Neither a second recipient nor a command comes in by it."""
    box, port = serve()
    assert mail(port).relflow_deliver("", message(address)) == Failed("not a mail address", retry=False)
    assert box.letters == []


def test_addresses_beyond_ascii_are_reached(serve: Serve) -> None:
    """A Chinese domain as servers understand it, a Chinese name where the server can."""
    box, port = serve()
    for address in ("li@例子.com", "李@example.com"):
        assert isinstance(mail(port).relflow_deliver("", message(address)), Delivered)
    assert [envelope.rcpt_tos for envelope, _ in box.letters] == [["li@xn--fsqu00a.com"], ["李@example.com"]]


def test_a_text_adds_no_header(serve: Serve) -> None:
    """Whatever a customer wrote: the subject is its first line, and the rest is body."""
    box, port = serve()
    text = "hello\r\nBcc: spy@example.com\r\n\r\n.\r\nMAIL FROM:<x@y.com>\r\n\x00\u202eabc \ud800"
    assert isinstance(mail(port).relflow_deliver("", message(text=text)), Delivered)
    ((envelope, made),) = box.letters

    assert envelope.rcpt_tos == ["li@example.com"]
    assert made["Bcc"] is None
    assert made["Subject"] == "hello"
    assert body(made) == "hello\nBcc: spy@example.com\n\n.\nMAIL FROM:<x@y.com>\nabc ?\n"


@given(st.text(), st.text(), st.sampled_from(["zh", "en", "fr\r\nBcc: a@b.c"]))
def test_no_text_or_name_breaks_a_letter(text: str, name: str, lang: str) -> None:
    """For any text the letter has the headers that it should have, once each, and reads as what was written."""
    head = Letterhead.of("crm@example.com", name, text)
    outgoing = Outgoing("k", "K", "n", "li", Recipient("li@example.com", "mail", lang), text)
    made: Any = email.message_from_bytes(letter(head, text, outgoing, 0.0).as_bytes(), policy=email.policy.default)

    assert sorted(name.lower() for name in made) == [
        "auto-submitted", "content-language", "content-transfer-encoding", "content-type", "date", "from",
        "message-id", "mime-version", "subject", "to",
    ]  # fmt: skip
    assert [str(one.addr_spec) for one in made["To"].addresses] == ["li@example.com"]
    assert not made.defects
    assert len(made["Subject"]) <= 120
    shown = [line.strip() for line in body(made).split("\n")]
    wanted = text.encode("utf-8", "replace").decode()
    for line in wanted.split("\n"):
        if line.isprintable():
            assert line.strip() in shown


def test_another_channel_is_left_to_others(serve: Serve) -> None:
    """What is no mail is not sent as one."""
    box, port = serve()
    assert mail(port).relflow_deliver("", message(channel="webhook")) is None
    assert box.letters == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"host": ""}, "mail-server"),
        ({"security": "ssl3"}, "mail-server"),
        ({"sender": "crm"}, "mail-sender"),
        ({"sender": "crm@example.com\nBcc: x@y.com"}, "mail-sender"),
        ({"security": "none", "username": "crm", "password": "s3cret"}, "mail-password"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(settings: dict[str, Any], reason: str) -> None:
    """In both languages, without showing the password."""
    given = {"host": "smtp.example.com", "sender": "crm@example.com", **settings}
    with pytest.raises(PluginError) as caught:
        Mail(**given)
    assert caught.value.reason == reason
    assert "s3cret" not in caught.value.text("en") + caught.value.text("zh")


def test_the_plugin_is_found_by_its_name(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named, not merely installed; its settings come from the environment."""
    box, port = serve()
    for name, value in {"HOST": "localhost", "FROM": "crm@example.com", "PORT": str(port), "SECURITY": "none"}.items():
        monkeypatch.setenv(f"RELFLOW_MAIL_{name}", value)
    plugins = Plugins(["mail"])

    assert plugins.names("relflow_deliver") == ("mail",)
    assert isinstance(plugins.first("relflow_deliver", tenant="", message=message()), Delivered)
    assert len(box.letters) == 1
    monkeypatch.setenv("RELFLOW_MAIL_PORT", "25a")
    with pytest.raises(PluginError, match="RELFLOW_MAIL_PORT"):
        Plugins(["mail"])
