"""The daily look at every subject: obligations that fell due are carried out, once each, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from relflow.diagnostics import Diagnostic
from relflow.engine.core import Core
from relflow.engine.duties import MARK, Duty
from relflow.engine.occasions import Occasion, occasion
from relflow.engine.reports import Problem
from relflow.engine.subjects import Source, Subject, sources
from relflow.engine.unit import Unit
from relflow.errors import ConflictError, RelflowError
from relflow.results import StandingRecord
from relflow.text import Text

__all__ = ["Swept", "sweep"]

SWEEP: Final = f"{MARK}sweep"
Found = list[tuple[Duty, StandingRecord | None, Occasion]]


@dataclass(slots=True)
class Swept:
    """What one run of the sweep did; `next_at` is when the next day begins."""

    opened: int = 0
    looked: int = 0
    more: bool = False
    next_at: datetime | None = None
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """How far the sweep of a day has come: the source, and the last subject in it.

    `before` is the day of the sweep before this one: what fell due since then has not been looked at.
    """

    day: date
    before: date
    source: int = 0
    after: str | None = None
    over: bool = False

    def state(self) -> Mapping[str, Any]:
        """As the store keeps it."""
        return {"day": self.day, "before": self.before, "source": self.source, "after": self.after, "over": self.over}


def sweep(core: Core, tenant: str, limit: int) -> Swept:
    """Look at up to `limit` subjects that today's sweep has not reached yet."""
    done = Swept()
    duties = core.duties(tenant)
    if not duties:
        return done
    zone = core.program(tenant).zone
    for duty in duties.values():
        done.problems += [Problem(duty.obligation.id, wrong.name, _text(wrong)) for wrong in duty.wrong]
    with core.store.unit(tenant, write=False) as unit:
        now = core.instants.stamp(tenant, unit).astimezone(zone)
        sure = core.instants.sure(tenant, unit).astimezone(zone)
        mark = unit.standings(SWEEP, [MARK]).get(MARK) or StandingRecord(MARK, SWEEP, {}, now)
    done.next_at = datetime.combine(now.date() + timedelta(days=1), time(), zone)
    if sure.date() < now.date():
        return done  # by this machine's clock the day has not begun: it is left to the others
    state: Mapping[str, Any] = mark.state
    place = _Place(**state) if state.get("day") == now.date() else _Place(now.date(), state.get("day", now.date()))
    _go_on(core, tenant, mark, place, now, limit, done)
    return done


def _text(wrong: Diagnostic) -> Text:
    return Text(tuple((lang, wrong.text(lang)) for lang in ("en", "zh")))


def _go_on(
    core: Core, tenant: str, mark: StandingRecord, place: _Place, now: datetime, limit: int, done: Swept
) -> None:
    """Page by page from a place; whoever finds that another worker went on, stops."""
    found = sources(core, tenant)
    while not place.over:
        if done.looked >= limit:
            done.more = True
            return
        subjects: list[Subject] = []
        if place.source < len(found):
            source = found[place.source]
            try:
                subjects = source.page(core, tenant, place.after, now)
            except Exception as error:  # noqa: BLE001 - a host that does not answer is asked again at the next run
                done.problems.append(_raised(source.flow or source.kind, error))
                return
            _look(core, tenant, source, subjects, now, place.before, done)
            done.looked += len(subjects)
        if subjects:
            place = _Place(place.day, place.before, place.source, subjects[-1].place or subjects[-1].key)
        else:
            place = _Place(place.day, place.before, place.source + 1, None, place.source + 1 >= len(found))
        try:
            with core.store.unit(tenant) as unit:
                mark = unit.stand(StandingRecord(MARK, SWEEP, place.state(), now, mark.version))
        except ConflictError:
            return


def _look(
    core: Core, tenant: str, source: Source, subjects: list[Subject], now: datetime, before: date, done: Swept
) -> None:
    """Look at subjects, and carry out what fell due for each in a transaction of its own."""
    with core.store.unit(tenant, write=False) as unit:
        kept = {one.key: unit.account_standings(one.key) for one in subjects}
        levels = {
            one.account: unit.account_standings(one.account)
            for one in subjects
            if one.key != one.account and one.account is not None
        }
    for one in subjects:
        try:
            states = {name: record.state for name, record in levels.get(one.account or "", kept[one.key]).items()}
            found = _due(core, tenant, source, one, kept[one.key], states, now, before)
            if found:
                with Unit(core, tenant, single=True) as work:
                    done.opened += work.oblige(one, found, now)
        except ConflictError:
            continue  # another worker looked at this one
        except RelflowError as error:
            done.problems.append(Problem(one.key, error.reason, error.message))
        except Exception as error:  # noqa: BLE001 - one account's trouble is not another's
            done.problems.append(_raised(one.key, error))


def _raised(what: str, error: Exception) -> Problem:
    """A problem that keeps only the kind of a stranger's error: its words may hold personal values."""
    if isinstance(error, RelflowError):
        return Problem(what, error.reason, error.message)
    kind = type(error).__name__
    return Problem(what, "plugin", Text((("en", f"a plugin raised {kind}"), ("zh", f"插件抛出 {kind}"))))


def _due(
    core: Core,
    tenant: str,
    source: Source,
    subject: Subject,
    kept: Mapping[str, StandingRecord],
    states: Mapping[str, object],
    now: datetime,
    before: date,
) -> Found:
    """The obligations whose state changes today, with what falls due."""
    run = subject.run(core, tenant, {name: state for name, state in states.items() if not name.startswith(MARK)}, now)
    found: Found = []
    if source.kind == "list" and subject.item is None:
        return found
    for duty in source.duties:
        record = kept.get(duty.name)
        state = {} if record is None else record.state
        began = state
        if not state and subject.case is not None and duty.obligation.trigger == "every":
            # a case's rhythm is counted from the day on which it was opened
            began = {"last": subject.case.opened_at.astimezone(now.tzinfo).date()}
        looked = occasion(duty.obligation, run, began, before, lunar=duty.lunar)
        if looked.name is not None or looked.state != state:
            found.append((duty, record, looked))
    return found
