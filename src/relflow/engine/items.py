"""What a key figure is about: accounts, cases or the items of a list, as its expression sees them, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, cast

from relflow.engine.core import Core
from relflow.engine.reports import Problem
from relflow.engine.subjects import PAGE, names_of
from relflow.errors import RelflowError
from relflow.program import Kpi, Run
from relflow.results import Case
from relflow.stores import CaseFilter

__all__ = ["items_of"]

Item = Mapping[str, Any]


def items_of(core: Core, tenant: str, kpi: Kpi, since: date, until: date, problems: list[Problem]) -> Iterator[Item]:
    """The items; without `at` those that there are at the end of the period, cases that are open then."""
    end = datetime.combine(until, time.max, core.program(tenant).zone)
    if kpi.subject == "case":
        return _cases(core, tenant, kpi, datetime.combine(since, time(), end.tzinfo), end)
    if kpi.subject == "company":
        return iter(())
    return _accounts(core, tenant, kpi, end, problems)


def _cases(core: Core, tenant: str, kpi: Kpi, since: datetime, end: datetime) -> Iterator[Item]:
    after: str | None = None
    while True:
        with core.store.unit(tenant, write=False) as unit:
            page = unit.find(CaseFilter(workflow=kpi.of, after=after, limit=PAGE))
        for case in page:
            if _concerned(case, kpi, since, end):
                yield {**names_of(case), "id": case.id, "account": case.account, "opened_at": case.opened_at}
        if not page:
            return
        after = page[-1].id


def _concerned(case: Case, kpi: Kpi, since: datetime, end: datetime) -> bool:
    """Whether a case may count, so that not every case there ever was is kept in memory."""
    if kpi.at == "closed_at":
        return case.closed_at is not None and since <= case.closed_at <= end
    return case.opened_at <= end and (kpi.at is not None or case.closed_at is None or case.closed_at > end)


def _accounts(core: Core, tenant: str, kpi: Kpi, end: datetime, problems: list[Problem]) -> Iterator[Item]:
    program = core.program(tenant)
    wanted = (kpi.of,) if kpi.subject == "list" else kpi.mentions
    facts = sorted({fact for name in wanted for fact in program.closure(name) if fact in program.facts})
    after: str | None = None
    while True:
        asked = core.plugins.first("relflow_accounts", tenant=tenant, after=after, limit=PAGE, link=None)
        page = cast("list[str]", asked or [])
        if not page:
            return
        answer = core.plugins.first(
            "relflow_load_accounts", tenant=tenant, accounts=tuple(page), facts=tuple(facts), at=end, link=None
        )
        table = cast("Mapping[str, Mapping[str, object]]", answer or {})
        with core.store.unit(tenant, write=False) as unit:
            levels = {account: unit.account_standings(account) for account in page if program.schemes}
        for account in page:
            if account in table:
                states = {name: record.state for name, record in levels.get(account, {}).items()}
                yield from _of(Run(program, table[account], end, states), kpi, account, problems)
        after = page[-1]


def _of(run: Run, kpi: Kpi, account: str, problems: list[Problem]) -> Iterator[Item]:
    """The account as an item, or the items of its list."""
    try:
        if kpi.subject == "account":
            yield {name: run.outcome(name).value for name in kpi.mentions}
            return
        listed = run.outcome(kpi.of).value
        yield from (one for one in listed or () if isinstance(one, Mapping))
    except RelflowError as error:
        problems.append(Problem(account, error.reason, error.message))
