"""Stages: obligations and key figures, their conditions compiled over what their subject has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from relflow.calendars import FESTIVALS
from relflow.compiler.amounts import check_count, check_length
from relflow.compiler.literals import DID_YOU_MEAN
from relflow.compiler.types import Types
from relflow.compiler.workflows_flow import CHILD, CLOCK
from relflow.compiler.world import World, ids, label
from relflow.diagnostics import Fragment, Message, Severity, nearest
from relflow.feel import tree
from relflow.feel.types import ANY, BOOLEAN, DATE, DATE_TIME, NUMBER, STRING, ListType, RecordType, StringType, Type
from relflow.model import Items, State, Value
from relflow.model import Kpi as KpiModel
from relflow.model import Obligation as ObligationModel
from relflow.model import Streak as StreakModel
from relflow.program import DURATION, Broken, Code, Fact, Kpi, Obligation, Streak, Valued
from relflow.values import WorkingDuration

__all__ = ["compile_kpis", "compile_obligations"]

UNKNOWN_SUBJECT = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is neither `account`, `company`, a workflow nor a list of records ({known})",
    "`{text}` 既不是 `account`、`company`，也不是流程或记录列表（可用：{known}）",
    "choose one of them, or `include` the workflow",
    "选择其中一个，或用 `include` 引入流程",
)
COMPANY_FIGURE = Message.of(
    "wrong-type",
    Severity.ERROR,
    "a key figure counts accounts, cases or the entries of a list; there is one company and nothing of it to count",
    "考核指标统计的是客户、工单或列表中的记录，企业只有一个，没有可统计的对象",
    "write `of: account`, a workflow, or a fact that lists records ({known})",
    "写 `of: account`、流程，或列出记录的数据项（可用：{known}）",
)
UNKNOWN_EVENT = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no event `{text}` under `events` ({known})",
    "`events` 中没有 `{text}`（现有：{known}）",
    "declare it there",
    "在其中声明",
)
NO_EVENTS = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no event `{text}`: the policy declares none",
    "没有事件 `{text}`：制度未声明任何事件",
    "declare it under `events:`",
    "在 `events:` 下声明",
)
UNKNOWN_FESTIVAL = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is no festival that relflow knows ({known})",
    "`{text}` 不是已知的节日（可用：{known}）",
    "choose one of them, or use `yearly` with a date of your own",
    "选择其中一个，或用 `yearly` 加自定的日期",
)
UNKNOWN_DAY = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is no date of this subject ({known})",
    "`{text}` 不是该对象的日期（现有：{known}）",
    "declare it as `type: date`",
    "声明为 `type: date`",
)
NO_DAY = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{text}` is no date, and `{key}` says on which day something is due",
    "`{text}` 不是日期，而 `{key}` 要说明在哪一天发生",
    "name a fact or a field of `type: date`",
    "填写 `type: date` 的数据项或字段",
)
NOT_OF_COMPANY = Message.of(
    "not-expected",
    Severity.ERROR,
    "`{name}` is about an account, and this obligation is about the company",
    "`{name}` 针对客户，而这项义务的对象是企业",
    "write `of: account`, or leave the condition out",
    "写 `of: account`，或去掉该条件",
)
UNKNOWN_FIELD = Message.of(
    "unknown-name",
    Severity.ERROR,
    "the items of this figure have no `{text}` ({known})",
    "该指标的统计对象没有 `{text}`（现有：{known}）",
    "choose one of them",
    "选择其中一个",
)
NO_DATE = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`at` puts an item into a period by a date; `{text}` is none",
    "`at` 按日期把对象归入考核期，`{text}` 不是日期",
    "name a date, or leave `at` out to count all items at the period's end",
    "填写日期，或去掉 `at` 以统计期末全部对象",
)
WORKING_PERIOD = Message.of(
    "wrong-type",
    Severity.ERROR,
    "a period is counted in days, weeks, months or years, not in working time",
    "考核期按天、周、月或年计算，不能用工作时间",
    "write it as `1 month` or `1 week`",
    "写成 `1 个月` 或 `1 周`",
)
_DATES: Final = (DATE, DATE_TIME, ANY)
_OF_CASES: Mapping[str, Type] = {"children": ListType(CHILD), "owner": ANY, "closed_at": ANY}
_CASE_ITEM: Mapping[str, Type] = {
    "id": STRING,
    "account": STRING,
    "opened_at": DATE_TIME,
    "closed_at": DATE_TIME,
    "owner": STRING,
}
# stands among the names of a subject that is not known, so that nothing more is said about it
_UNCLEAR = "?subject"


def compile_obligations(world: World) -> None:
    """Every obligation."""
    found: dict[str, Obligation] = world.parts.setdefault("obligations", {})
    for model in world.model.obligations:
        found[model.name] = _obligation(world, model)


def _obligation(world: World, model: ObligationModel) -> Obligation:
    subject, names = _subject(world, model.of)
    trigger = _trigger(model)
    if model.event is not None:
        names = {**names, "event": _event(world, model.event)}
    day = model.yearly or model.date
    if day is not None and _UNCLEAR not in names:
        _check_day(world, day, "yearly" if model.yearly is not None else "date", subject, names)

    def rate(value: Value | None) -> Valued | None:
        return _rate(world, value, DURATION, names)

    made = Obligation(
        id=model.name,
        span=model.id.span,
        subject=subject,
        of=model.of.text if model.of is not None else "account",
        trigger=trigger,
        target=rate(model.every.target) if model.every is not None else None,
        at_most=rate(model.every.at_most) if model.every is not None else None,
        day=day.text if day is not None else None,
        festivals=tuple(_festival(world, value, names) for value in model.festival),
        event=model.event.text if model.event is not None else None,
        becomes=_condition(world, model.becomes, names),
        when=_condition(world, model.when, names),
        before=rate(model.before),
        after=rate(model.after),
        check_every=rate(model.check_every),
        do=model.do,
        label=label(model),
        source=ids(model.source),
    )
    check_length(world, made.target, made.at_most, made.check_every)
    if subject == "company":
        _check_company(world, made, day)
    return made


def _check_company(world: World, made: Obligation, day: Fragment | None) -> None:
    """Whether nothing is asked that only an account answers."""
    if day is not None and _about_account(world, day.text, set()):
        world.report(NOT_OF_COMPANY.at(day.span, name=day.text))
    parts = (made.becomes, made.when, made.target, made.at_most, made.before, made.after, made.check_every)
    for part in parts:
        code = part.code if isinstance(part, Valued) else part
        for name in code.reads if isinstance(code, Code) else ():
            if _about_account(world, name, set()):
                world.report(NOT_OF_COMPANY.at(code.fragment.span, name=name))  # type: ignore[union-attr]


def _about_account(world: World, name: str, seen: set[str]) -> bool:
    """Whether a name is a fact, or rests on one."""
    node = world.nodes.get(name)
    if node is None or name in seen:
        return False
    seen.add(name)
    return isinstance(node, Fact) or any(_about_account(world, inner, seen) for inner in node.inputs)


def _trigger(model: ObligationModel) -> Any:
    """The occasion; that there is exactly one was seen while reading."""
    given = {
        "every": model.every,
        "yearly": model.yearly,
        "date": model.date,
        "festival": model.festival or None,
        "event": model.event,
        "becomes": model.becomes,
    }
    return next((name for name, value in given.items() if value is not None), "every")


def _subject(world: World, of: Fragment | None) -> tuple[Any, Mapping[str, Type]]:
    """What a subject is, and the names that it has beside the policy's."""
    if of is None or of.text == "account":
        return "account", {}
    if of.text == "company":
        return "company", {}
    for workflow in world.model.workflows:
        if workflow.name == of.text:
            types = Types([], dict(world.types.records), world.types.levels)
            types.declare_records(workflow.records)
            data = {datum.name: types.declared(datum) for datum in workflow.data}
            clocks = RecordType(tuple((clock.name, CLOCK) for clock in workflow.clocks), "clocks")
            states = tuple(_leaves(workflow.states, ""))
            return "case", {**_OF_CASES, "state": StringType(one_of=states), "clocks": clocks, **data}
    type_ = world.expressions.names.get(of.text)
    if isinstance(type_, ListType):
        return "list", {"item": type_.item}
    account, *others = _countable(world)
    _unknown(world, UNKNOWN_SUBJECT, of, [account, "company", *others])
    return "list", {"item": ANY, _UNCLEAR: ANY}


