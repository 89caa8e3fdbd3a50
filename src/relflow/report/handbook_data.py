"""What is kept about a customer, which signs warn, and how well the work goes: three sections of the handbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from relflow.program import Category, Code, Kpi, Program, Streak
from relflow.report.conditions import condition
from relflow.report.effects import effects_text
from relflow.report.handbook_tables import plain
from relflow.report.handbook_words import say
from relflow.report.html import Markup, clause_list, table, tag
from relflow.text import Text, join

__all__ = ["data_parts", "indicator_table", "kpi_table"]

_NOTHING = str(clause_list(()))


def data_parts(program: Program, lang: str) -> Iterator[Markup]:
    """Each category with who keeps it and how long, and what belongs to it."""
    for category in program.categories.values():
        yield tag("h3", _name(category.label, category.id, lang))
        yield table([], list(_keeping(program, category, lang)))
        rows: list[list[str | Markup]] = [
            [
                _label(program, name, lang),
                say("yes", lang) if program.facts[name].required is not None else "",
                clause_list(program.facts[name].source),
            ]
            for name in category.facts
            if name in program.facts
        ]
        if rows:
            yield table([say(key, lang) for key in ("fact", "needed", "clause")], rows)


def _keeping(program: Program, category: Category, lang: str) -> Iterator[list[str | Markup]]:
    """What the policy says about a category, a line each; what it does not say is left out."""
    said: dict[str, str | Markup] = {
        "keeper": _roles(program, [category.steward] if category.steward else [], lang),
        "fresh": plain(program, category.fresh_for, lang),
        "kept": plain(program, category.keep_for, lang),
        "purposes": join(list(category.purposes), lang),
        "seen": _roles(program, category.seen_by, lang),
        "changed": _roles(program, category.changed_by, lang),
        "clause": clause_list(category.source),
    }
    return (
        [tag("span", say(key, lang), class_="soft"), value]
        for key, value in said.items()
        if str(value) != _NOTHING and value
    )


def _roles(program: Program, roles: Sequence[str], lang: str) -> str:
    labels = [program.roles[name].label if name in program.roles else None for name in roles]
    return join([_name(label, name, lang) for label, name in zip(labels, roles, strict=True)], lang)


def _label(program: Program, name: str, lang: str) -> str:
    return _name(program.nodes[name].label, name, lang)


def _name(label: Text | None, identifier: str, lang: str) -> str:
    return label.text(lang) if label is not None else identifier


def indicator_table(program: Program, lang: str) -> Markup:
    """Each sign with its condition."""
    rows: list[list[str | Markup]] = []
    for one in program.indicators.values():
        written = one.when.text if isinstance(one.when, Code) else ""
        when: str | Markup = tag("span", say("open", lang), class_="pill warn")
        if isinstance(one.when, Code):
            when = condition(program, one.when, lang)
        if written in program.decisions:
            when = _label(program, written, lang)
        rows.append([_label(program, one.id, lang), when, clause_list(one.source)])
    return table([say(key, lang) for key in ("indicator", "when", "clause")], rows)


def kpi_table(program: Program, lang: str) -> Markup:
    """Each figure: how it is worked out, over what time, against which goal, and what follows."""
    rows: list[list[str | Markup]] = []
    for kpi in program.kpis.values():
        formula = kpi.value.text if isinstance(kpi.value, Code) else ""
        goal = kpi.goal.text if isinstance(kpi.goal, Code) else ""
        lines = [*_streaks(program, kpi.misses, "missed", lang), *_streaks(program, kpi.meets, "met", lang)]
        follows = tag("div", *(tag("div", line) for line in lines))
        name = _name(kpi.label, kpi.id, lang)
        rows.append([name, tag("code", formula), _period(program, kpi, lang), goal, follows, clause_list(kpi.source)])
    return table([say(key, lang) for key in ("kpi", "formula", "period", "goal", "follows", "clause")], rows)


def _period(program: Program, kpi: Kpi, lang: str) -> str:
    return plain(program, kpi.period, lang)


def _streaks(program: Program, streaks: Sequence[Streak], key: str, lang: str) -> Iterator[str]:
    colon = "：" if lang.startswith("zh") else ": "
    for one in streaks:
        number = plain(program, one.in_a_row, lang)
        yield say(key, lang, number=number) + colon + effects_text(program, one.do, lang)
