"""The judgement, from the data alone: the store as it was left, and what each process wrote down."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from relflow.results import Case, Message
from relflow.stores import CaseFilter, Notice, StoreUnit
from relflow.stores import Line as Written
from tests.faults.journal import Line, read

__all__ = ["MUST_BE_NONE", "Evidence", "Verdict", "evidence"]

# what may never happen, by the row of the report under which it is counted
MUST_BE_NONE = {
    "torn": "steps torn (case, history, timers, outbox, children, events disagree)",
    "broken-chain": "hash chains broken",
    "lost-step": "acknowledged steps lost",
    "other-answer": "answers that differ from the history",
    "twice": "events applied twice under one id",
    "two-winners": "races with two winners, or a loser that wrote",
    "intruder": "steps by somebody without the role",
    "lost-message": "messages lost",
    "disorder": "messages out of order for a case and recipient",
    "doubled": "effects doubled, no crash or lost lease behind it",
    "early-lease": "leases taken over before they ended",
    "timer-twice": "timers fired twice",
    "early-timer": "timers early by the worker's or the store's clock",
    "late-unsaid": "missed timers that no report mentions",
    "left": "timers and messages left undone",
    "early-duty": "obligations early by the store's clock",
    "duty-twice": "obligations carried out twice, or not at all",
    "level": "levels whose history has gaps",
    "stray": "errors that are none of relflow's",
    "died": "processes that ended by themselves",
}


@dataclass
class Verdict:
    """Counts for the report, and for each broken promise some cases in point."""

    counts: Counter[str] = field(default_factory=Counter)
    broken: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def wrong(self, what: str, where: object) -> None:
        """A promise that does not hold somewhere."""
        assert what in MUST_BE_NONE
        self.broken[what].append(str(where))


@dataclass
class Evidence:
    """All that was found: cases, histories, outbox, standings, and the journals by process."""

    cases: Mapping[str, Case]
    lines: Mapping[str, list[Written]]
    notices: Mapping[str, Notice]
    journals: Mapping[str, list[Line]]

    def told(self) -> Iterator[Line]:
        """What clients were told."""
        for lines in self.journals.values():
            yield from (line for line in lines if line["what"] == "told")

    def by_event(self) -> dict[str, list[Written]]:
        """Lines of history by the event id that they carry."""
        found: dict[str, list[Written]] = defaultdict(list)
        for lines in self.lines.values():
            for line in lines:
                if line.entry.trigger.event_id is not None:
                    found[line.entry.trigger.event_id].append(line)
        return found

    def messages(self) -> Iterator[tuple[str, Notice]]:
        """Outbox rows that are messages."""
        return ((key, one) for key, one in self.notices.items() if isinstance(one.item, Message))

    def over(self) -> datetime:
        """The instant at which the finishing worker found nothing more to do."""
        return datetime.fromisoformat(self.journals["finish"][-1]["now"])


def evidence(unit: StoreUnit, folder: Path) -> Evidence:
    """Read the store and the journals whole."""
    cases: dict[str, Case] = {}
    flows: tuple[str | None, ...] = (None, "~welcome", "~checkup", "~turned_late")
    for flow in flows:
        after = None
        while page := unit.find(CaseFilter(workflow=flow, after=after)):
            cases |= {case.id: case for case in page}
            after = page[-1].id
    lines = {case: _history(unit, case) for case in cases}
    notices = {notice.item.key: notice for notice in unit.outbox(limit=10_000_000)}
    journals = {path.stem: list(read(path)) for path in sorted(folder.glob("*.jsonl"))}
    return Evidence(cases, lines, notices, journals)


def _history(unit: StoreUnit, case: str) -> list[Written]:
    found: list[Written] = []
    while page := unit.history(case, len(found)):
        found += page
    return found
