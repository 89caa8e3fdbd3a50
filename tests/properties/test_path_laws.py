"""Laws of the checks over paths: they find exactly what firing every sequence of events would find."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from relflow.checks.trap_state import check_trap_states
from relflow.checks.unreachable_state import check_unreachable_states
from relflow.checks.violated_always import check_always
from relflow.checks.violated_never import check_never
from relflow.program.workflows import Action, Always, Never, Workflow
from relflow.results import Actor, Case, Opening, Roles, Trigger
from relflow.workflow import open_case, step
from tests.strategies.workflows import SPAN, alternative, datum, event, literal, state, workflow

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CLERK = Roles(frozenset({"clerk"}))
WIPE = Action("set", SPAN, values=(("plan", literal(None)),))
FILL = Action("set", SPAN, values=(("plan", literal("x")),))


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """A few states, arrows anywhere, a datum that events need, may bring, fill or wipe; one rule of each kind."""
    names = [f"s{number}" for number in range(draw(st.integers(2, 5)))]
    kinds = st.sampled_from(["plain", "plain", "needs", "may", "fill", "wipe"])
    settings_: dict[str, dict[str, Any]] = {
        "plain": {},
        "needs": {"needs": ("plan",)},
        "may": {"may": ("plan",)},
        "fill": {"actions": (FILL,)},
        "wipe": {"actions": (WIPE,)},
    }
    states = []
    for name in names:
        ways = draw(st.lists(st.tuples(st.sampled_from(names), kinds), max_size=3))
        events = [
            event(f"{name}e{number}", alternative(f"{name}e{number}", target, **settings_[kind]))
            for number, (target, kind) in enumerate(ways)
        ]
        states.append(state(name, *events, final=draw(st.booleans())))
    some = st.frozensets(st.sampled_from(names), min_size=1, max_size=2)
    every = [name for one in states for name in one.events]
    unless = frozenset(draw(st.sets(st.sampled_from(every), max_size=1)) if every else ())
    rules: dict[str, Any] = {
        "never": (Never(draw(some), draw(some), unless, SPAN, ""),),
        "always": (Always(draw(some), ("plan",), SPAN, ""),),
    }
    return workflow(*states, data=[datum("plan")], **rules)


def cases(flow: Workflow) -> Iterator[tuple[Case, frozenset[str], frozenset[str]]]:
    """Every case that any sequence of events leads to, with the states it passed and the events that were fired.

    Data that an event may bring are brought once and left out once.
    """
    first = open_case(flow, Opening("K", flow.id, {}), None, {}, CLERK, NOW).case
    waiting = [(first, frozenset({first.state}), frozenset[str]())]
    seen: set[tuple[str, object, frozenset[str], frozenset[str]]] = set()
    while waiting:
        case, passed, fired = waiting.pop()
        key = (case.state, case.data.get("plan"), passed, fired)
        if key in seen:
            continue
        seen.add(key)
        yield case, passed, fired
        for name, one in flow.states[case.state].events.items():
            for data in ({}, {"plan": "x"}):
                if bool(data) > bool(one.alternatives[0].takes) or (not data and _asks(flow, case, name)):
                    continue
                trigger = Trigger("event", name, actor=Actor("ann"), data=data)
                after = step(flow, case, trigger, {}, CLERK, NOW).case
                waiting.append((after, passed | {after.state}, fired | {name}))


def _asks(flow: Workflow, case: Case, name: str) -> bool:
    return bool(flow.states[case.state].events[name].alternatives[0].needs) and case.data.get("plan") is None


def found(check: Any, flow: Workflow) -> list[Any]:
    """What a check says of one workflow."""
    return list(check(SimpleNamespace(workflows={"w": flow})))


@given(workflows())
@settings(max_examples=80)
def test_paths_are_what_firing_every_sequence_of_events_shows(flow: Workflow) -> None:
    """Unreachable states, forbidden paths and missing data are found if and only if some sequence shows them."""
    everything = list(cases(flow))
    there = {case.state for case, _, _ in everything}
    never, always = flow.never[0], flow.always[0]

    unreachable = {dict(one.fields)["state"] for one in found(check_unreachable_states, flow)}
    assert unreachable == set(flow.states) - there
    broken = any(
        case.state in never.reach and not passed & never.without and not fired & never.unless
        for case, passed, fired in everything
    )
    assert bool(found(check_never, flow)) == broken
    without = any(case.state in always.states and case.data.get("plan") is None for case, _, _ in everything)
    assert bool(found(check_always, flow)) == without


@given(workflows())
@settings(max_examples=40)
def test_a_state_is_a_trap_exactly_if_no_case_ever_leaves_it_for_an_end(flow: Workflow) -> None:
    """From every other reachable state that is not final some sequence of events leads on."""
    traps = {dict(one.fields)["state"] for one in found(check_trap_states, flow)}
    finals = {name for name, one in flow.states.items() if one.final}
    ways = {name: {one.alternatives[0].target for one in place.events.values()} for name, place in flow.states.items()}
    there = {case.state for case, _, _ in cases(flow)}
    for name in there - finals:
        onward, waiting = {name}, [name]
        while waiting:
            for target in ways[waiting.pop()]:
                if target is not None and target not in onward:
                    onward.add(target)
                    waiting.append(target)
        leads_on = onward != {name} and (not finals or bool(onward & finals))
        assert (name in traps) != leads_on
