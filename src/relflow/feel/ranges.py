"""Range values of the expression language; they live among the other values."""

from relflow.values.ranges import Range

__all__ = ["Range"]
