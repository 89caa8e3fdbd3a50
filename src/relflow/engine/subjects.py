"""Whom the daily look is about: the company, every account, every open case that an obligation is about; in pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from relflow.engine.core import Core
from relflow.engine.duties import MARK, Duty
from relflow.program import Outcome, Run
from relflow.results import Case, ClockRecord
from relflow.stores import CaseFilter

__all__ = ["PAGE", "Source", "Subject", "sources"]

PAGE: Final = 200
Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Subject:
    """One account, the company, or one case; `key` is the name under which its obligations' state is kept."""

    key: str
    account: str | None
    facts: Facts
    case: Case | None = None

    def run(self, core: Core, tenant: str, states: Mapping[str, object], now: datetime) -> Run:
        """The names that an obligation's conditions may use."""
        case = self.case
        if case is None:
            return Run(core.program(tenant), self.facts, now, states)
        run = Run(core.program(tenant), {**self.facts, **case.data}, now, states)
        children = [{"id": one.id, "workflow": one.workflow, "closed": one.closed} for one in case.children]
        clocks = {name: _clock(clock) for name, clock in case.clocks.items()}
        built_in = {"state": case.state, "owner": case.owner, "closed_at": None, "children": children, "clocks": clocks}
        for name, value in {**case.data, **built_in}.items():
            run.assume(name, Outcome(value, unknown=value is None))
        return run


def _clock(clock: ClockRecord) -> dict[str, object]:
    names = ("running", "paused", "breached", "lap", "started_at", "due_at")
    return {name: getattr(clock, name) for name in names}


@dataclass(frozen=True, slots=True)
class Source:
    """Subjects of one kind with the obligations about them; `flow` is the workflow where they are cases."""

    kind: str
    duties: tuple[Duty, ...]
    flow: str | None = None

    def page(self, core: Core, tenant: str, after: str | None, now: datetime) -> list[Subject]:
        """The subjects behind `after`, at most a page."""
        if self.kind == "company":
            return [] if after is not None else [Subject(MARK, None, {})]
        if self.kind == "account":
            asked = core.plugins.first("relflow_accounts", tenant=tenant, after=after, limit=PAGE, link=None)
            accounts = cast("Sequence[str]", asked or ())
            facts = self._facts(core, tenant, accounts, now)
            # an account that is gone meanwhile has no obligations
            return [Subject(account, account, facts[account]) for account in accounts if account in facts]
        wanted = CaseFilter(workflow=self.flow, open_only=True, after=after, limit=PAGE)
        with core.store.unit(tenant, write=False) as unit:
            cases = unit.find(wanted)
        facts = self._facts(core, tenant, sorted({case.account for case in cases if case.account is not None}), now)
        return [Subject(case.id, case.account, facts.get(case.account or "", {}), case) for case in cases]

    def _facts(self, core: Core, tenant: str, accounts: Sequence[str], now: datetime) -> Mapping[str, Facts]:
        if not accounts:
            return {}
        names = sorted({name for duty in self.duties for name in duty.facts(core.loaded(tenant))})
        answer = core.plugins.first(
            "relflow_load_accounts", tenant=tenant, accounts=tuple(accounts), facts=tuple(names), at=now, link=None
        )
        return cast("Mapping[str, Facts]", answer or {})


def sources(core: Core, tenant: str) -> list[Source]:
    """Every kind of subject that has obligations which a look can find due, always in the same order."""
    duties = [duty for duty in core.duties(tenant).values() if duty.flow and duty.obligation.trigger != "event"]
    found = []
    for kind in ("company", "account"):
        about = tuple(duty for duty in duties if duty.obligation.subject == kind)
        if about:
            found.append(Source(kind, about))
    for flow in sorted({duty.obligation.of for duty in duties if duty.obligation.subject == "case"}):
        about = tuple(duty for duty in duties if (duty.obligation.subject, duty.obligation.of) == ("case", flow))
        found.append(Source("case", about, flow))
    return found
