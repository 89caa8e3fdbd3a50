"""Stage: contact plans."""

from __future__ import annotations

from typing import Any, Final

from relflow.compiler.amounts import check_count, check_length
from relflow.compiler.literals import DID_YOU_MEAN
from relflow.compiler.tables import compile_columns
from relflow.compiler.world import World, ids, label, text
from relflow.diagnostics import Fragment, Message, Severity, nearest
from relflow.feel.types import ANY, DATE, DATE_TIME, NUMBER, STRING, ListType, RecordType, Type
from relflow.model import Cadence as CadenceModel
from relflow.model import Cap as CapModel
from relflow.model import KeyNode as KeyNodeModel
from relflow.model import Row as RowModel
from relflow.model import Table as TableModel
from relflow.model import Touchpoint, Value
from relflow.program import (
    DURATION,
    Aggregation,
    Broken,
    Cadence,
    Cap,
    HitPolicy,
    KeyNode,
    OutputColumn,
    PlanRow,
    Table,
    TouchpointKind,
    Valued,
)
from relflow.text import Text

__all__ = ["compile_cadences"]

UNKNOWN_COLUMN = Message.of(
    "unknown-name",
    Severity.ERROR,
    "a contact plan has no output `{text}` ({known})",
    "联系计划没有 `{text}` 这一输出列（可用：{known}）",
    "choose one of them",
    "选择其中一个",
)
UNKNOWN_TOUCHPOINT = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is no touchpoint of `{cadence}` ({known})",
    "`{cadence}` 没有 `{text}` 这种联系方式（现有：{known}）",
    "declare it under `touchpoints:`",
    "在 `touchpoints:` 下声明",
)
UNKNOWN_DATE = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is no fact of this policy",
    "本制度没有数据项 `{text}`",
    "declare it under `facts:`, as `type: date`",
    "在 `facts:` 下声明为 `type: date`",
)
NOT_A_DAY = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{text}` is no date, which `before` needs",
    "`{text}` 不是日期，`before` 需要日期",
    "name a fact or a field of `type: date`",
    "填写 `type: date` 的数据项或字段",
)
NO_TOUCHPOINT = Message.of(
    "empty-cell",
    Severity.ERROR,
    "this row does not say which contact it is about",
    "本行没有写明是哪种联系",
    "write one of {known} under `touchpoint`",
    "在 `touchpoint` 下填写其中一种：{known}",
)
NO_TARGET = Message.of(
    "empty-cell",
    Severity.ERROR,
    "this row does not say how often",
    "本行没有写明多久一次",
    "write a duration under `target`, e.g. `1 month`, or `=` and a parameter",
    "在 `target` 下填写时长，例如 `1 个月`，或 `=` 加参数",
)
UNKNOWN_PURPOSE = Message.of(
    "unknown-name",
    Severity.ERROR,
    "no touchpoint has the purpose `{text}`, so nothing is capped ({known})",
    "没有任何联系的用途是 `{text}`，该上限不起作用（现有：{known}）",
    "give a touchpoint `purpose: {text}`, or take the cap out",
    "给某种联系加上 `purpose: {text}`，或去掉该上限",
)
UNKNOWN_CASE = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no workflow `{text}` that a contact could open ({known})",
    "没有流程 `{text}` 可供联系时新建工单（现有：{known}）",
    "`include` its file, or take `case` out",
    "用 `include` 引入该流程，或去掉 `case`",
)
NOT_A_LIST = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{text}` is no list of records, which `of` needs",
    "`{text}` 不是记录列表，`of` 需要记录列表",
    "name a fact such as `type: [milestone]`, or leave `of` out",
    "填写列表数据项，例如 `type: [milestone]`，或去掉 `of`",
)
UNKNOWN_WORD = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is none of: {known}",
    "`{text}` 不属于：{known}",
    "choose one of them",
    "选择其中一个",
)
NO_COLUMN = Message.of(
    "missing-column",
    Severity.ERROR,
    "the plan has no output `{text}`",
    "联系计划缺少输出列 `{text}`",
    "add a column `{text}` right of `||`",
    "在 `||` 右侧加上 `{text}` 列",
)
_DATES: Final = (DATE, DATE_TIME, ANY)
OUTPUTS = ("touchpoint", "target", "at_most")
_TYPES: dict[str, Type] = {"touchpoint": STRING, "target": DURATION, "at_most": DURATION}


