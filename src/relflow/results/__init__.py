"""What comes back, as data: decisions, levels in force, contact plans, cases, effects."""

from relflow.results.cases import (
    Actor,
    Case,
    Child,
    ClockRecord,
    Effect,
    HistoryEntry,
    Message,
    Opening,
    Performance,
    Step,
    Timer,
    Trigger,
)

__all__ = [
    "Actor",
    "Case",
    "Child",
    "ClockRecord",
    "Effect",
    "HistoryEntry",
    "Message",
    "Opening",
    "Performance",
    "Step",
    "Timer",
    "Trigger",
]
