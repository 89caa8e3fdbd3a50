"""Changes of a policy as data: what was changed, in business words, and who moves because of it."""

from relflow.review.changes import Change, compare
from relflow.review.impact import Impact, Move, impact

__all__ = ["Change", "Impact", "Move", "compare", "impact"]
