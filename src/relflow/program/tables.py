"""Decision tables as compiled: columns, rows, what a hit means."""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import Any

from relflow.diagnostics import Fragment, Span
from relflow.feel.types import Type
from relflow.program.code import Broken, Code
from relflow.program.index import ColumnIndex
from relflow.program.regions import Region
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["Aggregation", "Cell", "Column", "HitPolicy", "OutputColumn", "Row", "Table"]


class HitPolicy(Enum):
    """Which of the matching rows answer (DMN 1.5, 8.2.10)."""

    FIRST = "first"
    UNIQUE = "unique"
    ANY = "any"
    PRIORITY = "priority"
    RULE_ORDER = "rule_order"
    OUTPUT_ORDER = "output_order"
    COLLECT = "collect"


class Aggregation(Enum):
    """What a collect table makes of the outputs it collected."""

    LIST = "list"
    SUM = "sum"
    MIN = "min"
    MAX = "max"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Cell:
    """An input cell: `tests` is None for `-`; `region` is there where the cell is a set of values."""

    fragment: Fragment
    tests: Code | Broken | None = None
    region: Region | None = None

    @property
    def complex(self) -> bool:
        """Whether it has to be run, since it is no set of values."""
        return self.tests is not None and self.region is None


@dataclass(frozen=True, slots=True)
class Column:
    """An input column: the expression of its heading, and the index of its simple cells.

    `name` is there where the heading is nothing but a name.
    """

    code: Code | Broken
    index: ColumnIndex
    name: str | None = None

    @property
    def text(self) -> str:
        """The heading as written."""
        return self.code.fragment.text


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """An output column; `order` are its values, highest first, where priorities are declared."""

    name: str
    type: Type
    order: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A rule: `outputs` are values, or code where the cell is a formula."""

    number: int
    span: Span
    cells: tuple[Cell, ...]
    outputs: tuple[Any, ...]
    because: Text | None = None
    source: tuple[str, ...] = ()
    id: str | None = None

    @property
    def computed(self) -> bool:
        """Whether an output of it is a formula."""
        return any(isinstance(output, Code | Broken) for output in self.outputs)


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table. `no_match` restores plain DMN: a missing fact makes a row not match instead of open.

    `complex` has a mask of the rows with a complex cell for each column.
    """

    span: Span
    hit_policy: HitPolicy
    aggregation: Aggregation
    columns: tuple[Column, ...]
    outputs: tuple[OutputColumn, ...]
    rows: tuple[Row, ...]
    default: Any = None
    has_default: bool = False
    no_match: bool = False
    complex: tuple[int, ...] = field(default=())

    @property
    def codes(self) -> tuple[Code, ...]:
        """Every expression in it."""
        found: list[Any] = [column.code for column in self.columns]
        for row in self.rows:
            found += [cell.tests for cell in row.cells if cell.complex]
            found += row.outputs
        return tuple(code for code in found if isinstance(code, Code))

    @property
    def reads_time(self) -> bool:
        """Whether one of its expressions reads the time."""
        return any(code.reads_time for code in self.codes)
