"""The door to `transitions`: one flat immutable machine for each compiled workflow, fired with allowed events only."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from transitions import Machine, MachineError

from relflow.program.workflows import Alternative, Workflow

__all__ = ["Flat", "flat"]


class _Scratch:
    """What the machine moves: an object that exists for one firing, so that no case is ever touched by it."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class Flat:
    """The structure of a workflow: from a state, by an alternative, to a state; no guard, no callback, no case.

    `transitions` compares guards with `== True`, swallows exceptions of its callbacks and imports callbacks named by
    text, so it gets none of them: conditions, roles and data are decided before it is asked.

    `words` keeps what was worded once for this workflow.
    """

    __slots__ = ("_known", "_machine", "words")

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
        self.words: dict[str, tuple[tuple[str, str, str], ...]] = {}
        for state in workflow.states.values():
            for event in state.events.values():
                for alternative in event.alternatives:
                    # a target of None is the machine's word for staying without leaving
                    self._machine.add_transition(alternative.key, state.id, alternative.target)

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


_machines: WeakKeyDictionary[Workflow, Flat] = WeakKeyDictionary()


def flat(workflow: Workflow) -> Flat:
    """The machine of a workflow, built when it is first asked for."""
    machine = _machines.get(workflow)
    if machine is None:
        machine = _machines[workflow] = Flat(workflow)
    return machine
