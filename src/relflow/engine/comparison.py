"""How a policy in shadow would have done otherwise, case by case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

from relflow.engine.duties import MARK
from relflow.engine.engine import Engine
from relflow.engine.occasioned import Counterpart, carried_out, occasioned, pairs, told
from relflow.errors import NotFoundError
from relflow.results import Case
from relflow.text import DEFAULT_LANGUAGE, Text, fallbacks

__all__ = ["Comparison", "Difference", "compared"]

PAGE = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came out otherwise: `what` names it, the texts say both sides."""

    case: str
    kind: str
    what: str
    in_force: Text
    in_shadow: Text

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The two sides, for people."""
        chinese = fallbacks(lang)[0].startswith("zh")
        here, there = self.in_force.text(lang), self.in_shadow.text(lang)
        if chinese:
            return f"{self.case} {self.what}：现行 {here or '无'}，试行 {there or '无'}"
        return f"{self.case} {self.what}: in force {here or 'nothing'}, in shadow {there or 'nothing'}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many cases both have, how many of them are the same, and what differs, counted by kind.

    `unknown` are cases from before the shadow began. `differences` are the first ones found.
    """

    cases: int
    same: int
    unknown: int
    counts: Mapping[str, int]
    differences: tuple[Difference, ...]

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The comparison in a few lines."""
        chinese = fallbacks(lang)[0].startswith("zh")
        if chinese:
            head = f"对照工单 {self.cases} 件，其中一致 {self.same} 件；试行开始前的 {self.unknown} 件未对照"
        else:
            head = f"cases compared: {self.cases}, the same: {self.same}, from before the shadow: {self.unknown}"
        kinds = [f"  {(_KINDS[kind][chinese])}: {count}" for kind, count in self.counts.items()]
        return "\n".join((head, *kinds, *(one.text(lang) for one in self.differences)))


_KINDS = {
    "refused": ("refused in shadow", "试行中被拒绝"),
    "state": ("another state", "状态不同"),
    "owner": ("another owner", "负责人不同"),
    "due": ("another due", "到期时间不同"),
    "messages": ("other messages", "通知不同"),
    "opened": ("other cases opened", "新建的工单不同"),
}


def compared(
    engine: Engine,
    shadow: Engine,
    refused: Mapping[str, Mapping[str, Any]],
    twin: Counterpart,
    began: datetime | None,
    tenant: str,
    limit: int,
) -> Comparison:
    """Compare every case that the host or an obligation opened, and what was refused in shadow.

    `twin` gives the shadow's case for one in force, `began` is when the shadow began to work.
    """
    tally = _Tally(limit)
    by_case: dict[str, list[Difference]] = {}
    for what, state in sorted(refused.items()):
        of = what.rpartition(":")[0] or what
        words = Text((("en", str(state["en"])), ("zh", str(state["zh"]))))
        by_case.setdefault(of, []).append(Difference(of, "refused", what, Text(()), words))
    for case in _cases(engine, tenant):
        mine = by_case.pop(case.id, [])
        try:
            other = shadow.case(workflow=case.workflow, key=case.id, tenant=tenant)
        except NotFoundError:
            tally.unknown += not mine
            if mine:
                tally.compared(mine)
        else:
            tally.compared([*mine, *_differences(engine, shadow, case, other, tenant)])
    for here, there in pairs(engine, shadow, twin, began, tenant):
        mine = by_case.pop("" if here is None else here.id, [])
        tally.compared([*mine, *_pair(engine, shadow, here, there, tenant)])
    for id_, one, two in carried_out(engine, shadow, twin, began, tenant):
        tally.add(list(_counted(partial(Difference, id_), "messages", one, two)))
    for rest in by_case.values():
        tally.add(rest)
    return Comparison(tally.cases, tally.same, tally.unknown, dict(tally.counts), tuple(tally.found))


@dataclass(slots=True)
class _Tally:
    """What was counted so far; at most `limit` differences are kept."""

    limit: int
    cases: int = 0
    same: int = 0
    unknown: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    found: list[Difference] = field(default_factory=list)

    def compared(self, differences: list[Difference]) -> None:
        """A case was looked at on both sides."""
        self.cases += 1
        self.same += not differences
        self.add(differences)

    def add(self, differences: list[Difference]) -> None:
        """Count differences, and keep them as far as there is room."""
        self.counts.update(one.kind for one in differences)
        self.found += differences[: max(self.limit - len(self.found), 0)]


def _cases(engine: Engine, tenant: str) -> Iterator[Case]:
    """The cases that the host opened itself."""
    after: str | None = None
    while page := engine.cases(after=after, limit=PAGE, tenant=tenant):
        yield from (case for case in page if case.parent is None and not occasioned(case))
        after = page[-1].id


def _pair(engine: Engine, shadow: Engine, here: Case | None, there: Case | None, tenant: str) -> list[Difference]:
    """What differs about a case that an obligation opened; one side may not have it."""
    if here is not None and there is not None:
        return list(_differences(engine, shadow, here, there, tenant))
    only = here or there
    assert only is not None
    element = (only.element or "").removeprefix(MARK)
    sides = ("0" if here is None else "1", "0" if there is None else "1")
    return [Difference(only.id, "opened", f"{element} {only.subject or ''}".rstrip(), *map(Text.of, sides))]


def _differences(engine: Engine, shadow: Engine, case: Case, other: Case, tenant: str) -> Iterator[Difference]:
    make = partial(Difference, case.id)
    if case.state != other.state:
        yield make("state", "state", Text.of(case.state), Text.of(other.state))
    if case.owner != other.owner:
        yield make("owner", "owner", Text.of(case.owner or ""), Text.of(other.owner or ""))
    for name in sorted(case.clocks.keys() | other.clocks.keys()):
        here, there = (_due(one, name, engine.zone(tenant)) for one in (case, other))
        if here != there:
            yield make("due", name, Text.of(here), Text.of(there))
    yield from _counted(make, "messages", told(engine, case, tenant), told(shadow, other, tenant))
    children = (Counter(child.workflow for child in one.children if not child.workflow.startswith(MARK))
                for one in (case, other))  # fmt: skip
    yield from _counted(make, "opened", *children)


def _due(case: Case, name: str, zone: tzinfo) -> str:
    """When a running clock is due, or that it is not running."""
    clock = case.clocks.get(name)
    if clock is None or not clock.running:
        return ""
    return "?" if clock.due_at is None else f"{clock.due_at.astimezone(zone):%Y-%m-%d %H:%M}"


def _counted(make: Any, kind: str, here: Counter[str], there: Counter[str]) -> Iterator[Difference]:
    for what in sorted(here.keys() | there.keys()):
        if here[what] != there[what]:
            yield make(kind, what, Text.of(str(here[what])), Text.of(str(there[what])))
