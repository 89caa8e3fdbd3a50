"""The parser's problems, told apart by what stands at their places and reported in the user's words."""

from __future__ import annotations

import re

from relflow.diagnostics import Message, Severity
from relflow.reader.compose import YamlProblem
from relflow.reader.document import PLACEHOLDER
from relflow.reader.flows import flow_problem, left_open
from relflow.reader.outcome import Problem, fragment, key_before, leave_out, overwrite, span
from relflow.reader.reading import Reading
from relflow.reader.tables import NOT_LITERAL
from relflow.reader.traps import FULL_WIDTH_BLANKS, INDENTATION, NO_BREAK_BLANKS, needs_quotes, quoted, trapped_text

__all__ = ["Problem", "diagnose"]

_ERROR = Severity.ERROR
ROWS_TOO_FAR_LEFT = Message.of(
    "indentation",
    _ERROR,
    "the rows of a table have to stand deeper than `{key}`",
    "表格的各行要比 `{key}` 缩进得更深",
    "indent them by two spaces more",
    "再缩进两个空格",
)
TAB = Message.of(
    "tab",
    _ERROR,
    "a tab indents this line; YAML takes spaces only",
    "本行用制表符缩进，YAML 只接受空格",
    "set the editor to write spaces for tabs, two for each level",
    "让编辑器用空格代替制表符，每级缩进两个空格",
)
OPEN_QUOTE = Message.of(
    "unclosed-quote",
    _ERROR,
    "this quotation mark is not closed",
    "这个引号没有闭合",
    "put a `{sign}` behind the value",
    "在值的末尾加上 `{sign}`",
)
BEHIND_QUOTE = Message.of(
    "needs-quotes",
    _ERROR,
    "text stands behind the closing `{sign}`",
    "结束的 `{sign}` 后面还有文字",
    "quote the whole value: `{remedy}`",
    "给整个值加引号：`{remedy}`",
)
COLON_INSIDE = Message.of(
    "needs-quotes",
    _ERROR,
    "a value that holds `: ` has to stand in quotes",
    "含有 `: ` 的值必须加英文引号",
    "write `{remedy}`",
    "写成 `{remedy}`",
)
NO_COLON = Message.of(
    "missing-colon",
    _ERROR,
    "this line is neither a name with a value nor an item of a list",
    "本行既不是“名称: 值”，也不是列表项",
    "write `name: value`, or begin an item with `- `",
    "写成 `名称: 值`，列表项以 `- ` 开头",
)
MISFIT = Message.of(
    "indentation",
    _ERROR,
    "the indentation of this line fits none of the lines above it",
    "本行的缩进与上面各行都对不上",
    "indent it as deep as the lines that belong to it",
    "与同级的行对齐",
)
NO_DASH = Message.of(
    "indentation",
    _ERROR,
    "this line stands among the items of a list and does not begin with `- `",
    "本行位于列表项之间，却没有以 `- ` 开头",
    "begin it with `- `, or indent it deeper if it belongs to the item above",
    "以 `- ` 开头；属于上一项的请加深缩进",
)
ESCAPE = Message.of(
    "escape",
    _ERROR,
    "`{sign}` means nothing between double quotation marks",
    "双引号内的 `{sign}` 没有意义",
    "write `\\\\` for a backslash, or put the value in single quotes",
    "反斜杠写成 `\\\\`，或改用单引号",
)
SECOND_DOCUMENT = Message.of(
    "second-document",
    _ERROR,
    "`{sign}` begins a second document; a file holds one",
    "`{sign}` 开始了第二个文档，一个文件只能有一个",
    "take the line out, or make two files",
    "去掉这一行，或分成两个文件",
)
STRAY = Message.of(
    "stray-bracket",
    _ERROR,
    "`{sign}` closes nothing",
    "`{sign}` 没有对应的开括号",
    "take it out, or put the value in quotes",
    "去掉它，或给整个值加引号",
)
ANCHOR = Message.of(
    "alias",
    _ERROR,
    "the anchor `{sign}` stands here a second time",
    "锚点 `{sign}` 重复出现",
    "give it another name, or write the value out",
    "改名，或直接写出内容",
)
NO_YAML = Message.of(
    "yaml",
    _ERROR,
    "this line does not fit the lines around it",
    "本行与前后各行对不上",
    "look at its indentation, its colon and its quotation marks, and at those of the line before",
    "检查本行和上一行的缩进、冒号和引号",
)

_ODD_BLANKS = re.compile(r"[ ]*([\u3000\xa0][\s\u3000\xa0]*)")
_VALUE = re.compile(r"(\s*(?:- )*)([^\s:#\"'\[\]{},][^:\n]*):\s+(\S.*)")
_MAX_LINE = 2_000
"""Longer lines are not looked into: no hand wrote them, and looking costs more than their length."""


