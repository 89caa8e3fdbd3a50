"""Steps and values to try a store with, odd ones among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from relflow.errors import RelflowError
from relflow.results import Actor, Case, Child, ClockRecord, Effect, HistoryEntry, Message, Step, Timer, Trigger
from relflow.text import Text
from relflow.values import YearsMonthsDuration

__all__ = ["LEASE", "MOMENT", "ODD_DATA", "ODD_TEXT", "StopHere", "refused", "sample_step"]

MOMENT = datetime(2026, 3, 2, 2, 0, 0, 123456, tzinfo=UTC)
LEASE = timedelta(minutes=1)
ODD_TEXT = "nul \x00, half \ud800, %s ? :name $x ' \" \\ \n 泄漏 😀"
ODD_DATA: Mapping[str, object] = {
    "digits": Decimal("0.1234567890123456789012345678901234"),
    "integer": 2**80,
    "float": 0.1,
    "text": ODD_TEXT,
    "long": "x" * 1_000_000,
    "date": date(2026, 2, 28),
    "moment": datetime(2026, 10, 25, 2, 30, 0, 1, tzinfo=ZoneInfo("Europe/Berlin"), fold=1),
    "days": timedelta(days=-3, microseconds=7),
    "months": YearsMonthsDuration(-14),
    "list": [1, None, True, [Decimal("1.10")], {"$decimal": "not a number"}],
    "$map": {"$date": 1},
}


def sample_step(
    case: str = "K-1",
    version: int = 1,
    *,
    at: datetime = MOMENT,
    event_id: str | None = None,
    to: tuple[str, ...] = ("li",),
    timers: Mapping[str, timedelta] | None = None,
    closed: bool = False,
    data: Mapping[str, object] | None = None,
    **fields: Any,
) -> Step:
    """Step `version` of a case: a message to each of `to`, timers so long after `at`, whatever else a case holds."""
    now = at + timedelta(seconds=version)
    clock = ClockRecord("sla", 1, True, False, {"consumed": version}, at, at + timedelta(hours=4))
    subject = Case(
        id=case,
        workflow=fields.pop("workflow", "complaint"),
        workflow_version="1",
        definition="d" * 64,
        state=f"s{version}",
        version=version,
        opened_at=at,
        updated_at=now,
        closed_at=now if closed else None,
        data={"description": ODD_TEXT, **(data or {})},
        clocks={"sla": clock},
        children=(Child(f"{case}:1:9", "todo", version % 2 == 0),),
        fired_by={"go": ("zhang",)},
        approvals={"go": (("boss", "wang"),)},
        **fields,
    )
    kind: Any = "open" if version == 1 else "event"
    entry = HistoryEntry(
        case=case,
        seq=version,
        at=now,
        trigger=Trigger(kind, "go", event_id, Actor("zhang", ("clerk",)), {"why": ODD_TEXT}),
        before=None if version == 1 else f"s{version - 1}",
        after=f"s{version}",
        changes={"severity": "major"},
        effects=(Effect("notify", "owner", {"recipients": ["li"]}, "go"),),
        policy="p" * 64,
    )
    messages = tuple(
        Message(
            f"{case}:{version}:{place}", case, place, who, "moved", Text((("en", "moved"), ("zh", "变了"))), {"n": 1}
        )
        for place, who in enumerate(to, start=1)
    )
    return Step(
        subject,
        entry,
        messages,
        timers=tuple(Timer(case, "sla", 1, step, at + wait) for step, wait in (timers or {}).items()),
        expected_version=None if version == 1 else version - 1,
    )


@contextmanager
def refused(kind: type[RelflowError], reason: str | None = None) -> Iterator[None]:
    """Pass if the block raises this error, worded in both languages."""
    try:
        yield
    except kind as error:
        caught = error
    else:
        raise AssertionError(f"{kind.__name__} was not raised")
    assert reason is None or caught.reason == reason, f"{caught.reason} is not {reason}"
    assert caught.text("en")
    assert caught.text("zh")


class StopHere(Exception):  # noqa: N818 - not an error: it stands for whatever goes wrong in a host
    """Breaks a unit off."""
