"""Tables: heading and rows out of lines of cells, from a block of text or from a CSV file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from relflow.diagnostics import Fragment, Message, Severity, Span, nearest
from relflow.model import Row, Table
from relflow.reader.cells import Line, lines, split
from relflow.reader.compose import MappingNode, Node, ScalarNode
from relflow.reader.csvcells import csv_lines
from relflow.reader.reading import Reading, Schemas, Shape, both, is_empty, wrong_shape
from relflow.reader.rows import RESERVED, Columns
from relflow.reader.scalars import DID_YOU_MEAN, Plain
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["TableShape"]

_ERROR = Severity.ERROR
MAX_ROWS = 20_000
"""What a table's index takes grows with the square of its rows: some 100 MB for a column of so many values."""
ROW_LENGTH = Message.of(
    "row-length",
    _ERROR,
    "this row has {count}, the heading has {wanted} ({names})",
    "本行有 {count}，表头有 {wanted} 个（{names}）",
    "give the row as many cells as the heading has",
    "本行的格数应与表头一致",
)
TOO_FEW = both(
    "put `-` in the column that does not matter, e.g. `{remedy}`",
    "不限制的列填 `-`，例如 `{remedy}`",
)
TOO_FEW_RESULTS = both(
    "leave the cell of what it does not say empty, e.g. `{remedy}`",
    "没有内容的列留空，例如 `{remedy}`",
)
TOO_MANY = both(
    "take cells out; a `|` that is text is written `\\|`",
    "去掉多余的单元格；作为文字的 `|` 要写成 `\\|`",
)
NO_DIVIDER = Message.of(
    "table-divider",
    _ERROR,
    "this row has no `||` between conditions and results",
    "本行的条件和结果之间没有 `||`",
    "write `||` where the heading has it: `{heading}`",
    "在与表头相同的位置写 `||`：`{heading}`",
)
HEADING_DIVIDER = Message.of(
    "table-divider",
    _ERROR,
    "the heading has no `||` between conditions and results",
    "表头的条件和结果之间没有 `||`",
    "write it like this: `| annual_amount_cny | years_active || tier |`",
    "写法示例：`| annual_amount_cny | years_active || tier |`",
)
EMPTY_CELL = Message.of(
    "empty-cell",
    _ERROR,
    "the condition on `{name}` is empty",
    "`{name}` 的条件是空的",
    "write `-` if it does not matter, `null` if the value has to be missing",
    "不限制请写 `-`，要求缺失请写 `null`",
)
EMPTY_HEADING = Message.of(
    "table-heading",
    _ERROR,
    "this column has no heading",
    "这一列没有表头",
    "name what the column is about, or take it out",
    "写上这一列的名称，或去掉这一列",
)
TWICE = Message.of(
    "table-heading",
    _ERROR,
    "the heading has `{name}` twice",
    "表头里 `{name}` 出现了两次",
    "keep one of the two",
    "只保留一个",
)
RESERVED_LEFT = Message.of(
    "table-heading",
    _ERROR,
    "`{name}` says something about the row and stands right of `||`",
    "`{name}` 说明的是整行，应放在 `||` 右边",
    "move the column to the right of `||`",
    "把这一列移到 `||` 右边",
)
NO_RESULT = Message.of(
    "table-heading",
    _ERROR,
    "the heading names no result right of `||`",
    "表头 `||` 右边没有结果列",
    "name what the table gives, e.g. `|| tier |`",
    "写上表格给出的结果，例如 `|| tier |`",
)
UNKNOWN_RESULT = Message.of(
    "unknown-name",
    _ERROR,
    "`{name}` is not a column of this table ({known})",
    "这张表没有 `{name}` 这一列（可用：{known}）",
    "choose one of them, or delete the column",
    "选择其中一个，或删除该列",
)
MISSING_RESULT = Message.of(
    "table-heading",
    _ERROR,
    "the heading has no column `{name}`",
    "表头缺少 `{name}` 列",
    "add it right of `||`",
    "在 `||` 右边加上这一列",
)
NO_ROWS = Message.of(
    "empty-table",
    _ERROR,
    "the table has no rows",
    "表格没有数据行",
    "write a row below the heading",
    "在表头下面写至少一行",
)
TOO_MANY_ROWS = Message.of(
    "too-large",
    _ERROR,
    "the table has {count} rows, more than the {limit} that a table may have",
    "表格有 {count} 行，超过上限 {limit} 行",
    "divide it into several decisions, or keep such data as facts of the account",
    "拆成几个判定，或把这些数据作为客户的数据项",
)
NOT_A_ROW = Message.of(
    "table-line",
    _ERROR,
    "a line of a table begins and ends with `|`",
    "表格的每一行都以 `|` 开头和结尾",
    "write `{remedy}`, or move a remark into a `because` column",
    "写成 `{remedy}`；说明文字请放进 `because` 列",
)
WIDE_BAR = Message.of(
    "full-width-punctuation",
    _ERROR,
    "`｜` is the full-width bar and divides no cells",
    "`｜` 是全角竖线，不能分隔单元格",
    "type `|`",
    "改用半角竖线 `|`",
)
NOT_LITERAL = Message.of(
    "table-line",
    _ERROR,
    "a table keeps its lines only behind `|`",
    "表格要写在 `|` 之后才能保留换行",
    "write `{key}: |` and the table below it, indented",
    "写成 `{key}: |`，表格另起一行并缩进",
)


