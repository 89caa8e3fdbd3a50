"""A case's history as a manager reads it: what happened when, by whom, why, and what the clocks did."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from relflow.calendars import LedgerEntry, read_step
from relflow.program.workflows import Workflow
from relflow.results import Case, ClockRecord, Effect, HistoryEntry
from relflow.text import DEFAULT_LANGUAGE, Text
from relflow.values import Refusal
from relflow.workflow.phrases import MASK, phrase, shown
from relflow.workflow.reckoning import Reckoning
from relflow.workflow.remarks import remark

__all__ = ["Ledger", "Line", "ledger", "timeline"]

_SYSTEM = Text((("en", "by itself"), ("zh", "自动"), ("zh_TW", "自動")))
_LANGUAGES = ("en", "zh", "zh_TW")


@dataclass(frozen=True, slots=True)
class Line:
    """One step: when, who (None: nobody, it happened by itself), what, and the particulars.

    `personal` values are masked unless whoever asks may see them.
    """

    seq: int
    at: datetime
    who: str | None
    text: Text
    details: tuple[Text, ...] = ()
    before: str | None = None
    after: str = ""

    def render(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The line with its particulars indented below it."""
        who = self.who or _SYSTEM.text(lang)
        head = f"{self.at:%Y-%m-%d %H:%M}  {self.text.text(lang)}  [{who}]"
        return "\n".join((head, *(f"    {detail.text(lang)}" for detail in self.details)))


@dataclass(frozen=True, slots=True)
class Ledger:
    """How a clock came to its due instant: what counted and what did not, line by line."""

    clock: str
    label: Text
    lap: int
    entries: tuple[LedgerEntry, ...]
    due_at: datetime | None
    breached: bool
    provisional: bool
    unset: str | None
    summary: Text

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The summary, then one line for each stretch of time."""
        return "\n".join((self.summary.text(lang), *(f"  {entry.text(lang)}" for entry in self.entries)))


def ledger(workflow: Workflow, case: Case, clock: str, now: datetime | None = None) -> Ledger | None:
    """The account of a clock's present lap, until `now`, or until it is due; None if it never ran."""
    record = case.clocks.get(clock)
    declared = workflow.clocks.get(clock)
    if record is None or declared is None:
        return None
    reckoned = Reckoning.of(record, workflow.calendar)
    reached = reckoned.due()
    due = None if reached is None else reached.at
    return Ledger(
        clock,
        declared.label,
        record.lap,
        reckoned.rule.ledger(reckoned.state, now),
        due,
        record.breached,
        record.provisional,
        record.unset,
        _summary(workflow, declared.label, due, record),
    )


def _summary(workflow: Workflow, label: Text, due: datetime | None, record: ClockRecord) -> Text:
    if record.unset is not None:
        return _unset(workflow, label, record.unset)
    if record.breached and due is not None:
        at = _moment(workflow, due)
        return phrase("{clock}: was due at {at} and is overdue", "{clock}：应于 {at} 到期，已超时", clock=label, at=at)
    if not record.running:
        return phrase("{clock}: stopped in time", "{clock}：已按时停止", clock=label)
    if due is None:
        return phrase("{clock}: paused, no time is running", "{clock}：已暂停，未在计时", clock=label)
    return phrase("{clock}: due at {at}", "{clock}：{at} 到期", clock=label, at=_moment(workflow, due))


def _unset(workflow: Workflow, label: Text, unset: str) -> Text:
    expected = workflow.expects.get(unset)
    named = expected.label if expected is not None else Text.of(unset)
    words = ("{clock}: due unknown, {name} is not set", "{clock}：到期时间未知，{name}尚未设定")
    if expected is None or expected.clause is None:
        return phrase(*words, clock=label, name=named)
    en, zh = (f"{words[0]} ({{clause}})", f"{words[1]}（{{clause}}）")
    return phrase(en, zh, clock=label, name=named, clause=expected.clause)


def timeline(
    workflow: Workflow, history: Iterable[HistoryEntry], *, reveal: bool | Collection[str] = False
) -> tuple[Line, ...]:
    """The history in words, oldest first; with `reveal` personal data are shown, all of them or those named."""
    shown_ = frozenset(workflow.data) if reveal is True else frozenset(reveal or ())
    return tuple(_line(workflow, entry, shown_) for entry in history)


