"""Key figures kept: each period is worked out once when it is over, with what follows for each group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from relflow.engine.again import alone
from relflow.engine.core import Core
from relflow.engine.duties import MARK
from relflow.engine.items import items_of
from relflow.engine.kept import group_key, groups_of, scheme_of
from relflow.engine.reports import Late, Problem, raised
from relflow.errors import ConflictError
from relflow.program import Kpi
from relflow.results import Figure, StandingRecord
from relflow.rules import measure, period_around, period_length
from relflow.text import Text

__all__ = ["Measured", "appraise"]

# a group that had nothing for so many periods is not counted any more
IDLE: Final = 12


@dataclass(slots=True)
class Measured:
    """What one run did; `next_at` is when the next period is over."""

    opened: int = 0
    figures: int = 0
    more: bool = False
    next_at: datetime | None = None
    problems: list[Problem] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)


def appraise(core: Core, tenant: str, limit: int) -> Measured:
    """Work out every period that is over and was not yet; `limit` bounds the figures of one run."""
    done = Measured()
    program = core.program(tenant)
    if not program.kpis:
        return done
    today = core.instants.sure(tenant).astimezone(program.zone).date()
    done.problems += [
        Problem(follow.name, wrong.name, Text(tuple((lang, wrong.text(lang)) for lang in ("en", "zh"))))
        for follow in core.errands(tenant).follows.values()
        for wrong in follow.wrong
    ]
    for kpi in program.kpis.values():
        try:
            _go_on(core, tenant, kpi, today, limit, done)
        except ConflictError:
            continue  # another worker is at it
        except Exception as error:  # noqa: BLE001 - one figure's trouble is not another's
            done.problems.append(raised(kpi.id, error))
    return done


def _go_on(core: Core, tenant: str, kpi: Kpi, today: date, limit: int, done: Measured) -> None:
    """Period by period until today's; a period without a length is not begun."""
    zone, program = core.program(tenant).zone, core.program(tenant)
    name = scheme_of(kpi)
    with core.store.unit(tenant, write=False) as unit:
        mark = unit.standings(name, [MARK]).get(MARK) or StandingRecord(
            MARK, name, {}, core.instants.stamp(tenant, unit)
        )
    while (length := period_length(program, kpi, today)) is not None:
        begun = mark.state.get("next")
        since = begun if isinstance(begun, date) else period_around(length, today)[0]
        until = period_around(length, since)[1]
        if until >= today:
            over = datetime.combine(until + timedelta(days=1), time(), zone)
            done.next_at = over if done.next_at is None else min(done.next_at, over)
            if begun is None:
                _keep(core, tenant, mark, since, {})
            return
        if done.figures >= limit:
            done.more = True
            return
        states = _states(core, tenant, mark)
        found = measure(program, kpi, items_of(core, tenant, kpi, since, until, done.problems), since, until, states)
        for one in found:
            _carry_out(core, tenant, kpi, one, done)
        groups = {one.group: _idle(one, states) for one in found}
        mark = _keep(core, tenant, mark, until + timedelta(days=1), groups)
        if until + timedelta(days=1) < today:
            done.late.append(Late(kpi.id, f"{since} – {until}", until + timedelta(days=1), mark.at.astimezone(zone)))
        done.figures += max(1, len(found))


def _idle(figure: Figure, states: Mapping[Any, Mapping[str, Any]]) -> int:
    """For how many periods the group has had nothing."""
    before = states.get(figure.group, {}).get("idle", 0)
    return 0 if figure.items else int(before) + 1


def _keep(core: Core, tenant: str, mark: StandingRecord, following: date, groups: Mapping[Any, int]) -> StandingRecord:
    """Note how far the figure has come; whoever comes second finds a conflict."""
    kept = [[group, idle] for group, idle in groups.items() if idle < IDLE]
    with core.store.unit(tenant) as unit:
        state = {"next": following, "groups": kept}
        return unit.stand(StandingRecord(MARK, mark.scheme, state, core.instants.stamp(tenant, unit), mark.version))


def _states(core: Core, tenant: str, mark: StandingRecord) -> dict[Any, Mapping[str, Any]]:
    """The states of the groups that had something lately."""
    groups = list(groups_of(mark))
    with core.store.unit(tenant, write=False) as unit:
        kept = unit.standings(mark.scheme + " group", [group_key(group) for group, _ in groups])
    return {
        group: {**(kept[group_key(group)].state if group_key(group) in kept else {}), "idle": idle}
        for group, idle in groups
    }


def _carry_out(core: Core, tenant: str, kpi: Kpi, figure: Figure, done: Measured) -> None:
    """Keep a group's figure and let follow what follows, in one transaction; once, whoever comes first."""
    name, key = scheme_of(kpi) + " group", group_key(figure.group)
    with core.store.unit(tenant, write=False) as unit:
        record = unit.standings(name, [key]).get(key)
    served = None if record is None else record.state.get("until")
    if isinstance(served, date) and served >= figure.until:
        return
    version = 0 if record is None else record.version
    kept = StandingRecord(key, name, figure.state, core.instants.stamp(tenant), version)
    done.opened += alone(core, tenant, lambda work: work.appraise(kpi, figure, kept))
