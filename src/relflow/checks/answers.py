"""What the rows of a table answer, reasons and clauses included: which of them could stand in for another."""

from __future__ import annotations

from relflow.program import Row, Table

__all__ = ["about_null", "replaces"]


def about_null(table: Table, row: Row) -> bool:
    """Whether a cell of the row says what a missing value means, which the space of values leaves aside."""
    regions = [cell.region for cell in row.cells if cell.region is not None]
    return any(region.plain if table.no_match else region.null for region in regions)


def replaces(table: Table, row: Row, heir: Row | None) -> bool:
    """Whether another row, or the default in the place of None, answers the same with the same reasons and clauses."""
    if heir is None:
        return (
            table.has_default
            and row.outputs == (table.default,)
            and row.because is None
            and not row.source
            and row.id is None
        )
    return (
        row.outputs == heir.outputs
        and row.because in (None, heir.because)
        and set(row.source) <= set(heir.source)
        and row.id is None
    )