def _line(workflow: Workflow, entry: HistoryEntry, reveal: Collection[str]) -> Line:
    actor = entry.trigger.actor
    return Line(
        entry.seq,
        entry.at.astimezone(workflow.zone),
        actor.id if actor is not None else None,
        _headline(workflow, entry),
        tuple(_details(workflow, entry, reveal)),
        entry.before,
        entry.after,
    )


def _headline(workflow: Workflow, entry: HistoryEntry) -> Text:
    what = _what(workflow, entry)
    if entry.before is None or entry.before == entry.after:
        return what
    return phrase(
        "{what}: {before} → {after}",
        "{what}：{before} → {after}",
        what=what,
        before=_state(workflow, entry.before),
        after=_state(workflow, entry.after),
    )


def _state(workflow: Workflow, state: str) -> Text:
    found = workflow.states.get(state)
    return found.label if found is not None else Text.of(state)


def _what(workflow: Workflow, entry: HistoryEntry) -> Text:
    trigger = entry.trigger
    if trigger.kind == "open":
        return phrase("{label} opened", "新建{label}工单", label=workflow.label)
    if trigger.kind == "timer":
        clock, _, step = trigger.name.rpartition(":")
        declared = workflow.clocks.get(clock)
        return _point(declared.label if declared is not None else Text.of(clock), step)
    if trigger.kind in ("event", "condition"):
        event = workflow.events.get(trigger.name)
        return event.label if event is not None else Text.of(trigger.name)
    if trigger.kind == "child":
        return phrase("the case {id} is closed", "子工单 {id} 已关闭", id=trigger.name)
    if trigger.kind == "adopt":
        return phrase("moved by the host", "由业务系统直接变更")
    return _ADMIN.get(trigger.name, Text.of(trigger.name))


_ADMIN = {
    "force": Text((("en", "state forced"), ("zh", "强制变更状态"), ("zh_TW", "強制變更狀態"))),
    "cancel": Text((("en", "cancelled"), ("zh", "撤销"), ("zh_TW", "撤銷"))),
    "assign": Text((("en", "reassigned"), ("zh", "改派"), ("zh_TW", "改派"))),
    "merge": Text((("en", "another case merged into this one"), ("zh", "并入另一工单"), ("zh_TW", "併入另一工單"))),
    "merged": Text((("en", "merged into another case"), ("zh", "并入其他工单"), ("zh_TW", "併入其他工單"))),
    "migrate": Text(
        (
            ("en", "moved to another version of the workflow"),
            ("zh", "迁移到流程的另一版本"),
            ("zh_TW", "移轉至流程的另一版本"),
        )
    ),
    "recompute": Text((("en", "clocks computed anew"), ("zh", "重新计算时限"), ("zh_TW", "重新計算時限"))),
}


def _point(clock: Text, step: str) -> Text:
    if step == "due":
        return phrase("{clock} fell due", "{clock}到期", clock=clock)
    if step.endswith("%"):
        return phrase("{share} of {clock} has passed", "{clock}已过 {share}", clock=clock, share=step)
    at = read_step(step)
    if isinstance(at, Refusal) or at.after is None:
        return phrase("{clock}: {step}", "{clock}：{step}", clock=clock, step=step)
    after = Text(tuple((lang, at.after.text(lang)) for lang in _LANGUAGES))
    return phrase("{clock} is overdue by {after}", "{clock}已超时 {after}", clock=clock, after=after)


def _details(workflow: Workflow, entry: HistoryEntry, reveal: Collection[str]) -> Iterator[Text]:
    yield from _said_about(entry)
    for name, value in entry.changes.items():
        yield _change(workflow, name, value, reveal)
    for clock, told in entry.clocks.items():
        declared = workflow.clocks.get(clock)
        if declared is not None and not declared.hidden:
            yield from _clock(workflow, declared.label, told)
    for effect in entry.effects:
        yield from _effect(workflow, effect)
    for finding in entry.findings:
        yield remark(workflow, finding)


_REASONS = {
    "because": ("because: {said}", "原因：{said}"),
    "approver": ("approved by {said}", "批准人：{said}"),
}


