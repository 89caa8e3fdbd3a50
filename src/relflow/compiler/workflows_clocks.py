"""Clocks: from where until where, how long, what happens on the way; and those behind events with `after`."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.calendars import StepAt, read_step
from relflow.compiler.workflows_effects import compile_actions
from relflow.compiler.workflows_events import key_of
from relflow.compiler.workflows_flow import Flow
from relflow.compiler.world import ids, label
from relflow.diagnostics import Fragment, Message, Severity
from relflow.feel.findings import type_word
from relflow.feel.types import ANY, DATE, DATE_TIME, DAYS_DURATION, MONTHS_DURATION, NULL, WORKING_DURATION, Type
from relflow.model import Clock as ClockModel
from relflow.model import ClockStep as StepModel
from relflow.model import Event as EventModel
from relflow.model import State as StateModel
from relflow.model import Value
from relflow.program import DURATION
from relflow.program.workflows import Clock, ClockStep, Formula
from relflow.text import Text
from relflow.values import Refusal

__all__ = ["compile_clocks"]

NO_TIME = Message.of(
    "missing-within",
    Severity.ERROR,
    "the clock `{name}` does not say how long it runs",
    "计时 `{name}` 没有写明时限",
    "add `within:` with a duration, or `= …`",
    "用 `within:` 写明时长，或写 `= …`",
)
NO_START = Message.of(
    "missing-from",
    Severity.ERROR,
    "the clock `{name}` does not say in which state it starts",
    "计时 `{name}` 没有写明从哪个状态开始计时",
    "add `from:` with a state",
    "用 `from:` 写明状态",
)
NOT_A_TIME = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{text}` is {type}; a clock runs for a duration, or until a date or a date and time",
    "`{text}` 是{type}；计时的时限应为时长、日期或日期时间",
    "write a length of time such as `2 working days`, or name a date",
    "写时长，例如 `2 个工作日`，或填写日期",
)
SAME_POINT = Message.of(
    "duplicate-name",
    Severity.ERROR,
    "two steps of this clock are at `{text}`",
    "该计时有两个步骤都在 `{text}`",
    "write their effects under one step",
    "把它们的动作写在同一步骤里",
)
_LIMITS: tuple[Type, ...] = (
    ANY,
    NULL,
    DURATION,
    DAYS_DURATION,
    MONTHS_DURATION,
    WORKING_DURATION,
    DATE,
    DATE_TIME,
)


def compile_clocks(flow: Flow) -> dict[str, Clock]:
    """The workflow's clocks by their ids, then the hidden ones of events that happen after some time."""
    found = [one for clock in flow.model.clocks if (one := _clock(flow, clock)) is not None]
    return {one.id: one for one in (*found, *_timed(flow))}


def _clock(flow: Flow, clock: ClockModel) -> Clock | None:
    if clock.within is None:
        flow.report(NO_TIME.at(clock.id.span, name=clock.name))
    if not clock.from_:
        flow.report(NO_START.at(clock.id.span, name=clock.name))
    from_, until = flow.states(clock.from_), flow.states(clock.until)
    steps = tuple(_steps(flow, clock.steps))
    within = _limit(flow, clock.within) if clock.within is not None else None
    if within is None or not from_:
        return None
    text = label(clock) or Text.of(clock.name)
    renews = clock.when_changed is not None and clock.when_changed.text == "recompute"
    return Clock(clock.name, text, clock.id.span, from_, until, within, steps, ids(clock.source), renews=renews)


def _limit(flow: Flow, value: Value) -> Formula | None:
    """A duration, a date or a datetime, or a formula that gives one of them."""
    if not value.formula:
        text = value.text.text.strip()
        day = text[:4].isdigit() and text[4:5] == "-"
        return flow.value(value, DURATION if not day else DATE_TIME if len(text) > 10 else DATE)
    formula = flow.formula(value.text, ANY)
    if formula is not None and formula.type not in _LIMITS:
        flow.report(NOT_A_TIME.at(value.span, text=value.text.text, type=type_word(formula.type)))
        return None
    return formula


def _steps(flow: Flow, steps: tuple[StepModel, ...]) -> Iterator[ClockStep]:
    seen: set[str] = set()
    for step in steps:
        at = _point(flow, step.at)
        actions = compile_actions(flow, step.do, {})
        if at is None:
            continue
        if str(at) in seen:
            flow.report(SAME_POINT.at(step.at.span, text=step.at.text))
            continue
        seen.add(str(at))
        yield ClockStep(str(at), at, step.span, actions, None, ids(step.source))


def _point(flow: Flow, text: Fragment) -> StepAt | None:
    found = read_step(text.text)
    if isinstance(found, Refusal):
        flow.report(found.at(text.span))
        return None
    return found


def _timed(flow: Flow) -> Iterator[Clock]:
    """A clock for each alternative with `after`: it runs while the case is in the state or group of its event."""
    flat = frozenset(leaf for leaves in flow.leaves.values() for leaf in leaves)
    final = {path for state in flow.model.states for path in _final(state, "")}
    for place, event in _events(flow):
        inside = flat - final if place == "" else frozenset(flow.leaves[place])
        for number, one in enumerate(event.alternatives):
            after = _limit(flow, one.after) if one.after is not None else None
            if after is not None:
                key = key_of(event.name, number)
                fires = ClockStep("due", StepAt(), one.span, fires=(event.name, key))
                text = label(event) or Text.of(event.name)
                name = f"{place}.{key}" if place else key
                yield Clock(f"after {name}", text, one.span, inside, flat - inside, after, (fires,), hidden=True)


def _events(flow: Flow) -> Iterator[tuple[str, EventModel]]:
    for state in flow.model.states:
        yield from _inside(state, "")
    for event in flow.model.everywhere:
        yield "", event


def _inside(state: StateModel, group: str) -> Iterator[tuple[str, EventModel]]:
    path = f"{group}.{state.name}" if group else state.name
    for event in state.events:
        yield path, event
    for inner in state.states:
        yield from _inside(inner, path)


def _final(state: StateModel, group: str) -> Iterator[str]:
    path = f"{group}.{state.name}" if group else state.name
    if state.final:
        yield path
    for inner in state.states:
        yield from _final(inner, path)
