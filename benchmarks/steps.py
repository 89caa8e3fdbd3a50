"""Steps of a case beside the bare state machine that they run on, in one run, round about; the same life in both."""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from transitions import Machine

from relflow.errors import RefusedError
from relflow.policy import load
from relflow.program.workflows import Workflow
from relflow.results import Actor, Case, Opening, Roles, Trigger
from relflow.workflow import open_case, step

FLOW = Path(__file__).parent / "cases" / "life.yaml"
# the event, the data that come with it, whether it happens
LIFE: list[tuple[str, dict[str, object], bool]] = [
    ("acknowledge", {}, True),
    ("investigate", {"department": "service"}, True),
    ("propose", {}, False),
    ("propose", {"root_cause": "parts"}, True),
    ("reject", {}, True),
    ("sla_breach", {}, True),
    ("deescalate", {}, True),
    ("propose", {}, True),
    ("accept", {}, True),
    ("implemented", {}, True),
    ("close", {"visited": True}, True),
]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Model:
    """What a host would hand to the bare machine: a case with its data and an outbox."""

    def __init__(self, number: int, outbox: list[tuple[int, str]]) -> None:
        self.id, self.state, self.outbox = number, "received", outbox
        self.department: object = None
        self.root_cause: object = None
        self.visited: object = False


GUARDS: dict[str, Callable[[Any], bool]] = {
    "department != null": lambda model: model.department is not None,
    "root_cause != null": lambda model: model.root_cause is not None,
    "visited": lambda model: bool(model.visited),
}


def held(guard: Callable[[Any], bool], event: Any) -> bool:
    """A guard as the bare machine calls it."""
    return guard(event.model)


def machine(workflow: Workflow) -> Machine:
    """The same states, arrows and guards in `transitions` used well: one flat machine, nothing added to models."""

    def entered(event: Any) -> None:
        event.model.outbox.append((event.model.id, event.model.state))

    states = [{"name": state, "on_enter": [entered]} for state in workflow.states]
    made = Machine(
        model=None, states=states, initial=workflow.initial, auto_transitions=False, send_event=True, queued=False
    )
    for state in workflow.states.values():
        for event in state.events.values():
            for one in event.alternatives:
                guard = GUARDS[one.when.text] if one.when is not None else None
                conditions: list[Any] | None = [partial(held, guard)] if guard is not None else None
                made.add_transition(event.id, state.id, one.target, conditions=conditions)
    return made


def bare(made: Machine, lives: int) -> float:
    """Microseconds an event of the bare machine."""
    outbox: list[tuple[int, str]] = []
    models = [Model(number, outbox) for number in range(lives)]
    start = time.perf_counter()
    for model in models:
        for event, data, expected in LIFE:
            for name, value in data.items():
                setattr(model, name, value)
            if made.events[event].trigger(model) is not expected:
                raise SystemExit(f"{event} from {model.state}: wrong")
    spent = time.perf_counter() - start
    if any(model.state != "closed" for model in models) or len(outbox) != lives * sum(one[2] for one in LIFE):
        raise SystemExit("the bare machine went wrong: a wrong answer has no speed")
    return spent / lives / len(LIFE) * 1e6


def ours(workflow: Workflow, lives: int) -> float:
    """Microseconds a step: roles, guards and data decided, the case, its history and its messages made as data."""
    actor, roles = Actor("zhang"), Roles(frozenset({"clerk"}), {"clerk": ("zhang",)})
    script = [(Trigger("event", event, None, actor, data), expected) for event, data, expected in LIFE]
    cases: list[Case] = [
        open_case(workflow, Opening(str(number), workflow.id, {}), actor, {}, roles, NOW).case
        for number in range(lives)
    ]
    sent = 0
    start = time.perf_counter()
    for number, case in enumerate(cases):
        for trigger, expected in script:
            try:
                made = step(workflow, case, trigger, {}, roles, NOW)
            except RefusedError:
                if expected:
                    raise
            else:
                case = made.case  # noqa: PLW2901 - a case is replaced by the case after the step
                sent += len(made.messages)
        cases[number] = case
    spent = time.perf_counter() - start
    if any(case.state != "closed" for case in cases) or sent != lives * sum(one[2] for one in LIFE):
        raise SystemExit("the steps went wrong: a wrong answer has no speed")
    return spent / lives / len(LIFE) * 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="rounds of each; the medians are shown")
    parser.add_argument("--lives", type=int, default=300, help="cases a round")
    arguments = parser.parse_args()
    workflow = load(FLOW).program.workflows["life"]
    made = machine(workflow)
    floors, steps = [], []
    for _ in range(arguments.runs):
        gc.collect()
        gc.disable()
        # one right after the other, so that a busy machine slows both alike
        floors.append(bare(made, arguments.lives))
        steps.append(ours(workflow, arguments.lives))
        gc.enable()
    ratio = median(step_ / floor for step_, floor in zip(steps, floors, strict=True))
    print(f"{'one event':48}{'us':>10}{'x bare':>10}")
    print(f"  {'transitions, one flat machine, bare':46}{median(floors):10.2f}{1.0:10.2f}")
    print(f"  {'relflow.workflow.step':46}{median(steps):10.2f}{ratio:10.2f}")


if __name__ == "__main__":
    main()
