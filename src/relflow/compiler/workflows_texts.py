"""Notifications: a text with `{formula}` in it, for each language, personal values marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from relflow.compiler.workflows_flow import Flow
from relflow.diagnostics import Fragment, Message, Severity
from relflow.feel.types import ANY, Type
from relflow.model import MessageText, Wording
from relflow.program import Fact
from relflow.program.workflows import Hole, Template

__all__ = ["compile_template", "mentions", "personal_names"]

OPEN_BRACE = Message.of(
    "unclosed-brace",
    Severity.ERROR,
    "a `{` in a text opens a value and this one has no `}`",
    "文字中的 `{` 表示插入一个值，这里缺少 `}`",
    "close it, or write `{{` for a brace that is meant",
    "补上 `}`；如果要显示花括号本身，写成 `{{`",
)
NO_TEXT = Message.of(
    "empty-text",
    Severity.ERROR,
    "the message `{name}` says nothing",
    "消息 `{name}` 没有内容",
    "write a `text` in your languages",
    "用所需语言填写 `text`",
)
_PIECE = re.compile(r"\{\{|\}\}|\{")
_WORD = re.compile(r"[^\W\d]\w*")


def compile_template(
    flow: Flow, message: MessageText, more: Mapping[str, Type], private: frozenset[str] = frozenset()
) -> Template | None:
    """A message's text; `more` are the names that the effect gives it besides those of the workflow.

    Those of them that are `private` are masked like what they rest on.
    """
    wording: Wording | None = message.text
    if wording is None or not any(fragment.text.strip() for _, fragment in wording.pairs):
        flow.report(NO_TEXT.at(message.span, name=message.name))
        return None
    personal = personal_names(flow) | private
    parts = tuple((lang, tuple(_parts(flow, fragment, more, personal))) for lang, fragment in wording.pairs)
    approval = message.approval.text if message.approval is not None else None
    return Template(message.name, parts, message.span, message.personal, message.urgent, approval)


def _parts(flow: Flow, fragment: Fragment, more: Mapping[str, Type], personal: frozenset[str]) -> Iterator[str | Hole]:
    text, at, words = fragment.text, 0, ""
    while found := _PIECE.search(text, at):
        words += text[at : found.start()]
        if found[0] != "{":
            words, at = words + found[0][0], found.end()
            continue
        end = text.find("}", found.end())
        if end < 0:
            flow.report(OPEN_BRACE.at(fragment.at(found.start(), found.end())))
            return
        if words:
            yield words
            words = ""
        yield from _hole(flow, fragment.cut(found.end(), end), more, personal)
        at = end + 1
    if words + text[at:]:
        yield words + text[at:]


def _hole(flow: Flow, fragment: Fragment, more: Mapping[str, Type], personal: frozenset[str]) -> Iterator[Hole]:
    formula = flow.formula(fragment, ANY, more)
    if formula is not None:
        yield Hole(formula, mentions(fragment.text, personal))


def mentions(formula: str, personal: frozenset[str]) -> bool:
    """Whether any word of a formula names something personal: too much is hidden rather than too little."""
    return bool(personal & set(_WORD.findall(formula)))


def personal_names(flow: Flow) -> frozenset[str]:
    """The names whose values a notification may not show."""
    own = {name for name, datum in flow.data.items() if datum.personal}
    facts = {name for name, node in flow.world.nodes.items() if isinstance(node, Fact) and node.personal}
    records = (*flow.world.model.records, *flow.model.records)
    fields = {one.name for record in records for one in record.fields if one.personal}
    return frozenset(own | facts | fields)
