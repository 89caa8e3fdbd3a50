"""Every check that we ship, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from relflow.checks.criteria import check_criteria
from relflow.checks.dead_alternative import check_dead_alternatives
from relflow.checks.dead_rows import check_dead_rows
from relflow.checks.endless_clock import check_endless_clocks
from relflow.checks.endless_loop import check_endless_loops
from relflow.checks.gaps import check_gaps
from relflow.checks.monotone import check_monotone
from relflow.checks.never_set import check_never_set
from relflow.checks.open import check_open
from relflow.checks.overlaps import check_overlaps
from relflow.checks.sources import check_sources
from relflow.checks.trap_state import check_trap_states
from relflow.checks.unreachable_state import check_unreachable_states
from relflow.checks.unset import check_unset
from relflow.checks.violated_always import check_always
from relflow.checks.violated_never import check_never
from relflow.diagnostics import Diagnostic
from relflow.program import Program

__all__ = ["CHECKS", "check_program"]

Check = Callable[[Program], Iterator[Diagnostic]]

CHECKS: Final[tuple[Check, ...]] = (
    check_unset,
    check_open,
    check_gaps,
    check_overlaps,
    check_dead_rows,
    check_monotone,
    check_criteria,
    check_sources,
    check_unreachable_states,
    check_trap_states,
    check_dead_alternatives,
    check_endless_clocks,
    check_endless_loops,
    check_never_set,
    check_never,
    check_always,
)


def check_program(program: Program) -> tuple[Diagnostic, ...]:
    """What all checks find."""
    return tuple(found for check in CHECKS for found in check(program))
