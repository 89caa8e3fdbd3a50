"""Scripts of a case: a clock that moves, people who act, and what has to be true then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from relflow.builtins import Accounts
from relflow.diagnostics import Fragment
from relflow.engine import Engine, Report
from relflow.errors import RefusedError, RelflowError
from relflow.model import Content, Fields, Items, ScriptStep, Trial, Value
from relflow.policy import Policy
from relflow.program import KNOWN
from relflow.program.workflows import Workflow
from relflow.results import Actor, Case, HistoryEntry
from relflow.testing.given import ProblemError, facts, instant, known_days, literal, named, plain
from relflow.testing.occasions import WORDS, happened
from relflow.testing.problems import said
from relflow.text import Text
from relflow.values import equal
from relflow.workflow import Line

__all__ = ["Played", "run_script", "showing"]

ACCOUNT = "account"
START = datetime(2026, 1, 5, 9, 0)  # noqa: DTZ001 -- the policy's zone is put on where it is used


@dataclass(slots=True)
class _Stage:
    """What a script plays on: an engine in memory, its clock, the case, how much of its history was looked at."""

    engine: Engine
    clock: _Clock
    policy: Policy
    workflow: Workflow | None
    accounts: dict[str, Any]
    obligation: str | None = None
    served: set[str] = field(default_factory=set)
    case: Case | None = None
    seen: int = 0
    steps: int = 0
    shown: int = 0
    problems: list[Text] = field(default_factory=list)
    last: list[HistoryEntry] = field(default_factory=list)

    def run_due(self) -> Report:
        """Do what is due; what went wrong on the way is told at the end of the step."""
        report = self.engine.run_due()
        self.problems += [problem.message for problem in report.errors if problem.reason == "plugin"]
        return report

    def history(self) -> tuple[HistoryEntry, ...]:
        """All that happened to the case."""
        return tuple(self.engine.history(self.case.id)) if self.case is not None else ()


@dataclass(slots=True)
class _Clock:
    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class Played:
    """One step of a script after it was played: the clock, what was done, what happened in words, the case."""

    at: datetime
    workflow: Workflow | None
    what: str
    lines: tuple[Line, ...]
    case: Case | None


_SHOW: ContextVar[Callable[[Played], None] | None] = ContextVar("show", default=None)


@contextmanager
def showing(show: Callable[[Played], None]) -> Iterator[None]:
    """Inside the block every step of a script is shown after it was played."""
    token = _SHOW.set(show)
    try:
        yield
    finally:
        _SHOW.reset(token)


def _tell(step: ScriptStep, stage: _Stage) -> None:
    """Show a step to whoever looks on."""
    show = _SHOW.get()
    if show is None:
        return
    verbs = (("open", step.open), ("fire", step.fire), ("signal", step.signal))
    what = next((verb if isinstance(said, Fields) else f"{verb} {said.text}" for verb, said in verbs if said), "")
    lines = stage.engine.timeline(stage.case.id, reveal=True)[stage.shown :] if stage.case is not None else ()
    stage.shown += len(lines)
    show(Played(stage.clock.at, stage.workflow, what, lines, stage.case))


def run_script(trial: Trial, policy: Policy) -> Iterator[Text]:
    """Play the script; every expectation that does not hold, and every step that failed."""
    workflow = named(trial.case, policy.program.workflows, ("workflow", "流程"))
    duty = named(trial.obligation, policy.program.obligations, ("obligation", "义务"))
    clock = _Clock(_start(trial, policy))
    account = _account(trial.given, trial.known, policy)
    with Engine(policy, store="memory:", plugins=[Accounts({ACCOUNT: account})], clock=clock) as engine:
        stage = _Stage(engine, clock, policy, workflow, account, duty.id if duty is not None else None)
        for step in trial.steps:
            yield from _play(step, stage)
            _tell(step, stage)


def _account(given: Fields | None, known: Fields | None, policy: Policy) -> dict[str, Any]:
    """The account as the host knows it, the ages of its facts with it."""
    days = known_days(known, policy)
    return {**facts(given, policy), **{KNOWN + name: day for name, day in days.items()}}


def _start(trial: Trial, policy: Policy) -> datetime:
    given = instant(trial.today, policy) or START
    moment = given if isinstance(given, datetime) else datetime.combine(given, time(9, 0))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=policy.program.zone)


def _play(step: ScriptStep, stage: _Stage) -> Iterator[Text]:
    stage.steps += 1
    change = _account(step.given, step.known, stage.policy)
    if step.at is not None:
        _pass_time(stage, _moment(step.at, stage.policy), change)
    elif change:
        stage.accounts.update(change)
        stage.run_due()
    action = _action(step, stage)
    if action is not None:
        yield from _act(step, action)
        stage.run_due()
    if stage.case is not None:
        stage.case = stage.engine.case(stage.case.id)
    if step.expect is not None:
        yield from _expected(step.expect, stage)
    yield from (said(f"{step.span}: {one.text('en')}", f"{step.span}：{one.text('zh')}") for one in stage.problems)
    stage.problems.clear()


def _moment(value: Value, policy: Policy) -> datetime:
    moment = instant(value, policy)
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment or date.min, time(0, 0))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=policy.program.zone)


def _pass_time(stage: _Stage, until: datetime, change: Mapping[str, Any]) -> None:
    """Wake the engine whenever it asked to be woken, then at the end, when the account has changed."""
    report = stage.run_due()
    while report.next_due is not None and report.next_due < until:
        stage.clock.at = max(report.next_due, stage.clock.at)
        before = report.next_due
        report = stage.run_due()
        if report.next_due == before:
            break
    stage.clock.at = max(until, stage.clock.at)
    stage.accounts.update(change)
    stage.run_due()


def _action(step: ScriptStep, stage: _Stage) -> Callable[[], None] | None:
    actor = _actor(step)
    if step.open is not None:
        data, workflow = _data(step.open, stage), _workflow(step, stage)

        def open_case() -> None:
            stage.case = stage.engine.open(
                workflow.id, account=ACCOUNT, data=data, actor=actor, key=f"script-{stage.steps}"
            )

        return open_case
    if step.fire is not None:
        event, values = step.fire.text, _data(step.with_, stage)

        def fire() -> None:
            if stage.case is None:
                raise ProblemError(
                    said(f"{step.span}: open the case before firing", f"{step.span}：触发事件前须先新建工单")
                )
            stage.engine.fire(stage.case.id, event, actor=actor, data=values, event_id=f"script-{stage.steps}")

        return fire
    if step.signal is not None:
        signal, given = step.signal.text, _told(step.signal.text, step.with_, stage.policy)

        def send() -> None:
            stage.engine.signal(signal, account=ACCOUNT, data=given, event_id=f"script-{stage.steps}")

        return send
    return None


def _workflow(step: ScriptStep, stage: _Stage) -> Workflow:
    if stage.workflow is None:
        raise ProblemError(
            said(f"{step.span}: say with `case:` of which workflow", f"{step.span}：请用 `case:` 写明是哪个流程的工单")
        )
    return stage.workflow


def _told(event: str, fields: Fields | None, policy: Policy) -> dict[str, Any]:
    """The data of a signal, read by the types that the policy declares for the event."""
    declared = policy.program.events.get(event, {})
    return {
        key.text: literal(content, declared[key.text], policy) if key.text in declared else plain(content)
        for key, content in (fields.entries if fields else ())
    }


def _actor(step: ScriptStep) -> Actor:
    role = step.as_.text if step.as_ is not None else None
    who = step.who.text if step.who is not None else role or "tester"
    return Actor(who, roles=(role,) if role else ())


def _data(fields: Fields | None, stage: _Stage) -> dict[str, Any]:
    """The data of an event, read by the declared types; unknown ones go as they are, to be refused."""
    values: dict[str, Any] = {}
    for key, content in fields.entries if fields else ():
        datum = stage.workflow.data.get(key.text) if stage.workflow is not None else None
        values[key.text] = literal(content, datum.type, stage.policy) if datum is not None else plain(content)
    return values


def _act(step: ScriptStep, action: Callable[[], None]) -> Iterator[Text]:
    wanted = step.refused.text if step.refused is not None else None
    try:
        action()
    except RefusedError as error:
        if wanted is None:
            yield said(f"{step.span}: refused: {error.text('en')}", f"{step.span}：被拒绝：{error.text('zh')}")
        elif error.reason != wanted:
            yield said(
                f"{step.span}: refused because of `{error.reason}`, the test says `{wanted}`: {error.text('en')}",
                f"{step.span}：拒绝原因是 `{error.reason}`，测试要求 `{wanted}`：{error.text('zh')}",
            )
    except RelflowError as error:
        yield said(f"{step.span}: {error.text('en')}", f"{step.span}：{error.text('zh')}")
    else:
        if wanted is not None:
            yield said(
                f"{step.span}: went through, the test says that it is refused because of `{wanted}`",
                f"{step.span}：已执行，但测试要求因 `{wanted}` 被拒绝",
            )


def _expected(expect: Fields, stage: _Stage) -> Iterator[Text]:
    case, entries = stage.case, stage.history()[stage.seen :]
    stage.seen += len(entries)
    served = happened(stage.engine, stage.obligation, stage.served) if stage.obligation is not None else {}
    for key, wanted in expect.entries:
        if key.text in served:
            actual = served[key.text]
        elif case is None:
            yield from _no_case(key, stage)
            continue
        else:
            actual = _actual(key.text, case, entries, stage)
        problem = _compare(key.text, wanted, actual, stage)
        if problem is not None:
            en, zh = problem
            yield said(f"{key.span}: {en}", f"{key.span}：{zh}")


def _no_case(key: Fragment, stage: _Stage) -> Iterator[Text]:
    if stage.obligation is None:
        yield said(f"{key.span}: there is no case yet", f"{key.span}：尚未新建工单")
        return
    known = ", ".join(WORDS)
    raise ProblemError(
        said(
            f"{key.span}: `{key.text}` cannot be expected of an obligation (there are: {known})",
            f"{key.span}：义务不能检查 `{key.text}`（可用：{known}）",
        )
    )


def _actual(name: str, case: Case, entries: tuple[HistoryEntry, ...], stage: _Stage) -> Any:
    """What an expectation is about: the case itself, or what happened since the last one was looked at."""
    effects = [effect for entry in entries for effect in entry.effects]
    match name:
        case "state":
            return case.state
        case "owner":
            return case.owner
        case "closed":
            return "true" if case.closed else "false"
        case "breached":
            return sorted(clock.name for clock in case.clocks.values() if clock.breached)
        case "running":
            return sorted(clock.name for clock in case.clocks.values() if clock.running)
        case "paused":
            return sorted(clock.name for clock in case.clocks.values() if clock.paused)
        case "notified":
            return sorted({effect.target for effect in effects if effect.verb == "notify"})
        case "opened":
            return sorted(effect.target for effect in effects if effect.verb == "open")
        case "performed":
            return sorted(effect.target for effect in effects if effect.verb == "perform")
        case "due":
            zone = stage.policy.program.zone
            return {c.name: c.due_at.astimezone(zone) if c.due_at else None for c in case.clocks.values()}
    data = stage.workflow.data if stage.workflow is not None else {}
    if name in data:
        return case.data.get(name)
    known = ", ".join([*_WORDS, *data])
    raise ProblemError(
        said(f"`{name}` cannot be expected here (there are: {known})", f"此处不能检查 `{name}`（可用：{known}）")
    )


_WORDS = ("state", "owner", "closed", "breached", "running", "paused", "notified", "opened", "performed", "due")


def _compare(name: str, wanted: Content, actual: Any, stage: _Stage) -> tuple[str, str] | None:
    if name == "due" and isinstance(wanted, Fields):
        return _compare_due(wanted, actual, stage)
    data = stage.workflow.data if stage.workflow is not None else {}
    if name in data and name not in _WORDS:
        expected = literal(wanted, data[name].type, stage.policy)
        same = equal(actual, expected) is True
    elif isinstance(wanted, Items):
        expected = sorted(str(item) for item in plain(wanted))
        same = actual == expected
    else:
        expected = plain(wanted)
        same = actual in (expected, [expected])
    if same:
        return None
    return (
        f"`{name}` is {_said(actual)}, the test says {_said(expected)}",
        f"`{name}` 是{_said(actual)}，测试要求{_said(expected)}",
    )


def _compare_due(wanted: Fields, actual: Mapping[str, datetime | None], stage: _Stage) -> tuple[str, str] | None:
    for key, content in wanted.entries:
        expected = _moment(content, stage.policy) if isinstance(content, Value) and not content.null else None
        due = actual.get(key.text)
        if (due.astimezone(UTC) if due else None) != (expected.astimezone(UTC) if expected else None):
            shown = f"{due:%Y-%m-%d %H:%M}" if due else "-"
            says = f"{expected:%Y-%m-%d %H:%M}" if expected else "-"
            return (
                f"`{key.text}` is due {shown}, the test says {says}",
                f"`{key.text}` 到期时间是 {shown}，测试要求 {says}",
            )
    return None


def _said(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return "-" if value is None else str(value)
