"""Comments that silence a finding: `# relflow: allow NAME because …`, with the lines for which they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from relflow.diagnostics import Diagnostic, Message, Severity, Source, Span
from relflow.reader.compose import MappingNode, Node, ScalarNode, SequenceNode, TooDeepError, TooManyError, YamlProblem
from relflow.reader.compose import compose as compose_text
from relflow.structs import dataclass

__all__ = ["Allowance", "allowances"]

NOT_UNDERSTOOD = Message.of(
    "misread-allow",
    Severity.WARNING,
    "this remark to relflow is not understood",
    "这条给 relflow 的注释无法识别",
    "write `# relflow: allow NAME because …`, with the finding's name as it stands in brackets",
    "写成 `# relflow: allow NAME because …`，其中 NAME 为方括号里的检查结果名称",
)
NO_REASON = Message.of(
    "allow-without-reason",
    Severity.WARNING,
    "`{name}` is allowed here without a reason",
    "此处允许 `{name}`，但没有说明原因",
    "write it behind `because`: `# relflow: allow {name} because …`",
    "在 `because` 后写明：`# relflow: allow {name} because …`",
)
_CALL = re.compile(r"#[ \t]*relflow[ \t]*[:：]", re.IGNORECASE)
_WHOLE = re.compile(r"#\s*relflow:\s*allow\s+(?P<name>[a-z][a-z0-9-]*)(?:\s+because\b\s*(?P<reason>.*))?\s*$")


@dataclass(frozen=True, slots=True)
class Allowance:
    """A finding's name that may stand in the lines from `first` to `last`; `span` is the comment."""

    name: str
    reason: str
    span: Span
    first: int
    last: int

    def covers(self, found: Diagnostic) -> bool:
        """Whether a finding of that name stands in one of these lines."""
        return found.name == self.name and self.first <= found.span.line <= self.last


def allowances(source: Source) -> tuple[tuple[Allowance, ...], tuple[Diagnostic, ...]]:
    """What the comments of a file allow, and what is wrong with these comments.

    A comment behind something holds for its line, one that has its line to itself for the next line with something on
    it. Where a block of text begins on that line, such as a table, it holds for the whole block. A `#` inside of a
    text is no comment. A file that is no YAML allows nothing.
    """
    if not _CALL.search(source.text):
        return (), ()
    try:
        root = compose_text(source.text)
    except (YamlProblem, TooDeepError, TooManyError):
        return (), ()
    texts = _Texts(source.text, root)
    found, wrong = [], []
    for match in _CALL.finditer(source.text):
        line = source.text.count("\n", 0, match.start()) + 1
        column = match.start() - source.text.rfind("\n", 0, match.start())
        if not texts.comment(match.start(), line):
            continue
        text = source.line(line)[column - 1 :].rstrip()
        span = Span(source, line, column, line, column + len(text))
        whole = _WHOLE.fullmatch(text)
        if whole is None:
            wrong.append(NOT_UNDERSTOOD.at(span))
            continue
        reason = (whole["reason"] or "").strip(" .…")
        if not reason:
            wrong.append(NO_REASON.at(span, name=whole["name"]))
        found.append(Allowance(whole["name"], reason, span, *texts.lines(line)))
    return tuple(found), tuple(wrong)


class _Texts:
    """Where quoted texts and blocks of text stand, in which `#` is a character like any other."""

    def __init__(self, text: str, root: Node | None) -> None:
        self.text = text
        self.rows = text.split("\n")
        self.quoted: list[tuple[int, int]] = []
        self.blocks: dict[int, int] = {}
        for node in _scalars(root):
            if node.style in ("|", ">"):
                first = node.start_mark.line + 1
                self.blocks[first] = self._end(first, node)
            elif node.style:
                self.quoted.append((node.start_mark.index, node.end_mark.index))

    def _end(self, header: int, node: ScalarNode) -> int:
        """The last line of a block, its header's line given: as many as its text has, or all that are as far in."""
        if node.style == "|":
            kept = node.value.rstrip("\n")
            return header + (kept.count("\n") + 1 if kept else 0)
        count, inner = 0, None
        for number, row in enumerate(self.rows[header : node.end_mark.line + 1], 1):
            depth = len(row) - len(row.lstrip(" "))
            inner = depth if inner is None and row.strip() else inner
            if row.strip():
                if depth < (inner or 0):
                    break
                count = number
        return header + count

    def comment(self, index: int, line: int) -> bool:
        """Whether the `#` at an index, in a line, begins a comment."""
        before = self.text[index - 1 : index]
        if before.strip() or any(start <= index < end for start, end in self.quoted):
            return False
        return not any(first < line <= last for first, last in self.blocks.items())

    def lines(self, line: int) -> tuple[int, int]:
        """The lines for which a comment in a line holds."""
        while line < len(self.rows) and self.rows[line - 1].lstrip()[:1] in ("", "#"):
            line += 1
        return line, self.blocks.get(line, line)


def _scalars(node: Node | None) -> Iterator[ScalarNode]:
    """Every text of a document once; aliases lead to what was seen before."""
    waiting, seen = [node], set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, ScalarNode):
            yield one
        elif isinstance(one, SequenceNode):
            waiting += one.value
        elif isinstance(one, MappingNode):
            waiting += [part for pair in one.value for part in pair]
