"""A policy as a handbook: what a new employee reads and an inspector accepts, on one self-contained page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from relflow.calendars import FESTIVALS
from relflow.program import Code, Decision, Obligation, Program, Scheme
from relflow.report.conditions import condition
from relflow.report.effects import effects_text
from relflow.report.handbook_cases import workflow_parts
from relflow.report.handbook_data import data_parts, indicator_table, kpi_table
from relflow.report.handbook_tables import cadence_parts, decision_parts, parameter_table, plain
from relflow.report.handbook_words import say
from relflow.report.html import Markup, clause_list, page, section, table, tag
from relflow.report.questions import question_table, questions
from relflow.text import DEFAULT_LANGUAGE, Text, join

__all__ = ["handbook"]


def handbook(
    program: Program,
    lang: str = DEFAULT_LANGUAGE,
    carried: Mapping[str, Sequence[str]] | None = None,
    named: Mapping[str, Text] | None = None,
) -> str:
    """The handbook of a policy in `lang`, as an HTML document.

    `carried` says for each clause which elements carry it, for the index of clauses, `named` what people call events
    and the conditions of holding a role. What the policy leaves open is
    shown as open, with its clause; nothing is made up.
    """
    title = program.label.text(lang) if program.label is not None else program.id
    sections = list(_sections(program, lang, carried or {}, named or {}))
    since = program.effective[0]
    lead = say("lead", lang, name=program.id, version=program.version, since=since or "-")
    foot = say("foot", lang, name=program.id, version=program.version, digest=program.digest[:12])
    return page(title, lead, sections, foot, lang)


def _sections(
    program: Program, lang: str, carried: Mapping[str, Sequence[str]], named: Mapping[str, Text]
) -> Iterator[tuple[str, str, Markup]]:
    shown: set[str] = set()
    for scheme in program.schemes.values():
        if scheme.from_ is not None:
            shown.add(scheme.from_)
        yield section(f"scheme-{scheme.id}", _name(scheme.label, scheme.id, lang), *_scheme(program, scheme, lang))
    others = [node for name, node in program.decisions.items() if name not in shown]
    if others:
        parts = [part for node in others for part in _decision(program, node, lang)]
        yield section("decisions", say("decisions", lang), *parts)
    if program.indicators:
        yield section("indicators", say("indicators", lang), indicator_table(program, lang))
    for cadence in program.cadences.values():
        name = _name(cadence.label, cadence.id, lang)
        yield section(f"cadence-{cadence.id}", name, *cadence_parts(program, cadence, lang))
    for workflow in program.workflows.values():
        yield section(f"workflow-{workflow.id}", workflow.label.text(lang), *workflow_parts(workflow, lang))
    if program.obligations:
        yield section("obligations", say("obligations", lang), _obligations(program, named, lang))
    if program.kpis:
        yield section("kpis", say("kpis", lang), kpi_table(program, lang))
    if program.categories:
        yield section("data", say("data", lang), *data_parts(program, lang))
    if program.roles:
        yield section("roles", say("roles", lang), _roles(program, named, lang))
    if program.parameters:
        yield section("parameters", say("parameters", lang), parameter_table(program, lang))
    if questions(program):
        intro = tag("p", say("questions_lead", lang, name=_name(program.label, program.id, lang)))
        yield section("questions", say("questions_title", lang), intro, question_table(program, lang))
    if program.clauses:
        yield section("clauses", say("clauses", lang), _clauses(program, lang, carried))


def _name(label: Text | None, identifier: str, lang: str) -> str:
    return label.text(lang) if label is not None else identifier


def _scheme(program: Program, scheme: Scheme, lang: str) -> Iterator[Markup]:
    """The levels, what moves an account between them, and the rule that says which."""
    gives = any(scheme.gives.get(level) for level in scheme.levels)
    rows = [
        [
            _name(scheme.labels.get(level), level, lang),
            level,
            *([join(list(scheme.gives.get(level, ())), lang)] * gives),
        ]
        for level in scheme.levels
    ]
    heading = [say("level", lang), say("id", lang), *([say("gives", lang)] * gives)]
    yield table(heading, rows) if rows else tag("p", tag("span", say("open", lang), class_="pill warn"))
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
    yield tag("h3", _name(node.label, node.id, lang), tag("small", " ", clause_list(node.source), class_="soft"))
    yield from decision_parts(program, node, lang)


def _obligations(program: Program, named: Mapping[str, Text], lang: str) -> Markup:
    rows: list[list[str | Markup]] = []
    for one in program.obligations.values():
        when = say(f"trigger_{one.trigger}", lang)
        detail = tag("div", *(tag("div", line) for line in _occasion(program, one, named, lang)))
        what = effects_text(program, one.do, lang)
        rows.append([_name(one.label, one.id, lang), when, detail, what, clause_list(one.source)])
    heading = [say(key, lang) for key in ("obligation", "occasion", "detail", "what", "clause")]
    return table(heading, rows)


def _occasion(program: Program, one: Obligation, named: Mapping[str, Text], lang: str) -> Iterator[str]:
    """When exactly, a line each: the rhythm, the day or the condition, whom it concerns, how long before or after."""
    if one.target is not None:
        yield plain(program, one.target, lang)
    if one.at_most is not None:
        yield say("limit", lang, value=plain(program, one.at_most, lang))
    if one.event is not None:
        yield _name(named.get(one.event), one.event, lang)
    if one.day is not None:
        known = program.nodes.get(one.day)
        yield _name(known.label if known is not None else named.get(one.day), one.day, lang)
    if one.festivals:
        shown = [_festival(program, festival, lang) for festival in one.festivals]
        yield join(shown, lang)
    for key, code in (("becomes", one.becomes), ("only_if", one.when)):
        if isinstance(code, Code):
            node = program.nodes.get(code.text.strip())
            named_so = node.label if node is not None else None
            said = named_so.text(lang) if named_so is not None else condition(program, code, lang)
            text = said if isinstance(said, str) else code.text
            yield text if key == "becomes" else say(key, lang, value=text)
    for key, length in (("days_before", one.before), ("days_after", one.after)):
        if length is not None:
            yield say(key, lang, value=plain(program, length, lang))


def _festival(program: Program, festival: object, lang: str) -> str:
    if isinstance(festival, str):
        return FESTIVALS[festival].text(lang) if festival in FESTIVALS else festival
    return plain(program, festival, lang)


def _roles(program: Program, named: Mapping[str, Text], lang: str) -> Markup:
    rows: list[list[str | Markup]] = []
    for role in program.roles.values():
        holder = program.nodes.get(role.from_ or "")
        body = [*([role.lead] if role.lead else []), *role.members]
        fact = _name(holder.label if holder is not None else None, role.from_ or "", lang)
        holders = say("named_in", lang, fact=fact) if role.from_ else ""
        labels = [_name(program.roles[name].label if name in program.roles else None, name, lang) for name in body]
        needs = join([_name(named.get(name), name, lang) for name in role.requires], lang)
        rows.append([_name(role.label, role.id, lang), holders or join(labels, lang), needs, clause_list(role.source)])
    return table([say(key, lang) for key in ("role", "holders", "requires", "clause")], rows)


def _carrier(program: Program, path: str, lang: str) -> str:
    """What carries a clause, as people call it; what has no label by its path."""
    section, _, name = path.partition(".")
    if section in ("facts", "parameters", "decisions", "indicators", "tiers", "risks"):
        found: object = program.nodes.get(name)
    else:
        found = getattr(program, section, {}).get(name)
    label = getattr(found, "label", None)
    return label.text(lang) if isinstance(label, Text) else path


def _clauses(program: Program, lang: str, carried: Mapping[str, Sequence[str]]) -> Markup:
    """Each clause with what carries it, or why software cannot."""
    rows: list[list[str | Markup]] = []
    for clause in program.clauses.values():
        text = clause.text or clause.outside
        words = tag("span", text.text(lang) if text is not None else "")
        tops = dict.fromkeys(".".join(path.split(".")[:2]) for path in carried.get(clause.id, ()))
        where = tag("span", join([_carrier(program, top, lang) for top in tops], lang))
        if clause.outside is not None:
            reason = tag("div", clause.outside.text(lang), class_="soft")
            where = tag("div", tag("span", say("outside", lang), class_="pill plain"), reason)
        rows.append([tag("span", clause.id, class_="clause"), words, where])
    return table([say(key, lang) for key in ("clause", "text", "carried_by")], rows)
