"""What a round does beside obligations: levels are reviewed, cases in which something may happen are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from relflow.engine.again import alone
from relflow.engine.core import Core
from relflow.engine.reports import Problem, raised
from relflow.engine.subjects import Subject
from relflow.engine.unit import Unit
from relflow.errors import ConflictError
from relflow.workflow import conditions, outdated

__all__ = ["review", "watch"]

REVIEW = "review"


class Notes(Protocol):
    """Where problems are kept."""

    problems: list[Problem]


def review(core: Core, tenant: str, subjects: Sequence[Subject], now: datetime, done: Notes) -> None:
    """Assess a page of accounts under every scheme; one whose facts are wrong is told and left out."""
    accounts = [one.key for one in subjects]
    try:
        alone(core, tenant, lambda unit: unit.reassess(accounts, at=now, cause=REVIEW))
    except ConflictError:
        return  # another worker reviews them, or somebody did meanwhile: the next round sees them again
    except Exception as error:  # noqa: BLE001 - one account's trouble is not another's
        if len(accounts) == 1:
            done.problems.append(raised(accounts[0], error))
            return
        for one in subjects:
            review(core, tenant, [one], now, done)


def watch(core: Core, tenant: str, subjects: Sequence[Subject], now: datetime, done: Notes) -> None:
    """Let happen in cases what happens by itself, and recompute clocks that are due at another instant by now.

    A case in which nothing would happen is not written.
    """
    with core.store.unit(tenant, write=False) as reading:
        kept = {one.account: reading.account_standings(one.account) for one in subjects if one.account is not None}
        flows = {one.key: core.definition(one.case, reading) for one in subjects if one.case is not None}
    for one in subjects:
        case = one.case
        if case is None:
            continue
        states = {name: record.state for name, record in kept.get(one.account or "", {}).items()}
        try:
            at = max(now, case.updated_at)
            if outdated(flows[one.key], case, one.facts, at, standings=states or None):
                alone(core, tenant, partial(Unit.recompute, case=case.id, at=at))
            elif conditions(flows[one.key], case, one.facts, at, standings=states or None):
                alone(core, tenant, partial(Unit.look, case=case.id, at=at))
        except ConflictError:
            continue  # somebody moved it, and looked
        except Exception as error:  # noqa: BLE001 - one case's trouble is not another's
            done.problems.append(raised(case.id, error))
