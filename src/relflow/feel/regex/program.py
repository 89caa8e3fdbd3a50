"""Patterns as programs for the machines that run them one character at a time."""

from __future__ import annotations

from typing import Final

from relflow.feel.regex.charsets import CharSet
from relflow.feel.regex.messages import PATTERN_TOO_BIG, PatternError
from relflow.feel.regex.syntax import Alternatives, Back, Chars, End, Group, Node, Pattern, Repeat, Sequence, Start
from relflow.structs import dataclass

__all__ = [
    "AT",
    "BACK",
    "CHAR",
    "FORK",
    "FOUND",
    "JUMP",
    "MOVED",
    "SAVE",
    "Instruction",
    "Program",
    "assemble",
    "holds",
]

LONGEST_PROGRAM: Final = 20_000


# what an instruction does; plain integers, because the machines look at them for each character
CHAR: Final = 0  # take one character out of `chars`
FORK: Final = 1  # go on at `to`; failing that, at `other`
JUMP: Final = 2  # go on at `to`
SAVE: Final = 3  # note the position under number `to`
AT: Final = 4  # go on only at the place that `place` means
BACK: Final = 5  # take the text of group `to` once more
MOVED: Final = 6  # go on only if the position differs from the one noted under number `to`
FOUND: Final = 7  # the whole pattern has matched

_NOTHING: Final = CharSet(())


@dataclass(frozen=True, slots=True)
class Instruction:
    """One step of a program."""

    op: int
    to: int = 0
    other: int = 0
    chars: CharSet = _NOTHING
    place: Start | End | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """A pattern as instructions; `notes` is how many positions it notes, the first two for each group."""

    code: tuple[Instruction, ...]
    groups: int
    notes: int
    ignore_case: bool


def assemble(pattern: Pattern) -> Program:
    """The program of a pattern. Raises PatternError where its repetitions make it too long."""
    assembler = _Assembler(2 * pattern.groups + 2)
    assembler.emit(Instruction(SAVE, 0))
    assembler.node(pattern.root)
    assembler.emit(Instruction(SAVE, 1))
    assembler.emit(Instruction(FOUND))
    return Program(tuple(assembler.code), pattern.groups, assembler.notes, pattern.ignore_case)


def holds(place: Start | End, text: str, position: int) -> bool:
    """Whether `^` or `$` matches there. A line does not start after a newline that ends the text."""
    end = len(text)
    if isinstance(place, Start):
        return position == 0 or (place.lines and position < end and text[position - 1] == "\n")
    return position == end or (place.lines and text[position] == "\n")


class _Assembler:
    """Instructions in the making."""

    def __init__(self, notes: int) -> None:
        self.code: list[Instruction] = []
        self.notes = notes

    def emit(self, instruction: Instruction) -> int:
        """Append an instruction; its address."""
        if len(self.code) >= LONGEST_PROGRAM:
            raise PatternError(PATTERN_TOO_BIG)
        self.code.append(instruction)
        return len(self.code) - 1

    def fork(self, at: int, to: int, other: int, *, greedy: bool = True) -> None:
        """Put a choice at an address: `to` first where greedy, else `other`."""
        self.code[at] = Instruction(FORK, to, other) if greedy else Instruction(FORK, other, to)

    def node(self, node: Node) -> None:
        """Append the instructions of a part of the pattern."""
        match node:
            case Chars(chars=chars):
                self.emit(Instruction(CHAR, chars=chars))
            case Sequence(parts=parts):
                for part in parts:
                    self.node(part)
            case Alternatives(parts=parts):
                self.alternatives(parts)
            case Group(number=number, body=body):
                self.emit(Instruction(SAVE, 2 * number))
                self.node(body)
                self.emit(Instruction(SAVE, 2 * number + 1))
            case Repeat():
                self.repeat(node)
            case Start() | End():
                self.emit(Instruction(AT, place=node))
            case Back(number=number):
                self.emit(Instruction(BACK, number))

    def alternatives(self, parts: tuple[Node, ...]) -> None:
        """Each alternative behind a choice, each ending with a jump behind the last."""
        jumps: list[int] = []
        for part in parts[:-1]:
            choice = self.emit(Instruction(FORK))
            self.node(part)
            jumps.append(self.emit(Instruction(JUMP)))
            self.fork(choice, choice + 1, len(self.code))
        self.node(parts[-1])
        for jump in jumps:
            self.code[jump] = Instruction(JUMP, len(self.code))

    def repeat(self, node: Repeat) -> None:
        """The body as often as it must come, then as often as it may."""
        for _ in range(node.least):
            self.node(node.body)
        if node.most is None:
            self.loop(node)
            return
        choices: list[int] = []
        for _ in range(node.most - node.least):
            choices.append(self.emit(Instruction(FORK)))
            self.node(node.body)
        for choice in choices:
            self.fork(choice, choice + 1, len(self.code), greedy=node.greedy)

    def loop(self, node: Repeat) -> None:
        """The body any number of times; a pass that takes nothing is the last one."""
        note = self.notes
        self.notes += 1
        choice = self.emit(Instruction(FORK))
        self.emit(Instruction(SAVE, note))
        self.node(node.body)
        self.emit(Instruction(MOVED, note))
        self.emit(Instruction(JUMP, choice))
        self.fork(choice, choice + 1, len(self.code), greedy=node.greedy)
