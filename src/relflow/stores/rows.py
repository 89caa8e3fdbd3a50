"""A step as the rows that a SQL store keeps of it: encoded once, whatever database they go to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from relflow.results import Step, Timer
from relflow.stores.chain import digest_of, link_of
from relflow.stores.codec import encode, microseconds
from relflow.stores.protocols import SqlValue
from relflow.stores.sealing import Sealer
from relflow.stores.texts import Write, case_text, entry_text, message_text, performance_text

__all__ = ["Mail", "StepRows", "rows_of"]

Mail = tuple[str, str, str, int, int, str]  # key, kind, lane, seq, ordinal, body
Wait = tuple[str, int, str, int]  # clock, lap, step, due_at


@dataclass(slots=True)
class StepRows:
    """The values of a step's rows: `case` is its id, `link` what the chain hashes between the head and the body.

    Instants are microseconds since 1970 in UTC. `event_id` is None where the step came without one.
    """

    step: Step
    case: str
    event_id: str | None
    document: str
    body: str
    case_digest: str
    link: str
    at: int
    closed_at: int | None
    next_timer: int | None
    timers: Sequence[Wait]
    outbox: Sequence[Mail]
    sealed: tuple[tuple[str, str], ...]

    def opening(self) -> tuple[SqlValue, ...]:
        """What only the first step of a case says: workflow, key, account, parent, element, subject."""
        case = self.step.case
        return (case.workflow, case.key, case.account, case.parent, case.element, case.subject)


def rows_of(step: Step, tenant: str, sealer: Sealer | None) -> StepRows:
    """The rows of a step; `sealer` takes personal values out.

    Raises FactError for a value that cannot be kept.
    """
    write = encode if sealer is None else sealer.text
    case, entry = step.case, step.entry
    at = microseconds(entry.at)
    document = case_text(case, write, at if case.updated_at is entry.at else None)
    case_digest = digest_of(document)
    timers, next_timer = _waits(step.timers)
    return StepRows(
        step,
        case.id,
        entry.trigger.event_id,
        document,
        entry_text(entry, write, at),
        case_digest,
        link_of(tenant, case.id, entry.seq, case_digest),
        at,
        None if case.closed_at is None else microseconds(case.closed_at),
        next_timer,
        timers,
        _outbox(step, write),
        () if sealer is None else tuple(sealer.vault.items()),
    )


def _waits(timers: Sequence[Timer]) -> tuple[list[Wait], int | None]:
    """Timers as rows, and when the first of them falls due."""
    waits: list[Wait] = []
    first: int | None = None
    for one in timers:
        due_at = microseconds(one.due_at)
        waits.append((one.clock, one.lap, one.step, due_at))
        if first is None or due_at < first:
            first = due_at
    return waits, first


def _outbox(step: Step, write: Write) -> list[Mail]:
    """Messages and performances as rows; nothing orders host actions among each other: each is a lane of its own."""
    seq = step.entry.seq
    rows: list[Mail] = []
    for one in step.messages:
        rows.append((one.key, "message", one.recipient, seq, one.ordinal, message_text(one, write)))  # noqa: PERF401 - mostly one
    for act in step.performances:
        rows.append((act.key, "performance", act.key, seq, act.ordinal, performance_text(act, write)))  # noqa: PERF401 - as above
    return rows
