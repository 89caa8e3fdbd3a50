"""Whom the daily look is about: the company, every account, every open case that an obligation is about; in pages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

from relflow.engine.core import Core
from relflow.engine.duties import ITEMS, MARK, Duty
from relflow.program import KNOWN, Outcome, Run
from relflow.results import Case, ClockRecord
from relflow.stores import CaseFilter

__all__ = ["PAGE", "Source", "Subject", "by_subject", "names_of"]

PAGE: Final = 200
Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Subject:
    """One account, the company, one case, or one item of a list fact.

    `key` is the name under which its obligations' state is kept; `place` is where its page goes on, if not there;
    `given` are data for the case that carries something out, where neither item nor case has them.
    """

    key: str
    account: str | None
    facts: Facts
    case: Case | None = None
    item: object = None
    place: str = ""
    given: Facts = field(default_factory=dict)

    @property
    def data(self) -> dict[str, object]:
        """What the case that carries an obligation out is given."""
        if self.item is not None:
            return {ITEMS: [self.item]}
        if self.given:
            return dict(self.given)
        return {} if self.case is None else {name: value for name, value in self.case.data.items() if value is not None}

    @property
    def known(self) -> dict[str, object]:
        """Since when facts are known, as far as the host says so."""
        return {name.removeprefix(KNOWN): day for name, day in self.facts.items() if name.startswith(KNOWN)}

    def run(self, core: Core, tenant: str, states: Mapping[str, object], now: datetime) -> Run:
        """The names that an obligation's conditions may use."""
        case = self.case
        if case is None:
            run = Run(core.program(tenant), self.facts, now, states, self.known)
            run.assume("item", Outcome(self.item))
            return run
        run = Run(core.program(tenant), {**self.facts, **case.data}, now, states, self.known)
        for name, value in names_of(case).items():
            run.assume(name, Outcome(value, unknown=value is None))
        return run


def names_of(case: Case) -> dict[str, object]:
    """A case as expressions about it see it: its data, and what every case has."""
    return {
        **case.data,
        "state": case.state,
        "owner": case.owner,
        "closed_at": case.closed_at,
        "children": [{"id": one.id, "workflow": one.workflow, "closed": one.closed} for one in case.children],
        "clocks": {name: _clock(clock) for name, clock in case.clocks.items()},
    }


def _clock(clock: ClockRecord) -> dict[str, object]:
    names = ("running", "paused", "breached", "lap", "started_at", "due_at")
    return {name: getattr(clock, name) for name in names}


@dataclass(frozen=True, slots=True)
class Source:
    """Subjects of one kind with the obligations about them; `flow` is the workflow or the list fact they are of.

    Of kind `levels` they are accounts whose tiers and risks are reviewed, of kind `watch` cases in which something
    may happen by itself.
    """

    kind: str
    duties: tuple[Duty, ...]
    flow: str | None = None

    def page(self, core: Core, tenant: str, after: str | None, now: datetime) -> list[Subject]:
        """The subjects behind `after`, at most a page."""
        if self.kind == "company":
            return [] if after is not None else [Subject(MARK, None, {})]
        if self.kind in {"account", "list", "levels"}:
            asked = core.plugins.first("relflow_accounts", tenant=tenant, after=after, limit=PAGE, link=None)
            accounts = cast("Sequence[str]", asked or ())
            if self.kind == "levels":
                return [Subject(account, account, {}) for account in accounts]
            facts = self._facts(core, tenant, accounts, now)
            # an account that is gone meanwhile has no obligations
            found = [Subject(account, account, facts[account]) for account in accounts if account in facts]
            return found if self.kind == "account" else [one for subject in found for one in self._items(subject)]
        wanted = CaseFilter(workflow=self.flow, open_only=True, after=after, limit=PAGE)
        with core.store.unit(tenant, write=False) as unit:
            cases = unit.find(wanted)
        facts = self._facts(core, tenant, sorted({case.account for case in cases if case.account is not None}), now)
        return [Subject(case.id, case.account, facts.get(case.account or "", {}), case) for case in cases]

    def _items(self, subject: Subject) -> list[Subject]:
        """The items of an account's list, each under a name that does not tell who it is; the account last."""
        items = subject.facts.get(self.flow or "")
        place = subject.key
        found = [
            Subject(f"{place}/{_mark(item)}", subject.account, subject.facts, item=item, place=place)
            for item in (items if isinstance(items, list | tuple) else ())
            if isinstance(item, Mapping)
        ]
        return found or [Subject(place, subject.account, subject.facts, place=place)]

    def _facts(self, core: Core, tenant: str, accounts: Sequence[str], now: datetime) -> Mapping[str, Facts]:
        if not accounts:
            return {}
        names = sorted({name for duty in self.duties for name in duty.facts(core.loaded(tenant))})
        if self.kind == "watch":
            names = sorted(core.workflow(tenant, self.flow or "").reads)
        answer = core.plugins.first(
            "relflow_load_accounts", tenant=tenant, accounts=tuple(accounts), facts=tuple(names), at=now, link=None
        )
        return cast("Mapping[str, Facts]", answer or {})


def _mark(item: Mapping[str, object]) -> str:
    """An item's name in keys: by its id or name where it has one, so that it stays when other fields change."""
    known = next((item[name] for name in ("id", "name") if item.get(name)), item)
    return hashlib.sha256(repr(known).encode("utf-8", "backslashreplace")).hexdigest()[:12]


def by_subject(duties: Sequence[Duty]) -> list[Source]:
    """Every kind of subject that these obligations are about, always in the same order."""
    found = []
    for kind in ("company", "account"):
        about = tuple(duty for duty in duties if duty.obligation.subject == kind)
        if about:
            found.append(Source(kind, about))
    several = {(str(duty.obligation.subject), duty.obligation.of) for duty in duties}
    for kind, of in sorted(pair for pair in several if pair[0] in {"case", "list"}):
        about = tuple(duty for duty in duties if (duty.obligation.subject, duty.obligation.of) == (kind, of))
        found.append(Source(kind, about, of))
    return found
