"""Obligations in scripts: how often one fell due since a script looked last, and what it did then."""

from __future__ import annotations

from typing import Any

from relflow.engine import Engine
from relflow.results import Case

__all__ = ["WORDS", "happened"]

MARK = "~"
WORDS = ("times", "notified", "opened", "performed")
_VERBS = {"notified": "notify", "opened": "open", "performed": "perform"}


def happened(engine: Engine, obligation: str, seen: set[str]) -> dict[str, Any]:
    """What the obligation did in cases that are not in `seen`; they are added to it."""
    fresh = [case for case in _all(engine, f"{MARK}{obligation}") if case.id not in seen]
    seen.update(case.id for case in fresh)
    effects = [effect for case in fresh for entry in engine.history(case.id) for effect in entry.effects]
    found: dict[str, Any] = {
        word: sorted(one.target for one in effects if one.verb == verb) for word, verb in _VERBS.items()
    }
    found["notified"] = sorted(set(found["notified"]))
    return {"times": len(fresh), **found}


def _all(engine: Engine, workflow: str) -> list[Case]:
    found: list[Case] = []
    while page := engine.cases(workflow=workflow, after=found[-1].id if found else None):
        found += page
    return found
