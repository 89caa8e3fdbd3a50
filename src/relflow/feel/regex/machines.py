"""Three machines that run programs; each counts its steps and gives up beyond a limit, so none hangs."""

from __future__ import annotations

from dataclasses import field
from typing import Final

from relflow.feel.regex.messages import TOO_MANY_STEPS, PatternError
from relflow.feel.regex.program import AT, BACK, CHAR, FORK, FOUND, JUMP, MOVED, SAVE, Program, holds
from relflow.feel.regex.syntax import End
from relflow.structs import dataclass

__all__ = ["MOST_STEPS", "Automaton", "Backtracker", "Notes", "Parallel", "Steps"]

MOST_STEPS: Final = 500_000
_MOST_STATES: Final = 1_000
_LOOKS_PER_STEP: Final = 10

Notes = tuple[int, ...]


class Steps:
    """Counts down, and raises PatternError at the end."""

    __slots__ = ("left", "limit")

    def __init__(self, limit: int = MOST_STEPS) -> None:
        self.limit = self.left = limit

    @property
    def used(self) -> int:
        """How many steps were taken."""
        return self.limit - self.left

    def spend(self, count: int) -> None:
        """Take some of the steps that are left."""
        self.left -= count
        if self.left < 0:
            raise PatternError(TOO_MANY_STEPS)