def diagnose(problem: YamlProblem, reading: Reading) -> Problem:
    """Report the problem and say which part of the text it makes unreadable."""
    line, column, index = problem.at or (0, 0, 0)
    since = problem.since or (line, column, index)
    lines = reading.document.lines
    line = min(line, len(lines) - 1)
    stops = not any(near.strip() for near in lines[since[0] :])
    if stops:
        since = left_open(lines) or (line, len(lines[line]), since[2])
    if any(len(lines[number]) > _MAX_LINE for number in {line, since[0], max(line - 1, 0)}):
        reading.report(NO_YAML, span(reading, line, column, 1))
        return leave_out(line, inner=True)
    rows = _rows(reading, line) or _rows(reading, since[0])
    if rows is not None:
        return rows
    odd = _odd_blanks(reading, (line, since[0], line - 1))
    if odd is not None:
        return odd
    words = problem.problem
    if "duplicate anchor" in problem.context:
        return _anchor(reading, line, column)
    if "block scalar" in problem.context or "anchor" in problem.context or "alias" in problem.context:
        return _sign(reading, since[0], since[1])
    if "undefined alias" in words:
        return _sign(reading, line, column)
    if "cannot start any token" in words or "tab" in words:
        return _character(reading, line, column)
    if "quoted scalar" in problem.context:
        return _quote(reading, words, line, column, since)
    if "',' or '" in words or stops:
        return flow_problem(reading, since, (line, column, index)) or _misfit(reading, line, column)
    if "mapping values" in words:
        return _colon(reading, line, column)
    if "expected ':'" in words:
        return _no_colon(reading, since[0])
    if "another document" in words:
        reading.report(SECOND_DOCUMENT, span(reading, line, column, 3), sign=lines[line][column : column + 3])
        return overwrite(line, column, column + 3, " ")
    return _misfit(reading, line, column)


def _odd_blanks(reading: Reading, numbers: tuple[int, ...]) -> Problem | None:
    """A line that is indented with blanks which are none to YAML."""
    for number in numbers:
        if not 0 <= number < len(reading.document.lines):
            continue
        match = _ODD_BLANKS.match(reading.document.lines[number])
        if match:
            blanks = FULL_WIDTH_BLANKS if "\u3000" in match[1] else NO_BREAK_BLANKS
            reading.report(INDENTATION, span(reading, number, match.start(1), len(match[1])), blanks=blanks)
            return leave_out(number, inner=True)
    return None


def _sign(reading: Reading, line: int, column: int) -> Problem:
    """A value whose first character means something to YAML."""
    text = reading.document.lines[line].rstrip()
    end = len(text)
    key = key_before(text, column)
    if key.flow:
        inner = re.match(r"[^,\]}]*", text[column:])
        end = column + len(inner[0].rstrip()) if inner else end
    needs_quotes(reading, span(reading, line, column, end - column), key.name, text[column:end])
    return overwrite(line, column, max(end, column + 1), PLACEHOLDER)


def _anchor(reading: Reading, line: int, column: int) -> Problem:
    text = reading.document.lines[line]
    word = re.match(r"&\S*", text[column:])
    width = word.end() if word else 1
    reading.report(ANCHOR, span(reading, line, column, width), sign=text[column : column + width])
    return overwrite(line, column, column + width, " ")


def _character(reading: Reading, line: int, column: int) -> Problem:
    text = reading.document.lines[line]
    lead = len(text) - len(text.lstrip())
    if "\t" in text[:lead]:
        at = text.index("\t")
        reading.report(TAB, span(reading, line, at, max(lead - at, 1)))
        return leave_out(line, inner=False)
    return _sign(reading, line, column)


def _quote(reading: Reading, words: str, line: int, column: int, since: tuple[int, int, int]) -> Problem:
    lines = reading.document.lines
    if "escape" in words:
        reading.report(ESCAPE, span(reading, line, column, 2), sign=lines[line][column : column + 2])
        return overwrite(line, column, column + 2, " ")
    return _open_quote(reading, since[0], since[1])


def _open_quote(reading: Reading, line: int, column: int) -> Problem:
    text = reading.document.lines[line].rstrip()
    reading.report(OPEN_QUOTE, span(reading, line, column, len(text) - column), sign=text[column])
    return overwrite(line, column, None, PLACEHOLDER)


def _colon(reading: Reading, line: int, column: int) -> Problem:
    """A colon where none may stand: inside a value, or because the line before is no name with a value."""
    text = reading.document.lines[line].rstrip()
    match = _VALUE.match(text)
    if match is not None and match.start(3) <= column:
        remedy = f"{match[2].strip()}: {quoted(match[3])}"
        reading.report(COLON_INSIDE, span(reading, line, match.start(3), len(match[3])), remedy=remedy)
        return overwrite(line, match.start(3), None, PLACEHOLDER)
    before = _line_before(reading, line)
    if before is None:
        return _misfit(reading, line, column)
    if _VALUE.match(reading.document.lines[before].rstrip()):
        whole = fragment(reading, line)
        reading.report(MISFIT, whole.span)
        return leave_out(line, inner=True)
    return _no_colon(reading, before)


