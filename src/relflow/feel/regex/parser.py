"""Patterns of XPath 3.1 (functions and operators, 5.6.1) from their text and flags."""

from __future__ import annotations

from typing import Final

from relflow.feel.regex.charsets import ANY, CharSet
from relflow.feel.regex.messages import (
    BAD_BACK_REFERENCE,
    BAD_CLASS,
    BAD_ESCAPE,
    BAD_FLAG,
    BAD_PROPERTY,
    BAD_QUANTIFIER,
    PATTERN_TOO_BIG,
    UNBALANCED,
    UNEXPECTED,
    PatternError,
)
from relflow.feel.regex.syntax import Alternatives, Back, Chars, End, Group, Node, Pattern, Repeat, Sequence, Start
from relflow.feel.regex.unicode import escape_set, property_set

__all__ = ["parse"]

MAX_LENGTH: Final = 5_000
MAX_DEPTH: Final = 100
MAX_COUNT: Final = 1_000
_FLAGS: Final = frozenset("smixq")
_SPACES: Final = "\t\n\r "
_SINGLE: Final = {"n": "\n", "r": "\r", "t": "\t", **{char: char for char in "\\|.-^?*+{}()[]$"}}
_LINE_ENDS: Final = CharSet.chars("\n\r")


def parse(pattern: str, flags: str = "") -> Pattern:
    """The tree of a pattern. Raises PatternError, which says what is wrong with it."""
    unknown = sorted(set(flags) - _FLAGS)
    if unknown:
        raise PatternError(BAD_FLAG, flag=unknown[0])
    if len(pattern) > MAX_LENGTH:
        raise PatternError(PATTERN_TOO_BIG)
    ignore_case = "i" in flags
    if "q" in flags:
        parts = tuple(Chars(_cases(CharSet.chars(char), ignore_case)) for char in pattern)
        return Pattern(Sequence(parts), 0, ignore_case, has_backs=False)
    return _Parser(_without_spaces(pattern) if "x" in flags else pattern, flags).whole()


def _cases(chars: CharSet, ignore_case: bool) -> CharSet:
    return chars.both_cases() if ignore_case else chars