def _count(number: int, en: str, zh: str) -> Text:
    return both(f"{number} {en}" if number == 1 else f"{number} {en}s", f"{number} 个{zh}")


@dataclass(frozen=True, slots=True)
class TableShape(Shape):
    """A table in a block of text, or `{file: …}`.

    `tests` tables hold literals, so that an empty cell is a missing fact. `outputs` fixes the result columns: true for
    those that must be there.
    """

    tests: bool = False
    outputs: Mapping[str, bool] | None = None
    example: str = "|"
    wanted: ClassVar[Text] = both("a table, or `{file: …}`", "一张表，或 `{file: …}`")

    def read(self, node: Node, reading: Reading, key: str) -> Table | None:
        """The table with every cell's place."""
        if isinstance(node, MappingNode):
            return self._from_file(node, reading, key)
        if not isinstance(node, ScalarNode) or is_empty(node):
            wrong_shape(reading, node, key, self)
            return None
        if reading.document.reported(node):
            return None
        block = reading.fragment(node)
        before = len(reading.found)
        if node.style != "|" and not (node.style == '"' and "\n" in node.value):
            reading.report(NOT_LITERAL, block.span, key=key)
            return None
        found = self._lines(block, reading)
        return self.table(found, block.span, reading, whole=len(reading.found) == before)

    def _lines(self, block: Fragment, reading: Reading) -> list[Line]:
        """The heading and the rows; lines that are neither are reported."""
        found: list[Line] = []
        inputs = None
        for number, (line, ruler) in enumerate(lines(block)):
            if ruler and number == 1:
                continue
            if "｜" in line.text and '"' not in line.text:
                at = line.text.index("｜")
                reading.report(WIDE_BAR, line.at(at, at + 1))
                continue
            row = split(line, inputs) if line.text.startswith("|") else None
            if row is None or not row.closed:
                remedy = f"| {line.text.strip('| ')} |"
                reading.report(NOT_A_ROW, line.span, remedy=remedy)
                continue
            if inputs is None:
                inputs = len(row.left)
            found.append(row)
        return found

    def _from_file(self, node: MappingNode, reading: Reading, key: str) -> Table | None:
        names = [name.value for name, _ in node.value if isinstance(name, ScalarNode)]
        if names != ["file"]:
            wrong_shape(reading, node, key, self)
            return None
        file = Plain().read(node.value[0][1], reading, "file")
        source = reading.csv(file, reading) if file is not None and reading.csv is not None else None
        if source is None:
            return None
        before = len(reading.found)
        found = csv_lines(source, reading.report)
        return self.table(found, Span.whole(source), reading, whole=len(reading.found) == before)

    def table(self, found: list[Line], span: Span, reading: Reading, *, whole: bool) -> Table | None:
        """The table of a heading and rows; `whole` if no line was left out, so that none is missed."""
        if not found:
            if whole and not reading.document.damaged:
                reading.report(NO_ROWS, span)
            return None
        heading, *body = found
        if not heading.divided:
            reading.report(HEADING_DIVIDER, heading.span)
            return None
        if not self._heading(heading, reading):
            return None
        if not body and whole:
            reading.report(NO_ROWS, heading.span)
        if len(body) > MAX_ROWS:
            reading.report(TOO_MANY_ROWS, heading.span, count=len(body), limit=MAX_ROWS)
            return None
        columns = Columns.of(heading)
        rows = [self._row(line, heading, columns, reading) for line in body]
        return Table(
            span=heading.span.to(body[-1].span) if body else heading.span,
            inputs=heading.left,
            outputs=tuple(heading.right[number] for number in columns.outputs),
            rows=tuple(row for row in rows if row is not None),
        )

    def _heading(self, heading: Line, reading: Reading) -> bool:
        before = len(reading.found)
        for cell in (*heading.left, *heading.right):
            if not cell.text:
                reading.report(EMPTY_HEADING, cell.span)
        for cells in (heading.left, heading.right):
            _doubles(cells, reading)
        for cell in heading.left:
            if cell.text in RESERVED and cell.text not in ("id", "source"):
                reading.report(RESERVED_LEFT, cell.span, name=cell.text)
        outputs = [cell for cell in heading.right if cell.text and cell.text not in RESERVED]
        if not outputs:
            reading.report(NO_RESULT, heading.span)
        elif self.outputs is not None:
            self._fixed(outputs, heading, reading)
        return len(reading.found) == before

    def _fixed(self, outputs: Iterable[Fragment], heading: Line, reading: Reading) -> None:
        assert self.outputs is not None
        known = (*self.outputs, *RESERVED)
        names = {cell.text for cell in outputs}
        for cell in outputs:
            if cell.text not in self.outputs:
                guess = nearest(cell.text, known)
                hint = DID_YOU_MEAN if guess else None
                reading.report(UNKNOWN_RESULT, cell.span, hint, name=cell.text, known=tuple(known), nearest=guess or "")
                names.add(guess or "")
        for name, needed in self.outputs.items():
            if needed and name not in names:
                reading.report(MISSING_RESULT, heading.span, name=name)

    def _row(self, line: Line, heading: Line, columns: Columns, reading: Reading) -> Row | None:
        if not line.divided or len(line.left) != len(heading.left) or len(line.right) != len(heading.right):
            _length(line, heading, reading)
            return None
        return columns.row(line, line.left if self.tests else self._filled(line, heading, reading))

    @staticmethod
    def _filled(line: Line, heading: Line, reading: Reading) -> tuple[Fragment, ...]:
        """The conditions; an empty one is reported, and means from here on that anything may stand there."""
        if "" not in [cell.text for cell in line.left]:
            return line.left
        for cell, head in zip(line.left, heading.left, strict=True):
            if not cell.text:
                reading.report(EMPTY_CELL, cell.span, name=head.text)
        return tuple(cell if cell.text else Fragment("-", cell.span, cell.anchors) for cell in line.left)

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """A text, or an object that names a file."""
        return schemas.named("table", self._named)

    @staticmethod
    def _named() -> dict[str, object]:
        file = {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {"type": "string"}},
            "additionalProperties": False,
        }
        return {"anyOf": [{"type": "string"}, file]}


