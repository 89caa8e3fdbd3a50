"""What becomes of an outbox row: whom it goes to and how the attempt ended, as data for stores and hooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta

from relflow.structs import dataclass

__all__ = ["Delivered", "Done", "Failed", "Outcome", "Outgoing", "Recipient"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a user is reached: `address` in the terms of `channel` (an URL, a mail address, a phone number).

    `lang` picks the message's language and `timezone` (an IANA name) the one its instants are shown in.
    """

    address: str
    channel: str = ""
    lang: str = "en"
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a deliverer gets it: worded in the recipient's language, with the address it goes to.

    `key` is the same at every attempt (`case:seq:ordinal`), so that a receiver can drop what it has already seen;
    `attempt` counts from 1.
    """

    key: str
    case: str
    name: str
    recipient: str
    to: Recipient
    text: str
    attempt: int = 1
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivered:
    """The message went out; `receipt` is the channel's own id for it, if it gave one."""

    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The host's action was carried out; `result` is kept beside it."""

    result: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """The attempt failed; it is tried again later unless `retry` is False. `error` never holds personal values.

    `after` is how long whoever was asked wants to be left alone: the next attempt is not made before, at most a day.
    """

    error: str
    retry: bool = True
    after: timedelta | None = None


Outcome = Delivered | Done | Failed
