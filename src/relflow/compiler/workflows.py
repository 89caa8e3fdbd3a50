"""A policy's workflows, or one workflow alone: from what its author wrote to what a case runs on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from relflow.compiler.literals import read
from relflow.compiler.types import Types
from relflow.compiler.workflows_clocks import compile_clocks
from relflow.compiler.workflows_events import SYSTEM
from relflow.compiler.workflows_flow import OWNER, Flow
from relflow.compiler.workflows_states import compile_states, initial, name_states
from relflow.compiler.world import World, ids, label
from relflow.diagnostics import Diagnostic, Fragment, Message, Severity
from relflow.feel import tree
from relflow.feel.findings import type_word
from relflow.feel.types import AnyType, ListType, StringType, Type, conforms
from relflow.model import Always as AlwaysModel
from relflow.model import Declaration
from relflow.model import Never as NeverModel
from relflow.model import State as StateModel
from relflow.model import Workflow as WorkflowModel
from relflow.program import DURATION, Code, Decision, DurationType, Fact, Parameter, Program
from relflow.program.workflows import (
    Action,
    Always,
    Clock,
    Datum,
    Expectation,
    Formula,
    Never,
    Recipient,
    State,
    Workflow,
    WorkflowRole,
)
from relflow.text import Text

__all__ = ["DUTY", "compile_workflow", "compile_workflows", "policy_names", "read_datum"]

OPEN_EXPECTATION = Message.of(
    "open-expectation",
    Severity.QUESTION,
    "the workflow `{workflow}` asks for `{name}` ({clause}); the policy has no such parameter, decision or fact",
    "流程 `{workflow}` 需要 `{name}`（{clause}），制度中没有这个参数、判定或数据项",
    "declare it in the policy or the company's file",
    "在制度或企业配置中补上",
)
OPEN_ROLE = Message.of(
    "open-role",
    Severity.QUESTION,
    "the workflow `{workflow}` names the role `{name}`; the policy does not say who that is",
    "流程 `{workflow}` 用到角色 `{name}`，制度没有说明由谁担任",
    "declare it under `roles:` of the policy",
    "在制度的 `roles:` 下声明",
)
OTHER_TYPE = Message.of(
    "wrong-type",
    Severity.ERROR,
    "the workflow `{workflow}` expects `{name}` to be {wanted}; in the policy it is {found} ({place})",
    "流程 `{workflow}` 要求 `{name}` 是{wanted}，制度中是{found}（{place}）",
    "declare both alike, or give one of them another name",
    "让两处声明一致，或给其中一个换个名称",
)
HIDDEN_FACT = Message.of(
    "ambiguous-name",
    Severity.ERROR,
    "`{decision}` reads `{name}`, which is both a fact of the account and a datum of `{workflow}`",
    "`{decision}` 读取的 `{name}` 既是客户数据项，又是流程 `{workflow}` 的数据项",
    "rename one of them",
    "将其中一个改名",
)
RESERVED = Message.of(
    "reserved-word",
    Severity.ERROR,
    "`{name}` has a meaning of its own in workflows and cannot be a name here",
    "`{name}` 在流程中另有含义，不能在此用作名称",
    "choose another name, e.g. `the_{name}`",
    "换一个名称，例如 `the_{name}`",
)
_BUILT_IN = frozenset({"state", "clocks", "children", "event", "item", "owner", "customer", "account", "case", SYSTEM})

# the name of a workflow that carries out an obligation begins with it; no id of a policy can
DUTY = "~"


def compile_workflows(world: World, program: Program) -> dict[str, Workflow]:
    """Every workflow of the model; `program` is what was compiled so far, almost nothing for a workflow file alone."""
    found = (compile_workflow(world, one, program) for one in world.model.workflows)
    return {one.id: one for one in found}


def compile_workflow(world: World, model: WorkflowModel, program: Program) -> Workflow:
    """One workflow, its names bound to the policy's; findings are kept in `world`, and it never stops at one."""
    types = Types(world.diagnostics, dict(world.types.records), world.types.levels)
    types.declare_records(model.records)
    before = len(world.diagnostics)
    flow = Flow(model, world, world.model.head is None, types)
    flow.data = {one.name: read_datum(flow, one) for one in model.data}
    flow.roles = {
        role.name: WorkflowRole(role.name, _role_label(flow, role.name, label(role)), role.id.span)
        for role in model.roles
    }
    flow.expects = {one.name: _expectation(flow, one) for one in model.expects}
    if model.name.startswith(DUTY):
        flow.expects = {**policy_names(world), **flow.expects}
    flow.events = tuple(dict.fromkeys(_event_names(model)))
    flow.clocks = tuple(clock.name for clock in model.clocks)
    name_states(flow)
    flow.declare()
    flow.data = {one.name: _with_condition(flow, one) for one in model.data}
    _refuse_reserved(flow)
    _ask_for_roles(flow)
    states = compile_states(flow)
    clocks = compile_clocks(flow)
    never = tuple(_never(flow, one) for one in model.never)
    always = tuple(_always(flow, one) for one in model.always)
    begin = initial(flow)
    named = _named(flow, states, clocks)
    return Workflow(
        id=model.name,
        version=model.version.text,
        digest=model.digest,
        canonical=model.canonical,
        label=label(model) or Text.of(model.name),
        span=model.id.span,
        initial=begin,
        states=states,
        data=flow.data,
        expects=flow.expects,
        roles=flow.roles,
        owner=_owner(flow, model.owner),
        clocks=clocks,
        calendar=world.calendar,
        program=program,
        never=never,
        always=always,
        check_every=flow.value(model.check_every, DURATION) if model.check_every is not None else None,
        reads=_facts_read(flow, states, clocks, program, named),
        named=named,
        asked=tuple(sorted(_asked(flow, states, clocks))),
        source=ids(model.source),
        policy=program.digest,
        sound=all(found.severity is not Severity.ERROR for found in world.diagnostics[before:]),
    )