def _doubles(cells: tuple[Fragment, ...], reading: Reading) -> None:
    seen = set()
    for cell in cells:
        if cell.text and cell.text in seen:
            reading.report(TWICE, cell.span, name=cell.text)
        seen.add(cell.text)


def _length(line: Line, heading: Line, reading: Reading) -> None:
    """Report a row whose cells do not fit the heading's."""
    if not line.divided:
        shown = _shown(heading.left, heading.right)
        reading.report(NO_DIVIDER, line.span, heading=shown)
        return
    few_left, few_right = len(line.left) < len(heading.left), len(line.right) < len(heading.right)
    left: tuple[Fragment | str, ...] = (*line.left, *(["-"] * (len(heading.left) - len(line.left))))
    right: tuple[Fragment | str, ...] = (*line.right, *([""] * (len(heading.right) - len(line.right))))
    remedy = _shown(left, right)
    if len(line.left) != len(heading.left):
        count, wanted, cells = _count(len(line.left), "condition", "条件"), len(heading.left), heading.left
        hint = TOO_FEW if few_left else TOO_MANY
    else:
        count, wanted, cells = _count(len(line.right), "result", "结果"), len(heading.right), heading.right
        hint = TOO_FEW_RESULTS if few_right else TOO_MANY
    names = tuple(cell.text for cell in cells)
    reading.report(ROW_LENGTH, line.span, hint, count=count, wanted=wanted, names=names, remedy=remedy)


def _shown(left: Iterable[Fragment | str], right: Iterable[Fragment | str]) -> str:
    def cells(some: Iterable[Fragment | str]) -> str:
        texts = [cell if isinstance(cell, str) else cell.text.replace("|", "\\|") for cell in some]
        return " | ".join(texts)

    return f"| {cells(left)} || {cells(right)} |".replace("  |", " |")
