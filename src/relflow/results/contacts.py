"""Contacts made and contacts planned, as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from relflow.structs import dataclass
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["Contact", "Status", "Touchpoint"]

Status = Literal["upcoming", "due", "overdue", "unset", "unknown"]


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that has been made: which touchpoint of the cadence, and on which day."""

    touchpoint: str
    on: date


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """One planned contact.

    `on` is the day it is planned for (a working day where the cadence says so), `latest` the last day that the longest
    gap allows, both None where the rhythm is unset or unknown; `missing` then names what is missing. `key` is the same
    whenever the plan is made again: it counts the contacts since the last one that was made, not days. `provisional`
    says that the day rests on a calendar year whose official list is not published.
    """

    key: str
    touchpoint: str
    channel: str
    status: Status
    on: date | None
    latest: date | None
    label: Text
    reason: Text
    source: tuple[str, ...] = ()
    row: int | None = None
    provisional: bool = False
    missing: tuple[str, ...] = ()

    def moved(self, on: date, reason: Text) -> Touchpoint:
        """The same contact on a later day, for a reason."""
        return Touchpoint(
            self.key,
            self.touchpoint,
            self.channel,
            "upcoming",
            on,
            self.latest,
            self.label,
            reason,
            self.source,
            self.row,
            self.provisional,
            self.missing,
        )

    def because(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Why on that day, in `lang`."""
        return self.reason.text(lang)

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> Mapping[str, object]:
        """The touchpoint as JSON-able data."""
        return {
            "key": self.key,
            "touchpoint": self.touchpoint,
            "label": self.label.text(lang),
            "channel": self.channel,
            "status": self.status,
            "on": self.on.isoformat() if self.on else None,
            "latest": self.latest.isoformat() if self.latest else None,
            "because": self.because(lang),
            "source": list(self.source),
            "row": self.row,
            "provisional": self.provisional,
            "missing": list(self.missing),
        }
