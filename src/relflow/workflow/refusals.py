"""Why an event does not happen: the guard, the role, the datum, the state, in both languages and as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from relflow.diagnostics import nearest
from relflow.errors import RefusedError
from relflow.program.workflows import Alternative, Event, State, Workflow
from relflow.text import Text
from relflow.workflow.phrases import name, phrase

__all__ = [
    "already_signed",
    "before_last_step",
    "goes_on_elsewhere",
    "guard_failed",
    "missing_data",
    "no_such_state",
    "not_final",
    "not_the_same",
    "nothing_like_it",
    "role_missing",
    "stale_timer",
    "wrong_data",
    "wrong_state",
    "wrong_workflow",
]

_NOBODY = Text((("en", "nobody: it happens by itself"), ("zh", "任何人都不能：它自动发生")))


def _refused(reason: str, text: Text, **details: object) -> RefusedError:
    return RefusedError(text, reason=reason, **details)


def nothing_like_it(workflow: Workflow, event: str) -> RefusedError:
    """The workflow has no such event."""
    known = sorted(workflow.events)
    near = nearest(event, known)
    if near:
        text = phrase(
            "`{workflow}` has no event `{event}`; did you mean `{near}`?",
            "`{workflow}` 没有事件 `{event}`；是否想写 `{near}`？",
            workflow=workflow.id, event=event, near=near,
        )  # fmt: skip
    else:
        text = phrase(
            "`{workflow}` has no event `{event}` (it has {known})",
            "`{workflow}` 没有事件 `{event}`（现有：{known}）",
            workflow=workflow.id, event=event, known=known,
        )  # fmt: skip
    return _refused("event", text, event=event, known=known, nearest=near)


def wrong_state(workflow: Workflow, event: str, state: State) -> RefusedError:
    """The event exists, but not where the case stands."""
    homes = [one for one in workflow.states.values() if event in one.events]
    text = phrase(
        "{event} is not possible in {state}, only in {homes}",
        "当前状态为{state}，不能执行“{event}”；只有在以下状态才可以：{homes}",
        event=name(event, workflow.events[event].label),
        state=name(state.id, state.label),
        homes=[name(home.id, home.label) for home in homes],
    )
    return _refused(
        "state",
        text,
        event=event,
        state=state.id,
        possible_in=[home.id for home in homes],
        possible=sorted(state.events),
    )


def no_such_state(workflow: Workflow, state: str) -> RefusedError:
    """The workflow has no state of that name."""
    known = list(workflow.states)
    text = phrase(
        "`{workflow}` has no state `{state}` (it has {known})",
        "`{workflow}` 没有状态 `{state}`（现有：{known}）",
        workflow=workflow.id,
        state=state,
        known=known,
    )
    return _refused("state", text, state=state, known=known, nearest=nearest(state, known))


def not_final(workflow: Workflow, state: State) -> RefusedError:
    """A case ends in a final state only."""
    final = [one for one in workflow.states.values() if one.final]
    text = phrase(
        "{state} is no final state; a case ends in {final}",
        "{state}不是终止状态；工单只能以下列状态结束：{final}",
        state=name(state.id, state.label),
        final=[name(one.id, one.label) for one in final],
    )
    return _refused("state", text, state=state.id, known=[one.id for one in final])


def goes_on_elsewhere(into: str) -> RefusedError:
    """A case that was merged into another does nothing any more, not even past the rules."""
    text = phrase("the case goes on as {into}", "工单已并入 {into}", into=into)
    return _refused("state", text, merged_into=into)


def guard_failed(event: Event, missing: Mapping[str, tuple[str, ...]]) -> RefusedError:
    """No alternative's condition is true; `missing` tells for each guard text which of its names have no value."""
    guards = [one.when for one in event.alternatives if one.when is not None]
    unknown = tuple(dict.fromkeys(word for words in missing.values() for word in words))
    return _refused(
        "guard",
        _guard_text(event, unknown),
        event=event.id,
        guards=[guard.text for guard in guards],
        places=[str(guard.span) for guard in guards],
        missing=list(unknown),
    )


