"""The plugin: a letter for each message, handed to a mail server."""

from __future__ import annotations

import os
import smtplib
import ssl
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import Final

from relflow import Delivered, Failed, Outgoing, PluginError, hookimpl
from relflow_mail.letters import Letterhead, letter

__all__ = ["Mail", "from_environment"]

CHANNELS: Final = frozenset({"mail", "email"})
PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Mail:
    """Delivers messages of the channels `mail` and `email` by SMTP.

    `sender` is the address that letters come from, `name` stands beside it, `prefix` before every subject. `security`
    is `starttls` (a server that does not offer it gets nothing), `tls` or `none`; a password is sent without encryption
    to this machine only. `context` verifies the server's certificate, by the system's authorities unless given.
    `timeout` is in seconds, for connecting and for each answer. `clock` gives seconds since 1970. Raises PluginError
    for settings that cannot work.
    """

    def __init__(
        self,
        host: str,
        sender: str,
        *,
        port: int | None = None,
        security: str = "starttls",
        username: str | None = None,
        password: str | None = None,
        name: str = "",
        prefix: str = "",
        timeout: float = 10.0,
        context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if not host or not host.isprintable() or security not in PORTS:
            raise PluginError.of(
                "mail-server",
                "the mail plugin needs a server (`smtp.example.com`) and `starttls`, `tls` or `none` as its security",
                "邮件插件需要服务器地址（如 `smtp.example.com`），加密方式应为 `starttls`、`tls` 或 `none`",
            )
        if username is not None and security == "none" and host not in HERE:
            raise PluginError.of(
                "mail-password",
                "the mail plugin sends no password without encryption: use `starttls` or `tls`",
                "邮件插件不会在未加密的连接上发送密码：请使用 `starttls` 或 `tls`",
            )
        try:
            self._head = Letterhead.of(sender, name, prefix)
        except ValueError as error:
            raise PluginError.of(
                "mail-sender",
                "the sender of mails must be one address, such as `crm@example.com`",
                "发件人必须是一个邮件地址，如 `crm@example.com`",
            ) from error
        self._host = host
        self._port = PORTS[security] if port is None else port
        self._security = security
        self._username = username
        self._password = password or ""
        self._timeout = timeout
        self._context = context
        self._clock = clock

    def __repr__(self) -> str:
        return f"Mail({self._host!r})"

    @hookimpl
    def relflow_deliver(self, tenant: str, message: Outgoing) -> Delivered | Failed | None:
        """Hand the letter to the server; None for a message of another channel."""
        if message.to.channel not in CHANNELS:
            return None
        try:
            made = letter(self._head, tenant, message, self._clock())
        except ValueError:
            return Failed("not a mail address", retry=False)
        try:
            return self._send(made)
        except TimeoutError:
            return Failed("no answer in time")
        except ssl.SSLError:
            return Failed("no encryption that can be trusted")
        except smtplib.SMTPException as error:
            return _failure(error)
        except OSError as error:
            return Failed(f"no connection ({type(error).__name__})")

    def _send(self, made: EmailMessage) -> Delivered:
        server = self._connect()
        try:
            if self._username is not None:
                server.login(self._username, self._password)
            server.send_message(made)
        finally:
            # the server has taken the letter or has not: how the conversation ends changes nothing about it
            server.close()
        return Delivered(str(made["Message-ID"]))

    def _connect(self) -> smtplib.SMTP:
        context = self._context or ssl.create_default_context()
        if self._security == "tls":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
        server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        if self._security == "starttls":
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server


def from_environment() -> Mail:
    """The plugin that `RELFLOW_MAIL_…` describe (HOST, FROM, PORT, SECURITY, USER, PASSWORD, NAME, PREFIX)."""
    given = {name: os.environ.get(f"RELFLOW_MAIL_{name}") or None for name in ("PORT", "SECURITY", "USER", "PASSWORD")}
    port = given["PORT"]
    if port is not None and not (port.isascii() and port.isdigit()):
        raise PluginError.of(
            "mail-port", "RELFLOW_MAIL_PORT is not a number", "RELFLOW_MAIL_PORT 不是数字", variable="RELFLOW_MAIL_PORT"
        )
    return Mail(
        os.environ.get("RELFLOW_MAIL_HOST", ""),
        os.environ.get("RELFLOW_MAIL_FROM", ""),
        port=None if port is None else int(port),
        security=given["SECURITY"] or "starttls",
        username=given["USER"],
        password=given["PASSWORD"],
        name=os.environ.get("RELFLOW_MAIL_NAME", ""),
        prefix=os.environ.get("RELFLOW_MAIL_PREFIX", ""),
    )


def _failure(error: smtplib.SMTPException) -> Failed:
    """What the server's refusal means; its words are left out, for they repeat the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()), (0, b""))[0]
        return Failed(f"recipient refused ({code})", retry=code < 500)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        # a password that is being changed: the mails wait for it
        return Failed(f"login refused ({error.smtp_code})")
    if isinstance(error, smtplib.SMTPResponseException):
        return Failed(f"answered {error.smtp_code}", retry=error.smtp_code < 500)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Failed("the server lacks what is needed (STARTTLS, login, or addresses beyond ASCII)")
    if isinstance(error.__context__, TimeoutError):
        return Failed("no answer in time")
    return Failed(f"conversation broken off ({type(error).__name__})")
