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
from relflow.results.contacts import Contact, Status, Touchpoint
from relflow.results.decisions import Decision, Details, Failure, Origin, Override, Standing
from relflow.results.delivery import Delivered, Done, Failed, Outcome, Outgoing, Recipient
from relflow.results.figures import Figure
from relflow.results.keeping import Keeping
from relflow.results.recorded import Definition, Recorded, StandingRecord
from relflow.results.traces import (
    CellTrace,
    CriterionTrace,
    Missing,
    Reason,
    RowTrace,
    Rule,
    StepDetail,
    StepShape,
    Trace,
    TraceStep,
)
from relflow.results.values import jsonable

__all__ = [
    "Actor",
    "Case",
    "CellTrace",
    "Child",
    "ClockRecord",
    "Contact",
    "CriterionTrace",
    "Decision",
    "Definition",
    "Delivered",
    "Details",
    "Done",
    "Effect",
    "Failed",
    "Failure",
    "Figure",
    "HistoryEntry",
    "Keeping",
    "Message",
    "Missing",
    "Opening",
    "Origin",
    "Outcome",
    "Outgoing",
    "Override",
    "Performance",
    "Reason",
    "Recipient",
    "Recorded",
    "Roles",
    "RowTrace",
    "Rule",
    "Standing",
    "StandingRecord",
    "Status",
    "Step",
    "StepDetail",
    "StepShape",
    "Timer",
    "Touchpoint",
    "Trace",
    "TraceStep",
    "Trigger",
    "jsonable",
]
