"""The stateful facade: an engine, its units of work, and what its runs report."""

from relflow.engine.absences import Delegation
from relflow.engine.adopting import Adoption, Broken
from relflow.engine.batches import Batch
from relflow.engine.delivery import Retry
from relflow.engine.engine import Engine
from relflow.engine.erasing import Erased
from relflow.engine.moves import Migration, Moved
from relflow.engine.overseeing import Reassigned
from relflow.engine.reports import Late, Missed, Problem, Report
from relflow.engine.unit import Unit

__all__ = [
    "Adoption",
    "Batch",
    "Broken",
    "Delegation",
    "Engine",
    "Erased",
    "Late",
    "Migration",
    "Missed",
    "Moved",
    "Problem",
    "Reassigned",
    "Report",
    "Retry",
    "Unit",
]
