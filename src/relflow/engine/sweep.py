"""The daily look at every account: obligations that fell due are carried out, once each, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final, cast

from relflow.diagnostics import Diagnostic
from relflow.engine.core import Core
from relflow.engine.duties import MARK, Duty
from relflow.engine.occasions import Occasion, occasion
from relflow.engine.reports import Problem
from relflow.engine.unit import Unit
from relflow.errors import ConflictError, RelflowError
from relflow.program import Run
from relflow.results import StandingRecord
from relflow.text import Text

__all__ = ["Swept", "sweep"]

PAGE: Final = 200
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


def sweep(core: Core, tenant: str, limit: int) -> Swept:
    """Look at up to `limit` accounts that today's sweep has not reached yet."""
    done = Swept()
    duties = core.duties(tenant)
    if not duties:
        return done
    zone = core.program(tenant).zone
    now = core.now().astimezone(zone)
    done.next_at = datetime.combine(now.date() + timedelta(days=1), time(), zone)
    for duty in duties.values():
        done.problems += [Problem(duty.obligation.id, wrong.name, _text(wrong)) for wrong in duty.wrong]
    with core.store.unit(tenant, write=False) as unit:
        mark = unit.standings(SWEEP, [MARK]).get(MARK) or StandingRecord(MARK, SWEEP, {}, now)
    state: Mapping[str, Any] = mark.state
    if state.get("day") == now.date():
        if state["over"]:
            return done
        return _pages(core, tenant, mark, now, state["before"], state["after"], limit, done)
    # the first run of a day looks back to the day of the last one
    before = state.get("day", now.date())
    company = [duty for duty in duties.values() if duty.obligation.subject == "company"]
    _look(core, tenant, company, {None: {}}, now, before, done)
    return _pages(core, tenant, mark, now, before, None, limit, done)


def _text(wrong: Diagnostic) -> Text:
    return Text(tuple((lang, wrong.text(lang)) for lang in ("en", "zh")))


def _pages(
    core: Core,
    tenant: str,
    mark: StandingRecord,
    now: datetime,
    before: date,
    after: str | None,
    limit: int,
    done: Swept,
) -> Swept:
    """Go on behind the account that was looked at last; whoever finds that another worker went on, stops."""
    duties = [duty for duty in core.duties(tenant).values() if duty.obligation.subject == "account"]
    over = False
    while not over and done.looked < limit:
        page = _page(core, tenant, after) if duties else ()
        if page:
            facts = _facts(core, tenant, duties, page, now)
            _look(core, tenant, duties, facts, now, before, done)
            done.looked += len(page)
            after = page[-1]
        over = len(page) < PAGE
        state = {"day": now.date(), "before": before, "after": after, "over": over}
        try:
            with core.store.unit(tenant) as unit:
                mark = unit.stand(StandingRecord(MARK, SWEEP, state, now, mark.version))
        except ConflictError:
            return done
    done.more = not over
    return done


def _page(core: Core, tenant: str, after: str | None) -> Sequence[str]:
    answer = core.plugins.first("relflow_accounts", tenant=tenant, after=after, limit=PAGE, link=None)
    return cast("Sequence[str]", answer or ())


def _facts(
    core: Core, tenant: str, duties: Sequence[Duty], page: Sequence[str], now: datetime
) -> Mapping[str | None, Mapping[str, object]]:
    names = sorted({name for duty in duties for name in duty.facts(core.loaded(tenant))})
    answer = core.plugins.first(
        "relflow_load_accounts", tenant=tenant, accounts=tuple(page), facts=tuple(names), at=now, link=None
    )
    return cast("Mapping[str | None, Mapping[str, object]]", answer or {})


def _look(
    core: Core,
    tenant: str,
    duties: Sequence[Duty],
    facts: Mapping[str | None, Mapping[str, object]],
    now: datetime,
    before: date,
    done: Swept,
) -> None:
    """Look at subjects, and carry out what fell due for each in a transaction of its own."""
    kept: dict[str | None, dict[str, StandingRecord]] = {}
    with core.store.unit(tenant, write=False) as unit:
        for account in facts:
            kept[account] = unit.account_standings(account or MARK)
    for account, record in facts.items():
        try:
            found = due_now(core, tenant, duties, record, kept[account], now, before)
            if found:
                done.opened += _carry_out(core, tenant, account, found, now)
        except ConflictError:
            continue  # another worker looked at this one
        except RelflowError as error:
            done.problems.append(Problem(account or "company", error.reason, error.message))
        except Exception as error:  # noqa: BLE001 - one account's trouble is not another's
            kind = type(error).__name__
            words = Text((("en", f"a plugin raised {kind}"), ("zh", f"插件抛出 {kind}")))
            done.problems.append(Problem(account or "company", "plugin", words))


def due_now(
    core: Core,
    tenant: str,
    duties: Sequence[Duty],
    facts: Mapping[str, Any],
    kept: Mapping[str, StandingRecord],
    now: datetime,
    before: date,
) -> Found:
    """The obligations whose state changes today, with what falls due."""
    states = {name: record.state for name, record in kept.items() if not name.startswith(MARK)}
    run = Run(core.program(tenant), facts, now, states)
    found: Found = []
    for duty in duties:
        if duty.flow is None or duty.obligation.trigger == "event":
            continue
        record = kept.get(duty.name)
        state = {} if record is None else record.state
        looked = occasion(duty.obligation, run, state, before)
        if looked.name is not None or looked.state != state:
            found.append((duty, record, looked))
    return found


def _carry_out(core: Core, tenant: str, account: str | None, found: Found, now: datetime) -> int:
    with Unit(core, tenant, single=True) as unit:
        return unit.oblige(account, found, now)
