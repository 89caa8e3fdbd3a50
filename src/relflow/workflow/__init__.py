"""Cases: one pure step at a time, who may take which, and what has happened, as data."""

from relflow.workflow.buttons import Allowed, Need, allowed, conditions
from relflow.workflow.clocks import outdated
from relflow.workflow.forms import Form, parse
from relflow.workflow.migration import Move, Route, Snag, migrate
from relflow.workflow.phrases import MASK
from relflow.workflow.steps import open_case, step
from relflow.workflow.texts import wording
from relflow.workflow.timeline import Ledger, Line, ledger, timeline

__all__ = [
    "MASK",
    "Allowed",
    "Form",
    "Ledger",
    "Line",
    "Move",
    "Need",
    "Route",
    "Snag",
    "allowed",
    "conditions",
    "ledger",
    "migrate",
    "open_case",
    "outdated",
    "parse",
    "step",
    "timeline",
    "wording",
]
