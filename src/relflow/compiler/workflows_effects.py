"""The six verbs under `do`: whom, what and with which values, all names checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from relflow.compiler.literals import DID_YOU_MEAN
from relflow.compiler.types import Types
from relflow.compiler.workflows_flow import OWNER, Flow
from relflow.compiler.workflows_texts import compile_template, mentions, personal_names
from relflow.diagnostics import Fragment, Message, Severity, nearest
from relflow.feel.types import ANY, ListType, StringType, Type
from relflow.model import Assign, Content, Effect, Fields, Notify, Open, Perform, Raise, Set, Value
from relflow.model import Workflow as WorkflowModel
from relflow.program import DURATION
from relflow.program.workflows import Action, Formula, Recipient, Template
from relflow.text import Text

__all__ = ["compile_actions"]

CUSTOMER = "customer"
TODO = "todo"

NO_ORDER = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{name}` has no order in which it could be raised or lowered",
    "`{name}` 的取值没有高低之分，无法上调或下调",
    "declare it with `one_of`, highest first",
    "用 `one_of` 从高到低列出它的取值",
)
NOT_TAKEN = Message.of(
    "unknown-name",
    Severity.ERROR,
    "the workflow `{workflow}` has no datum `{text}` ({known})",
    "流程 `{workflow}` 没有数据项 `{text}`（现有：{known}）",
    "choose one of them, or declare it under `data:` of that workflow",
    "选择其中一个，或在该流程的 `data:` 下声明",
)
NOT_GIVEN = Message.of(
    "missing-data",
    Severity.ERROR,
    "a case of `{workflow}` cannot be opened without {names}",
    "新建 `{workflow}` 时必须提供 {names}",
    "give it under `with`",
    "在 `with` 中给出",
)
OPEN_MESSAGE = Message.of(
    "open-message",
    Severity.QUESTION,
    "`{workflow}` sends the message `{name}`, which has no text yet",
    "`{workflow}` 要发送消息 `{name}`，尚未写明内容",
    "write it under `messages:`",
    "在 `messages:` 下写明",
)
NOBODY = Message.of(
    "todo-for-nobody",
    Severity.WARNING,
    "this task is opened for nobody",
    "新建的待办没有指定负责人",
    "add `assign:` with a role or `= …`",
    "用 `assign:` 写明角色或 `= …`",
)
NO_LIST = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{text}` is not a list, which `for_each` goes through",
    "`{text}` 不是列表，`for_each` 需要列表",
    "name a list, e.g. a datum of `type: [action]`, or leave `for_each` out",
    "填写列表，例如 `type: [action]` 的数据，或去掉 `for_each`",
)


def compile_actions(flow: Flow, effects: tuple[Effect, ...], names: Mapping[str, Type]) -> tuple[Action, ...]:
    """The effects of an event or a clock's step; `names` are what formulas may use besides the workflow's names."""
    return tuple(action for effect in effects for action in _compile(flow, effect, names))


def _compile(flow: Flow, effect: Effect, names: Mapping[str, Type]) -> Iterator[Action]:
    match effect:
        case Notify():
            yield _notify(flow, effect, names)
        case Assign():
            person = _recipient(flow, effect.to, names, customer=False)
            if person is not None:
                yield Action("assign", effect.span, recipients=(person,))
        case Open():
            yield _open(flow, effect, names)
        case Set():
            yield Action("set", effect.span, values=tuple(_set(flow, effect.values, names)))
        case Raise():
            yield from _raise(flow, effect)
        case Perform():
            values = tuple(_free(flow, effect.with_, names))
            yield Action("perform", effect.span, target=effect.action.text, values=values)


def _notify(flow: Flow, effect: Notify, names: Mapping[str, Type]) -> Action:
    found = (_recipient(flow, one, names) for one in effect.to)
    recipients = tuple(one for one in found if one is not None)
    values = tuple(_free(flow, effect.with_, names))
    given = {name: formula.type for name, formula in values}
    personal = personal_names(flow)
    private = frozenset(name for name, formula in values if mentions(formula.text, personal))
    message = _message(flow, effect.message, {**names, **given}, private) if effect.message is not None else None
    return Action("notify", effect.span, recipients=recipients, values=values, message=message, private=private)


def _message(flow: Flow, name: Fragment, names: Mapping[str, Type], private: frozenset[str]) -> Template | None:
    """The policy's text of that name, else the workflow's own, else none: then the notification says what happened."""
    known = {one.name: one for one in (*flow.model.messages, *flow.world.model.messages)}
    if name.text in known:
        return compile_template(flow, known[name.text], names, private)
    if nearest(name.text, known) is not None:
        flow.known("message", name, known)
    elif not flow.alone:
        flow.report(OPEN_MESSAGE.at(name.span, workflow=flow.model.name, name=name.text))
    return None


def _recipient(flow: Flow, value: Value, names: Mapping[str, Type], *, customer: bool = True) -> Recipient | None:
    if value.formula:
        formula = flow.formula(value.text, ANY, names)
        return Recipient(value.text.text, "users", formula) if formula is not None else None
    if value.text.text == OWNER:
        return Recipient(OWNER, "owner")
    if value.text.text == CUSTOMER and customer:
        return Recipient(CUSTOMER, "customer")
    known = (*flow.roles, OWNER, CUSTOMER) if customer else (*flow.roles, OWNER)
    return Recipient(value.text.text, "role") if flow.known("role", value.text, known) else None


def _set(flow: Flow, fields: Fields, names: Mapping[str, Type]) -> Iterator[tuple[str, Formula]]:
    for key, content in fields.entries:
        if not flow.known("datum", key, flow.data):
            continue
        formula = flow.value(content, flow.data[key.text].type, names)
        if formula is not None:
            yield key.text, formula


def _free(flow: Flow, fields: Fields | None, names: Mapping[str, Type]) -> Iterator[tuple[str, Formula]]:
    """Values that go where nothing declares them: to the host, into a text."""
    for key, content in fields.entries if fields is not None else ():
        formula = flow.value(content, ANY, names)
        if formula is not None:
            yield key.text, formula


def _raise(flow: Flow, effect: Raise) -> Iterator[Action]:
    name = effect.target
    if not flow.known("datum", name, flow.data):
        return
    datum = flow.data[name.text]
    if not isinstance(datum.type, StringType) or not datum.choices:
        flow.report(NO_ORDER.at(name.span, name=name.text))
        return
    yield Action("lower" if effect.lower else "raise", effect.span, target=name.text)


def _open(flow: Flow, effect: Open, names: Mapping[str, Type]) -> Action:
    items = _items(flow, effect.for_each, names)
    if items is not None:
        inner = items.type.item if isinstance(items.type, ListType) else ANY
        names = {**names, "item": inner}
    target = _target(flow, effect.workflow)
    values = tuple(_given(flow, effect, target, names))
    if target is not None:
        _complete(flow, effect, target)
    assign = _recipient(flow, effect.assign, names, customer=False) if effect.assign is not None else None
    if effect.assign is None and effect.workflow.text == TODO:
        flow.report(NOBODY.at(effect.span))
    return Action("open", effect.span, effect.workflow.text, (), values, items, assign)


def _items(flow: Flow, value: Value | None, names: Mapping[str, Type]) -> Formula | None:
    """The list that `for_each` goes through; a bare name stands for itself."""
    if value is None:
        return None
    formula = flow.formula(value.text, ANY, names)
    if formula is not None and not isinstance(formula.type, ListType) and formula.type != ANY:
        flow.report(NO_LIST.at(value.span, text=value.text.text))
        return None
    return formula


def _target(flow: Flow, name: Fragment) -> WorkflowModel | None:
    known = {one.name: one for one in flow.world.model.workflows}
    if name.text in known:
        return known[name.text]
    # a workflow that is checked alone may open any other; which ones there are is for the policy to say
    if not flow.alone and name.text != TODO:
        flow.known("workflow", name, dict.fromkeys((*known, TODO)))
    return None


def _given(
    flow: Flow, effect: Open, target: WorkflowModel | None, names: Mapping[str, Type]
) -> Iterator[tuple[str, Formula]]:
    entries: list[tuple[Fragment, Content]] = list(effect.with_.entries) if effect.with_ is not None else []
    types = _types(flow, target) if target is not None else {}
    for key, content in entries:
        if target is not None and not _takes(flow, key, target):
            continue
        formula = flow.value(content, types.get(key.text, ANY), names)
        if formula is not None:
            yield key.text, formula
    if effect.within is not None and (target is None or _has_within(flow, effect.within, target)):
        formula = flow.value(effect.within, DURATION, names)
        if formula is not None:
            yield "within", formula


def _takes(flow: Flow, key: Fragment, target: WorkflowModel) -> bool:
    known = tuple(one.name for one in target.data)
    if key.text in known:
        return True
    near = nearest(key.text, known)
    help_ = DID_YOU_MEAN if near is not None else None
    shown = known or (Text.of("-"),)
    found = NOT_TAKEN.at(key.span, help=help_, workflow=target.name, text=key.text, known=shown, near=near or "")
    flow.report(found)
    return False


def _has_within(flow: Flow, value: Value, target: WorkflowModel) -> bool:
    """Whether the other workflow has the datum `within`, which a time limit given at opening is put into."""
    known = tuple(one.name for one in target.data)
    if "within" not in known:
        flow.report(NOT_TAKEN.at(value.span, workflow=target.name, text="within", known=known or (Text.of("-"),)))
    return "within" in known


def _types(flow: Flow, target: WorkflowModel) -> dict[str, Type]:
    """The types of another workflow's data; what is wrong with them is a finding of its own compilation."""
    types = Types([], dict(flow.world.types.records), flow.world.types.levels)
    types.declare_records(target.records)
    return {one.name: types.declared(one) for one in target.data}


def _complete(flow: Flow, effect: Open, target: WorkflowModel) -> None:
    """Report required data that nobody meant to give; one that is given wrong is a finding of its own."""
    written = {key.text for key, _ in effect.with_.entries} if effect.with_ is not None else set()
    known = {one.name for one in target.data}
    # a misspelt name is likely the one that is missing
    meant = {nearest(name, known) or name for name in written}
    needed = [one.name for one in target.data if one.required is not None and one.required.text == "true"]
    absent = tuple(name for name in needed if name not in meant)
    if absent:
        flow.report(NOT_GIVEN.at(effect.span, workflow=target.name, names=absent))
