"""A policy looked at from outside, as data: what was changed and who moves, what its tests reach."""

from relflow.review.changes import Change, compare
from relflow.review.coverage import Coverage, Goal
from relflow.review.goals import goals, reached
from relflow.review.impact import Contacts, Impact, Move, impact

__all__ = ["Change", "Contacts", "Coverage", "Goal", "Impact", "Move", "compare", "goals", "impact", "reached"]
