"""Lines of generated Python with their constants, and what is known of the local names."""

from __future__ import annotations

from dataclasses import field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from relflow.feel import Pool
from relflow.structs import dataclass

__all__ = ["LEAVE", "UnsupportedError", "Writer", "returns"]

LEAVE = "return _slow(record, at, state, known)"
_DIGITS = 15


def returns(line: str) -> bool:
    """Whether a line ends the function."""
    return line.startswith("return ")


class UnsupportedError(Exception):
    """Something has no fast form; the general run decides."""


@dataclass(slots=True)
class Writer:
    """The body of a function that is being written.

    `names` are the local names of what expressions read, by FEEL name; those in `nullable` may hold None.
    """

    pool: Pool = field(default_factory=Pool)
    lines: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    nullable: set[str] = field(default_factory=set)
    count: int = 0

    def add(self, line: str, depth: int = 0) -> None:
        """One line, so many blocks deep in the function."""
        self.lines.append("    " * (depth + 1) + line)

    def new(self, prefix: str) -> str:
        """A local name that nothing else has."""
        self.count += 1
        return f"{prefix}{self.count}"

    def constant(self, value: Any) -> str:
        """Python source of a value; a fact compares with it as FEEL compares, so a decimal becomes a short float.

        Raises UnsupportedError for numbers of more digits than a float keeps.
        """
        if isinstance(value, Decimal):
            if len(value.normalize().as_tuple().digits) > _DIGITS or not -300 < value.adjusted() < 300:
                raise UnsupportedError
            return repr(float(value))
        if value.__class__ is int and abs(value) >= 10**_DIGITS:
            raise UnsupportedError
        if value.__class__ is int:
            return repr(value)
        if isinstance(value, date | timedelta):
            return self.kept(value)
        return self.pool.constant(value)

    def kept(self, value: Any) -> str:
        """The name of a constant object."""
        return self.pool.constant(value)