@dataclass(slots=True)
class Automaton:
    """Answers whether a program without back-references and line anchors matches somewhere: one look a character.

    A state is the set of instructions that wait for a character; its successors are found once and kept.
    """

    program: Program
    _next: dict[frozenset[int], dict[str, frozenset[int]]] = field(default_factory=dict)

    def search(self, text: str, start: int = 0, steps: Steps | None = None) -> bool:
        """Whether the pattern matches somewhere from `start` on. Raises PatternError beyond the limit of steps."""
        steps = steps or Steps()
        steps.spend((len(text) - start) // _LOOKS_PER_STEP)
        state = self._closure([0], at_start=start == 0, at_end=start == len(text))
        restart = self._closure([0], at_start=False, at_end=False)
        found = len(self.program.code) - 1
        for position in range(start, len(text)):
            char = text[position]
            if found in state:
                return True
            known = self._next.get(state)
            following = None if known is None else known.get(char)
            if following is None:
                steps.spend(len(self.program.code))
                following = self._remember(state, char, restart)
            state = following
        return found in self._closure(list(state), at_start=not text, at_end=True)

    def _remember(self, state: frozenset[int], char: str, restart: frozenset[int]) -> frozenset[int]:
        code = self.program.code
        taken = [at + 1 for at in state if code[at].op == CHAR and char in code[at].chars]
        following = self._closure(taken, at_start=False, at_end=False) | restart
        if len(self._next) > _MOST_STATES or len(self._next.get(state, ())) > _MOST_STATES:
            self._next.clear()
        self._next.setdefault(state, {})[char] = following
        return following

    def _closure(self, starts: list[int], *, at_start: bool, at_end: bool) -> frozenset[int]:
        """Where the program waits: at characters, at the end of the text, or having found a match."""
        code = self.program.code
        seen: set[int] = set()
        waiting: set[int] = set()
        stack = starts
        while stack:
            at = stack.pop()
            if at in seen:
                continue
            seen.add(at)
            step = code[at]
            op = step.op
            if op in {CHAR, FOUND}:
                waiting.add(at)
            elif op == FORK:
                stack += (step.other, step.to)
            elif op == JUMP:
                stack.append(step.to)
            elif op != AT:
                stack.append(at + 1)
            elif isinstance(step.place, End) and not at_end:
                waiting.add(at)
            elif at_end if isinstance(step.place, End) else at_start:
                stack.append(at + 1)
        return frozenset(waiting)


@dataclass(slots=True)
class Parallel:
    """Finds the leftmost match of a program without back-references, all its threads side by side.

    `scout` is asked first whether there is any match, because a look of the automaton costs less than a thread's step.
    """

    program: Program
    scout: Automaton | None = None

    def find(self, text: str, start: int, steps: Steps | None = None) -> Notes | None:
        """The positions noted by the first match at or after `start`; None where there is none."""
        steps = steps or Steps()
        if self.scout is not None and not self.scout.search(text, start, steps):
            return None
        code = self.program.code
        threads: list[tuple[int, Notes]] = []
        best: Notes | None = None
        empty = (-1,) * self.program.notes
        for position in range(start, len(text) + 1):
            entries = [(at + 1, notes) for at, notes in threads if text[position - 1] in code[at].chars]
            if best is None:
                entries.append((0, empty))
            elif not entries:
                break
            threads, found = self._spread(entries, text, position, steps)
            best = found or best
        return best

    def _spread(
        self, entries: list[tuple[int, Notes]], text: str, position: int, steps: Steps
    ) -> tuple[list[tuple[int, Notes]], Notes | None]:
        """The threads that wait for a character, best first, up to one that has found a match; and that match."""
        code = self.program.code
        seen: set[int] = set()
        waiting: list[tuple[int, Notes]] = []
        stack = entries[::-1]
        while stack:
            at, notes = stack.pop()
            if at in seen:
                continue
            seen.add(at)
            step = code[at]
            op = step.op
            if op == CHAR:
                waiting.append((at, notes))
            elif op == FORK:
                stack += ((step.other, notes), (step.to, notes))
            elif op == JUMP:
                stack.append((step.to, notes))
            elif op == SAVE:
                stack.append((at + 1, (*notes[: step.to], position, *notes[step.to + 1 :])))
            elif op == FOUND:
                steps.spend(len(seen))
                return waiting, notes
            elif op != AT or (step.place is not None and holds(step.place, text, position)):
                stack.append((at + 1, notes))
        steps.spend(len(seen))
        return waiting, None


@dataclass(slots=True)
class Backtracker:
    """Finds the leftmost match of any program by trying one way after another, within the limit of steps."""

    program: Program

    def find(self, text: str, start: int, steps: Steps | None = None) -> Notes | None:
        """The positions noted by the first match at or after `start`; None where there is none."""
        steps = steps or Steps()
        for position in range(start, len(text) + 1):
            notes = self._match(text, position, steps)
            if notes is not None:
                return notes
        return None

    def _match(self, text: str, start: int, steps: Steps) -> Notes | None:
        """The match that begins at `start`."""
        stack: list[tuple[int, int, Notes]] = [(0, start, (-1,) * self.program.notes)]
        while stack:
            at, position, notes = stack.pop()
            while at >= 0:
                steps.spend(1)
                step = self.program.code[at]
                at += 1
                op = step.op
                if op == CHAR:
                    at = at if position < len(text) and text[position] in step.chars else -1
                    position += 1
                elif op == FORK:
                    stack.append((step.other, position, notes))
                    at = step.to
                elif op == JUMP:
                    at = step.to
                elif op == SAVE:
                    notes = (*notes[: step.to], position, *notes[step.to + 1 :])
                elif op == AT:
                    at = at if step.place is not None and holds(step.place, text, position) else -1
                elif op == BACK:
                    after = self._again(text, position, notes[2 * step.to : 2 * step.to + 2])
                    at, position = (-1, position) if after is None else (at, after)
                elif op == MOVED:
                    at = at if notes[step.to] != position else -1
                else:
                    return notes
        return None

    def _again(self, text: str, position: int, group: Notes) -> int | None:
        """The position after the group's text once more; None where something else stands there."""
        start, end = group
        if start < 0 or end < 0:
            return position
        before, here = text[start:end], text[position : position + end - start]
        if before == here or (self.program.ignore_case and _same_letters(before, here)):
            return position + end - start
        return None


def _same_letters(first: str, second: str) -> bool:
    """Whether two texts differ in case only, character by character."""
    return len(first) == len(second) and all(
        a == b or a.lower() == b.lower() or a.upper() == b.upper() for a, b in zip(first, second, strict=True)
    )
