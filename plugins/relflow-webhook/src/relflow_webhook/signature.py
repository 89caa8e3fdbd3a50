"""The signature of a request: HMAC-SHA256 over the moment, the key and the body."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Final

__all__ = ["KEY", "SIGNATURE", "TIMESTAMP", "WINDOW", "SignatureError", "sign", "verify"]

KEY: Final = "Idempotency-Key"
TIMESTAMP: Final = "Relflow-Timestamp"
SIGNATURE: Final = "Relflow-Signature"
WINDOW: Final = 300.0


class SignatureError(ValueError):
    """A request that cannot be trusted; `reason` is `missing`, `stale`, `signature` or `body`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sign(secret: str | bytes, timestamp: int, key: str, body: bytes) -> str:
    """The signature header of a request sent at `timestamp` (seconds since 1970)."""
    said = f"{timestamp}.{key}.".encode() + body
    return "v1=" + hmac.new(_bytes(secret), said, hashlib.sha256).hexdigest()


def verify(
    secrets: Iterable[str | bytes], headers: Mapping[str, str], body: bytes, now: float, window: float = WINDOW
) -> str:
    """The idempotency key of a request that was signed with one of `secrets` at most `window` seconds ago.

    Raises SignatureError for anything else; a moment in the future counts like one in the past.
    """
    given = {name.lower(): value for name, value in headers.items()}
    key, timestamp, signature = (given.get(name.lower(), "") for name in (KEY, TIMESTAMP, SIGNATURE))
    if not (key and signature and timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 15):
        raise SignatureError("missing")
    # all secrets are compared, so that the time it takes does not tell which one fits
    fits = [hmac.compare_digest(sign(secret, int(timestamp), key, body), signature) for secret in secrets]
    if not any(fits):
        raise SignatureError("signature")
    if abs(now - int(timestamp)) > window:
        raise SignatureError("stale")
    return key


def _bytes(secret: str | bytes) -> bytes:
    return secret.encode() if isinstance(secret, str) else secret
