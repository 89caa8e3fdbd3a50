"""Deciding, assigning and planning over a program."""

from relflow.rules.assigning import assign, lowered, states_of
from relflow.rules.entries import Entries, Entry
from relflow.rules.figures import measure, period_around, period_length, streak_of
from relflow.rules.keeping import keeping
from relflow.rules.overriding import override
from relflow.rules.plan import plan_contacts
from relflow.rules.questions import Question, as_record, local_instant, made_by_day, unknown_touchpoint
from relflow.rules.rates import Rates, per_month, plan_reads

__all__ = [
    "Entries",
    "Entry",
    "Question",
    "Rates",
    "as_record",
    "assign",
    "keeping",
    "local_instant",
    "lowered",
    "made_by_day",
    "measure",
    "override",
    "per_month",
    "period_around",
    "period_length",
    "plan_contacts",
    "plan_reads",
    "states_of",
    "streak_of",
    "unknown_touchpoint",
]
