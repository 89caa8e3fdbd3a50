"""Cases: one pure step at a time, who may take which, and what has happened, as data."""

from relflow.workflow.buttons import Allowed, Need, allowed, conditions
from relflow.workflow.steps import open_case, step

__all__ = ["Allowed", "Need", "allowed", "conditions", "open_case", "step"]
