"""The paths through a workflow: every arrow between its flat states, and the shortest way to a place."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from relflow.program import Program
from relflow.program.workflows import Alternative, Event, State, Workflow
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["Arrow", "arrows", "reached", "shortest", "shown", "sound"]

Place = TypeVar("Place", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Arrow:
    """One alternative of an event in one state; without a target it leads back to where it starts."""

    source: State
    event: Event
    alternative: Alternative

    @property
    def target(self) -> str:
        """The state in which the case stands afterwards."""
        return self.alternative.target or self.source.id


def sound(program: Program) -> Iterator[Workflow]:
    """The workflows without errors: what an error left out would only make up paths that nobody meant."""
    return (workflow for workflow in program.workflows.values() if workflow.sound)


def arrows(workflow: Workflow, state: str) -> Iterator[Arrow]:
    """What can happen in a state, in the order of the file; what stands behind an alternative that always holds cannot.

    Alternatives of people and those that happen by themselves are tried apart.
    """
    source = workflow.states.get(state)
    for event in source.events.values() if source is not None else ():
        closed: set[bool] = set()
        for one in event.alternatives:
            if one.signers.system in closed and not one.timed:
                continue
            assert source is not None
            yield Arrow(source, event, one)
            if one.when is None and not one.timed:
                closed.add(one.signers.system)


def reached(workflow: Workflow, start: Iterable[str]) -> set[str]:
    """The states to which some path leads from one of `start`, these included."""
    found = set(start)
    waiting = deque(found)
    while waiting:
        for arrow in arrows(workflow, waiting.popleft()):
            if arrow.target not in found:
                found.add(arrow.target)
                waiting.append(arrow.target)
    return found


def shortest(
    start: Place, ways: Callable[[Place], Iterable[tuple[Arrow, Place]]], goal: Callable[[Place], bool]
) -> tuple[Arrow, ...] | None:
    """The fewest steps from `start` to a place that is the goal; None where no path leads there."""
    if goal(start):
        return ()
    before: dict[Place, tuple[Place, Arrow]] = {}
    waiting = deque([start])
    while waiting:
        place = waiting.popleft()
        for arrow, following in ways(place):
            if following in before or following == start:
                continue
            before[following] = (place, arrow)
            if goal(following):
                return _trace(before, start, following)
            waiting.append(following)
    return None


def _trace(before: dict[Place, tuple[Place, Arrow]], start: Place, end: Place) -> tuple[Arrow, ...]:
    path = []
    while end != start:
        end, arrow = before[end]
        path.append(arrow)
    return tuple(reversed(path))


def shown(workflow: Workflow, path: Iterable[Arrow]) -> Text:
    """A path for people: `received -acknowledge→ investigating -close→ closed`."""
    steps = [f"{workflow.initial}", *(f"-{arrow.event.id}→ {arrow.target}" for arrow in path)]
    return Text.of(" ".join(steps))
