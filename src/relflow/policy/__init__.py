"""A policy as hosts use it: load, decide, assign, plan, validate, explain; pure, without a clock."""

from relflow.policy.checking import check
from relflow.policy.columns import ColumnReport
from relflow.policy.decisionlog import DecisionLog
from relflow.policy.definitions import compile_definition
from relflow.policy.facade import Policy
from relflow.policy.loading import build, load

__all__ = ["ColumnReport", "DecisionLog", "Policy", "build", "check", "compile_definition", "load"]