def compile_cadences(world: World) -> None:
    """Every contact plan."""
    cadences: dict[str, Cadence] = world.parts.setdefault("cadences", {})
    for cadence in world.model.cadences:
        cadences[cadence.name] = _cadence(world, cadence)


def _cadence(world: World, model: CadenceModel) -> Cadence:
    kinds = {touchpoint.name: _kind(world, touchpoint) for touchpoint in model.touchpoints}
    for touchpoint in model.touchpoints:
        for name in touchpoint.counts_as:
            _known(world, name, kinds, model.name)
    _check_cases(world, model)
    table, rows = _plan(world, model, kinds)
    moved = _word(world, model.on_non_working_day, ("unchanged", "previous", "next"))
    counted = _word(world, model.count_from, ("last_contact", "plan"))
    return Cadence(
        id=model.name,
        span=model.id.span,
        table=table,
        rows=rows,
        touchpoints=kinds,
        key_nodes=tuple(_key_node(world, node) for node in model.key_nodes),
        caps={cap.name: _cap(world, cap, model) for cap in model.caps},
        on_non_working_day=moved,
        count_from=counted,
        label=label(model),
        source=ids(model.source),
    )


def _check_cases(world: World, model: CadenceModel) -> None:
    known = {workflow.name for workflow in world.model.workflows}
    for touchpoint in model.touchpoints:
        case = touchpoint.case
        if case is None or case.text in known:
            continue
        near = nearest(case.text, known)
        help_ = DID_YOU_MEAN if near is not None else None
        shown = tuple(sorted(known)) or ("-",)
        world.report(UNKNOWN_CASE.at(case.span, help=help_, text=case.text, known=shown, near=near or ""))


def _cap(world: World, model: CapModel, cadence: CadenceModel) -> Cap:
    """A cap on the contacts of a purpose that some touchpoint has."""
    purposes = {point.purpose.text for point in cadence.touchpoints if point.purpose is not None}
    if model.name not in purposes:
        near = nearest(model.name, purposes)
        help_ = DID_YOU_MEAN if near is not None else None
        shown = tuple(sorted(purposes)) or ("-",)
        world.report(UNKNOWN_PURPOSE.at(model.id.span, help=help_, text=model.name, known=shown, near=near or ""))
    made = Cap(_rate(world, model.count, NUMBER), _rate(world, model.per, DURATION))
    check_count(world, made.count, 0, "count: 1")
    check_length(world, made.per)
    return made


def _kind(world: World, model: Touchpoint) -> TouchpointKind:
    channel = world.rate(model.channel, STRING)
    return TouchpointKind(
        id=model.name,
        span=model.id.span,
        channel=channel or Valued(model.id.span, model.name),
        label=label(model) or Text.of(model.name),
        purpose=model.purpose.text if model.purpose is not None else None,
        case=model.case.text if model.case is not None else None,
        counts_as=ids(model.counts_as),
        source=ids(model.source),
    )


def _known(world: World, fragment: Fragment, kinds: dict[str, TouchpointKind], cadence: str) -> None:
    if fragment.text in kinds:
        return
    near = nearest(fragment.text, kinds)
    help_ = DID_YOU_MEAN if near is not None else None
    found = UNKNOWN_TOUCHPOINT.at(
        fragment.span, help=help_, text=fragment.text, cadence=cadence, known=tuple(kinds), near=near or ""
    )
    world.report(found)


def _word(world: World, fragment: Fragment | None, known: tuple[str, ...]) -> Any:
    """One of a few words; the first one where nothing stands there."""
    if fragment is None:
        return known[0]
    if fragment.text in known:
        return fragment.text
    near = nearest(fragment.text, known)
    help_ = DID_YOU_MEAN if near is not None else None
    world.report(UNKNOWN_WORD.at(fragment.span, help=help_, text=fragment.text, known=known, near=near or ""))
    return known[0]


