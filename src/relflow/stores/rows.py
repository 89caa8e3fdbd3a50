"""A step as the rows that a SQL store keeps of it: encoded once, whatever database they go to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relflow.results import Step, Timer
from relflow.stores.chain import digest_of, link_of
from relflow.stores.codec import microseconds
from relflow.stores.protocols import SqlValue
from relflow.stores.sealing import Sealer
from relflow.stores.texts import Seal, case_text, entry_text, message_text, performance_text

__all__ = ["Mail", "StepRows", "rows_of"]

Mail = tuple[str, str, str, int, int, str]  # key, kind, lane, seq, ordinal, body
Wait = tuple[str, int, str, int]  # clock, lap, step, due_at


@dataclass(slots=True)
class StepRows:
    """The values of a step's rows; `link` is what the chain hashes between the head and the body.

    Instants are microseconds since 1970 in UTC. `event_id` is None where the step came without one.
    """

    step: Step
    document: str
    body: str
    case_digest: str
    link: str
    at: int
    closed_at: int | None
    next_timer: int | None
    timers: tuple[Wait, ...]
    outbox: tuple[Mail, ...]
    sealed: tuple[tuple[str, str], ...]

    @property
    def case(self) -> str:
        """The case's id."""
        return self.step.case.id

    @property
    def event_id(self) -> str | None:
        """The id of the event that led to the step."""
        return self.step.entry.trigger.event_id

    def opening(self) -> tuple[SqlValue, ...]:
        """What only the first step of a case says: workflow, key, account, parent, element, subject."""
        case = self.step.case
        return (case.workflow, case.key, case.account, case.parent, case.element, case.subject)


def rows_of(step: Step, tenant: str, sealer: Sealer | None) -> StepRows:
    """The rows of a step; `sealer` takes personal values out.

    Raises FactError for a value that cannot be kept.
    """
    seal = sealer or _same
    case, entry = step.case, step.entry
    document, body = case_text(case, seal), entry_text(entry, seal)
    case_digest = digest_of(document)
    timers = _waits(step.timers) if step.timers else ()
    return StepRows(
        step,
        document,
        body,
        case_digest,
        link_of(tenant, case.id, entry.seq, case_digest),
        microseconds(entry.at),
        None if case.closed_at is None else microseconds(case.closed_at),
        min([wait[3] for wait in timers]) if timers else None,
        timers,
        _outbox(step, seal),
        () if sealer is None else tuple(sealer.vault.items()),
    )


def _waits(timers: Sequence[Timer]) -> tuple[Wait, ...]:
    return tuple([(one.clock, one.lap, one.step, microseconds(one.due_at)) for one in timers])


def _outbox(step: Step, seal: Seal) -> tuple[Mail, ...]:
    """Messages and performances as rows; nothing orders host actions among each other: each is a lane of its own."""
    seq = step.entry.seq
    rows: list[Mail] = []
    for one in step.messages:
        rows.append((one.key, "message", one.recipient, seq, one.ordinal, message_text(one, seal)))  # noqa: PERF401
    for act in step.performances:
        rows.append((act.key, "performance", act.key, seq, act.ordinal, performance_text(act, seal)))  # noqa: PERF401
    return tuple(rows)


def _same(values: Mapping[str, object]) -> Mapping[str, object]:
    return values
