"""Cells and headings of a policy in the words of its people: labels for names, sentences for tests."""

from __future__ import annotations

from collections.abc import Mapping

from relflow.explain import show
from relflow.explain.phrases import phrase
from relflow.program import Cell, Code, Decision, Program, Scheme, Table
from relflow.text import Text

__all__ = ["Wordings"]


class Wordings:
    """The words of one version of a policy."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def label(self, name: str) -> Text | None:
        """What people call an element or a column, if they call it anything."""
        node = self._program.nodes.get(name)
        return node.label if node is not None else None

    def condition(self, section: str, name: str, row: int, column: int) -> Text | None:
        """A condition of a table's row (from 0) in words."""
        table = self._table(section, name)
        if table is None or row >= len(table.rows) or column >= len(table.rows[row].cells):
            return None
        return _cell(table.rows[row].cells[column])

    def answer(self, section: str, name: str, row: int, column: int) -> Text | None:
        """An output of a decision's row in words: the level's or the value's label."""
        node = self._program.decisions.get(name) if section == "decisions" else None
        table = node.body if node is not None else None
        if node is None or not isinstance(table, Table) or row >= len(table.rows):
            return None
        value = table.rows[row].outputs[column]
        if isinstance(value, str):
            return self._labels(node, table, column).get(value)
        return None if value is None or isinstance(value, Code) else show(value)

    def _labels(self, node: Decision, table: Table, column: int) -> Mapping[str, Text]:
        scheme = self._program.schemes.get(getattr(table.outputs[column].type, "scheme", None) or "")
        return {**node.labels, **(scheme.labels if isinstance(scheme, Scheme) else {})}

    def _table(self, section: str, name: str) -> Table | None:
        if section == "cadences":
            cadence = self._program.cadences.get(name)
            return cadence.table if cadence is not None else None
        node = self._program.decisions.get(name)
        return node.body if node is not None and isinstance(node.body, Table) else None


def _cell(cell: Cell) -> Text | None:
    if cell.tests is None:
        return Text((("en", "anything"), ("zh", "不限")))
    return phrase(cell.tests.tree, cell.fragment.text) if isinstance(cell.tests, Code) else None
