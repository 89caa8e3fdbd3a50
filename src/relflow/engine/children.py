"""The cases that a step opens, and whether it ends one that somebody waits for."""

from __future__ import annotations

import time
from dataclasses import replace

from relflow.engine.duties import MARK
from relflow.engine.tokens import new_id
from relflow.results import Case, Opening, Step

__all__ = ["for_its_opener", "just_closed"]


def for_its_opener(case: Case, opening: Opening) -> Opening:
    """A step's opening as its child; an obligation's as one open case for each subject, a child of the subject case."""
    if not case.workflow.startswith(MARK):
        return replace(opening, subject=None)
    fresh = new_id(time.time_ns() // 1_000_000)
    element = f"{case.workflow}/{opening.workflow}"
    return replace(opening, id=fresh, parent=case.parent, element=element, subject=case.subject)


def just_closed(planned: Step) -> bool:
    """Whether a step ends a case that has a parent to tell."""
    case, entry = planned.case, planned.entry
    return case.parent is not None and case.closed_at == entry.at and entry.before != entry.after
