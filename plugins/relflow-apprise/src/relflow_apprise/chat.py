"""The plugin: each message to the chat service that the recipient's channel stands for."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Any, Final
from urllib.parse import quote

import apprise

from relflow import Delivered, Failed, Outgoing, PluginError, hookimpl
from relflow_apprise.quiet import unheard

__all__ = ["SERVICES", "Chat", "from_environment"]

ANY: Final = "apprise"
# where a recipient's own address may lead; `json://` and its like would let an address reach any host inside
SERVICES: Final = frozenset({"dingtalk", "feishu", "lark", "slack", "wecombot", "workflow", "workflows", "wxteams"})
PREFIX: Final = "RELFLOW_APPRISE_"


class Chat:
    """Delivers messages of the channels that are named here, and of the channel `apprise`.

    `channels` maps a channel to an Apprise URL in which `{address}` stands for the recipient's address:
    `{"dingtalk": "dingtalk://TOKEN/{address}"}`. A recipient of the channel `apprise` has a whole Apprise URL for an
    address, and its service must be one of `services`. `timeout` is in seconds, for connecting and for the answer.
    Redirects are not followed. Raises PluginError for a channel whose URL Apprise does not understand.
    """

    def __init__(
        self,
        channels: Mapping[str, str] | None = None,
        *,
        services: Collection[str] = SERVICES,
        timeout: float = 10.0,
    ) -> None:
        self._channels = dict(channels or {})
        self._services = frozenset(services)
        self._timeout = timeout
        for channel, url in self._channels.items():
            if channel == ANY or self._service(url.replace("{address}", "13800000000")) is None:
                raise PluginError.of(
                    "apprise-url",
                    f"the channel `{channel}` needs an Apprise URL, such as `dingtalk://TOKEN/{{address}}`",
                    f"通道 `{channel}` 需要 Apprise 地址，如 `dingtalk://TOKEN/{{address}}`",
                    channel=channel,
                )

    def __repr__(self) -> str:
        return f"Chat({sorted(self._channels)!r})"

    @hookimpl
    def relflow_deliver(self, tenant: str, message: Outgoing) -> Delivered | Failed | None:
        """Send the message; None for a message of another channel."""
        del tenant
        to = message.to
        if to.channel != ANY and to.channel not in self._channels:
            return None
        if to.channel == ANY:
            service, named, _ = to.address.partition("://")
            if not named or service.lower() not in self._services:
                return Failed("not a service that an address may name", retry=False)
            url = to.address
        else:
            url = self._channels[to.channel].replace("{address}", quote(to.address, safe=""))
        target = self._service(url)
        if target is None:
            return Failed("not an address that the service understands", retry=False)
        with unheard():
            sent = target.notify(body=_text(message.text), body_format=apprise.NotifyFormat.TEXT)
        # Apprise tells only whether, and a refusal for good looks like one for now
        return Delivered() if sent else Failed("the service did not take it")

    def _service(self, url: str) -> Any:
        """What Apprise makes of an URL; None if nothing."""
        asset = apprise.AppriseAsset(async_mode=False, storage_mode=apprise.PersistentStoreMode.MEMORY)
        with unheard():
            made = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
        if made is not None:
            made.redirects = False
            made.socket_connect_timeout = made.socket_read_timeout = self._timeout
            made.overflow_mode = apprise.OverflowMode.SPLIT
        return made


def from_environment() -> Chat:
    """The plugin with a channel for each variable: `RELFLOW_APPRISE_DINGTALK` holds the URL of `dingtalk`."""
    given = {name.removeprefix(PREFIX).lower(): url for name, url in os.environ.items() if name.startswith(PREFIX)}
    return Chat(given)


def _text(text: str) -> str:
    """The text without half surrogate pairs, which no service could be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")