def read_datum(flow: Flow, one: Declaration) -> Datum:
    """A datum of a case as declared, without the condition under which it is required."""
    type_ = flow.types.declared(one)
    plain = type_.item if isinstance(type_, ListType) else type_
    return Datum(
        id=one.name,
        type=type_,
        label=label(one) or Text.of(one.name),
        span=one.id.span,
        required=one.required is not None and one.required.text.strip() == "true",
        personal=one.personal,
        source=ids(one.source),
        choices=(plain.allowed or ()) if isinstance(plain, StringType) else (),
        labels={name: wording.text for name, wording in one.one_of.labels().items()} if one.one_of else {},
    )


def _with_condition(flow: Flow, one: Declaration) -> Datum:
    """The datum with the condition under which it is required, compiled once every name is known."""
    datum = flow.data[one.name]
    if one.required is None or datum.required or one.required.text.strip() == "false":
        return datum
    when = flow.condition(one.required)
    return replace(datum, required=when is not None, when=when)


def _role_label(flow: Flow, name: str, own: Text | None) -> Text:
    roles = {role.name: label(role) for role in flow.world.model.roles}
    return roles.get(name) or own or Text.of(name)


def policy_names(world: World) -> dict[str, Expectation]:
    """Every name of the policy: an obligation is part of it and lists none of them."""
    return {
        name: Expectation(name, node.type, node.label or Text.of(name), node.span, "policy")
        for name, node in world.nodes.items()
        if not isinstance(node, Fact)
    }


def _expectation(flow: Flow, one: Declaration) -> Expectation:
    """What answers: the policy's node of that name, else the default, else nobody."""
    type_ = flow.types.declared(one)
    text = label(one) or Text.of(one.name)
    node = flow.world.nodes.get(one.name)
    if node is not None and not (isinstance(node, Fact) and node.case):
        _check_bound(flow, one, type_)
        return Expectation(one.name, type_, text, one.id.span, "policy", None, ids(one.source))
    if one.default is not None:
        found = read(one.default, type_, flow.world.zone)
        if isinstance(found, Diagnostic):
            flow.report(found)
            found = None
        return Expectation(one.name, type_, text, one.id.span, "default", found, ids(one.source))
    if not flow.alone:
        clause = ", ".join(ids(one.source)) or "-"
        flow.report(OPEN_EXPECTATION.at(one.id.span, workflow=flow.model.name, name=one.name, clause=clause))
    return Expectation(one.name, type_, text, one.id.span, "open", None, ids(one.source))


_DURATION = Text((("en", "a duration"), ("zh", "时长")))


def _check_bound(flow: Flow, one: Declaration, wanted: Type) -> None:
    node = flow.world.nodes[one.name]
    if not _fits(node.type, wanted):
        found = OTHER_TYPE.at(
            one.id.span,
            workflow=flow.model.name,
            name=one.name,
            wanted=_DURATION if isinstance(wanted, DurationType) else type_word(wanted),
            found=type_word(node.type),
            place=str(node.span),
        )
        flow.report(found)


def _fits(found: Type, wanted: Type) -> bool:
    if isinstance(wanted, DurationType):
        # the checker takes a duration for anything, because its kind is known only when it has a value
        return isinstance(found, AnyType) or "duration" in str(found)
    return isinstance(found, AnyType) or conforms(found, wanted)


def _event_names(model: WorkflowModel) -> Iterator[str]:
    for state in model.states:
        yield from _state_events(state)
    for event in model.everywhere:
        yield event.name


def _state_events(state: StateModel) -> Iterator[str]:
    for event in state.events:
        yield event.name
    for inner in state.states:
        yield from _state_events(inner)


