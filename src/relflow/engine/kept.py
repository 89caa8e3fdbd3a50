"""Under which names the store keeps key figures, and every figure that it kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relflow.engine import troubles
from relflow.engine.core import Core
from relflow.engine.duties import MARK
from relflow.program import Kpi
from relflow.results import Figure, StandingRecord
from relflow.stores import StoreUnit

__all__ = ["figures", "group_key", "groups_of", "scheme_of"]


def scheme_of(kpi: Kpi) -> str:
    """The name under which a key figure's state is kept; no scheme of a policy has a blank in it."""
    return f"{MARK}kpi {kpi.id}"


def group_key(group: Any) -> str:
    """Under whose name the state of a group is kept; no account's id begins so."""
    return MARK if group is None else f"{MARK}{group}"


def groups_of(mark: StandingRecord) -> Iterator[tuple[Any, int]]:
    """The groups that a key figure counts, each with the number of periods in which it had nothing."""
    groups = mark.state.get("groups")
    for pair in groups if isinstance(groups, list) else []:
        yield pair[0], pair[1]


def figures(core: Core, unit: StoreUnit, kpi: str) -> tuple[Figure, ...]:
    """Every figure that was kept, oldest first. Raises NotFoundError for a key figure that the policy has not."""
    known = core.program(unit.tenant).kpis
    if kpi not in known:
        raise troubles.no_figure(kpi, sorted(known))
    name = scheme_of(known[kpi])
    marks = unit.standing_history(MARK, name)
    groups = dict.fromkeys(group_key(group) for mark in marks for group, _ in groups_of(mark))
    kept = [record for key in groups for record in unit.standing_history(key, name + " group")]
    found = [Figure.kept(kpi, record.state) for record in kept]
    return tuple(sorted(found, key=lambda one: (one.until, one.group is None, str(one.group))))
