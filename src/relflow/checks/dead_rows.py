"""`dead-row`: a row that no value reaches, because rows above it take all that it matches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from relflow.checks.answers import about_null
from relflow.checks.spaces import Space, space_of
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Cadence, HitPolicy, Program, Table
from relflow.text import Text

__all__ = ["check_dead_rows"]

DEAD = Message.of(
    "dead-row",
    Severity.WARNING,
    "row {row} of `{name}` is never reached: {above}",
    "`{name}` 的第 {row} 行永远不会命中：{above}",
    "move it up, narrow the rows above it, or delete it",
    "上移该行、收窄其上的行，或删除该行",
)
TAKEN = (
    "row {rows} takes all that it matches",
    "第 {rows} 行已包含它匹配的全部情况",
)
TAKEN_BY_SEVERAL = (
    "rows {rows} together take all that it matches",
    "第 {rows} 行合起来已包含它匹配的全部情况",
)
EMPTY = ("its own cells exclude each other", "它自身的条件互相矛盾")
_ROWS = 300
_FEW = 1_000
_BUDGET = 500_000


def check_dead_rows(program: Program) -> Iterator[Diagnostic]:
    """Rows that cannot decide, in tables of up to 300 rows; in a contact plan, rows that an earlier one hides."""
    for name, decision in program.decisions.items():
        if isinstance(decision.body, Table):
            first = decision.body.hit_policy is HitPolicy.FIRST
            above = [(1 << index) - 1 if first else 0 for index in range(len(decision.body.rows))]
            yield from _dead(name, decision.body, above)
    for name, cadence in program.cadences.items():
        yield from _dead(name, cadence.table, _same_touchpoint(cadence))


def _same_touchpoint(cadence: Cadence) -> list[int]:
    """For each row of a plan the rows above it that say how often the same contact is due: the first one counts."""
    seen: dict[str, int] = {}
    above = []
    for index, row in enumerate(cadence.rows):
        above.append(seen.get(row.touchpoint, 0))
        seen[row.touchpoint] = seen.get(row.touchpoint, 0) | 1 << index
    return above


def _dead(name: str, table: Table, above: list[int]) -> Iterator[Diagnostic]:
    space = space_of(table) if 0 < len(table.rows) <= _ROWS else None
    if space is None:
        return
    for index, (row, hiding) in enumerate(zip(table.rows, above, strict=True)):
        bit = 1 << index
        if not about_null(table, row) and space.excludes(bit, hiding, _BUDGET // len(table.rows)):
            yield DEAD.at(row.span, row=row.number, name=name, above=_why(space, table, index, hiding))


def _why(space: Space, table: Table, index: int, above: int) -> Text:
    """The one row above that takes everything, or all of them; or the row itself."""
    bit = 1 << index
    if space.excludes(bit, 0, _FEW):
        return _text(EMPTY)
    for other in range(index):
        if above & 1 << other and space.excludes(bit, 1 << other, _FEW):
            return _text(TAKEN, [table.rows[other].number])
    numbers = [row.number for other, row in enumerate(table.rows[:index]) if above & 1 << other]
    return _text(TAKEN_BY_SEVERAL, numbers)


def _text(pair: tuple[str, str], numbers: Iterable[int] = ()) -> Text:
    rows = [str(number) for number in numbers]
    return Text((("en", pair[0].format(rows=", ".join(rows))), ("zh", pair[1].format(rows="、".join(rows)))))
