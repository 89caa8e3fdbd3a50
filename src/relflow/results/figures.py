"""What a key figure came to in one period, for one group of items, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Any

from relflow.structs import dataclass

__all__ = ["Figure"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure over the days from `since` to `until`, both included.

    `group` is the value that its items share under the figure's `by`, None without one. `value` is None where it
    cannot be worked out, `met` where there is no goal or no value. `misses` and `meets` count the periods in a row up
    to this one; `follows` names what falls due now, as the list (`misses` or `meets`) and the place in it.
    """

    kpi: str
    group: Any
    since: date
    until: date
    items: int
    value: Any
    met: bool | None = None
    misses: int = 0
    meets: int = 0
    follows: tuple[tuple[str, int], ...] = ()
    state: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def kept(cls, kpi: str, state: Mapping[str, Any]) -> Figure:
        """The figure that the store kept."""
        names = ("group", "since", "until", "items", "value", "met", "misses", "meets")
        return cls(kpi, **{name: state[name] for name in names}, state=state)

    def to_dict(self) -> dict[str, object]:
        """The figure as JSON-able data."""
        return {
            "kpi": self.kpi,
            "group": self.group,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "items": self.items,
            "value": self.value,
            "met": self.met,
            "misses": self.misses,
            "meets": self.meets,
        }
