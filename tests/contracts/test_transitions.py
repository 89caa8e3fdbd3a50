"""What we rely on in the `transitions` package, beyond its documented routes."""

from __future__ import annotations

import threading

import pytest
from transitions import Machine, MachineError

from relflow.program.workflows import Workflow
from relflow.workflow.machine import Flat, flat
from tests.strategies.workflows import alternative, event, state, workflow


class Scratch:
    """An object with a state and nothing else."""

    __slots__ = ("state",)

    def __init__(self, state_: str) -> None:
        self.state = state_


def machine() -> Machine:
    """Two states and three arrows, built as the door builds it."""
    made = Machine(model=None, states=["a", "b"], initial="a", auto_transitions=False, queued=False)
    made.add_transition("go", "a", "b")
    made.add_transition("stay", "a", None)
    made.add_transition("again", "a", "a")
    return made


def test_events_are_fired_on_an_object_that_the_machine_does_not_know() -> None:
    """`machine.events[name].trigger(object)` moves any object with a `state`, and registers nothing."""
    made, scratch = machine(), Scratch("a")

    assert made.events["stay"].trigger(scratch) is True
    assert made.events["again"].trigger(scratch) is True
    assert scratch.state == "a"
    assert made.events["go"].trigger(scratch) is True
    assert scratch.state == "b"
    assert made.models == []


def test_an_arrow_that_does_not_start_there_is_an_error() -> None:
    """A wrong event raises MachineError and moves nothing."""
    made, scratch = machine(), Scratch("b")

    with pytest.raises(MachineError):
        made.events["go"].trigger(scratch)
    assert scratch.state == "b"


def test_only_the_arrows_that_were_declared_exist() -> None:
    """Without automatic transitions there are no `to_…` events that would pass every guard by."""
    assert sorted(machine().events) == ["again", "go", "stay"]


def three() -> Workflow:
    """Three states in a ring, with an event that stays."""
    return workflow(
        state("a", event("go", alternative("go", "b")), event("stay", alternative("stay", None))),
        state("b", event("go", alternative("go", "c"))),
        state("c", event("go", alternative("go", "a"), alternative("go#1", "b"))),
    )


def test_every_alternative_leads_where_it_says() -> None:
    """The machine and the workflow agree on every arrow, asked once and asked again."""
    flow = three()
    made = Flat(flow)
    for _ in range(2):
        for place in flow.states.values():
            for one in place.events.values():
                for way in one.alternatives:
                    assert made.fire(place.id, way) == (way.target or place.id)
    with pytest.raises(MachineError):
        made.fire("b", alternative("stay", None))


def test_one_machine_serves_a_workflow_for_as_long_as_it_lives() -> None:
    """A workflow's machine is built once, and goes when the workflow goes."""
    flow = three()

    assert flat(flow) is flat(flow)
    assert flat(three()) is not flat(flow)


def test_four_threads_share_one_machine() -> None:
    """Cases of several threads never disturb each other."""
    made, flow = machine(), three()
    wrong: list[str] = []

    def run() -> None:
        for _ in range(2000):
            scratch = Scratch("a")
            made.events["go"].trigger(scratch)
            if scratch.state != "b" or flat(flow).fire("c", flow.states["c"].events["go"].alternatives[1]) != "b":
                wrong.append(scratch.state)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