@lru_cache(maxsize=1024)
def _guard_text(event: Event, unknown: tuple[str, ...]) -> Text:
    """The words, made once: conditions are tried often and fail the same way."""
    label = name(event.id, event.label)
    shown = [Text.of(f"`{one.when.text}`") for one in event.alternatives if one.when is not None]
    if not unknown:
        return phrase("{event} needs {guards} to be true", "“{event}”要求 {guards} 成立", event=label, guards=shown)
    return phrase(
        "{event} needs {guards} to be true; {unknown} is not known",
        "“{event}”要求 {guards} 成立；{unknown} 尚未填写",
        event=label,
        guards=shown,
        unknown=[Text.of(f"`{word}`") for word in unknown],
    )


def role_missing(workflow: Workflow, event: Event, alternative: Alternative, open_roles: Iterable[str]) -> RefusedError:
    """The actor stands for none of the roles that may fire, or that still have to sign."""
    wanted = list(open_roles)
    signers = alternative.signers
    labels = [name(role, workflow.roles[role].label if role in workflow.roles else Text.of(role)) for role in wanted]
    text = phrase(
        "{event} is up to {roles}",
        "“{event}”只能由以下人员执行：{roles}",
        event=name(event.id, event.label),
        roles=_NOBODY if signers.system else labels,
    )
    return _refused("role", text, event=event.id, roles=wanted, mode=signers.mode)


def not_the_same(workflow: Workflow, event: Event, other: str) -> RefusedError:
    """Whoever did the other event may not do this one."""
    text = phrase(
        "{event} must be done by somebody other than whoever did {other}",
        "“{event}”不能由执行过“{other}”的同一人执行",
        event=name(event.id, event.label),
        other=name(other, workflow.events[other].label),
    )
    return _refused("role", text, event=event.id, not_by=other)


def already_signed(event: Event, waiting: Iterable[Text], open_roles: Iterable[str]) -> RefusedError:
    """The actor's signature is there; others are awaited."""
    text = phrase(
        "{event} already has this signature; it still waits for {waiting}",
        "此人已签署“{event}”，尚待：{waiting}",
        event=name(event.id, event.label),
        waiting=list(waiting),
    )
    return _refused("role", text, event=event.id, roles=list(open_roles), signed=True)


def missing_data(workflow: Workflow, what: Text, missing: Iterable[str]) -> RefusedError:
    """Data that the event needs have no value."""
    ids = list(missing)
    labels = [name(one, workflow.data[one].label if one in workflow.data else Text.of(one)) for one in ids]
    text = phrase("{what} needs {data}", "“{what}”需要填写：{data}", what=what, data=labels)
    return _refused("needs", text, missing=ids)


def wrong_data(what: Text, problems: Mapping[str, Text]) -> RefusedError:
    """Data that were given do not fit; one reason for each field."""
    text = phrase(
        "{what} does not accept the data: {problems}",
        "“{what}”不接受这些数据：{problems}",
        what=what,
        problems=[phrase("`{id}`: {why}", "`{id}`：{why}", id=id_, why=why) for id_, why in problems.items()],
    )
    return _refused("data", text, fields=dict(problems))


def before_last_step(at: datetime, last: datetime) -> RefusedError:
    """The instant lies before what has already been recorded."""
    text = phrase(
        "the case has already moved at {last}; nothing can happen at {at} any more",
        "工单在 {last} 已有新的记录，不能再补记 {at} 的操作",
        last=last.isoformat(),
        at=at.isoformat(),
    )
    return _refused("data", text, at=at, last=last)


def wrong_workflow(expected: str, found: str) -> RefusedError:
    """The case belongs to another definition than the one that was handed in."""
    text = phrase(
        "the case runs under definition {expected}, not {found}",
        "工单按流程定义 {expected} 运行，而不是 {found}",
        expected=expected[:12],
        found=found[:12],
    )
    return _refused("definition", text, expected=expected, found=found)


def stale_timer(name_: str, *, early: bool) -> RefusedError:
    """The timer's step has happened, was overtaken, or is not due yet."""
    if early:
        text = phrase("`{timer}` is not due yet", "`{timer}` 尚未到时间", timer=name_)
    else:
        text = phrase("`{timer}` is no longer open", "`{timer}` 已不再有效", timer=name_)
    return _refused("timer", text, timer=name_, early=early)
