"""`no-effect`: what is written and does nothing; here obligations, key figures, steps of clocks."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Code, Kpi, Obligation, Program
from relflow.program.workflows import Workflow
from relflow.text import Text

__all__ = ["check_no_effect"]

NOTHING_DONE = Message.of(
    "no-effect",
    Severity.WARNING,
    "`{name}` falls due and nothing is done",
    "`{name}` 到期后什么也不做",
    "say under `do:` what follows, e.g. `do: [{notify: account_manager}]`, or delete it",
    "在 `do:` 下写明后续动作，例如 `do: [{notify: account_manager}]`，或删除",
)
NOTHING_FOLLOWS = Message.of(
    "no-effect",
    Severity.WARNING,
    "nothing is done when the goal of `{name}` is {word} so often",
    "`{name}` 连续{word}后什么也不做",
    "say under `do:` what follows, or delete it",
    "在 `do:` 下写明后续动作，或删除",
)
IDLE_STEP = Message.of(
    "no-effect",
    Severity.WARNING,
    "nothing is done at `{at}` of the clock `{name}`",
    "计时 `{name}` 在 `{at}` 时什么也不做",
    "say under `do:` what follows, or delete the step",
    "在 `do:` 下写明后续动作，或删除该步骤",
)
IDLE_SHIFT = Message.of(
    "no-effect",
    Severity.WARNING,
    "`{key}` moves a day, and `{trigger}` of `{name}` names none: nothing is moved",
    "`{key}` 用来提前或推后日期，而 `{name}` 的 `{trigger}` 没有日期，不起作用",
    "use it with `yearly`, `date` or `festival`, or open a case whose clock waits so long",
    "与 `yearly`、`date` 或 `festival` 同用，或新建工单并由其计时等待",
)
IDLE_LOOK = Message.of(
    "no-effect",
    Severity.WARNING,
    "`check_every` of `{name}` does nothing: an event is answered when it comes",
    "`{name}` 的 `check_every` 不起作用：事件到来时立即处理",
    "take it out, or write the condition under `becomes` instead of `event`",
    "去掉，或把条件写在 `becomes` 下，而不用 `event`",
)
WITHOUT_ITEMS = Message.of(
    "no-effect",
    Severity.WARNING,
    "the value of `{name}` does not look at `items`: every group has the same figure in every period",
    "`{name}` 的值没有用到 `items`，各组各期的结果都一样",
    "count or add up something of them, e.g. `count(items)`",
    "对 `items` 计数或求和，例如 `count(items)`",
)
MISSED = Text((("en", "missed"), ("zh", "未达标")))
MET = Text((("en", "met"), ("zh", "达标")))
_DATED = frozenset({"yearly", "date", "festival"})


def check_no_effect(program: Program) -> Iterator[Diagnostic]:
    """Whatever would never show, part by part."""
    for duty in program.obligations.values():
        yield from _idle_duty(duty)
    for kpi in program.kpis.values():
        yield from _idle_figure(kpi)
    for workflow in program.workflows.values():
        yield from _idle_steps(workflow)


def _idle_duty(duty: Obligation) -> Iterator[Diagnostic]:
    if not duty.do:
        yield NOTHING_DONE.at(duty.span, name=duty.id)
    if duty.trigger not in _DATED:
        for key, value in (("before", duty.before), ("after", duty.after)):
            if value is not None:
                yield IDLE_SHIFT.at(value.span, key=key, trigger=duty.trigger, name=duty.id)
    if duty.trigger == "event" and duty.check_every is not None:
        yield IDLE_LOOK.at(duty.check_every.span, name=duty.id)


def _idle_figure(kpi: Kpi) -> Iterator[Diagnostic]:
    for word, streaks in ((MISSED, kpi.misses), (MET, kpi.meets)):
        for streak in streaks:
            if not streak.do:
                yield NOTHING_FOLLOWS.at(streak.span, name=kpi.id, word=word)
    if isinstance(kpi.value, Code) and "items" not in kpi.value.reads:
        yield WITHOUT_ITEMS.at(kpi.value.fragment.span, name=kpi.id)


def _idle_steps(workflow: Workflow) -> Iterator[Diagnostic]:
    for clock in workflow.clocks.values():
        for step in clock.steps:
            if not step.actions and step.fires is None:
                yield IDLE_STEP.at(step.span, at=step.text, name=clock.id)
