"""The door to `transitions`: one flat immutable machine for each compiled workflow, fired with allowed events only."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

from transitions import Machine, MachineError

from relflow.program.workflows import Alternative, Event, Formula, State, Workflow
from relflow.text import Text

__all__ = ["Flat", "flat"]

Words = tuple[tuple[str, str], ...]


class _Scratch:
    """What the machine moves: an object that exists for one firing, so that no case is ever touched by it."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class Flat:
    """The structure of a workflow: from a state, by an alternative, to a state; no guard, no callback, no case.

    `transitions` compares guards with `== True`, swallows exceptions of its callbacks and imports callbacks named by
    text, so it gets none of them: conditions, roles and data are decided before it is asked.

    `unasked` are each state's events that happen by themselves, with the conditions under which they do.
    `worded` and `around` keep what was worded once for this workflow.
    """

    __slots__ = ("_known", "_machine", "_worded", "around", "unasked")

    def __init__(self, workflow: Workflow) -> None:
        self._machine = Machine(
            model=None,
            states=list(workflow.states),
            initial=workflow.initial,
            auto_transitions=False,
            send_event=False,
            queued=False,
        )
        self._known: dict[tuple[str, str], str] = {}
        self._worded: dict[str, Text] = {}
        self.around: dict[Words, tuple[tuple[str, str, str], ...]] = {}
        for state in workflow.states.values():
            for event in state.events.values():
                for alternative in event.alternatives:
                    # a target of None is the machine's word for staying without leaving
                    self._machine.add_transition(alternative.key, state.id, alternative.target)
        self.unasked = {state.id: _unasked(state) for state in workflow.states.values()}

    def fire(self, state: str, alternative: Alternative) -> str:
        """The state that `alternative` leads to. Raises MachineError where it does not start in `state`.

        The machine holds no callback and never changes, so an answer that it gave once is its answer for good.
        """
        place = (state, alternative.key)
        target = self._known.get(place)
        if target is None:
            scratch = _Scratch(state)
            event = self._machine.events.get(alternative.key)
            if event is None or not event.trigger(scratch):
                raise MachineError(f"{alternative.key} does not start in {state}")
            target = self._known[place] = scratch.state
        return target

    def worded(self, name: str, say: Callable[[], Text]) -> Text:
        """What a clock's step is called, said when it first happens."""
        known = self._worded.get(name)
        if known is None:
            known = self._worded[name] = say()
        return known


def _unasked(state: State) -> tuple[tuple[Event, tuple[Formula, ...]], ...]:
    found: list[tuple[Event, tuple[Formula, ...]]] = []
    for event in state.events.values():
        alone = [one for one in event.alternatives if one.signers.system and not one.timed]
        if conditions := tuple(one.when for one in alone if one.when is not None):
            found.append((event, conditions))
    return tuple(found)


_machines: WeakKeyDictionary[Workflow, Flat] = WeakKeyDictionary()


def flat(workflow: Workflow) -> Flat:
    """The machine of a workflow, built when it is first asked for."""
    machine = _machines.get(workflow)
    if machine is None:
        machine = _machines[workflow] = Flat(workflow)
    return machine
