"""Tables, scorecards, plans and figures of the handbook, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from relflow.explain import show
from relflow.explain.phrases import phrase
from relflow.program import Broken, Cadence, Cell, Code, Decision, KeyNode, Program, Scheme, Scorecard, Table, Valued
from relflow.report.conditions import alternatives, condition
from relflow.report.examples import example
from relflow.report.handbook_words import say
from relflow.report.html import Markup, clause_list, table, tag
from relflow.text import Text, join
from relflow.values import Duration, WorkingDuration, YearsMonthsDuration

__all__ = ["cadence_parts", "decision_parts", "parameter_table", "plain"]


def decision_parts(program: Program, node: Decision, lang: str) -> Iterator[Markup]:
    """The rule of a decision: its table, its scorecard, its expression, or that it is open."""
    match node.body:
        case Table() as found:
            yield _table(program, node, found, lang)
        case Scorecard() as card:
            yield from _scorecard(program, card, _labels(program, node), lang)
        case Code() as code:
            yield _expression(program, node, code, lang)
        case _:
            yield tag("p", tag("span", say("open", lang), class_="pill warn"))
            named = [_column(program, name, lang) for name in node.criteria]
            if named:
                yield tag("p", say("reads", lang, names=join(named, lang)), class_="soft")


def _expression(program: Program, node: Decision, code: Code, lang: str) -> Markup:
    """A condition as a sentence, a choice by conditions as a table, anything else as its formula."""
    answers = alternatives(program, code, lang)
    if answers is not None:
        labels = _labels(program, node)
        rows = [(when or say("otherwise", lang), tag("b", _answer(answer, labels, lang))) for answer, when in answers]
        return table([say("when", lang), _column(program, node.id, lang)], rows)
    said = condition(program, code, lang)
    return tag("pre", code.text) if isinstance(said, Markup) else tag("p", said)


def _table(program: Program, node: Decision, found: Table, lang: str) -> Markup:
    """Conditions in words, answers by their labels, the reason and the clause."""
    labels = _labels(program, node)
    heading = [_column(program, column.text, lang) for column in found.columns]
    heading += [
        node.label.text(lang) if node.label is not None and len(found.outputs) == 1 else one.name
        for one in found.outputs
    ]
    reasons = any(row.because for row in found.rows)
    clauses = any(row.source for row in found.rows)
    heading += [say("because", lang)] * reasons + [say("clause", lang)] * clauses
    rows = []
    for row in found.rows:
        cells: list[str | Markup] = [
            _cell(cell, lang, _names(program, column.text))
            for column, cell in zip(found.columns, row.cells, strict=True)
        ]
        cells += [tag("b", _answer(output, labels, lang)) for output in row.outputs]
        cells += [row.because.text(lang) if row.because is not None else ""] * reasons
        cells += [clause_list(row.source)] * clauses
        rows.append(cells)
    return table(heading, rows)


def _labels(program: Program, node: Decision) -> dict[str, Text]:
    """What the answers are called: by the scheme that they are levels of, or by the decision itself."""
    found = dict(node.labels)
    for scheme in program.nodes.values():
        if isinstance(scheme, Scheme) and scheme.from_ == node.id:
            found.update(scheme.labels)
    return found


def _answer(output: Any, labels: dict[str, Text], lang: str) -> str:
    if isinstance(output, Code | Broken):
        return output.fragment.text
    if isinstance(output, str) and output in labels:
        return labels[output].text(lang)
    return "" if output is None else show(output).text(lang)


def _column(program: Program, text: str, lang: str) -> str:
    node = program.nodes.get(text)
    return node.label.text(lang) if node is not None and node.label is not None else text


def _names(program: Program, column: str) -> dict[str, Text]:
    """What the values of a column are called: levels of a scheme, or choices of a fact or a decision."""
    return dict(getattr(program.nodes.get(column), "labels", {}) or {})


def _cell(cell: Cell, lang: str, names: Mapping[str, Text] | None = None) -> str:
    if not isinstance(cell.tests, Code):
        return "" if cell.tests is None else cell.fragment.text
    words = phrase(cell.tests.tree, cell.fragment.text).text(lang)
    return names[words].text(lang) if names and words in names else words


def _scorecard(program: Program, card: Scorecard, labels: dict[str, Text], lang: str) -> Iterator[Markup]:
    rows: list[list[str | Markup]] = []
    for line in card.criteria:
        name = line.label.text(lang) if line.label is not None else line.text
        if line.when is not None:
            when = condition(program, line.when, lang) if isinstance(line.when, Code) else line.text
            rows.append([name, when, _points(line.points)])
        for band in line.bands:
            rows.append(
                [
                    name,
                    _cell(band.cell, lang) or say("anything", lang),
                    f"{_points(line.weight)} × {_points(band.points)}%",
                ]
            )
            name = ""
    yield table([say("criterion", lang), say("when", lang), say("points", lang)], rows, numbers=(2,))
    levels = [
        say("level_from", lang, level=_answer(level, labels, lang), points=_points(points))
        for level, points in card.levels
    ]
    if levels:
        yield tag("p", ("；" if lang.startswith("zh") else "; ").join(levels))


def _points(value: Any) -> str:
    return value.fragment.text if isinstance(value, Code | Broken) else show(value).text()


def cadence_parts(program: Program, cadence: Cadence, lang: str) -> Iterator[Markup]:
    """Who is contacted how, how often, and at the latest when."""
    heading = [_column(program, column.text, lang) for column in cadence.table.columns]
    heading += [say(key, lang) for key in ("touchpoint", "target", "at_most", "clause")]
    limits = any(row.at_most is not None for row in cadence.rows)
    if not limits:
        heading.remove(say("at_most", lang))
    rows: list[list[str | Markup]] = []
    for row, conditions in zip(cadence.rows, cadence.table.rows, strict=True):
        columns = zip(cadence.table.columns, conditions.cells, strict=True)
        cells = [_cell(cell, lang, _names(program, column.text)) or say("anything", lang) for column, cell in columns]
        label = cadence.touchpoints[row.touchpoint].label.text(lang)
        rhythm = [_rhythm(program, row.target, lang), *([_rhythm(program, row.at_most, lang)] * limits)]
        rows.append([*cells, label, *rhythm, clause_list(row.source)])
    yield table(heading, rows)
    if cadence.key_nodes:
        nodes = [_node(program, node, lang) for node in cadence.key_nodes]
        yield tag("h3", say("key_nodes", lang))
        yield table([say(key, lang) for key in ("node", "lead_time", "times", "clause")], nodes)
    for purpose, cap in cadence.caps.items():
        count, per = plain(program, cap.count, lang), plain(program, cap.per, lang)
        yield tag("p", say("cap", lang, purpose=purpose, count=count, per=per))


def _node(program: Program, node: KeyNode, lang: str) -> list[str | Markup]:
    name = node.because.text(lang) if node.because is not None else _column(program, node.before, lang)
    lengths = [plain(program, node.within, lang), plain(program, node.times_as_often, lang)]
    return [name, *lengths, clause_list(node.source)]


def _rhythm(program: Program, value: Any, lang: str) -> str | Markup:
    """How often; a decision by its name, what is open as open."""
    shown = plain(program, value, lang)
    decision = program.decisions.get(shown)
    if decision is not None and decision.label is not None:
        return say("by_decision", lang, name=decision.label.text(lang))
    if shown == say("open_value", lang):
        return tag("span", shown, class_="pill warn")
    return shown


def plain(program: Program, value: Any, lang: str) -> str:
    """A value, a parameter's value for each level, or a formula as written; what is not set says so."""
    match value:
        case None:
            return ""
        case Valued():
            return plain(program, value.code if value.code is not None else value.value, lang)
        case Code() | Broken():
            parameter = program.parameters.get(value.fragment.text.strip())
            return _parameter(program, parameter, lang) if parameter is not None else value.fragment.text
        case Duration():
            return value.text(lang)
        case str():
            return value
    if isinstance(value, timedelta | YearsMonthsDuration | WorkingDuration):
        return Duration.of_value(value).text(lang)
    return show(value).text(lang)


