"""Records of accounts from the command line, JSON, JSON lines and CSV."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from pathlib import Path

from relflow.cli.jsontext import JsonTextError, parse
from relflow.cli.session import Problem, say
from relflow.cli.words import option

__all__ = ["check_heading", "facts_option", "read_records", "read_text", "row_too_long", "text_of_line"]

Record = dict[str, object]

_SPREADSHEET = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx and .xls files begin

facts_option = option(
    "--facts",
    "facts_file",
    metavar="FILE",
    en="Facts from a JSON, JSON-lines or CSV file; `-` is standard input.",
    zh="从 JSON、JSON Lines 或 CSV 文件读取数据项，`-` 表示标准输入。",
)


def read_records(name: str) -> tuple[list[Record], bool]:
    """The records of a file, and whether there may be several (a list, JSON lines, CSV) or it is one object."""
    text = read_text(name)
    suffix = Path(name).suffix.lower()
    if suffix == ".csv" or (suffix not in {".json", ".jsonl"} and not text.lstrip().startswith(("{", "["))):
        return _csv(text, name), True
    if suffix == ".jsonl":
        return [_object(_json(line, name), name) for line in text.splitlines() if line.strip()], True
    content = _json(text, name)
    if isinstance(content, list):
        return [_object(item, name) for item in content], True
    return [_object(content, name)], False


def read_text(name: str) -> str:
    """A file's text, or that of standard input for `-`; UTF-8, with or without a byte order mark."""
    data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    return text_of_line(data, name)


def text_of_line(data: bytes, name: str, number: int = 0) -> str:
    """A line (or all) of a file as text; the first line, number 0, may have a byte order mark."""
    if number == 0 and data.startswith(_SPREADSHEET):
        raise Problem(_spreadsheet(name))
    try:
        return data.decode("utf-8" if number else "utf-8-sig")
    except UnicodeDecodeError:
        pass
    raise Problem(
        say(
            "`{file}` is not UTF-8; save it as UTF-8 (Excel: CSV UTF-8)",
            "`{file}` 不是 UTF-8 编码；请另存为 UTF-8（Excel：CSV UTF-8）",
            file=name,
        )
    )


def _spreadsheet(name: str) -> str:
    return say(
        "`{file}` is a spreadsheet; save it as CSV (Excel: CSV UTF-8)",
        "`{file}` 是电子表格；请另存为 CSV（Excel：CSV UTF-8）",
        file=name,
    )


def _json(text: str, name: str) -> object:
    try:
        return parse(text)
    except JsonTextError as error:
        why = say(error.en, error.zh)
        if error.line:
            place = f"{name}:{error.line}:{error.column}"
            raise Problem(say("{place}: {why}", "{place}：{why}", place=place, why=why)) from None
        raise Problem(say("`{file}`: {why}", "`{file}`：{why}", file=name, why=why)) from None


def _object(value: object, name: str) -> Record:
    if isinstance(value, dict):
        return value
    raise Problem(
        say(
            '`{file}` has to hold objects, {{"name": value}}',
            '`{file}` 的内容应为对象，形如 {{"名称": 值}}',
            file=name,
        )
    )


def _csv(text: str, name: str) -> list[Record]:
    """Rows of a CSV with a heading; an empty cell is a missing fact."""
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[Record] = []
    try:
        heading = [column.strip() for column in next(rows, [])]
        check_heading(heading, name)
        for row in rows:
            if len(row) > len(heading):
                raise Problem(row_too_long(name, rows.line_num, len(heading), len(row)))
            if any(cell.strip() for cell in row):
                records.append({column: cell for column, cell in zip(heading, row, strict=False) if cell.strip()})
    except csv.Error:
        raise Problem(
            say(
                "{file}:{line}: this is not CSV (a quote that is not closed?)",
                "{file}:{line}：这里不是 CSV（引号没有闭合？）",
                file=name,
                line=rows.line_num,
            )
        ) from None
    return records


def check_heading(heading: list[str], name: str) -> None:
    """Refuse the heading of a CSV that is empty, divided by something else or names a column twice."""
    twice = sorted(column for column, count in Counter(heading).items() if count > 1)
    for sign in ";\t，；":
        if len(heading) == 1 and sign in heading[0]:
            raise Problem(
                say(
                    "{file}:1: the columns are divided by `{sign}`; save the file with commas",
                    "{file}:1：列之间用的是 `{sign}`；请改用半角逗号分隔",
                    file=name,
                    sign="Tab" if sign == "\t" else sign,
                )
            )
    if not any(heading):
        raise Problem(
            say("`{file}` is empty; a CSV starts with column names", "`{file}` 是空的；CSV 首行应为列名", file=name)
        )
    if twice:
        raise Problem(
            say("{file}:1: column `{name}` stands twice", "{file}:1：列 `{name}` 重复", file=name, name=twice[0])
        )


def row_too_long(name: str, line: int, columns: int, cells: int) -> str:
    """What is said of a row with more cells than the heading."""
    return say(
        "{file}:{line}: this row has {cells} cells, the heading has {columns}; put a text with a comma in quotes",
        "{file}:{line}：本行有 {cells} 格，表头有 {columns} 列；含逗号的文字要加引号",
        file=name,
        line=line,
        cells=cells,
        columns=columns,
    )
