"""A case moved to another version of its workflow: one step, and everything that would be lost on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from relflow.program.workflows import Workflow
from relflow.results import Case, ClockRecord, Roles, Step, Trigger
from relflow.text import Text
from relflow.workflow.clocks import open_timers, refresh, resettle
from relflow.workflow.data import missing, typed
from relflow.workflow.draft import Draft
from relflow.workflow.phrases import name, phrase
from relflow.workflow.scene import Scene

__all__ = ["Move", "Route", "Snag", "migrate"]


@dataclass(frozen=True, slots=True)
class Route:
    """What the names of an old version are in the new one; what is not listed keeps its name.

    A datum, a clock or an event mapped to None is given up on purpose. `recompute` gives running clocks the durations
    of the new version; without it each keeps the one that it was promised.
    """

    states: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str | None] = field(default_factory=dict)
    clocks: Mapping[str, str | None] = field(default_factory=dict)
    events: Mapping[str, str | None] = field(default_factory=dict)
    recompute: bool = False


@dataclass(frozen=True, slots=True)
class Snag:
    """Something about a case that the new version has no place for, or that people should know before it moves."""

    kind: Literal["state", "datum", "clock", "definition", "signature", "needs", "due"]
    subject: str
    message: Text

    def text(self, lang: str = "en") -> str:
        """What it is, for people."""
        return self.message.text(lang)


@dataclass(frozen=True, slots=True)
class Move:
    """How one case would move: `step` is None where `problems` keep it where it is; `remarks` do not."""

    case: Case
    version: str
    state: str
    step: Step | None
    problems: tuple[Snag, ...] = ()
    remarks: tuple[Snag, ...] = ()


def migrate(
    workflow: Workflow,
    case: Case,
    route: Route,
    trigger: Trigger,
    facts: Mapping[str, object],
    roles: Roles,
    now: datetime,
    *,
    standings: Mapping[str, object] | None = None,
) -> Move:
    """The step that puts a case under `workflow`, another version of its own; nothing is lost silently.

    Every datum that has a value, and every running clock with what it has consumed, goes along or is named as a
    problem. `now` is an aware instant, not before the case's last step.
    """
    target = route.states.get(case.state, case.state)
    problems = [*_lost_state(workflow, case, target)]
    data, lost = _data(workflow, case, route)
    clocks, stopped = _clocks(workflow, case, route, target)
    problems += [*lost, *stopped]
    if problems:
        return Move(case, workflow.version, target, None, tuple(problems))
    moved = replace(
        case,
        workflow_version=workflow.version,
        definition=workflow.digest,
        state=target,
        data=data,
        clocks=clocks,
        fired_by=_renamed(case.fired_by, route.events),
        approvals=_signatures(workflow, case, target),
    )
    draft = Draft(Scene(workflow, moved, facts, now, standings), trigger, roles)
    draft.before = case.state
    draft.changes.update(_changes(case, data))
    draft.findings.append(f"migrated:{case.workflow_version}:{workflow.version}")
    draft.findings += [f"gave_up:{one}" for one in _given_up(case, route)]
    resettle(draft, renew=route.recompute)
    refresh(draft)
    draft.timers = open_timers(draft)
    return Move(case, workflow.version, target, draft.finish(), (), tuple(_remarks(draft, case, now)))


def _lost_state(workflow: Workflow, case: Case, target: str) -> Iterator[Snag]:
    if target not in workflow.states:
        said = phrase(
            "the new version has no state `{state}`: say where it goes, e.g. {state}={known}",
            "新版本没有状态 `{state}`：请指明对应状态，例如 {state}={known}",
            state=target,
            known=next(iter(workflow.states)),
        )
        yield Snag("state", case.state, said)


def _data(workflow: Workflow, case: Case, route: Route) -> tuple[dict[str, object], list[Snag]]:
    """The data under their new names, and what the new version does not take."""
    kept: dict[str, object] = {}
    snags: list[Snag] = []
    for old, value in case.data.items():
        new = route.data.get(old, old)
        if new is None or (value is None and new not in workflow.data):
            continue
        good, bad = typed(workflow, {new: value})
        if value is None:
            kept.setdefault(new, None)
        elif bad:
            said = phrase(
                "the datum `{old}` does not fit as `{new}`: {why}", "数据 `{old}` 不能作为 `{new}`：{why}",
                old=old, new=new, why=bad[new],
            )  # fmt: skip
            snags.append(Snag("datum", old, said))
        elif kept.get(new) is not None:
            said = phrase(
                "the datum `{old}` would overwrite another one at `{new}`", "数据 `{old}` 会覆盖 `{new}` 中的另一数据",
                old=old, new=new,
            )  # fmt: skip
            snags.append(Snag("datum", old, said))
        else:
            kept.update(good)
    return kept, snags


def _changes(case: Case, data: Mapping[str, object]) -> dict[str, object]:
    """What history notes of the data: new names with their values, names that are gone with none."""
    named = {key: value for key, value in data.items() if case.data.get(key) != value}
    return named | {key: None for key, value in case.data.items() if value is not None and key not in data}


def _clocks(workflow: Workflow, case: Case, route: Route, target: str) -> tuple[dict[str, ClockRecord], list[Snag]]:
    """The clocks under their new names, and the running ones that would stop."""
    kept: dict[str, ClockRecord] = {}
    snags: list[Snag] = []
    for old, record in case.clocks.items():
        new = _clock_name(route, case.state, target, old)
        if new is None:
            continue
        if not record.running:
            kept.setdefault(new, replace(record, name=new))
            continue
        clock = workflow.clocks.get(new)
        where = workflow.states.get(target)
        stops = clock is not None and where is not None and (where.final or target in clock.until)
        if clock is None:
            said = phrase(
                "the new version has no clock `{new}`, and it is running",
                "新版本没有计时 `{new}`，而它正在运行",
                new=new,
            )
        elif stops:
            said = phrase(
                "the clock `{new}` is running and would stop in `{state}`",
                "计时 `{new}` 正在运行，而在 `{state}` 中会停止",
                new=new,
                state=target,
            )
        elif new in kept and kept[new].running:
            said = phrase("two running clocks would become `{new}`", "两个正在运行的计时都会成为 `{new}`", new=new)
        else:
            kept[new] = replace(record, name=new)
            continue
        snags.append(Snag("clock", old, said))
    return kept, snags


def _clock_name(route: Route, state: str, target: str, old: str) -> str | None:
    """The clock's new name; that of an event which happens after some time follows its state."""
    if old in route.clocks:
        return route.clocks[old]
    before = f"after {state}."
    return f"after {target}.{old.removeprefix(before)}" if old.startswith(before) else old


