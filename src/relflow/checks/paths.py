"""The paths through a workflow: every arrow between its flat states, and the shortest way to a place."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Generic, TypeVar

from relflow.program import Program
from relflow.program.workflows import Alternative, Event, State, Workflow
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["Arrow", "Paths", "arrows", "reached", "shown", "sound"]

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


class Paths(Generic[Place]):
    """All ways from a place on, walked as far as they are asked for: several goals share what was walked."""

    def __init__(self, start: Place, ways: Callable[[Place], Iterable[tuple[Arrow, Place]]]) -> None:
        self._before: dict[Place, tuple[Place, Arrow] | None] = {start: None}
        self._walk = self._steps(start, ways)

    def _steps(self, start: Place, ways: Callable[[Place], Iterable[tuple[Arrow, Place]]]) -> Iterator[Place]:
        waiting = deque([start])
        while waiting:
            place = waiting.popleft()
            for arrow, following in ways(place):
                if following not in self._before:
                    self._before[following] = (place, arrow)
                    waiting.append(following)
                    yield following

    def shortest(self, goal: Callable[[Place], bool]) -> tuple[Arrow, ...] | None:
        """The fewest steps to a place that is the goal; None where no path leads there."""
        found = next((place for place in self._before if goal(place)), None)
        if found is None:
            found = next((place for place in self._walk if goal(place)), None)
        return None if found is None else self._trace(found)

    def _trace(self, end: Place) -> tuple[Arrow, ...]:
        path = []
        while (step := self._before[end]) is not None:
            end, arrow = step
            path.append(arrow)
        return tuple(reversed(path))


def shown(workflow: Workflow, path: Iterable[Arrow]) -> Text:
    """A path for people: `received -acknowledge→ investigating -close→ closed`."""
    steps = [f"{workflow.initial}", *(f"-{arrow.event.id}→ {arrow.target}" for arrow in path)]
    return Text.of(" ".join(steps))
