"""A policy as a handbook: what a new employee reads and an inspector accepts, on one self-contained page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from relflow.program import Decision, Program, Scheme
from relflow.report.handbook_cases import workflow_parts
from relflow.report.handbook_tables import cadence_parts, decision_parts, parameter_table, plain
from relflow.report.handbook_words import say
from relflow.report.html import Markup, page, section, table, tag
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["handbook", "open_questions"]


def handbook(program: Program, lang: str = DEFAULT_LANGUAGE, carried: Mapping[str, Sequence[str]] | None = None) -> str:
    """The handbook of a policy in `lang`, as an HTML document.

    `carried` says for each clause which elements carry it, for the index of clauses. What the policy leaves open is
    shown as open, with its clause; nothing is made up.
    """
    title = program.label.text(lang) if program.label is not None else program.id
    sections = list(_sections(program, lang, carried or {}))
    since = program.effective[0]
    lead = say("lead", lang, name=program.id, version=program.version, since=since or "-")
    foot = say("foot", lang, name=program.id, version=program.version, digest=program.digest[:12])
    return page(title, lead, sections, foot, lang)


def _sections(program: Program, lang: str, carried: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str, Markup]]:
    shown: set[str] = set()
    for scheme in program.schemes.values():
        if scheme.from_ is not None:
            shown.add(scheme.from_)
        yield section(f"scheme-{scheme.id}", _name(scheme.label, scheme.id, lang), *_scheme(program, scheme, lang))
    others = [node for name, node in program.decisions.items() if name not in shown]
    if others:
        parts = [part for node in others for part in _decision(program, node, lang)]
        yield section("decisions", say("decisions", lang), *parts)
    for cadence in program.cadences.values():
        name = _name(cadence.label, cadence.id, lang)
        yield section(f"cadence-{cadence.id}", name, *cadence_parts(program, cadence, lang))
    for workflow in program.workflows.values():
        yield section(f"workflow-{workflow.id}", workflow.label.text(lang), *workflow_parts(workflow, lang))
    if program.obligations:
        yield section("obligations", say("obligations", lang), _obligations(program, lang))
    if program.roles:
        yield section("roles", say("roles", lang), _roles(program, lang))
    if program.parameters:
        yield section("parameters", say("parameters", lang), parameter_table(program, lang))
    if program.clauses:
        yield section("clauses", say("clauses", lang), _clauses(program, lang, carried))


def _name(label: Text | None, identifier: str, lang: str) -> str:
    return label.text(lang) if label is not None else identifier


def _scheme(program: Program, scheme: Scheme, lang: str) -> Iterator[Markup]:
    """The levels, what moves an account between them, and the rule that says which."""
    rows = [
        [_name(scheme.labels.get(level), level, lang), level, ", ".join(scheme.gives.get(level, ()))]
        for level in scheme.levels
    ]
    yield table([say("level", lang), say("id", lang), say("gives", lang)], rows)
    for key in ("review_every", "lower_after", "minimum_stay"):
        code = getattr(scheme, key)
        if code is not None:
            yield tag("p", say(key, lang, value=plain(program, code, lang)))
    if scheme.lower_reviews is not None:
        yield tag("p", say("lower_reviews", lang, value=scheme.lower_reviews))
    node = program.nodes.get(scheme.from_ or "")
    if isinstance(node, Decision):
        yield from _decision(program, node, lang)


def _decision(program: Program, node: Decision, lang: str) -> Iterator[Markup]:
    clauses = f" ({', '.join(node.source)})" if node.source else ""
    yield tag("h3", _name(node.label, node.id, lang), tag("small", clauses, class_="soft"))
    yield from decision_parts(program, node, lang)


def _obligations(program: Program, lang: str) -> Markup:
    rows = []
    for one in program.obligations.values():
        when = say(f"trigger_{one.trigger}", lang)
        detail = one.target if one.target is not None else one.becomes or one.event or one.day
        what = ", ".join(_effect(effect) for effect in one.do)
        rows.append([_name(one.label, one.id, lang), when, plain(program, detail, lang), what, ", ".join(one.source)])
    heading = [say(key, lang) for key in ("obligation", "occasion", "detail", "what", "clause")]
    return table(heading, rows)


def _effect(effect: object) -> str:
    """An effect as its author would name it: the verb and what it is applied to."""
    verb = type(effect).__name__.lower()
    for part in ("workflow", "action", "target"):
        named = getattr(effect, part, None)
        if named is not None:
            return f"{verb} {named.text}"
    to = getattr(effect, "to", ())
    people = to if isinstance(to, tuple) else (to,)
    return f"{verb} {', '.join(one.text.text for one in people)}".strip()


def _roles(program: Program, lang: str) -> Markup:
    rows = []
    for role in program.roles.values():
        holders = role.from_ or ", ".join([*([role.lead] if role.lead else []), *role.members])
        needs = ", ".join(role.requires)
        rows.append([_name(role.label, role.id, lang), role.id, holders, needs, ", ".join(role.source)])
    return table([say(key, lang) for key in ("role", "id", "holders", "requires", "clause")], rows)


def _clauses(program: Program, lang: str, carried: Mapping[str, Sequence[str]]) -> Markup:
    """Each clause with what carries it, or why software cannot."""
    rows: list[list[str | Markup]] = []
    for clause in program.clauses.values():
        text = clause.outside or clause.text
        where: str | Markup = ", ".join(carried.get(clause.id, ()))
        if clause.outside is not None:
            where = tag("span", say("outside", lang), class_="pill plain")
        rows.append([clause.id, text.text(lang) if text is not None else "", where])
    return table([say(key, lang) for key in ("clause", "text", "carried_by")], rows)


def open_questions(program: Program) -> Mapping[str, tuple[str, ...]]:
    """What the company still has to decide: parameters without a value and decisions without a rule, by clause."""
    found: dict[str, list[str]] = {}
    for name, parameter in program.parameters.items():
        if parameter.unset:
            for clause in parameter.source or ("",):
                found.setdefault(clause, []).append(name)
    for name, decision in program.decisions.items():
        if decision.body is None:
            for clause in decision.source or ("",):
                found.setdefault(clause, []).append(name)
    return {clause: tuple(names) for clause, names in sorted(found.items())}
