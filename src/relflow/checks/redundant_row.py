"""`redundant-row`: a row that could go, because wherever it answers a row below it or the default says the same."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.answers import about_null, replaces
from relflow.checks.spaces import Space, TooManyError, space_of
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import HitPolicy, Program, Table
from relflow.text import Text

__all__ = ["check_redundant_rows"]

REDUNDANT = Message.of(
    "redundant-row",
    Severity.HINT,
    "row {row} of `{name}` changes nothing: without it the answer is the same, from {heirs}",
    "`{name}` 的第 {row} 行不起作用：没有它，{heirs}也给出同样的结果",
    "delete it, or say in a `because` of its own why it stands there",
    "删除，或在它自己的 `because` 中说明为何保留",
)
ROW = Text((("en", "row {row}"), ("zh", "第 {row} 行")))
DEFAULT = Text((("en", "the default"), ("zh", "默认值")))
_ROWS = 150
_BUDGET = 100_000


def check_redundant_rows(program: Program) -> Iterator[Diagnostic]:
    """First-hit tables of up to 150 rows whose outputs are values."""
    for name, decision in program.decisions.items():
        table = decision.body
        if not isinstance(table, Table) or table.hit_policy is not HitPolicy.FIRST or len(table.rows) > _ROWS:
            continue
        space = space_of(table)
        if space is None or any(row.computed for row in table.rows):
            continue
        for index, row in enumerate(table.rows):
            heirs = _heirs(table, space, index)
            if heirs:
                yield REDUNDANT.at(row.span, row=row.number, name=name, heirs=_told(table, heirs))


def _heirs(table: Table, space: Space, index: int) -> list[int]:
    """The rows that answer in its place, the number of rows for the default; none where one of them would differ."""
    row = table.rows[index]
    same = sum(1 << other for other, heir in enumerate(table.rows) if other > index and replaces(table, row, heir))
    by_default = replaces(table, row, None)
    if about_null(table, row) or not (same or by_default):
        return []
    bit = 1 << index
    heirs: set[int] = set()

    def answers(depth: int, rows: int) -> bool:
        return bool(rows & bit) and not rows & space.free[depth] & (bit - 1)

    try:
        for left in space.corners(space.rows, answers, _BUDGET // len(table.rows)):
            below = left >> index + 1 << index + 1
            heir = (below & -below).bit_length() - 1 if below else len(table.rows)
            if not (same >> heir & 1 if below else by_default):
                return []
            heirs.add(heir)
    except TooManyError:
        return []
    return sorted(heirs)


def _told(table: Table, heirs: list[int]) -> tuple[Text, ...]:
    """The heirs in words: `row 3, row 4`."""
    return tuple(
        Text(tuple((lang, words.format(row=table.rows[heir].number)) for lang, words in ROW.pairs))
        if heir < len(table.rows)
        else DEFAULT
        for heir in heirs
    )