def _without_spaces(pattern: str) -> str:
    """What flag x leaves: white space counts inside character classes only."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for char in pattern:
        if not depth and char in _SPACES:
            continue
        kept.append(char)
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "[":
            depth += 1
        elif char == "]":
            depth = max(0, depth - 1)
    return "".join(kept)


class _Parser:
    """One pass over the text, one method a rule of the grammar."""

    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.at = 0
        self.ignore_case = "i" in flags
        self.lines = "m" in flags
        self.dot = ANY if "s" in flags else ~_LINE_ENDS
        self.opened = 0
        self.closed: set[int] = set()
        self.has_backs = False
        self.depth = 0

    def whole(self) -> Pattern:
        """The whole pattern."""
        root = self.alternatives()
        if self.at < len(self.text):
            raise PatternError(UNBALANCED, char=self.text[self.at])
        return Pattern(root, self.opened, self.ignore_case, self.has_backs)

    def peek(self) -> str:
        """The next character, or nothing at the end."""
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        """The next character, taken."""
        char = self.peek()
        self.at += 1
        return char

    def accept(self, char: str) -> bool:
        """Whether `char` comes next; it is then taken."""
        found = self.peek() == char
        self.at += found
        return found

    def alternatives(self) -> Node:
        """Branches between bars."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise PatternError(PATTERN_TOO_BIG)
        parts = [self.branch()]
        while self.accept("|"):
            parts.append(self.branch())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Alternatives(tuple(parts))

    def branch(self) -> Node:
        """Pieces up to a bar, a closing bracket or the end."""
        parts: list[Node] = []
        while self.peek() not in {"", "|", ")"}:
            parts.append(self.piece())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def piece(self) -> Node:
        """An atom and its quantifier."""
        atom = self.atom()
        counts = self.counts()
        if counts is None:
            return atom
        return Repeat(atom, counts[0], counts[1], greedy=not self.accept("?"))

    def counts(self) -> tuple[int, int | None] | None:
        """A quantifier: the least and the most number of times; None where there is none."""
        match self.peek():
            case "?":
                counts: tuple[int, int | None] = (0, 1)
            case "*":
                counts = (0, None)
            case "+":
                counts = (1, None)
            case "{":
                return self.braces()
            case _:
                return None
        self.at += 1
        return counts

    def braces(self) -> tuple[int, int | None]:
        """`{n}`, `{n,}` or `{n,m}`."""
        self.at += 1
        least = self.count()
        most: int | None = least
        if self.accept(","):
            most = None if self.peek() == "}" else self.count()
        if not self.accept("}") or (most is not None and most < least):
            raise PatternError(BAD_QUANTIFIER)
        if max(least, most or 0) > MAX_COUNT:
            raise PatternError(PATTERN_TOO_BIG)
        return least, most

    def count(self) -> int:
        """A whole number in braces."""
        start = self.at
        while self.peek() in set("0123456789"):
            self.at += 1
        digits = self.text[start : self.at]
        if not digits:
            raise PatternError(BAD_QUANTIFIER)
        return int(digits) if len(digits) < 10 else MAX_COUNT + 1

    def atom(self) -> Node:
        """A character, a class, a group, an anchor or a back-reference."""
        char = self.take()
        match char:
            case ".":
                return Chars(self.dot)
            case "^":
                return Start(self.lines)
            case "$":
                return End(self.lines)
            case "(":
                return self.group()
            case "[":
                return Chars(self.character_class())
            case "\\":
                return self.escape()
            case "?" | "*" | "+" | "{":
                raise PatternError(BAD_QUANTIFIER)
            case "}" | "]":
                raise PatternError(UNEXPECTED, char=char)
        return Chars(_cases(CharSet.chars(char), self.ignore_case))

    def group(self) -> Node:
        """What follows an opening bracket, up to its closing one."""
        number = 0
        if self.accept("?"):
            if not self.accept(":"):
                raise PatternError(UNEXPECTED, char="(?")
        else:
            self.opened += 1
            number = self.opened
        body = self.alternatives()
        if not self.accept(")"):
            raise PatternError(UNBALANCED, char="(")
        if not number:
            return body
        self.closed.add(number)
        return Group(number, body)

    def escape(self) -> Node:
        """What follows a backslash outside a character class."""
        if self.peek() in set("123456789"):
            return self.back_reference()
        chars, single = self.escaped()
        return Chars(_cases(chars, self.ignore_case and single))

    def back_reference(self) -> Node:
        r"""`\1`: further digits belong to it only while that many groups are open or closed before it."""
        number = int(self.take())
        while self.peek() in set("0123456789") and number * 10 + int(self.peek()) <= self.opened:
            number = number * 10 + int(self.take())
        if number not in self.closed:
            raise PatternError(BAD_BACK_REFERENCE, number=number)
        self.has_backs = True
        return Back(number)

    def escaped(self) -> tuple[CharSet, bool]:
        """The characters of an escape, and whether it is a single one."""
        char = self.take()
        if char in _SINGLE:
            return CharSet.chars(_SINGLE[char]), True
        if char in {"p", "P"}:
            return self.property(opposite=char == "P"), False
        chars = escape_set(char) if char and char in "sSdDwWiIcC" else None
        if chars is None:
            raise PatternError(BAD_ESCAPE, char=char or "\\")
        return chars, False

    def property(self, *, opposite: bool) -> CharSet:
        r"""`{Lu}` or `{IsGreek}` after `\p`."""
        end = self.text.find("}", self.at)
        if not self.accept("{") or end < 0:
            raise PatternError(BAD_ESCAPE, char="p")
        name = self.text[self.at : end]
        self.at = end + 1
        chars = property_set(name)
        if chars is None:
            raise PatternError(BAD_PROPERTY, property=name[:40])
        return ~chars if opposite else chars

    def character_class(self) -> CharSet:
        """What follows an opening square bracket: ranges and escapes, perhaps less another class."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise PatternError(PATTERN_TOO_BIG)
        opposite = self.accept("^")
        found: list[tuple[int, int]] = []
        subtracted: CharSet | None = None
        first = True
        while first or self.peek() != "]":
            if not first and self.text.startswith("-[", self.at):
                self.at += 2
                subtracted = self.character_class()
                if self.peek() != "]":
                    raise PatternError(BAD_CLASS)
                break
            found += self.class_item(first=first).ranges
            first = False
        self.at += 1
        self.depth -= 1
        chars = CharSet.of(found)
        if opposite:
            chars = ~chars
        return chars if subtracted is None else chars - subtracted

    def class_item(self, *, first: bool) -> CharSet:
        """One character, range or escape of a class."""
        start, single = self.class_char(first=first)
        if not (single and self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in {"]", "[", ""}):
            return _cases(start, self.ignore_case and single)
        self.at += 1
        end, single = self.class_char(first=False)
        low, high = start.ranges[0][0], end.ranges[0][0]
        if not single or low > high:
            raise PatternError(BAD_CLASS)
        return _cases(CharSet(((low, high),)), self.ignore_case)

    def class_char(self, *, first: bool) -> tuple[CharSet, bool]:
        """One character or escape; a bare hyphen stands first or last."""
        char = self.take()
        if char == "\\":
            return self.escaped()
        if char in {"", "[", "]"} or (char == "-" and not first and self.peek() not in {"]", "-"}):
            raise PatternError(BAD_CLASS)
        return CharSet.chars(char), True
