"""Laws of migration: whatever the route, nothing of a case is lost that its author did not give up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from relflow.errors import RefusedError
from relflow.results import Actor, Opening, Roles, Step, Trigger
from relflow.workflow import Route, migrate, open_case, step
from tests.strategies.scripts import ZONE, compiled

START = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
OLD = compiled("""
workflow: f
version: 1
data: {a: {type: string}, b: {type: number}, c: {type: string}}
initial: s
states:
  s: {pauses: [k], events: {go: {to: t, may: [a, b, c]}}}
  t: {events: {back: {to: s, may: [a, b]}, late: {to: u, after: 2 days}, end: {to: u}}}
  u: {final: true}
clocks:
  k: {from: s, until: u, within: 1 working day, steps: [{at: 50%, do: [{set: {c: late}}]}]}
  m: {from: t, until: s, within: 4 working hours}
""")
NEW = compiled("""
workflow: f
version: 2
data: {a: {type: string}, b: {type: string}, n: {type: number}, d: {type: string}}
initial: s
states:
  s: {events: {go: {to: w}}}
  w: {pauses: [k], events: {back: {to: s}, late: {to: u, after: 1 day}}}
  u: {final: true}
clocks:
  k: {from: s, until: u, within: 3 working days}
  x: {from: w, until: [s, u], within: 2 working hours}
""")
moves = st.tuples(
    st.sampled_from(["go", "back", "end"]), st.sets(st.sampled_from("abc")), st.sampled_from([10, 60, 600, 2900])
)
names: dict[str, Any] = {
    "states": (["s", "t"], ["s", "w", "u"]),
    "data": (["a", "b", "c"], ["a", "b", "n", "d", None]),
    "clocks": (["k", "m", "after t.late"], ["k", "x", "after w.late", None]),
    "events": (["go", "back"], ["go", "back", None]),
}
routes = st.builds(
    Route,
    recompute=st.booleans(),
    **{kind: st.dictionaries(st.sampled_from(old), st.sampled_from(new)) for kind, (old, new) in names.items()},
)


def played(script: list[Any]) -> tuple[Step, datetime]:
    """A case after some events and the timers before them."""
    last, now = open_case(OLD, Opening("K", "f", {}), None, {}, Roles(), START), START
    for name, given_, minutes in script:
        now += timedelta(minutes=minutes)
        while last.timers and last.timers[0].due_at <= now:
            timer = last.timers[0]
            trigger = Trigger("timer", f"{timer.clock}:{timer.step}", data={"lap": timer.lap})
            last = step(OLD, last.case, trigger, {}, Roles(), timer.due_at)
        data = {key: 7 if key == "b" else key for key in given_}
        try:
            trigger = Trigger("event", name, actor=Actor("zhang"), data=data)
            last = step(OLD, last.case, trigger, {}, Roles(), now)
        except RefusedError:
            continue
    return last, now


@given(st.lists(moves, max_size=6), routes)
@settings(max_examples=150)
def test_a_case_moves_whole_or_stays(script: list[Any], route: Route) -> None:
    """Each datum with a value and each running clock is in the new case or was given up; else the case stays."""
    last, now = played(script)
    case = last.case
    move = migrate(NEW, case, route, Trigger("admin", "migrate", actor=Actor("root")), {}, Roles(), now)
    event("moves" if move.step else f"stays: {move.problems[0].kind}")
    assert (move.step is None) == bool(move.problems)
    assert migrate(NEW, case, route, Trigger("admin", "migrate", actor=Actor("root")), {}, Roles(), now) == move
    if move.step is None:
        return
    after = move.step.case
    assert (after.definition, after.version, after.state) == (
        NEW.digest, case.version + 1, route.states.get(case.state, case.state),
    )  # fmt: skip
    for name, value in case.data.items():
        new = route.data.get(name, name)
        assert value is None or new is None or after.data[new] == value
    given_up = {old for old, new in route.clocks.items() if new is None}
    running = [one for one in case.clocks.values() if one.running and one.name not in given_up]
    for clock in running:
        kept = after.clocks[route.clocks.get(clock.name) or clock.name]
        assert kept.running
        assert (kept.started_at, kept.fired) == (clock.started_at, clock.fired)
        if not route.recompute:
            assert kept.state["within"] == clock.state["within"]
    assert {timer.clock for timer in move.step.timers} <= {one.name for one in after.clocks.values() if one.running}
    # what moved is a case of the new version like any other: its next step is taken
    again = step(NEW, after, Trigger("admin", "recompute"), {}, Roles(), now)
    assert replace(again.case, version=0, clocks={}) == replace(after, version=0, clocks={})


@given(st.lists(moves, max_size=6))
def test_an_empty_route_to_the_same_version_changes_nothing(script: list[Any]) -> None:
    """State, data, clocks and timers stay as they are."""
    last, now = played(script)
    move = migrate(OLD, last.case, Route(), Trigger("admin", "migrate"), {}, Roles(), now)
    if last.case.closed:
        assert move.step is not None
        return
    assert move.step is not None
    assert move.step.case == replace(last.case, version=last.case.version + 1, updated_at=now)
    assert move.step.timers == last.timers
