"""The other end: who accepts a request, and notices one that came before."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from relflow_webhook.signature import WINDOW, SignatureError, verify

__all__ = ["Accepted", "Receiver"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A request that can be trusted; `again` says that one with its key was accepted within the window."""

    key: str
    data: Mapping[str, Any]
    again: bool


class Receiver:
    """Accepts requests that were signed with one of `secrets` within the last `window` seconds.

    Keys are remembered in this process for twice the window, for a request may carry a moment that is a window ahead.
    """

    def __init__(
        self, secrets: Iterable[str | bytes], *, window: float = WINDOW, clock: Callable[[], float] = time.time
    ) -> None:
        self._secrets = tuple(secrets)
        self._window = window
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[str, float] = {}

    def accept(self, headers: Mapping[str, str], body: bytes) -> Accepted:
        """The content of a request. Raises SignatureError if it cannot be trusted."""
        now = self._clock()
        key = verify(self._secrets, headers, body, now, self._window)
        try:
            data = json.loads(body)
        except ValueError as error:
            raise SignatureError("body") from error
        if not isinstance(data, dict) or data.get("key") != key:
            raise SignatureError("body")
        return Accepted(key, data, self._remember(key, now))

    def _remember(self, key: str, now: float) -> bool:
        with self._lock:
            self._seen = {old: at for old, at in self._seen.items() if now - at <= 2 * self._window}
            again = key in self._seen
            self._seen[key] = now
            return again