def _no_colon(reading: Reading, line: int) -> Problem:
    """A line that was meant as a name with a value; a full-width colon is read as if it were an ordinary one."""
    text = fragment(reading, line)
    if not trapped_text(reading, text):
        reading.report(NO_COLON, text.span)
        return leave_out(line, inner=False)
    raw = reading.document.lines[line]
    at = raw.find("：")
    if at > 0 and raw[at + 1 : at + 2] in ("", " ", "\r"):
        return overwrite(line, at, at + 1, ":")
    return leave_out(line, inner=True)


def _rows(reading: Reading, line: int) -> Problem | None:
    """Rows of a table that stand where YAML does not take them as text."""
    lines = reading.document.lines
    if not lines[line].lstrip().startswith("|"):
        return None
    first = last = line
    while first > 0 and lines[first - 1].lstrip().startswith("|"):
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].lstrip().startswith("|"):
        last += 1
    head = re.fullmatch(r"\s*(?:- )?(\w+):\s*(\|[-+\d]*)?", lines[first - 1].rstrip()) if first else None
    if head is None:
        return None
    tabs = [number for number in range(first, last + 1) if "\t" in _lead(lines[number])]
    if tabs:
        for number in tabs:
            lead = _lead(lines[number])
            at = lead.index("\t")
            reading.report(TAB, span(reading, number, at, len(lead) - at))
        return leave_out(first, inner=False, last=last)
    reading.report(ROWS_TOO_FAR_LEFT if head[2] else NOT_LITERAL, fragment(reading, first).span, key=head[1])
    return leave_out(first, inner=False, last=last)


def _lead(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _line_before(reading: Reading, line: int) -> int | None:
    lines = reading.document.lines
    return next((number for number in range(line - 1, -1, -1) if lines[number].strip()), None)


def _misfit(reading: Reading, line: int, column: int) -> Problem:
    """Whatever else: text behind a closing mark, a stray bracket, a wrong indentation."""
    text = reading.document.lines[line].rstrip()
    found = _quote_above(reading, line) or _behind(reading, line, column, text)
    if found is not None:
        return found
    here = text[column : column + 1]
    if here in ("]", "}", ")") and here:
        reading.report(STRAY, span(reading, line, column, 1), sign=here)
        return overwrite(line, column, column + 1, PLACEHOLDER)
    whole = fragment(reading, line)
    if not whole.text:
        reading.report(NO_YAML, span(reading, line, column, 1))
    elif text[:column].strip():
        reading.report(NO_YAML, whole.span)
    else:
        reading.report(MISFIT if whole.text.startswith("- ") or ":" in whole.text else NO_DASH, whole.span)
    return leave_out(line, inner=True)


def _behind(reading: Reading, line: int, column: int, text: str) -> Problem | None:
    """Text behind a quoted value or behind brackets: `"a" or "b"`, `[1..5] x`."""
    match = _VALUE.match(text)
    if match is None or match.start(3) >= column or match[3][0] not in "\"'[{":
        return None
    start = match.start(3)
    place = span(reading, line, start, len(text) - start)
    stray = re.search(r"[\]})]+$", match[3])
    if match[3][0] in "[{" and stray and not _more_behind(match[3]) and match[3].count("..") == 0:
        reading.report(STRAY, span(reading, line, len(text) - 1, 1), sign=text[-1])
        return overwrite(line, len(text) - 1, None, " ")
    if match[3][0] in "[{":
        needs_quotes(reading, place, match[2].strip(), match[3])
    else:
        reading.report(BEHIND_QUOTE, place, sign=match[3][0], remedy=f"{match[2].strip()}: {quoted(match[3])}")
    return overwrite(line, start, None, PLACEHOLDER)


def _more_behind(value: str) -> bool:
    """Whether more than closing brackets stands behind the value in brackets."""
    depth = 0
    for number, sign in enumerate(value):
        depth += (sign in "[{") - (sign in "]}")
        if depth == 0:
            return bool(value[number + 1 :].strip("]})"))
    return True


def _quote_above(reading: Reading, line: int) -> Problem | None:
    """A quotation mark that was left open a few lines above and was closed by the next one that came."""
    lines = reading.document.lines
    for number in range(line - 1, max(line - 4, -1), -1):
        for sign in ('"', "'"):
            match = re.search(rf"[:,\-\[{{]\s+({sign})[^{sign}]*$", lines[number].rstrip())
            if match:
                return _open_quote(reading, number, match.start(1))
    return None
