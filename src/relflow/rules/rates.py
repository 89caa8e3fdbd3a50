"""How many contacts a month a policy plans for an account, by touchpoint: rhythms without dates."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from relflow.feel import ListType, RecordType
from relflow.program import Cadence, Code, Parameter, Program, Run, Valued
from relflow.rules.plan import chosen_rows, duration_of
from relflow.values import Duration, DurationKind

__all__ = ["MONTH", "Rates", "per_month", "plan_reads"]

MONTH: Final = timedelta(days=365.25 / 12)
_WORKING_DAYS: Final = 365.25 / 12 * 5 / 7  # in a month, holidays aside
_MOST: Final = 10_000  # kinds of accounts that are kept

Monthly = tuple[tuple[str, float], ...]


def per_month(rhythm: Duration) -> float:
    """How often a month something happens that happens once in `rhythm`; working days as in a month without holidays.

    A rhythm of nothing gives 0: it says nothing that can be counted.
    """
    if rhythm.kind is DurationKind.MONTHS:
        return 1 / rhythm.months if rhythm.months else 0.0
    if rhythm.kind is DurationKind.DAYS:
        return MONTH / rhythm.time if rhythm.time else 0.0
    days = float(rhythm.working_days) + rhythm.time / timedelta(hours=8)
    return _WORKING_DAYS / days if days else 0.0


class Rates:
    """The contacts a month of accounts at one instant, key nodes and caps left aside.

    Accounts that are alike in everything that the plans read by name are worked out once: in their facts, and in the
    answers to `names`, which the caller has.
    """

    def __init__(self, program: Program, at: datetime | date | None) -> None:
        self.program = program
        self.labels = {
            f"{cadence.id}.{name}": kind.label
            for cadence in program.cadences.values()
            for name, kind in cadence.touchpoints.items()
        }
        self._at = at
        read = plan_reads(program)
        self.names = tuple(
            name for name in read if any(name in of for of in (program.decisions, program.indicators, program.schemes))
        )
        facts = [program.facts[name] for name in read if name in program.facts]
        self._facts = tuple((fact.id, isinstance(fact.type, ListType | RecordType)) for fact in facts)
        self._known: dict[Any, Monthly] = {}

    def of(self, record: Mapping[str, Any], answers: tuple[Hashable, ...]) -> Monthly:
        """The contacts a month, by `cadence.touchpoint`. Raises FactError for a fact of the wrong type."""
        key = answers
        if self._facts:
            key = (*answers, *[repr(record.get(name)) if many else record.get(name) for name, many in self._facts])
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            found = self._known[key] = self._work_out(record)
        return found

    def _work_out(self, record: Mapping[str, Any]) -> Monthly:
        run = Run(self.program, record, self._at)
        found = []
        for cadence in self.program.cadences.values():
            for row, open_names in chosen_rows(run, cadence):
                target = None if open_names or row.target.missing(run) else duration_of(row.target.call(run))
                if target is not None:
                    found.append((f"{cadence.id}.{row.touchpoint}", per_month(target)))
        return tuple(found)


def plan_reads(program: Program) -> tuple[str, ...]:
    """The facts, decisions and schemes that the contact plans read by name: in headings, cells and rhythms."""
    return tuple(dict.fromkeys(name for cadence in program.cadences.values() for name in _read(program, cadence)))


def _read(program: Program, cadence: Cadence) -> list[str]:
    codes: list[object] = [column.code for column in cadence.table.columns]
    codes += [cell.tests for row in cadence.table.rows for cell in row.cells]
    codes += [row.target for row in cadence.rows]
    names: list[str] = []
    for code in codes:
        names += _names(program, code)
    return names


def _names(program: Program, code: object) -> list[str]:
    """The names that an expression reads; of a parameter what its value hangs on."""
    found: list[str] = []
    reads = code.code if isinstance(code, Valued) else code
    for name in reads.reads if isinstance(reads, Code) else ():
        node = program.nodes.get(name)
        if isinstance(node, Parameter):
            found += [node.per] if node.per is not None else []
            found += _names(program, node.code)
        elif name != "?":
            found.append(name)
    return found