def _renamed(fired_by: Mapping[str, tuple[str, ...]], events: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    """Who took part in which event, under the events' new names."""
    return {new: people for old, people in fired_by.items() if (new := events.get(old, old)) is not None}


def _signatures(workflow: Workflow, case: Case, target: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """The signatures given so far that still count for something."""
    state = workflow.states[target]
    keys = {one.key for event in state.events.values() for one in event.alternatives}
    return {key: pairs for key, pairs in case.approvals.items() if key in keys}


def _given_up(case: Case, route: Route) -> Iterator[str]:
    """What was given up on purpose and had a value or was running."""
    yield from (key for key, new in route.data.items() if new is None and not missing(case.data.get(key)))
    yield from (key for key, new in route.clocks.items() if new is None and key in case.clocks)


def _remarks(draft: Draft, case: Case, now: datetime) -> Iterator[Snag]:
    """What people should know: signatures that no longer count, data that are missing there, steps due at once."""
    workflow, after = draft.workflow, draft.finish().case
    for key in case.approvals.keys() - after.approvals.keys():
        yield Snag("signature", key, phrase("signatures for `{key}` are lost", "`{key}` 的签署将失效", key=key))
    for event in after.fired_by.keys() - workflow.events.keys():
        said = phrase("the new version has no event `{event}`, so that `not_by` does not see who fired it",
                      "新版本没有事件 `{event}`，`not_by` 无法得知其操作人", event=event)  # fmt: skip
        yield Snag("signature", event, said)
    wanted = [one.id for one in workflow.data.values() if one.required and one.when is None]
    wanted += [need for rule in workflow.always if after.state in rule.states for need in rule.needs]
    for need in dict.fromkeys(wanted):
        if missing(after.owner if need == "owner" else after.data.get(need)):
            label = workflow.data[need].label if need in workflow.data else Text.of(need)
            said = phrase("the new version asks for {datum}", "新版本要求填写{datum}", datum=name(need, label))
            yield Snag("needs", need, said)
    for timer in draft.timers:
        if timer.due_at <= now:
            said = phrase(
                "`{step}` of `{clock}` is due at once", "`{clock}` 的 `{step}` 将立即到期",
                step=timer.step, clock=timer.clock,
            )  # fmt: skip
            yield Snag("due", timer.clock, said)