def _said_about(entry: HistoryEntry) -> Iterator[Text]:
    """In whose place somebody acted; the reason of an administrative act and who approved of it."""
    actor = entry.trigger.actor
    if actor is not None and actor.acting_for is not None:
        yield phrase("in the place of {person}", "代 {person} 操作", person=actor.acting_for)
    if entry.trigger.kind in ("adopt", "admin"):
        for key, words in _REASONS.items():
            if said := entry.trigger.data.get(key):
                yield phrase(*words, said=str(said))


def _change(workflow: Workflow, name: str, value: object, reveal: Collection[str]) -> Text:
    datum = workflow.data.get(name)
    if datum is None:
        return phrase("responsible: {value}", "负责人：{value}", value=shown(value, "en"))
    if datum.personal and name not in reveal:
        return phrase("{name}: {value}", "{name}：{value}", name=datum.label, value=MASK)
    said = Text(tuple((lang, _said(datum.labels, value, lang, workflow)) for lang in _LANGUAGES))
    return phrase("{name}: {value}", "{name}：{value}", name=datum.label, value=said)


def _said(labels: object, value: object, lang: str, workflow: Workflow) -> str:
    label = labels.get(value) if isinstance(labels, dict) and isinstance(value, str) else None
    return label.text(lang) if isinstance(label, Text) else shown(value, lang, workflow.zone)


def _moment(workflow: Workflow, at: datetime) -> str:
    return f"{at.astimezone(workflow.zone):%Y-%m-%d %H:%M}"


_DID = {
    "start": ("{clock} starts", "{clock}开始计时"),
    "pause": ("{clock} is paused", "{clock}暂停计时"),
    "resume": ("{clock} goes on", "{clock}恢复计时"),
    "stop": ("{clock} stops", "{clock}停止计时"),
    "recompute": ("{clock} is computed anew", "{clock}重新计算"),
}


def _clock(workflow: Workflow, label: Text, told: object) -> Iterator[Text]:
    values = dict(told) if isinstance(told, dict) else {}
    words = _DID.get(str(values.get("did")))
    if words is None:
        return
    due = values.get("due_at")
    lines = [phrase(*words, clock=label)]
    if isinstance(due, datetime):
        lines.append(phrase("due at {at}", "{at} 到期", at=_moment(workflow, due)))
    if values.get("unset"):
        lines.append(
            phrase("due unknown: `{name}` is not set", "到期时间未知：`{name}` 尚未设定", name=values["unset"])
        )
    if values.get("provisional"):
        lines.append(phrase("provisional", "暂定"))
    if values.get("breached") and values.get("did") in ("stop", "pause"):
        lines.append(phrase("overdue", "已超时"))
    yield Text(
        tuple(
            (lang, ("，" if lang.startswith("zh") else ", ").join(one.text(lang) for one in lines))
            for lang in _LANGUAGES
        )
    )


_TOLD = {
    "owner": Text((("en", "the owner"), ("zh", "负责人"), ("zh_TW", "負責人"))),
    "customer": Text((("en", "the customer"), ("zh", "客户"), ("zh_TW", "客戶"))),
}


def _effect(workflow: Workflow, effect: Effect) -> Iterator[Text]:
    values = effect.values
    if effect.verb == "notify":
        people = values.get("recipients")
        names = [str(one) for one in people] if isinstance(people, list | tuple) else []
        role = workflow.roles.get(effect.target)
        whom = role.label if role is not None else _TOLD.get(effect.target, Text.of(effect.target))
        if effect.target == "customer":
            yield phrase("told {whom}", "已通知{whom}", whom=whom)
        elif names:
            yield phrase("told {whom}: {names}", "已通知{whom}：{names}", whom=whom, names=names)
    elif effect.verb == "open":
        yield phrase(
            "opened: {target} {case}", "已新建：{target} {case}", target=effect.target, case=values.get("case")
        )
    elif effect.verb in ("raise", "lower") and values.get("from") == values.get("to"):
        yield phrase("`{target}` stays at {to}", "`{target}` 保持 {to}", target=effect.target, to=values.get("to"))
    elif effect.verb == "perform":
        yield phrase("asked the system for: {target}", "已请求系统执行：{target}", target=effect.target)
