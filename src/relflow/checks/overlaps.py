"""`overlap`: two rows that match together where the hit policy allows one, or only rows that agree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from relflow.checks.spaces import Space, shown, space_of
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import HitPolicy, Program, Row, Table

__all__ = ["check_overlaps"]

OVERLAP = Message.of(
    "overlap",
    Severity.WARNING,
    "rows {first} and {second} of `{name}` both match {values}, and its hit policy is `{policy}`",
    "`{name}` 的第 {first} 行和第 {second} 行都匹配 {values}，而命中策略为 `{policy}`",
    "keep them apart, or choose `hit_policy: first`",
    "让两行互不重叠，或改用 `hit_policy: first`",
)
_ROWS = 150


def check_overlaps(program: Program) -> Iterator[Diagnostic]:
    """The first other row that each row meets, in tables of up to 150 rows."""
    for name, decision in program.decisions.items():
        table = decision.body
        if not isinstance(table, Table) or len(table.rows) > _ROWS:
            continue
        if table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
            space = space_of(table)
            if space is not None:
                yield from _overlaps(name, table, space)


def _overlaps(name: str, table: Table, space: Space) -> Iterator[Diagnostic]:
    shown_rows: set[int] = set()
    for (first, one), (second, other) in combinations(enumerate(table.rows), 2):
        if second in shown_rows or (table.hit_policy is HitPolicy.ANY and _agree(one, other)):
            continue
        values = space.find(1 << first | 1 << second, 0)
        if values is not None:
            shown_rows.add(second)
            yield OVERLAP.at(
                other.span,
                first=one.number,
                second=other.number,
                name=name,
                values=shown(values),
                policy=table.hit_policy.value,
            )


def _agree(one: Row, other: Row) -> bool:
    return not one.computed and not other.computed and one.outputs == other.outputs
