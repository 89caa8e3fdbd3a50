"""The trace of a manual as a page: each clause with what carries it, the tests that prove it and what was last done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from relflow.program import Program
from relflow.report.handbook_words import say
from relflow.report.html import Markup, figures, notice, page, section, table, tag
from relflow.results.tracing import ClauseTrace, Done, Tracing
from relflow.text import DEFAULT_LANGUAGE

__all__ = ["trace_page"]

Traced = tuple[Program, Tracing, Mapping[str, Sequence[Done]]]
_PILLS = {"carried": "good", "outside": "plain", "orphan": "bad"}


def trace_page(traced: Sequence[Traced], lang: str = DEFAULT_LANGUAGE) -> str:
    """One self-contained page for these policies: clauses first, then the way back from elements to clauses."""
    sections = [part for one in traced for part in _policy(one, lang)]
    foot = ", ".join(f"{program.id} {program.version} {program.digest[:12]}" for program, _, _ in traced)
    return page(say("trace_title", lang), say("trace_lead", lang), sections, foot, lang)


def _policy(traced: Traced, lang: str) -> Iterator[tuple[str, str, Markup]]:
    program, found, done = traced
    name = program.label.text(lang) if program.label is not None else program.id
    parts: list[Markup] = [_counts(found, lang)]
    parts += [notice(line) for line in _left_over(found, lang)]
    parts.append(_clauses(found, done, lang))
    yield section(f"clauses-{program.id}", name, *parts)
    back: list[list[str | Markup]] = [
        [tag("code", one.path), ", ".join(one.clauses), _tests(one.tests, lang)] for one in found.elements
    ]
    heading = [say(key, lang) for key in ("element", "clauses_short", "tests")]
    title = say("trace_back", lang, name=name)
    yield section(f"elements-{program.id}", title, table(heading, back))


def _counts(found: Tracing, lang: str) -> Markup:
    numbers = [(key, sum(one.status == key for one in found.clauses)) for key in ("carried", "outside", "orphan")]
    shown = [(say(f"status_{key}", lang), str(number)) for key, number in numbers if number or key != "orphan"]
    return figures([(say("clauses_short", lang), str(len(found.clauses))), *shown])


def _left_over(found: Tracing, lang: str) -> Iterator[str]:
    for clause in found.orphans:
        yield say("left_orphan", lang, id=clause.id)
    for clause in found.untested:
        yield say("left_untested", lang, id=clause.id)
    for path in found.unmoored:
        yield say("left_unmoored", lang, path=path)
    for carrier in found.strangers:
        yield say("left_stranger", lang, path=carrier.path)


def _clauses(found: Tracing, done: Mapping[str, Sequence[Done]], lang: str) -> Markup:
    heading = [say(key, lang) for key in ("clause", "text", "status", "carried_by", "tests")]
    rows: list[list[str | Markup]] = []
    for one in found.clauses:
        status = tag("span", say(f"status_{one.status}", lang), class_=f"pill {_PILLS[one.status]}")
        row: list[str | Markup] = [
            tag("b", one.id, id_=one.id, class_="clause"),
            _text(one, lang),
            status,
            _elements(one),
        ]
        row.append(_tests(one.tests, lang))
        if done:
            row.append(tag("div", *(tag("div", _line(last, lang)) for last in done.get(one.id, ()))))
        rows.append(row)
    return table(heading + ([say("last_done", lang)] if done else []), rows)


def _text(clause: ClauseTrace, lang: str) -> Markup:
    text = clause.text.text(lang) if clause.text is not None else ""
    if clause.reason is None:
        return tag("span", text)
    return tag("span", text, tag("div", clause.reason.text(lang), class_="soft"))


def _elements(clause: ClauseTrace) -> Markup:
    return tag("div", *(tag("div", tag("code", one)) for one in dict.fromkeys(clause.elements)))


def _tests(tests: Sequence[str], lang: str) -> Markup:
    """The tests behind their number: a page that lists them all at once is read by nobody."""
    if not tests:
        return tag("span", "0")
    lines = [tag("div", one) for one in tests]
    return tag("details", tag("summary", say("number_of_tests", lang, number=len(tests))), *lines)


def _line(done: Done, lang: str) -> str:
    who = f", {done.actor}" if done.actor is not None else ""
    return f"{done.at:%Y-%m-%d %H:%M} {done.account or ''} {done.what.text(lang)}{who}"