def _parameter(program: Program, parameter: Any, lang: str) -> str:
    if parameter.unset:
        return say("open_value", lang)
    if parameter.code is not None:
        return str(parameter.code.fragment.text)
    scheme = program.nodes.get(parameter.per or "")
    labels = scheme.labels if isinstance(scheme, Scheme) else {}
    shown = []
    for level, dated in parameter.values.items():
        for since, value in dated:
            name = labels[level].text(lang) if level in labels else level
            colon = "：" if lang.startswith("zh") else ": "
            parts = [f"{name}{colon}" if name else "", plain(program, value, lang), f" ({since})" if since else ""]
            shown.append("".join(parts))
    return ("；" if lang.startswith("zh") else "; ").join(shown)


def parameter_table(program: Program, lang: str) -> Markup:
    """Every figure with its value, or that it is open, and its clause."""
    rows: list[list[str | Markup]] = []
    for name, parameter in program.parameters.items():
        value: str | Markup = _parameter(program, parameter, lang)
        if parameter.unset:
            value = tag("span", say("open_value", lang), class_="pill warn")
        label = parameter.label.text(lang) if parameter.label is not None else name
        suggested = say("suggested", lang, value=example(program, parameter).text(lang)) if parameter.suggested else ""
        rows.append([label, tag("code", name), tag("span", value, f" {suggested}"), clause_list(parameter.source)])
    return table([say(key, lang) for key in ("parameter", "id", "value", "clause")], rows)
