"""Questions that a manual leaves open: what the company still has to decide, by clause, as data and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from relflow.feel.types import ListType, Type
from relflow.program import Decision, Parameter, Program, Scheme
from relflow.report.examples import choices, example
from relflow.report.handbook_words import say
from relflow.report.html import Markup, figures, page, section, table, tag
from relflow.text import DEFAULT_LANGUAGE, Text, join

__all__ = ["Question", "open_questions", "question_table", "questions", "questions_page"]

_LANGUAGES = ("en", "zh", "zh_TW")


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the manual asks for and does not settle: a figure, a rule, levels, or who sees data.

    `clauses` are the manual's, the first of them the one under which it is listed; `answer` is where in the company's
    overlay the answer goes.
    """

    id: str
    label: Text
    ask: Text
    clauses: tuple[str, ...]
    answer: str

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """The question as JSON-able data, its words in `lang`."""
        return {
            "id": self.id,
            "label": self.label.text(lang),
            "ask": self.ask.text(lang),
            "clauses": list(self.clauses),
            "answer": self.answer,
        }


def questions(program: Program) -> Mapping[str, tuple[Question, ...]]:
    """What is open, by clause in the order of the manual; under "" what rests on no clause."""
    found: dict[str, list[Question]] = {}
    for one in _all(program):
        found.setdefault(one.clauses[0] if one.clauses else "", []).append(one)
    order = {name: number for number, name in enumerate(program.clauses)}
    ranked = sorted(found, key=lambda clause: (order.get(clause, len(order)), clause))
    return {clause: tuple(found[clause]) for clause in ranked}


def open_questions(program: Program) -> Mapping[str, tuple[str, ...]]:
    """What is open by clause, by the ids alone."""
    return {clause: tuple(one.id for one in asked) for clause, asked in questions(program).items()}


def _all(program: Program) -> Iterator[Question]:
    for parameter in program.parameters.values():
        if parameter.unset:
            yield _question(parameter, _figure(program, parameter), f"set: {parameter.id}")
    for decision in program.decisions.values():
        if decision.body is None:
            yield _question(decision, _rule(program, decision), f"decisions: {decision.id}")
    for scheme in program.schemes.values():
        if not scheme.levels:
            section = "tiers" if scheme.kind == "tier" else "risks"
            yield _question(scheme, _levels(scheme), f"{section}: {scheme.id}")
    for category in program.categories.values():
        if category.source and category.steward is not None and not (category.seen_by or category.changed_by):
            label = category.label or Text.of(category.id)
            yield Question(category.id, label, _words("ask_readers"), category.source, f"categories: {category.id}")


def _question(node: Parameter | Decision | Scheme, ask: Text, answer: str) -> Question:
    return Question(node.id, node.label or Text.of(node.id), ask, node.source, answer)


def _words(key: str, **fields: Text) -> Text:
    return Text(
        tuple((one, say(key, one, **{name: text.text(one) for name, text in fields.items()})) for one in _LANGUAGES)
    )


def _levels(scheme: Scheme) -> Text:
    """Which levels, with those that the manual gives as an example."""
    if not scheme.labels:
        return _words("ask_levels")
    pairs = [(one, join([text.text(one) for text in scheme.labels.values()], one)) for one in _LANGUAGES]
    return _together([_words("ask_levels"), _words("ask_example", value=Text(tuple(pairs)))])


def _figure(program: Program, parameter: Parameter) -> Text:
    """How long, how many or which; for each level, among which, and what the manual gives as an example."""
    parts = [_words(_kind(parameter.type))]
    scheme = program.nodes.get(parameter.per or "")
    if scheme is not None:
        parts.append(_words("ask_per", scheme=scheme.label or Text.of(scheme.id)))
    if parameter.choices:
        parts.append(_words("ask_among", choices=choices(parameter)))
    if parameter.suggested:
        parts.append(_words("ask_example", value=example(program, parameter)))
    return _together(parts)


def _kind(type_: Type) -> str:
    name = str(type_)
    if "duration" in name or "time" in name:
        return "ask_duration"
    if isinstance(type_, ListType):
        return "ask_which"
    return {"number": "ask_number", "boolean": "ask_whether"}.get(
        name, "ask_number" if "number" in name else "ask_which"
    )


def _rule(program: Program, decision: Decision) -> Text:
    names = [program.nodes[name].label or Text.of(name) for name in decision.criteria if name in program.nodes]
    parts = [_words("ask_rule")]
    if names:
        pairs = [(lang, join([name.text(lang) for name in names], lang)) for lang in _LANGUAGES]
        parts.append(_words("ask_criteria", names=Text(tuple(pairs))))
    return _together(parts)


def _together(parts: list[Text]) -> Text:
    gaps = {"en": "; ", "zh": "；", "zh_TW": "；"}
    return Text(tuple((lang, gap.join(part.text(lang) for part in parts)) for lang, gap in gaps.items()))


def question_table(program: Program, lang: str) -> Markup:
    """The questions as a table, each clause with its words once."""
    rows: list[list[str | Markup]] = []
    for clause, asked in questions(program).items():
        head: str | Markup = _clause(program, clause, lang)
        for one in asked:
            rows.append([head, one.label.text(lang), one.ask.text(lang), tag("code", one.answer)])
            head = ""
    return table([say(key, lang) for key in ("clause", "question", "asked", "answer_in")], rows)


def _clause(program: Program, clause: str, lang: str) -> Markup:
    known = program.clauses.get(clause)
    text = known.text.text(lang) if known is not None and known.text is not None else ""
    return tag("div", tag("b", clause, class_="clause"), tag("div", text, class_="soft"))


def questions_page(program: Program, lang: str = DEFAULT_LANGUAGE) -> str:
    """One self-contained page to take into the meeting in which they are answered."""
    asked = questions(program)
    number = sum(len(one) for one in asked.values())
    name = program.label.text(lang) if program.label is not None else program.id
    counts = figures([(say("open_questions", lang), str(number)), (say("clauses_short", lang), str(len(asked)))])
    lead = say("questions_lead", lang, name=name)
    foot = say("foot", lang, name=program.id, version=program.version, digest=program.digest[:12])
    body = section("questions", say("open_questions", lang), counts, question_table(program, lang))
    return page(say("questions_title", lang), lead, [body], foot, lang)
