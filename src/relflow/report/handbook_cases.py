"""How cases run, in the handbook: the diagram, who does what, deadlines and what happens at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from relflow.program import evaluate
from relflow.program.workflows import Action, Alternative, Clock, Workflow
from relflow.report.conditions import guard
from relflow.report.diagrams import svg
from relflow.report.handbook_tables import plain
from relflow.report.handbook_words import say
from relflow.report.html import Markup, clause_list, table, tag
from relflow.text import join

__all__ = ["workflow_parts"]


def workflow_parts(workflow: Workflow, lang: str) -> Iterator[Markup]:
    """A workflow on paper."""
    yield Markup(svg(workflow, lang))
    rows: list[list[str | Markup]] = []
    for state in workflow.states.values():
        name = state.label.text(lang)
        for event in state.events.values():
            if event.everywhere:
                continue
            for alternative in event.alternatives:
                label = alternative.label.text(lang) if alternative.label is not None else event.label.text(lang)
                rows.append([name, label, *_alternative(workflow, alternative, lang)])
                name = ""
    yield table(
        [say(key, lang) for key in ("state", "event", "to", "who", "needs", "when", "clause")], rows, sparse=True
    )
    clocks = [clock for clock in workflow.clocks.values() if not clock.hidden]
    if clocks:
        yield table(
            [say(key, lang) for key in ("clock", "within", "ladder", "clause")],
            [_clock(workflow, clock, lang) for clock in clocks],
            sparse=True,
        )


def _alternative(workflow: Workflow, alternative: Alternative, lang: str) -> list[str | Markup]:
    target = workflow.states[alternative.target].label.text(lang) if alternative.target else ""
    signers = alternative.signers
    names = [workflow.roles[role].label.text(lang) if role in workflow.roles else role for role in signers.roles]
    who = (" + " if signers.mode == "all" else " / ").join(names) if signers.declared else say("anybody", lang)
    needs = join(
        [workflow.data[name].label.text(lang) if name in workflow.data else name for name in alternative.needs], lang
    )
    when = guard(workflow, alternative.when, lang) if alternative.when is not None else ""
    return [target, who, needs, when, clause_list(_own(workflow, alternative.source))]


def _clock(workflow: Workflow, clock: Clock, lang: str) -> list[str | Markup]:
    colon, gap = ("：", "；") if lang.startswith("zh") else (": ", "; ")
    steps = [
        tag("div", step.at.text(lang) + colon + gap.join(_action(workflow, one, lang) for one in step.actions))
        for step in clock.steps
    ]
    return [
        clock.label.text(lang),
        _within(workflow, clock, lang),
        tag("div", *steps),
        clause_list(_own(workflow, clock.source)),
    ]


def _within(workflow: Workflow, clock: Clock, lang: str) -> str:
    """The duration, the datum that says the day, or what the policy says of that name."""
    written = clock.within.text.strip().removeprefix("=").strip()
    if written in workflow.data:
        return workflow.data[written].label.text(lang)
    expected, program = workflow.expects.get(written), workflow.program
    if expected is None or program is None:
        return written
    value = expected.default if expected.origin == "default" else None
    if written in program.parameters:
        value = evaluate(program, written, {}).value
    shown = plain(program, value, lang) if value is not None else say("open_value", lang)
    return expected.label.text(lang) + ("：" if lang.startswith("zh") else ": ") + shown


def _action(workflow: Workflow, action: Action, lang: str) -> str:
    people = [_person(workflow, one.name, lang) for one in action.recipients]
    data = workflow.data.get(action.target)
    target = data.label.text(lang) if data is not None else action.target
    verb = say(f"do_{action.verb}", lang)
    return (verb + ("" if lang.startswith("zh") else " ") + (join(people, lang) or target)).strip()


def _person(workflow: Workflow, name: str, lang: str) -> str:
    if name in workflow.roles:
        return workflow.roles[name].label.text(lang)
    return say(name, lang) if name in ("owner", "customer") else name


def _own(workflow: Workflow, source: Sequence[str]) -> Sequence[str]:
    """The clauses of the policy's own manual; those of other manuals that share the workflow are left out."""
    known = workflow.program.clauses if workflow.program is not None else {}
    return [one for one in source if one in known] if known else source
