"""Stage: what obligations and key figures do, each effect checked as the effect of a workflow that carries it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from relflow.compiler.types import Types
from relflow.compiler.workflows import policy_names, read_datum
from relflow.compiler.workflows_effects import compile_actions
from relflow.compiler.workflows_flow import Flow
from relflow.compiler.world import World, label
from relflow.diagnostics import Fragment, Message, Severity
from relflow.feel.types import ANY, ListType, RecordType, Type
from relflow.model import Assign, Declaration, Effect, Kpi, Obligation, Open, Raise, Set
from relflow.model import Workflow as WorkflowModel
from relflow.program.workflows import WorkflowRole
from relflow.text import Text

__all__ = ["check_errands"]

NO_CASE = Message.of(
    "no-case",
    Severity.ERROR,
    "`{verb}` changes the case that it stands in, and {what} has none",
    "`{verb}` 更改的是所在工单，而{what}没有工单",
    "open a case that does it, or put it into an event of the workflow",
    "用 `open` 新建工单来完成，或写在流程的事件中",
)
OWNER_OF_ACCOUNT = Message.of(
    "wrong-type",
    Severity.ERROR,
    "a case of `{workflow}` belongs to `{role}`, whom an account names, and the company is no account",
    "`{workflow}` 的负责人是 `{role}`，由客户数据指明，而对象是企业，不是客户",
    "say who gets it: `assign:` with a role that has members",
    "用 `assign:` 指定有成员的角色",
)
_DUTY_WORD = Text((("en", "an obligation"), ("zh", "义务")))
_FIGURE_WORD = Text((("en", "a key figure"), ("zh", "考核指标")))


def check_errands(world: World) -> None:
    """Every effect of every obligation and key figure: whom, what, with which values."""
    if world.model.head is None:
        return
    flows = _Flows(world)
    for obligation in world.model.obligations:
        more = {"event": _event(world, obligation)} if obligation.event is not None else {}
        _check(flows, obligation, obligation.do, more, _DUTY_WORD)
        if obligation.of is not None and obligation.of.text == "company":
            _check_owners(world, obligation.do)
    for kpi in world.model.kpis:
        figures: dict[str, Type] = {"group": ANY, "value": ANY, "since": ANY, "until": ANY}
        for streak in (*kpi.misses, *kpi.meets):
            _check(flows, kpi, streak.do, figures, _FIGURE_WORD)


def _check(
    flows: _Flows, element: Obligation | Kpi, effects: tuple[Effect, ...], more: Mapping[str, Type], what: Text
) -> None:
    if not effects:
        return
    flow = flows.of(element)
    listed = _item(flow.world, element)
    for effect in effects:
        if isinstance(effect, Set | Raise | Assign):
            flow.report(NO_CASE.at(effect.span, verb=_verb(effect), what=what))
            continue
        names = {**more, "item": listed} if isinstance(effect, Open) and listed is not None else more
        compile_actions(flow, (effect,), names)


def _verb(effect: Set | Raise | Assign) -> str:
    if isinstance(effect, Raise):
        return "lower" if effect.lower else "raise"
    return "set" if isinstance(effect, Set) else "assign"


class _Flows:
    """Workflows with the roles of the policy, and with the data of the subject where that is a case.

    What elements of one kind with the same subject share is made once.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._names = policy_names(world)
        self._roles = {
            role.name: WorkflowRole(role.name, label(role) or Text.of(role.name), role.id.span)
            for role in world.model.roles
        }
        self._shared: dict[tuple[str, bool], Flow] = {}

    def of(self, element: Obligation | Kpi) -> Flow:
        """The workflow that would carry out what an element does."""
        of = element.of.text if element.of is not None else "account"
        subject = next((one for one in self._world.model.workflows if one.name == of), None)
        model = WorkflowModel(
            span=element.span,
            id=Fragment(element.name, element.id.span),
            version=Fragment("1", element.id.span),
            roles=self._world.model.roles,
            records=() if subject is None else subject.records,
        )
        key = of, isinstance(element, Obligation)
        if key not in self._shared:
            given: tuple[Declaration, ...] = subject.data if subject is not None and key[1] else ()
            self._shared[key] = self._flow(model, given)
        return replace(self._shared[key], model=model)

    def _flow(self, model: WorkflowModel, given: tuple[Declaration, ...]) -> Flow:
        types = Types([], dict(self._world.types.records), self._world.types.levels)
        types.declare_records(model.records)
        flow = Flow(model, self._world, False, types, roles=self._roles, expects=self._names, errand=True)
        flow.data = {one.name: read_datum(flow, replace(one, required=None)) for one in given}
        flow.declare()
        return flow


def _item(world: World, element: Obligation | Kpi) -> Type | None:
    """What one item of the subject is, where that is a list fact."""
    type_ = world.expressions.names.get(element.of.text) if element.of is not None else None
    return type_.item if isinstance(type_, ListType) else None


def _event(world: World, obligation: Obligation) -> Type:
    for event in world.model.events:
        if obligation.event is not None and event.name == obligation.event.text:
            return RecordType(tuple((datum.name, world.types.declared(datum)) for datum in event.data), event.name)
    return ANY


def _check_owners(world: World, effects: tuple[Effect, ...]) -> None:
    """A case that the company opens cannot belong to somebody whom an account names."""
    named = {role.name for role in world.model.roles if role.from_ is not None}
    for effect, target in _opened(world, effects):
        if effect.assign is None and target.owner is not None and target.owner.text in named:
            found = OWNER_OF_ACCOUNT.at(effect.workflow.span, workflow=target.name, role=target.owner.text)
            world.report(found)


def _opened(world: World, effects: tuple[Effect, ...]) -> Iterator[tuple[Open, WorkflowModel]]:
    known = {one.name: one for one in world.model.workflows}
    for effect in effects:
        if isinstance(effect, Open) and effect.workflow.text in known:
            yield effect, known[effect.workflow.text]
