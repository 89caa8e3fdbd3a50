"""Every check that we ship, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from relflow.checks.open import check_open
from relflow.checks.unset import check_unset
from relflow.diagnostics import Diagnostic
from relflow.program import Program

__all__ = ["CHECKS", "check_program"]

Check = Callable[[Program], Iterator[Diagnostic]]

CHECKS: Final[tuple[Check, ...]] = (check_unset, check_open)


def check_program(program: Program) -> tuple[Diagnostic, ...]:
    """What all checks find."""
    return tuple(found for check in CHECKS for found in check(program))