def _refuse_reserved(flow: Flow) -> None:
    declared = [one.id for one in (*flow.model.data, *flow.model.expects)]
    for name in (*declared, *(role.id for role in flow.model.roles)):
        if name.text in _BUILT_IN:
            flow.report(RESERVED.at(name.span, name=name.text))


def _ask_for_roles(flow: Flow) -> None:
    known = {role.name for role in flow.world.model.roles}
    for role in flow.model.roles if not flow.alone else ():
        if role.name not in known:
            flow.report(OPEN_ROLE.at(role.id.span, workflow=flow.model.name, name=role.name))


def _owner(flow: Flow, owner: Fragment | None) -> str | None:
    if owner is None or not flow.known("role", owner, flow.roles):
        return None
    return owner.text


def _never(flow: Flow, one: NeverModel) -> Never:
    return Never(
        reach=flow.states(one.reach),
        without=flow.states(one.without),
        unless=frozenset(flow.all_known("event", one.unless, flow.events)),
        span=one.span,
        text=" ".join(ids(one.reach)),
        source=ids(one.source),
    )


def _always(flow: Flow, one: AlwaysModel) -> Always:
    needs = flow.all_known("datum", one.needs, (*flow.data, OWNER))
    return Always(flow.states(one.in_), needs, one.span, " ".join(ids(one.in_)), ids(one.source))


def _formulas(data: dict[str, Datum], states: dict[str, State], clocks: dict[str, Clock]) -> Iterator[Formula]:
    """Every formula that a step may evaluate."""
    yield from (datum.when for datum in data.values() if datum.when is not None)
    for clock in clocks.values():
        yield clock.within
    for state in states.values():
        for event in state.events.values():
            for one in event.alternatives:
                yield from (formula for formula in (one.when, one.signers.count) if formula is not None)
    for action in _actions(states, clocks):
        yield from (formula for _, formula in action.values)
        yield from (action.for_each,) if action.for_each is not None else ()
        for recipient in (*action.recipients, *((action.assign,) if action.assign else ())):
            yield from (recipient.formula,) if recipient.formula is not None else ()
        for _, parts in action.message.parts if action.message is not None else ():
            yield from (part.formula for part in parts if not isinstance(part, str))


def _actions(states: dict[str, State], clocks: dict[str, Clock]) -> Iterator[Action]:
    for state in states.values():
        for event in state.events.values():
            for one in event.alternatives:
                yield from one.actions
    for clock in clocks.values():
        for step in clock.steps:
            yield from step.actions


def _named(flow: Flow, states: dict[str, State], clocks: dict[str, Clock]) -> tuple[str, ...]:
    """The account's facts that formulas and texts name as `account.name`."""
    formulas = _formulas(flow.data, states, clocks)
    return tuple(dict.fromkeys(name for formula in formulas for name in _of_account(flow, formula)))


def _facts_read(
    flow: Flow, states: dict[str, State], clocks: dict[str, Clock], program: Program, named: tuple[str, ...]
) -> tuple[str, ...]:
    """The account's facts that any step may read, those behind the policy's decisions included."""
    found = dict.fromkeys(named)
    formulas = _formulas(flow.data, states, clocks)
    for name in dict.fromkeys(name for formula in formulas for name in formula.reads):
        if name in flow.expects and name not in flow.data:
            for needed in program.closure(name):
                node = program.nodes.get(needed)
                if node is not None and _is_fact(node):
                    found[needed] = None
                    if needed in flow.data:
                        _report_hidden(flow, name, needed)
    return tuple(found)


def _of_account(flow: Flow, formula: Formula) -> Iterator[str]:
    """The facts that a formula reads as `account.name`; all of them where it reads the account as a whole."""
    if "account" not in formula.reads or not isinstance(formula, Code):
        return
    facts = {name for name, node in flow.world.nodes.items() if _is_fact(node)}
    paths = [part for part in tree.walk(formula.tree) if isinstance(part, tree.Path)]
    of_account = [part for part in paths if part.target == tree.Name("account")]
    whole = sum(part == tree.Name("account") for part in tree.walk(formula.tree)) > len(of_account)
    yield from facts if whole else (part.name for part in of_account if part.name in facts)


def _is_fact(node: object) -> bool:
    return isinstance(node, Fact) and not node.case


def _report_hidden(flow: Flow, decision: str, name: str) -> None:
    if isinstance(flow.world.nodes.get(decision), Decision | Parameter):
        span = flow.data[name].span
        flow.report(HIDDEN_FACT.at(span, decision=decision, name=name, workflow=flow.model.name))


def _asked(flow: Flow, states: dict[str, State], clocks: dict[str, Clock]) -> set[str]:
    """The roles whose holders a step may want to know."""
    found = {flow.model.owner.text} if flow.model.owner is not None else set()
    for action in _actions(states, clocks):
        people: tuple[Recipient, ...] = (*action.recipients, *((action.assign,) if action.assign else ()))
        found |= {one.name for one in people if one.kind == "role"}
    return found
