"""Every check that we ship, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from relflow.checks.beyond_limit import check_limits
from relflow.checks.card_levels import check_card_levels
from relflow.checks.criteria import check_criteria
from relflow.checks.dead_alternative import check_dead_alternatives
from relflow.checks.dead_bands import check_dead_bands
from relflow.checks.dead_event import check_dead_events
from relflow.checks.dead_rows import check_dead_rows
from relflow.checks.endless_clock import check_endless_clocks
from relflow.checks.endless_loop import check_endless_loops
from relflow.checks.forgotten_level import check_levels
from relflow.checks.gaps import check_gaps
from relflow.checks.idle_column import check_idle_columns
from relflow.checks.idle_plans import check_idle_plans
from relflow.checks.missing_translation import check_translations
from relflow.checks.monotone import check_monotone
from relflow.checks.never_set import check_never_set
from relflow.checks.no_effect import check_no_effect
from relflow.checks.no_opening_hours import check_opening_hours
from relflow.checks.open import check_open
from relflow.checks.overlaps import check_overlaps
from relflow.checks.redundant_row import check_redundant_rows
from relflow.checks.reexamined import check_reexamined
from relflow.checks.sources import check_sources
from relflow.checks.too_few_people import check_people
from relflow.checks.trap_state import check_trap_states
from relflow.checks.unreachable_state import check_unreachable_states
from relflow.checks.unset import check_unset
from relflow.checks.unused import check_unused
from relflow.checks.violated_always import check_always
from relflow.checks.violated_never import check_never
from relflow.diagnostics import Diagnostic
from relflow.program import Program

__all__ = ["CHECKS", "CHECKS_OF_ALL", "check_program"]

Check = Callable[[Program], Iterator[Diagnostic]]

CHECKS: Final[tuple[Check, ...]] = (
    check_unset,
    check_open,
    check_gaps,
    check_overlaps,
    check_dead_rows,
    check_dead_bands,
    check_card_levels,
    check_monotone,
    check_limits,
    check_reexamined,
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
    check_dead_events,
    check_people,
    check_opening_hours,
)
"""Checks of what is there: they hold their tongue about the parts that have errors."""

CHECKS_OF_ALL: Final[tuple[Check, ...]] = (
    check_redundant_rows,
    check_idle_columns,
    check_levels,
    check_unused,
    check_translations,
    check_no_effect,
    check_idle_plans,
)
"""Checks of what is nowhere: what an error left out would be missed by them, so they wait until there is none."""


def check_program(program: Program, *, sound: bool = True) -> tuple[Diagnostic, ...]:
    """What all checks find; in a program that is not `sound` (it has errors) only those of what is there."""
    checks = (*CHECKS, *CHECKS_OF_ALL) if sound else CHECKS
    return tuple(found for check in checks for found in check(program))
