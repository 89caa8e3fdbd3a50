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
from relflow.results.contacts import Contact, Touchpoint

__all__ = [
    "Actor",
    "Case",
    "Child",
    "ClockRecord",
    "Contact",
    "Effect",
    "HistoryEntry",
    "Message",
    "Opening",
    "Performance",
    "Step",
    "Timer",
    "Touchpoint",
    "Trigger",
]
