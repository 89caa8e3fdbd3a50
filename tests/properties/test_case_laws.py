"""Laws of cases: whatever is fired in whatever order, a case stays what its workflow says it can be."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from relflow.checks.paths import reached
from relflow.errors import RefusedError
from relflow.program.workflows import Workflow
from relflow.results import Actor, Case, Opening, Roles, Step, Trigger
from relflow.workflow import allowed, ledger, open_case, step, timeline
from tests.strategies.scripts import ZONE, shipped
from tests.strategies.workflows import alternative, clock, event, state, workflow

TIMES = """
parameters:
  first_response_time: {type: duration, value: 4 working hours}
  resolution_time: {type: duration, value: 2 working days}
"""
COMPLAINT = shipped("complaint", TIMES)
AGAIN = shipped("complaint", TIMES + "\n")
PEOPLE = {
    "zhang": frozenset({"customer_service"}),
    "li": frozenset({"account_manager"}),
    "wang": frozenset({"department_lead", "account_manager"}),
    "guest": frozenset(),
    "clerk": frozenset({"clerk"}),
}
MEMBERS = {"account_manager": ("li",), "customer_service": ("zhang",), "department_lead": ("wang",)}
START = datetime(2026, 2, 13, 17, 30, tzinfo=ZONE)
WORDS: dict[str, Any] = {
    "demand": "d", "cause": "c", "responsible_department": "r", "solution": "s", "objection": "o", "result": "r",
    "reason": "x", "handed_to": "wang", "actions": [{"title": "t", "owner": "li"}],
}  # fmt: skip

moves = st.tuples(
    st.sampled_from([*COMPLAINT.events, "nonsense"]),
    st.sampled_from(list(PEOPLE)),
    st.sets(st.sampled_from(list(WORDS)), max_size=4),
    st.integers(0, 60 * 24 * 3),
)


def opened(flow: Workflow) -> Step:
    """A new case."""
    data = {"channel": "phone", "description": "d"} if flow.id == "complaint" else {}
    return open_case(flow, Opening("K", flow.id, data, account="C"), None, {}, Roles(members=MEMBERS), START)


def play(flow: Workflow, script: list[tuple[str, str, set[str], int]], *, asked: bool = True) -> list[Step]:
    """The steps that were taken; refusals leave everything as it was. With `asked` exactly the needed data come."""
    taken, now = [opened(flow)], START
    for name, who, words, minutes in script:
        now += timedelta(minutes=minutes)
        taken += ring(flow, taken[-1], now)
        case = taken[-1].case
        found = flow.states[case.state].events.get(name)
        needs = found.alternatives[0].needs if found is not None else ()
        data = {word: WORDS[word] for word in (needs if asked else sorted(words))}
        trigger = Trigger("event", name, actor=Actor(who), data=data)
        before = pickle.dumps(case)
        try:
            taken.append(step(flow, case, trigger, {}, Roles(PEOPLE[who], MEMBERS), now))
        except RefusedError as refused:
            assert refused.reason in {"event", "state", "role", "guard", "needs", "data"}
            assert refused.text("en")
            assert refused.text("zh")
        assert pickle.dumps(case) == before
    return taken


def ring(flow: Workflow, last: Step, now: datetime) -> list[Step]:
    """The timers that are due by now, soonest first."""
    found: list[Step] = []
    while last.timers and last.timers[0].due_at <= now:
        timer = last.timers[0]
        trigger = Trigger("timer", f"{timer.clock}:{timer.step}", data={"lap": timer.lap})
        last = step(flow, last.case, trigger, {}, Roles(members=MEMBERS), timer.due_at)
        found.append(last)
    return found


def held(flow: Workflow, before: Case | None, after: Step) -> None:
    """What is true of every step."""
    case = after.case
    assert case.state in flow.states
    assert case.closed == flow.states[case.state].final
    assert after.entry.seq == case.version == (before.version + 1 if before is not None else 1)
    assert after.entry.before == (before.state if before is not None else None)
    assert not (case.closed and (after.timers or any(one.running for one in case.clocks.values())))
    assert {timer.clock for timer in after.timers} <= {one.name for one in case.clocks.values() if one.running}
    keys = [*(one.key for one in after.messages), *(one.id for one in after.openings)]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith(f"K:{case.version}:") for key in keys)
    assert list(after.timers) == sorted(after.timers, key=lambda one: one.due_at)


@given(st.lists(moves, max_size=14), st.booleans())
@settings(max_examples=50)
def test_whatever_happens_to_a_complaint_it_stays_one(script: list[Any], asked: bool) -> None:
    """States, versions, keys, timers and refusals are what the workflow allows, after any sequence of events."""
    taken = play(COMPLAINT, script, asked=asked)
    before = None
    for one in taken:
        held(COMPLAINT, before, one)
        before = one.case


@given(st.lists(moves, max_size=10))
@settings(max_examples=25)
def test_the_same_script_gives_the_same_steps(script: list[Any]) -> None:
    """Nothing but the arguments has a say: equal inputs give equal steps, also in a workflow compiled anew."""
    first = play(COMPLAINT, script)

    assert play(COMPLAINT, script) == first
    assert play(AGAIN, script) == first


@given(st.lists(moves, max_size=10))
@settings(max_examples=25)
def test_every_history_can_be_told(script: list[Any]) -> None:
    """Timeline, ledgers and buttons exist in both languages for any case there can be."""
    taken = play(COMPLAINT, script)
    case = taken[-1].case
    for lang in ("en", "zh"):
        lines = [line.render(lang) for line in timeline(COMPLAINT, [one.entry for one in taken])]
        assert len(lines) == len(taken)
        assert all(lines)
        for name in case.clocks:
            account = ledger(COMPLAINT, case, name)
            assert account is not None
            assert account.text(lang)
        for one in allowed(COMPLAINT, case, Actor("li"), {}, Roles(PEOPLE["li"], MEMBERS), case.updated_at):
            assert one.label(lang)


@st.composite
def machines(draw: st.DrawFn) -> Workflow:
    """A workflow of a few states with arrows anywhere, and clocks that start, stop and rest anywhere."""
    names = [f"s{number}" for number in range(draw(st.integers(2, 5)))]
    target = st.one_of(st.none(), st.sampled_from(names))
    finals = draw(st.sets(st.sampled_from(names[1:]), max_size=2))
    rests = draw(st.sets(st.sampled_from(names), max_size=2))
    made = [
        state(
            name,
            *(
                event(f"e{number}", alternative(f"e{number}", draw(target)))
                for number in range(draw(st.integers(0, 3)))
            ),
            final=name in finals,
            pauses=["c"] if name in rests else [],
        )
        for name in names
    ]
    until = draw(st.sets(st.sampled_from(names), max_size=2))
    within = draw(st.sampled_from(["4 working hours", "30 hours", "1 month", "3 working days"]))
    return workflow(*made, clocks=[clock("c", draw(st.sampled_from(names)), until, within, ("50%", ()), ("due", ()))])


@given(machines(), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3000)), max_size=15))
@settings(max_examples=60)
def test_any_machine_keeps_to_its_arrows_and_its_clocks(flow: Workflow, script: list[tuple[int, int]]) -> None:
    """A case is only ever where the checks say a path leads; a clock counts no more than the time that passed."""
    there = reached(flow, [flow.initial])
    taken = play(flow, [(f"e{number}", "clerk", set(), minutes) for number, minutes in script])
    laps = 0
    for before, one in zip([None, *(step_.case for step_ in taken)], taken, strict=False):
        held(flow, before, one)
        assert one.case.state in there
        record = one.case.clocks.get("c")
        if record is not None:
            assert laps <= record.lap <= laps + 1
            laps = record.lap
            assert not (record.due_at and record.due_at < record.started_at)
