"""Tokens of buttons: the version that the page showed and an event id of its own, so that a double click is one."""

from __future__ import annotations

import secrets

from relflow.engine import troubles

__all__ = ["new_id", "read_token", "token_for"]


def token_for(case: str, event: str, version: int) -> str:
    """A token for one button of one page."""
    return f"{version}.{secrets.token_hex(8)}.{event}.{case}"


def read_token(token: str, case: str, event: str) -> tuple[int, str]:
    """The version that the page showed, and the event id. Raises RefusedError for another button's token."""
    version, _, rest = token.partition(".")
    nonce, _, name = rest.partition(".")
    if not version.isdigit() or len(nonce) != 16 or name != f"{event}.{case}":
        raise troubles.bad_token(event)
    return int(version), f"token:{token}"


def new_id(milliseconds: int) -> str:
    """An id for a new case: in order of time to the millisecond, random behind it."""
    return f"{milliseconds:011x}{secrets.token_hex(5)}"
