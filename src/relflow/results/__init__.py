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
    Roles,
    Step,
    Timer,
    Trigger,
)
from relflow.results.contacts import Contact, Touchpoint
from relflow.results.delivery import Delivered, Done, Failed, Outcome, Recipient
from relflow.results.recorded import Definition, Recorded, StandingRecord

__all__ = [
    "Actor",
    "Case",
    "Child",
    "ClockRecord",
    "Contact",
    "Definition",
    "Delivered",
    "Done",
    "Effect",
    "Failed",
    "HistoryEntry",
    "Message",
    "Opening",
    "Outcome",
    "Performance",
    "Recipient",
    "Recorded",
    "Roles",
    "StandingRecord",
    "Step",
    "Timer",
    "Touchpoint",
    "Trigger",
]
