"""How facts are kept: which are no longer fresh on a day, which have to go, who may see and change them."""

from __future__ import annotations

from typing import Any

from relflow.program import KNOWN, Category, Code, Run
from relflow.results import Keeping
from relflow.values import Duration

__all__ = ["keeping"]


def keeping(run: Run, category: Category) -> Keeping:
    """What holds for a category on the run's day; the run knows since when facts are known."""
    fresh, keep = _length(run, category.fresh_for), _length(run, category.keep_for)
    days = {name: run.outcome(KNOWN + name).value for name in category.facts}
    stewards = () if category.steward is None else (category.steward,)
    return Keeping(
        category.id,
        category.facts,
        category.steward,
        tuple(dict.fromkeys((*category.seen_by, *stewards))),
        tuple(dict.fromkeys((*category.changed_by, *stewards))),
        category.purposes,
        category.shared_with,
        fresh,
        keep,
        tuple(name for name, day in days.items() if _over(run, day, fresh)),
        tuple(name for name, day in days.items() if _over(run, day, keep)),
        tuple(name for name, day in days.items() if day is None),
    )


def _length(run: Run, code: Any) -> Any:
    return run.call(code) if isinstance(code, Code) else None


def _over(run: Run, since: Any, length: Any) -> bool:
    """Whether more than that length has gone by since the day; the last day still belongs to it."""
    if since is None or length is None or run.day is None:
        return False
    return run.calendar.shift(since, Duration.of_value(length)).day < run.day
