"""One run of the clockwork: what fell due, what waits to be sent, and when to look again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from relflow.engine import troubles
from relflow.engine.batches import Batch, Hand, carry_out, hand_out
from relflow.engine.core import Core
from relflow.engine.delivery import Dispatch, Retry, carried_out, dispatch
from relflow.engine.due import Rung, ring
from relflow.engine.figures import Measured, appraise
from relflow.engine.reports import Problem, Report
from relflow.engine.sweep import Swept, sweep

__all__ = ["hand_over", "joined", "run", "taken_up"]


def run(core: Core, tenant: str, retry: Retry, limit: int, *, timers: bool = True) -> Report:
    """Fire a tenant's timers and deliver its messages, up to `limit` of each.

    Under another policy than the one in force nothing is touched: what this worker claimed, others would wait for.
    """
    if (problem := _retired(core, tenant)) is not None:
        return Report(errors=(problem,))
    rung = ring(core, tenant, retry.lease, limit) if timers else Rung()
    looked = _look(core, tenant, limit) if timers else (Swept(), Measured())
    sent = dispatch(core, tenant, retry, limit)
    return _report(core, tenant, rung, looked, sent)


def hand_over(core: Core, tenant: str, retry: Retry, size: int, limit: int, hand: Hand) -> Report:
    """As `run`, but what is claimed is handed over in batches, and only days and figures are looked at here."""
    if (problem := _retired(core, tenant)) is not None:
        return Report(errors=(problem,))
    rung = Rung(more=hand_out(core, tenant, retry, size, limit, hand))
    return _report(core, tenant, rung, _look(core, tenant, limit), Dispatch())


def taken_up(core: Core, retry: Retry, batch: Batch) -> Report:
    """Carry out a batch that was handed over."""
    if (problem := _retired(core, batch.tenant)) is not None:
        return Report(errors=(problem,))
    rung, sent = carry_out(core, retry, batch)
    return _report(core, batch.tenant, rung, (Swept(), Measured()), sent)


def _look(core: Core, tenant: str, limit: int) -> tuple[Swept, Measured]:
    """Obligations that fell due, and figures of periods that ended."""
    return sweep(core, tenant, limit), appraise(core, tenant, limit)


def _report(core: Core, tenant: str, rung: Rung, looked: tuple[Swept, Measured], sent: Dispatch) -> Report:
    swept, measured = looked
    return Report(
        fired=rung.fired,
        delivered=sent.delivered,
        performed=sent.performed,
        opened=swept.opened + measured.opened,
        figures=measured.figures,
        next_due=_next_due(core, tenant, (swept.next_at, measured.next_at)),
        more=rung.more or swept.more or measured.more or sent.more,
        errors=(*rung.problems, *swept.problems, *measured.problems, *(sent.problems or ())),
        missed=tuple(rung.missed),
        caught_up=(*swept.late, *measured.late),
    )


def _retired(core: Core, tenant: str) -> Problem | None:
    """What keeps this worker from working: its policy is not the one in force."""
    program = core.program(tenant)
    with core.store.unit(tenant, write=False) as unit:
        in_force = unit.in_force(program.id)
    if in_force in (None, program.digest) or core.adopt:
        return None
    error = troubles.not_in_force(program.id)
    return Problem(program.id, error.reason, error.message)


def _next_due(core: Core, tenant: str, days: Iterable[datetime | None]) -> datetime | None:
    """When something waits again, in the policy's time zone."""
    with core.store.unit(tenant, write=False) as unit:
        waits = [at for at in (unit.next_due(carried_out(core)), *days) if at is not None]
    return min(waits).astimezone(core.program(tenant).zone) if waits else None


def joined(one: Report, other: Report) -> Report:
    """Two tenants' runs as one report."""
    waits = [at for at in (one.next_due, other.next_due) if at is not None]
    return Report(
        fired=one.fired + other.fired,
        delivered=one.delivered + other.delivered,
        performed=one.performed + other.performed,
        opened=one.opened + other.opened,
        figures=one.figures + other.figures,
        next_due=min(waits, default=None),
        more=one.more or other.more,
        errors=one.errors + other.errors,
        missed=one.missed + other.missed,
        caught_up=one.caught_up + other.caught_up,
    )
