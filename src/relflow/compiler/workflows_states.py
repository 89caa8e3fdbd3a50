"""States: groups flattened to their leaves, each leaf with the events that hold in it."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.compiler.workflows_events import compile_event
from relflow.compiler.workflows_flow import Flow
from relflow.compiler.world import ids, label
from relflow.diagnostics import Fragment, Message, Severity
from relflow.model import State as StateModel
from relflow.program.workflows import Event, State
from relflow.text import Text

__all__ = ["compile_states", "initial", "name_states"]

NO_INITIAL = Message.of(
    "missing-initial",
    Severity.ERROR,
    "`{name}` does not say where a case begins",
    "`{name}` 没有说明从哪个状态开始",
    "write `initial:` with one of its states ({known})",
    "用 `initial:` 写明其中一个状态（{known}）",
)
NO_STATES = Message.of(
    "no-states",
    Severity.ERROR,
    "the workflow `{name}` has no states",
    "流程 `{name}` 没有任何状态",
    "write them under `states:`",
    "在 `states:` 下填写状态",
)
TWICE = Message.of(
    "duplicate-name",
    Severity.ERROR,
    "the state `{name}` stands twice",
    "状态 `{name}` 重复定义",
    "rename one of the two",
    "为其中一个改名",
)


def name_states(flow: Flow) -> None:
    """Find the flat states behind every state and group, the one where it begins first."""
    if not flow.model.states:
        flow.report(NO_STATES.at(flow.model.span, name=flow.model.name))
    for state in flow.model.states:
        _name(flow, state, "")


def _name(flow: Flow, state: StateModel, group: str) -> tuple[str, ...]:
    path = f"{group}.{state.name}" if group else state.name
    if path in flow.leaves:
        flow.report(TWICE.at(state.id.span, name=path))
    if not state.states:
        flow.leaves[path] = (path,)
        return (path,)
    inner = [_name(flow, one, path) for one in state.states]
    first = _first(flow, state, path)
    leaves = [leaf for group_ in inner for leaf in group_]
    flow.leaves[path] = tuple(sorted(leaves, key=lambda leaf: leaf != first))
    return flow.leaves[path]


def _first(flow: Flow, group: StateModel, path: str) -> str:
    """The leaf in which a group is entered."""
    names = [one.name for one in group.states]
    if group.initial is None:
        flow.report(NO_INITIAL.at(group.id.span, name=path, known=tuple(names)))
    elif flow.known("state", group.initial, names):
        return flow.leaves[f"{path}.{group.initial.text}"][0]
    return flow.leaves[f"{path}.{names[0]}"][0]


def initial(flow: Flow) -> str:
    """The state of a new case."""
    names = tuple(state.name for state in flow.model.states)
    begin: Fragment | None = flow.model.initial
    if begin is None:
        if names:
            flow.report(NO_INITIAL.at(flow.model.id.span, name=flow.model.name, known=names))
    elif found := flow.state(begin):
        return found[0]
    return next((leaves[0] for leaves in flow.leaves.values()), "")


def compile_states(flow: Flow) -> dict[str, State]:
    """Every flat state with its events: its own, those of the groups around it, those that hold everywhere."""
    everywhere = {one.name: compile_event(flow, one, "", everywhere=True) for one in flow.model.everywhere}
    found: dict[str, State] = {}
    for state in flow.model.states:
        for one in _flat(flow, state, "", {}, frozenset()):
            shared = {} if one.final else everywhere
            events = {**one.events, **{name: event for name, event in shared.items() if name not in one.events}}
            found[one.id] = State(one.id, one.label, one.span, one.final, events, one.pauses, one.source)
    return found


def _flat(
    flow: Flow, state: StateModel, group: str, around: dict[str, Event], rests: frozenset[str]
) -> Iterator[State]:
    path = f"{group}.{state.name}" if group else state.name
    inside = path if state.states else group
    own = {one.name: compile_event(flow, one, inside, place=path) for one in state.events}
    pauses = rests | frozenset(flow.all_known("clock", state.pauses, flow.clocks))
    events = {**own, **{name: event for name, event in around.items() if name not in own}}
    if not state.states:
        text = label(state) or Text.of(state.name)
        yield State(path, text, state.id.span, state.final, events, pauses, ids(state.source))
    for inner in state.states:
        yield from _flat(flow, inner, path, events, pauses)
