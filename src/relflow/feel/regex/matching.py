"""Compiled patterns: which machine runs them, and what `matches`, `replace` and `split` make of its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from relflow.feel.regex.analysis import is_decided, longest_match, ranges, size
from relflow.feel.regex.machines import Automaton, Backtracker, Notes, Parallel, Steps
from relflow.feel.regex.messages import BAD_REPLACEMENT, EMPTY_MATCH, PATTERN_TOO_BIG, TOO_MANY_STEPS, PatternError
from relflow.feel.regex.parser import parse
from relflow.feel.regex.program import AT, Program, assemble
from relflow.feel.regex.translate import to_python
from relflow.structs import dataclass

__all__ = ["Compiled", "compile_pattern"]

# what `re` may look at in the worst case: text times longest match times parts of the pattern
_MOST_LOOKS: Final = 100_000_000
_LONGEST_RESULT: Final = 1_000_000
# the standard module looks at so many characters while one of our machines takes a step
_LOOKS_PER_STEP: Final = 200
_PARTS_PER_STEP: Final = 10
_RANGES_PER_STEP: Final = 100
_REFUSAL: Final = 2_000
_MOST_RANGES: Final = 3_000


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern ready to run; threads may share it.

    `quick` is the pattern for the standard `re` module, None where that could go back over the text too often.
    """

    program: Program
    quick: re.Pattern[str] | None
    longest: float
    parts: int
    ranges: int
    automaton: Automaton | None
    finder: Parallel | Backtracker
    literal_replacement: bool

    def search(self, text: str, steps: Steps | None = None) -> bool:
        """Whether the pattern matches somewhere in the text. Raises PatternError beyond the limit of steps.

        `steps` of the caller's may be shared by several patterns and texts.
        """
        steps = steps or Steps()
        quick = self._quick(text, steps)
        if quick is not None:
            return quick.search(text) is not None
        if self.automaton is not None:
            return self.automaton.search(text, 0, steps)
        return self.finder.find(text, 0, steps) is not None

    def replace(self, text: str, replacement: str, steps: Steps | None = None) -> str:
        """The text with every match replaced; `$1` in the replacement is the first group.

        Raises PatternError where the pattern matches the empty text, the replacement means nothing, or there are too
        many steps or characters.
        """
        parts = [replacement] if self.literal_replacement else _template(replacement, self.program.groups)
        pieces: list[str] = []
        room = _LONGEST_RESULT
        last = 0
        for notes in self._matches(text, steps or Steps()):
            filled = [_filled(part, text, notes) for part in parts]
            room -= notes[0] - last + sum(map(len, filled))
            if room < 0:
                raise PatternError(TOO_MANY_STEPS)
            pieces += (text[last : notes[0]], *filled)
            last = notes[1]
        pieces.append(text[last:])
        return "".join(pieces)

    def split(self, text: str, steps: Steps | None = None) -> list[str]:
        """The parts of the text between matches. Raises PatternError where the pattern matches the empty text."""
        parts: list[str] = []
        last = 0
        for notes in self._matches(text, steps or Steps()):
            parts.append(text[last : notes[0]])
            last = notes[1]
        parts.append(text[last:])
        return parts

    def _matches(self, text: str, steps: Steps) -> Iterator[Notes]:
        """Every match from left to right; none is empty."""
        if self.search("", steps):
            raise PatternError(EMPTY_MATCH)
        quick = self._quick(text, steps)
        if quick is not None:
            for match in quick.finditer(text):
                yield tuple(position for group in range(self.program.groups + 1) for position in match.span(group))
            return
        notes = self.finder.find(text, 0, steps)
        while notes is not None:
            yield notes
            notes = self.finder.find(text, notes[1], steps)

    def _quick(self, text: str, steps: Steps) -> re.Pattern[str] | None:
        """The pattern for `re`, if the text is not too long for it; what it may cost counts as steps."""
        looks = len(text) * min(self.longest, len(text)) * self.parts
        if self.quick is None or looks > _MOST_LOOKS:
            return None
        steps.spend(int(looks) // _LOOKS_PER_STEP)
        return self.quick


def _template(replacement: str, groups: int) -> list[str | int]:
    """A replacement as texts and numbers of groups. Raises PatternError for a `$` or backslash that means nothing."""
    parts: list[str | int] = []
    at = 0
    while at < len(replacement):
        char, after = replacement[at], replacement[at + 1 : at + 2]
        at += 1
        if char == "\\":
            if after not in {"\\", "$"} or not after:
                raise PatternError(BAD_REPLACEMENT)
            parts.append(after)
            at += 1
        elif char == "$":
            number, at = _group_number(replacement, at, groups)
            parts.append(number)
        else:
            parts.append(char)
    return parts


def _group_number(replacement: str, at: int, groups: int) -> tuple[int, int]:
    """The number after a `$`: as many digits as there are groups; and where it ends."""
    digits = at
    while digits < len(replacement) and replacement[digits] in "0123456789":
        digits += 1
    if digits == at:
        raise PatternError(BAD_REPLACEMENT)
    while digits > at + 1 and int(replacement[at:digits][:9]) > groups:
        digits -= 1
    return int(replacement[at:digits]), digits


def _filled(part: str | int, text: str, notes: Notes) -> str:
    if isinstance(part, str):
        return part
    start, end = notes[2 * part : 2 * part + 2] if 2 * part + 1 < len(notes) else (-1, -1)
    return text[start:end] if 0 <= start <= end else ""


def compile_pattern(pattern: str, flags: str = "", steps: Steps | None = None) -> Compiled:
    """A pattern of XPath 3.1 with its flags (`s m i x q`), ready to run; it cannot hang, whatever the text.

    Its length counts as `steps`, whether or not it was compiled before.

    Raises PatternError, which says what is wrong with the pattern.
    """
    found = _compiled(pattern, flags)
    if isinstance(found, PatternError):
        if steps is not None:
            steps.spend(_REFUSAL)
        raise PatternError(found.message, **found.fields)
    if steps is not None:
        steps.spend((len(found.program.code) + len(pattern)) // _PARTS_PER_STEP + found.ranges // _RANGES_PER_STEP)
    return found


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Compiled | PatternError:
    """The pattern, or what is wrong with it: a bad pattern in a loop is not read again and again."""
    try:
        return _compile(pattern, flags)
    except PatternError as error:
        return PatternError(error.message, **error.fields)


def _compile(pattern: str, flags: str) -> Compiled:
    tree = parse(pattern, flags)
    try:
        program = assemble(tree)
        # the standard module takes long to read classes of many ranges, such as `\w`
        named = ranges(tree.root)
        quick = re.compile(to_python(tree.root)) if named <= _MOST_RANGES and is_decided(tree) else None
    except (RecursionError, OverflowError, re.error) as error:
        raise PatternError(PATTERN_TOO_BIG) from error
    lines = any(step.op == AT and step.place is not None and step.place.lines for step in program.code)
    automaton = None if tree.has_backs or lines else Automaton(program)
    finder = Backtracker(program) if tree.has_backs else Parallel(program, automaton)
    return Compiled(program, quick, longest_match(tree.root), size(tree.root), named, automaton, finder, "q" in flags)
