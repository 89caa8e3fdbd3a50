"""The daily look at every subject: obligations that fell due are carried out, once each, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from relflow.diagnostics import Diagnostic
from relflow.engine.again import alone
from relflow.engine.core import Core
from relflow.engine.due import EVERYBODYS
from relflow.engine.duties import MARK, Duty
from relflow.engine.occasions import Occasion, occasion
from relflow.engine.reports import Late, Problem, raised
from relflow.engine.reviewing import review, watch
from relflow.engine.rounds import SWEEP, rounds
from relflow.engine.subjects import Source, Subject
from relflow.engine.unit import Unit
from relflow.errors import ConflictError, StoreError
from relflow.results import StandingRecord
from relflow.text import Text

__all__ = ["Swept", "sweep"]

# a transaction has to leave room for those of others
TOGETHER: Final = 50
Found = list[tuple[Duty, StandingRecord | None, Occasion]]


@dataclass(slots=True)
class Swept:
    """What one run of the sweep did; `next_at` is when the next day begins."""

    opened: int = 0
    looked: int = 0
    more: bool = False
    next_at: datetime | None = None
    problems: list[Problem] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a round has come: the source, and the last subject in it.

    `begin` is when the round began (its day for a daily one), `before` when the one before it did: what fell due since
    then has not been looked at.
    """

    begin: datetime | date | str
    before: datetime | date | str
    source: int = 0
    after: str | None = None
    over: bool = False

    def state(self) -> Mapping[str, Any]:
        """As the store keeps it."""
        return {"day": self.begin, "before": self.before, "source": self.source, "after": self.after, "over": self.over}

    @classmethod
    def of(cls, state: Mapping[str, Any], begin: datetime | date | str) -> _Place:
        """Where a round that began then stands; a new one begins at its first source.

        What comes once for each content has nothing to do under the first.
        """
        if isinstance(begin, str) and not state:
            return cls(begin, begin)
        if state.get("day") != begin:
            return cls(begin, state.get("day", begin))
        return cls(begin, state["before"], state["source"], state["after"], state["over"])


def sweep(core: Core, tenant: str, limit: int) -> Swept:
    """Look at up to `limit` subjects that the rounds under way have not reached yet."""
    done = Swept()
    zone = core.program(tenant).zone
    for duty in core.duties(tenant).values():
        done.problems += [Problem(duty.obligation.id, wrong.name, _text(wrong)) for wrong in duty.wrong]
    now = core.instants.stamp(tenant).astimezone(zone)
    sure = core.instants.sure(tenant).astimezone(zone)
    for one in rounds(core, tenant, now):
        waits = [at for at in (done.next_at, one.next_at) if at is not None]
        done.next_at = min(waits, default=None)
        if sure < one.begin:
            continue  # by this machine's clock the round has not begun: it is left to the others
        with core.store.unit(tenant, write=False) as unit:
            mark = unit.standings(one.name, [MARK]).get(MARK) or StandingRecord(MARK, one.name, {}, now)
        # a daily round is kept by its day
        begin = one.content or (one.begin.date() if one.name == SWEEP else one.begin)
        found = () if one.content is not None and not mark.state else one.sources
        _go_on(core, tenant, found, mark, _Place.of(mark.state, begin), now, limit, done)
    return done


def _text(wrong: Diagnostic) -> Text:
    return Text(tuple((lang, wrong.text(lang)) for lang in ("en", "zh")))


def _go_on(
    core: Core,
    tenant: str,
    found: Sequence[Source],
    mark: StandingRecord,
    place: _Place,
    now: datetime,
    limit: int,
    done: Swept,
) -> None:
    """Page by page from a place; whoever finds that another worker went on, stops."""
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
                done.problems.append(raised(source.flow or source.kind, error))
                return
            if source.kind == "levels":
                review(core, tenant, subjects, now, done)
            elif source.kind == "watch":
                watch(core, tenant, subjects, now, done)
            else:
                _look(core, tenant, source, subjects, now, _day(place.before), done)
            done.looked += len(subjects)
        if subjects:
            place = _Place(place.begin, place.before, place.source, subjects[-1].place or subjects[-1].key)
        else:
            place = _Place(place.begin, place.before, place.source + 1, None, place.source + 1 >= len(found))
        try:
            with core.store.unit(tenant) as unit:
                mark = unit.stand(StandingRecord(MARK, mark.scheme, place.state(), now, mark.version))
        except ConflictError:
            return


def _day(moment: datetime | date | str) -> date:
    assert not isinstance(moment, str)
    return moment.date() if isinstance(moment, datetime) else moment


def _look(
    core: Core, tenant: str, source: Source, subjects: list[Subject], now: datetime, before: date, done: Swept
) -> None:
    """Look at subjects, and carry out what fell due for them, so many in a transaction."""
    with core.store.unit(tenant, write=False) as unit:
        kept = {one.key: unit.account_standings(one.key) for one in subjects}
        levels = {
            one.account: unit.account_standings(one.account)
            for one in subjects
            if one.key != one.account and one.account is not None
        }
    quiet: list[tuple[Subject, Found]] = []
    busy: list[tuple[Subject, Found]] = []
    for one in subjects:
        try:
            states = {name: record.state for name, record in levels.get(one.account or "", kept[one.key]).items()}
            found = _due(core, tenant, source, one, kept[one.key], states, now, before)
        except Exception as error:  # noqa: BLE001 - one account's trouble is not another's
            done.problems.append(raised(one.key, error))
            continue
        if found:
            falls_due = any(looked.name is not None for _, _, looked in found)
            (busy if falls_due else quiet).append((one, found))
    for start in range(0, len(busy), TOGETHER):
        _carry_out(core, tenant, busy[start : start + TOGETHER], now, done)
    if quiet:
        _keep(core, tenant, quiet, now)


def _carry_out(core: Core, tenant: str, busy: Sequence[tuple[Subject, Found]], now: datetime, done: Swept) -> None:
    """Carry out what fell due for subjects in one transaction; where one stands in the way, each half by itself."""
    try:
        done.opened += alone(core, tenant, partial(Unit.oblige, due=busy, now=now))
    except Exception as error:
        if isinstance(error, StoreError) and error.reason in EVERYBODYS:
            raise
        if len(busy) > 1:
            middle = len(busy) // 2
            _carry_out(core, tenant, busy[:middle], now, done)
            _carry_out(core, tenant, busy[middle:], now, done)
        elif not isinstance(error, ConflictError):  # otherwise another worker looked at this one
            done.problems.append(raised(busy[0][0].key, error))
        return
    done.late += [
        Late(duty.obligation.id, one.key, looked.due, now)
        for one, found in busy
        for duty, _, looked in found
        if looked.name is not None and looked.due is not None and looked.due < now.date()
    ]


def _keep(core: Core, tenant: str, quiet: Sequence[tuple[Subject, Found]], now: datetime) -> None:
    """Keep what changed without anything falling due, a page in one transaction, or alone where others write too."""
    records = [
        StandingRecord(one.key, duty.name, looked.state, now, 0 if record is None else record.version)
        for one, found in quiet
        for duty, record, looked in found
    ]
    try:
        alone(core, tenant, lambda work: work.keep(records, now))
    except ConflictError:
        if len(quiet) > 1:
            for pair in quiet:
                _keep(core, tenant, [pair], now)


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
