"""The stateful facade: an engine, its units of work, and what its runs report."""

from relflow.engine.absences import Delegation
from relflow.engine.adopting import Adoption, Broken
from relflow.engine.batches import Batch
from relflow.engine.comparison import Comparison, Difference
from relflow.engine.delivery import Retry
from relflow.engine.engine import Engine
from relflow.engine.erasing import Erased
from relflow.engine.health import Health
from relflow.engine.moves import Migration, Moved
from relflow.engine.overseeing import Reassigned
from relflow.engine.reports import Late, Missed, Problem, Report
from relflow.engine.shadow import Shadow
from relflow.engine.unit import Unit

__all__ = [
    "Adoption",
    "Batch",
    "Broken",
    "Comparison",
    "Delegation",
    "Difference",
    "Engine",
    "Erased",
    "Health",
    "Late",
    "Migration",
    "Missed",
    "Moved",
    "Problem",
    "Reassigned",
    "Report",
    "Retry",
    "Shadow",
    "Unit",
]