def _countable(world: World) -> tuple[str, ...]:
    """The subjects of which there are several."""
    lists = (name for name, known in world.expressions.names.items() if isinstance(known, ListType))
    return ("account", *(workflow.name for workflow in world.model.workflows), *lists)


def _leaves(states: tuple[State, ...], group: str) -> Iterator[str]:
    """The states that a case can be in, those inside a group by their path."""
    for state in states:
        path = f"{group}.{state.name}" if group else state.name
        yield from _leaves(state.states, path) if state.states else (path,)


def _unknown(world: World, message: Message, fragment: Fragment, known: list[str]) -> None:
    near = nearest(fragment.text, known)
    help_ = DID_YOU_MEAN if near is not None else None
    world.report(message.at(fragment.span, help=help_, text=fragment.text, known=tuple(known), near=near or ""))


def _event(world: World, name: Fragment) -> Type:
    """The data of an event, as a record."""
    for event in world.model.events:
        if event.name == name.text:
            return RecordType(tuple((datum.name, world.types.declared(datum)) for datum in event.data), event.name)
    known = [event.name for event in world.model.events]
    _unknown(world, UNKNOWN_EVENT if known else NO_EVENTS, name, known)
    return ANY


def _check_day(world: World, day: Fragment, key: str, subject: str, names: Mapping[str, Type]) -> None:
    if subject == "list":
        item = names["item"]
        known = dict(item.fields) if isinstance(item, RecordType) else {day.text: ANY}
    else:
        own = {name: node.type for name, node in world.nodes.items() if not (isinstance(node, Fact) and node.case)}
        known = {**own, **names}
    if day.text not in known:
        _unknown(world, UNKNOWN_DAY, day, [name for name, type_ in known.items() if type_ in _DATES[:2]])
    elif known[day.text] not in _DATES:
        world.report(NO_DAY.at(day.span, text=day.text, key=key))


