"""The stateful facade: an engine, its units of work, and what its runs report."""

from relflow.engine.delivery import Retry
from relflow.engine.engine import Engine
from relflow.engine.erasing import Erased
from relflow.engine.reports import Missed, Problem, Report
from relflow.engine.unit import Unit

__all__ = ["Engine", "Erased", "Missed", "Problem", "Report", "Retry", "Unit"]
