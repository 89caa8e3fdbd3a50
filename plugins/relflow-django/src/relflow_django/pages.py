"""What the admin pages show, as plain data: a case, an account, the questions that the policy leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from relflow import Case, Message, NotFoundError, Policy, Standing, Unit
from relflow.explain import explain
from relflow.report import open_questions
from relflow.stores import Notice
from relflow.workflow import Line
from relflow_django.engines import engine, policy
from relflow_django.words import said

__all__ = ["AccountPage", "CasePage", "account_page", "case_page", "questions"]


# lines of a ledger that are shown at once; a clock that is long overdue has a line for each week since
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a case: what it stands at, and the ledger of how it came there."""

    summary: str
    entries: tuple[str, ...]
    more: tuple[str, ...]
    breached: bool
    running: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline; `when` is in the policy's time zone."""

    when: str
    who: str
    text: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list, in people's words."""

    case: Case
    workflow: str
    state: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of the case."""

    recipient: str
    text: str
    status: str
    attempts: int


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything about one case."""

    case: Case
    workflow: str
    state: str
    clocks: tuple[Clock, ...]
    steps: tuple[Step, ...]
    children: tuple[Row, ...]
    notices: tuple[Sent, ...]
    damages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """Where an account stands under one scheme, and why."""

    label: str
    name: str
    standing: Standing
    explanation: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Everything about one account."""

    account: str
    levels: tuple[Level, ...]
    cases: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One clause of the manual and what the company still has to decide under it."""

    clause: str
    text: str
    asks: tuple[str, ...]


def case_page(case: str, lang: str, *, tenant: str = "", reveal: bool = False) -> CasePage:
    """A case with its clocks, timeline, children and messages. Raises NotFoundError."""
    with engine().unit(tenant) as unit:
        row = _row(unit, unit.case(case), lang)
        children = [child.id for child in row.case.children]
        return CasePage(
            row.case,
            row.workflow,
            row.state,
            tuple(_clocks(unit, row.case, lang)),
            tuple(_step(line, lang) for line in unit.timeline(case, reveal=reveal)),
            tuple(_row(unit, child, lang) for child in (unit.cases(ids=children) if children else ())),
            tuple(_sent(one, lang) for one in engine().outbox(case=case, tenant=tenant)),
            tuple(damage.message.text(lang) for damage in engine().verify(case, tenant=tenant)),
        )


def _row(unit: Unit, case: Case, lang: str) -> Row:
    flow = unit.definition(case)
    state = flow.states.get(case.state)
    return Row(case, flow.label.text(lang), state.label.text(lang) if state is not None else case.state)


def _step(line: Line, lang: str) -> Step:
    details = tuple(detail.text(lang) for detail in line.details)
    who = line.who or said("by itself", "自动")
    return Step(f"{line.at:%Y-%m-%d %H:%M}", who, line.text.text(lang), details)


def _clocks(unit: Unit, case: Case, lang: str) -> Sequence[Clock]:
    flow = unit.definition(case)
    shown = []
    for name, record in case.clocks.items():
        declared = flow.clocks.get(name)
        ledger = unit.ledger(case.id, name)
        if declared is None or ledger is None or declared.hidden:
            continue
        shown.append(
            Clock(
                ledger.summary.text(lang),
                tuple(entry.text(lang) for entry in ledger.entries[:SHOWN]),
                tuple(entry.text(lang) for entry in ledger.entries[SHOWN:]),
                record.breached,
                record.running,
            )
        )
    return shown


def _sent(notice: Notice, lang: str) -> Sent:
    item = notice.item
    if isinstance(item, Message):
        return Sent(item.recipient, item.text.text(lang), _status(notice.status), notice.attempts)
    return Sent("", item.name, _status(notice.status), notice.attempts)


def _status(status: str) -> str:
    known = {
        "ready": ("waits", "待发"),
        "sent": ("sent", "已发"),
        "dead": ("given up", "已放弃"),
        "discarded": ("discarded", "已作废"),
    }
    return said(*known.get(status, (status, status)))


def account_page(account: str, lang: str, *, tenant: str = "", viewer: Sequence[str] = ()) -> AccountPage:
    """An account's levels with the reasons, and its cases; personal facts only where a role of the viewer may see."""
    chosen = policy()
    levels: list[Level] = []
    note = ""
    with engine().unit(tenant) as unit:
        rows = [_row(unit, case, lang) for case in unit.cases(account=account, limit=200)]
        for scheme in chosen.program.schemes:
            try:
                found: Mapping[str, Standing] = unit.standings(scheme, [account])
            except NotFoundError as error:
                note = error.text(lang)
                break
            if account in found:
                levels.append(_level(chosen, scheme, found[account], lang, viewer))
    if not levels and not note:
        note = said("the host tells no facts about this account", "业务系统没有提供该客户的数据")
    return AccountPage(account, tuple(levels), tuple(rows), note)


def _level(chosen: Policy, scheme: str, standing: Standing, lang: str, viewer: Sequence[str]) -> Level:
    decision = standing.decision
    why = explain(decision, labels=chosen.labels(decision.name), hidden=chosen.hidden(viewer))
    label = chosen.program.schemes[scheme].label
    return Level(label.text(lang) if label is not None else scheme, standing.label(lang), standing, why.html(lang))


def questions(lang: str) -> tuple[Question, ...]:
    """What the policy leaves to the company and nobody has answered yet, by clause of the manual."""
    program = policy().program
    found = []
    for clause, names in open_questions(program).items():
        said_there = program.clauses.get(clause)
        text = said_there.text if said_there is not None else None
        asks = tuple(_label(program, name, lang) for name in names)
        found.append(Question(clause, text.text(lang) if text is not None else "", asks))
    return tuple(found)


def _label(program: Any, name: str, lang: str) -> str:
    known = program.parameters.get(name) or program.decisions.get(name)
    label = getattr(known, "label", None)
    return (
        said("{label} ({name})", "{label}（{name}）", label=label.text(lang), name=name) if label is not None else name
    )
