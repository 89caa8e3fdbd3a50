"""The plugin: a POST for each message."""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit

from relflow import Delivered, Failed, Outgoing, PluginError, Recipient, hookimpl
from relflow_webhook.pauses import pause
from relflow_webhook.signature import KEY, SIGNATURE, TIMESTAMP, sign

__all__ = ["Webhook", "from_environment"]

CHANNEL: Final = "webhook"
# answers after which the same request may succeed later
LATER: Final = frozenset({408, 425, 429})
SHORTEST_SECRET: Final = 16


class Webhook:
    """Delivers messages of the channel `webhook`, or of no channel, to one address.

    `secret` signs every request and has at least 16 characters. `timeout` is in seconds, for connecting and for each
    wait on the answer. `headers` are added to every request. `lang` is the language of texts for people whose own
    nobody knows. `clock` gives seconds since 1970. Raises PluginError for an address or secret that cannot be used.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        timeout: float = 10.0,
        headers: Mapping[str, str] | None = None,
        lang: str = "en",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._address = _address(url)
        if len(secret) < SHORTEST_SECRET:
            raise PluginError.of(
                "webhook-secret",
                f"the secret of the webhook needs at least {SHORTEST_SECRET} characters",
                f"webhook 的密钥至少需要 {SHORTEST_SECRET} 个字符",
            )
        self._secret = secret
        self._timeout = timeout
        self._headers = dict(headers or {})
        self._lang = lang
        self._clock = clock

    def __repr__(self) -> str:
        return f"Webhook({self._address.hostname!r})"

    @hookimpl(trylast=True)
    def relflow_recipient(self, tenant: str, recipient: str) -> Recipient:
        """Whoever has no other address is reached through the webhook."""
        del tenant
        return Recipient(recipient, CHANNEL, self._lang)

    @hookimpl
    def relflow_deliver(self, tenant: str, message: Outgoing) -> Delivered | Failed | None:
        """Post the message; None for a message of another channel."""
        if message.to.channel not in {"", CHANNEL}:
            return None
        body = json.dumps(_document(tenant, message), ensure_ascii=False, sort_keys=True).encode()
        try:
            return self._post(message.key, body)
        except TimeoutError:
            return Failed("no answer in time")
        except (OSError, http.client.HTTPException) as error:
            return Failed(f"no connection ({type(error).__name__})")

    def _post(self, key: str, body: bytes) -> Delivered | Failed:
        address = self._address
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        connection = kind(str(address.hostname), address.port, timeout=self._timeout)
        try:
            path = address.path or "/"
            connection.request(
                "POST", f"{path}?{address.query}" if address.query else path, body, self._signed(key, body)
            )
            answer = connection.getresponse()
            wish = answer.getheader("Retry-After")
            after = None if wish is None else pause(wish, self._clock())
            return _outcome(answer.status, answer.getheader("X-Request-Id"), after)
        finally:
            connection.close()

    def _signed(self, key: str, body: bytes) -> dict[str, str]:
        now = int(self._clock())
        return {
            "User-Agent": "relflow-webhook",
            "Content-Type": "application/json; charset=utf-8",
            **self._headers,
            KEY: key,
            TIMESTAMP: str(now),
            SIGNATURE: sign(self._secret, now, key, body),
        }


def from_environment() -> Webhook:
    """The webhook that `RELFLOW_WEBHOOK_URL` and `RELFLOW_WEBHOOK_SECRET` describe, for plugins loaded by name."""
    return Webhook(os.environ.get("RELFLOW_WEBHOOK_URL", ""), os.environ.get("RELFLOW_WEBHOOK_SECRET", ""))


def _address(url: str) -> SplitResult:
    try:
        address = urlsplit(url)
        named = bool(address.hostname) and address.username is None and address.port != 0
    except ValueError:  # a port that is no number
        address, named = urlsplit(""), False
    if not named or address.scheme not in {"http", "https"}:
        raise PluginError.of(
            "webhook-url",
            "the webhook needs an address such as `https://crm.example.com/relflow`, without a user name in it",
            "webhook 需要形如 `https://crm.example.com/relflow` 的地址，其中不能带用户名",
        )
    return address


def _document(tenant: str, message: Outgoing) -> dict[str, object]:
    return {
        "address": message.to.address,
        "attempt": message.attempt,
        "case": message.case,
        "key": message.key,
        "name": message.name,
        "recipient": message.recipient,
        "tenant": tenant,
        "text": message.text,
    }


def _outcome(status: int, receipt: str | None, after: timedelta | None) -> Delivered | Failed:
    if 200 <= status < 300:
        return Delivered(receipt)
    again = status in LATER or status >= 500
    return Failed(f"answered {status}", retry=again, after=after if again else None)