def _festival(world: World, value: Value, names: Mapping[str, Type]) -> Any:
    if value.formula:
        for name in _listed(world, value.text.text.strip()):
            if name.text not in FESTIVALS:
                _unknown(world, UNKNOWN_FESTIVAL, name, sorted(FESTIVALS))
        return world.expressions.within(names, value.text, ListType(STRING)) or Broken(value.text)
    if value.text.text not in FESTIVALS:
        _unknown(world, UNKNOWN_FESTIVAL, value.text, sorted(FESTIVALS))
    return value.text.text


def _listed(world: World, name: str) -> list[Fragment]:
    """What a parameter of that name lists, so that a misspelt festival is found where the company wrote it."""
    values = [one.value for one in world.model.parameters if one.name == name]
    return [
        item.text
        for value in values
        for item in (value.items if isinstance(value, Items) else (value,))
        if isinstance(item, Value) and not item.formula and not item.null
    ]


def _condition(world: World, fragment: Fragment | None, names: Mapping[str, Type]) -> Code | Broken | None:
    if fragment is None:
        return None
    if _UNCLEAR in names:
        return Broken(fragment)
    return world.expressions.within(names, fragment, BOOLEAN) or Broken(fragment)


def _rate(world: World, value: Value | None, type_: Type, names: Mapping[str, Type]) -> Valued | None:
    if value is None or value.null:
        return None
    if not value.formula:
        return world.rate(value, type_)
    return Valued(value.span, code=world.expressions.within(names, value.text, type_) or Broken(value.text))


def compile_kpis(world: World) -> None:
    """Every key figure."""
    found: dict[str, Kpi] = world.parts.setdefault("kpis", {})
    for model in world.model.kpis:
        found[model.name] = _kpi(world, model)


def _kpi(world: World, model: KpiModel) -> Kpi:
    subject, names = _subject(world, model.of)
    if subject == "company" and model.of is not None:
        world.report(COMPANY_FIGURE.at(model.of.span, known=_countable(world)))
    item = _item(world, subject, names)
    over = {"items": ListType(item), "group": ANY}
    value = goal = None
    if model.value is not None:
        value = world.expressions.within(over, model.value, NUMBER) or Broken(model.value)
    if model.goal is not None:
        goal = world.expressions.tests_within({}, model.goal, NUMBER) or Broken(model.goal)
    for part in (model.at, model.by):
        if part is not None and isinstance(item, RecordType) and item.field(part.text) is None:
            _unknown(world, UNKNOWN_FIELD, part, [name for name, _ in item.fields])
    if model.at is not None and isinstance(item, RecordType) and item.field(model.at.text) not in (*_DATES, None):
        world.report(NO_DATE.at(model.at.span, text=model.at.text))
    period = _rate(world, model.period, DURATION, {})
    check_length(world, period)
    if model.period is not None and period is not None and isinstance(period.value, WorkingDuration):
        world.report(WORKING_PERIOD.at(model.period.span))
    return Kpi(
        id=model.name,
        span=model.id.span,
        subject=subject,
        of=model.of.text if model.of is not None else "account",
        item=item,
        mentions=_mentions(world, model, value),
        value=value,
        goal=goal,
        period=period,
        at=model.at.text if model.at is not None else None,
        by=model.by.text if model.by is not None else None,
        misses=tuple(_streak(world, streak) for streak in model.misses),
        meets=tuple(_streak(world, streak) for streak in model.meets),
        label=label(model),
        source=ids(model.source),
    )


def _item(world: World, subject: str, names: Mapping[str, Type]) -> Type:
    """What one of the items has: an account what the policy says of it, a case its data and what every case has."""
    if _UNCLEAR in names or subject == "company":
        return ANY
    if subject == "list":
        return names["item"]
    if subject == "case":
        return RecordType(tuple({**names, **_CASE_ITEM}.items()), "case")
    return RecordType(tuple((name, node.type) for name, node in world.nodes.items()), "account")


def _mentions(world: World, model: KpiModel, value: Code | Broken | None) -> tuple[str, ...]:
    """Every name of the policy that an account is asked for."""
    found = dict.fromkeys(part.text for part in (model.at, model.by) if part is not None)
    for node in tree.walk(value.tree) if isinstance(value, Code) else ():
        if isinstance(node, tree.Name | tree.Path):
            found[node.name] = None
    return tuple(name for name in found if name in world.nodes)


def _streak(world: World, model: StreakModel) -> Streak:
    found = _rate(world, model.in_a_row, NUMBER, {})
    check_count(world, found, 1, "in_a_row: 2")
    return Streak(model.span, found or Valued(model.in_a_row.span), model.do, ids(model.source))
