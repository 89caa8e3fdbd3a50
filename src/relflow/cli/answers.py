"""What decisions and levels in force look like: one record in full, many as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from relflow.cli.plain import shown
from relflow.cli.screen import Table, note
from relflow.cli.session import current, say
from relflow.text import Text, join

if TYPE_CHECKING:
    from relflow.results import Decision, Standing
    from relflow.results.traces import Missing

    Answer = Decision | Standing

__all__ = ["answer_text", "as_dict", "show_many", "show_one"]

_MISSING = {
    "fact": Text((("en", "missing: {}"), ("zh", "缺少：{}"))),
    "date": Text((("en", "not known since when: {}"), ("zh", "缺少更新日期：{}"))),
    "parameter": Text((("en", "not set by the company: {}"), ("zh", "企业尚未设定：{}"))),
    "decision": Text((("en", "left open by the company: {}"), ("zh", "企业尚未规定：{}"))),
}


def _decision(answer: Answer) -> Decision:
    from relflow.results import Standing

    return answer.decision if isinstance(answer, Standing) else answer


def answer_text(answer: Answer) -> str:
    """The answer in a word."""
    if answer.unknown:
        return say("unknown", "未知")
    if hasattr(answer, "level"):
        return answer.level or "—"
    return shown(answer.value)


def as_dict(answer: Answer) -> dict[str, object]:
    """The answer as JSON data."""
    return answer.to_dict(lang=current().lang)


def show_one(policy_name: str, answers: Mapping[str, Answer]) -> None:
    """All answers about one record, each with its row and reason; what is missing goes below."""
    lang = current().lang
    table = Table()
    missing: dict[str, Missing] = {}
    for name, answer in answers.items():
        decision = _decision(answer)
        rule = decision.rule
        row = ""
        if rule is not None:
            place = f"{PurePath(rule.span.source.name).name}:{rule.span.line}"
            row = say("row {number}, {place}", "第 {number} 行，{place}", number=rule.number, place=place)
        label = "" if hasattr(answer, "value") else answer.label(lang)
        because = decision.because.text(lang) or (label if label != answer_text(answer) else "")
        table.add(name, answer_text(answer), row, because)
        missing |= {f"{item.kind} {item}": item for item in decision.missing} if answer.unknown else {}
    table.show()
    for kind, words in _MISSING.items():
        names = [_named(item, lang) for item in missing.values() if item.kind == kind]
        if names:
            note(words.text(lang).format(join(names, lang)))
    if any(_decision(answer).provisional for answer in answers.values()):
        note(say("provisional: the official list of holidays is not published", "暂定：官方放假安排尚未公布"))
    note(policy_name)


def _named(item: Missing, lang: str) -> str:
    clause = f" ({join(list(item.source), lang)})" if item.source else ""
    return f"{item}{clause}"


def show_many(names: Sequence[str], rows: Sequence[tuple[str, Mapping[str, Answer] | str]]) -> None:
    """One line a record: its id and the answers, or in their place what is wrong with it."""
    table = Table(say("account", "客户"), *names)
    for id_, answers in rows:
        if isinstance(answers, str):
            note(say("error: {id}: {text}", "错误：{id}：{text}", id=id_, text=answers))
        else:
            table.add(id_, *(answer_text(answers[name]) for name in names))
    table.show()