def _plan(world: World, model: CadenceModel, kinds: dict[str, TouchpointKind]) -> tuple[Table, tuple[PlanRow, ...]]:
    plan = model.plan
    if plan is None:
        empty = Table(model.span, HitPolicy.COLLECT, Aggregation.LIST, (), (), ())
        return empty, ()
    places = _places(world, plan)
    columns, rows = compile_columns(world, plan, [])
    outputs = tuple(OutputColumn(name, _TYPES[name]) for name in places)
    table = Table(plan.span, HitPolicy.COLLECT, Aggregation.LIST, columns, outputs, rows)
    lines = []
    for row, line in zip(rows, plan.rows, strict=True):
        lines.append(_row(world, row.number, line, places, kinds, model.name))
    return table, tuple(lines)


def _places(world: World, plan: TableModel) -> dict[str, int]:
    """In which output column what stands."""
    places: dict[str, int] = {}
    for index, fragment in enumerate(plan.outputs):
        if fragment.text in OUTPUTS:
            places[fragment.text] = index
            continue
        near = nearest(fragment.text, OUTPUTS)
        help_ = DID_YOU_MEAN if near is not None else None
        found = UNKNOWN_COLUMN.at(fragment.span, help=help_, text=fragment.text, known=OUTPUTS, near=near or "")
        world.report(found)
    for name in OUTPUTS[:2]:
        if name not in places:
            world.report(NO_COLUMN.at(plan.span, text=name))
    return places


def _row(
    world: World,
    number: int,
    line: RowModel,
    places: dict[str, int],
    kinds: dict[str, TouchpointKind],
    cadence: str,
) -> PlanRow:
    def output(name: str) -> Value | None:
        return line.outputs[places[name]] if name in places else None

    touchpoint = output("touchpoint")
    if touchpoint is not None and touchpoint.null:
        world.report(NO_TOUCHPOINT.at(line.span, known=tuple(kinds)))
    elif touchpoint is not None:
        _known(world, touchpoint.text, kinds, cadence)
    at_most = world.rate(output("at_most"), DURATION)
    stated = output("target")
    target = world.rate(stated, DURATION)
    if stated is not None and stated.null:
        world.report(NO_TARGET.at(line.span))
    check_length(world, target, at_most)
    return PlanRow(
        number=number,
        span=line.span,
        touchpoint=touchpoint.text.text if touchpoint is not None else "",
        target=target or Valued(line.span),
        at_most=at_most,
        because=text(line.because),
        source=ids(line.source),
    )


def _key_node(world: World, model: KeyNodeModel) -> KeyNode:
    _check_date(world, model)
    made = KeyNode(
        span=model.span,
        before=model.before.text,
        within=_rate(world, model.within, DURATION),
        times_as_often=_rate(world, model.times_as_often, NUMBER),
        of=model.of.text if model.of is not None else None,
        because=text(model.because),
        source=ids(model.source),
    )
    check_length(world, made.within)
    check_count(world, made.times_as_often, 1, "times_as_often: 2")
    return made


def _check_date(world: World, model: KeyNodeModel) -> None:
    """Whether the date of a key node is a fact, or a field of a list of records."""
    names = world.expressions.names
    if model.of is None:
        if model.before.text not in names:
            near = nearest(model.before.text, names)
            help_ = DID_YOU_MEAN if near is not None else None
            world.report(UNKNOWN_DATE.at(model.before.span, help=help_, text=model.before.text, near=near or ""))
        elif names[model.before.text] not in _DATES:
            world.report(NOT_A_DAY.at(model.before.span, text=model.before.text))
        return
    type_ = names.get(model.of.text)
    if not isinstance(type_, ListType) or not isinstance(type_.item, RecordType):
        world.report(NOT_A_LIST.at(model.of.span, text=model.of.text))
    elif type_.item.field(model.before.text) is None:
        fields = tuple(name for name, _ in type_.item.fields)
        near = nearest(model.before.text, fields)
        help_ = DID_YOU_MEAN if near is not None else None
        found = UNKNOWN_WORD.at(model.before.span, help=help_, text=model.before.text, known=fields, near=near or "")
        world.report(found)
    elif type_.item.field(model.before.text) not in _DATES:
        world.report(NOT_A_DAY.at(model.before.span, text=model.before.text))


def _rate(world: World, value: Value, type_: Type) -> Valued:
    found = world.rate(value, type_)
    return found if found is not None else Valued(value.span, code=Broken(value.text))
