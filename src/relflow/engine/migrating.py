"""Running cases moved to the version of their workflow that the policy has now, one by one or all or none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import partial

from relflow.engine import troubles
from relflow.engine.moves import Migration, Moved, check_route
from relflow.engine.overseeing import Overseeing
from relflow.engine.unit import Unit
from relflow.errors import ConflictError, RelflowError
from relflow.results import Actor, Case
from relflow.workflow import Route, Snag

__all__ = ["Migrating"]


class _Refused(Exception):  # noqa: N818 - rolls a whole migration back and never leaves this module
    """Some case cannot move, so none does."""

    def __init__(self, cases: list[Moved]) -> None:
        super().__init__()
        self.cases = cases


class Migrating(Overseeing):
    """The part of an engine that moves running cases between versions."""

    def migrate(
        self,
        workflow: str,
        *,
        actor: Actor,
        because: str,
        approver: str = "",
        states: Mapping[str, str] | None = None,
        data: Mapping[str, str | None] | None = None,
        clocks: Mapping[str, str | None] | None = None,
        events: Mapping[str, str | None] | None = None,
        recompute: bool = False,
        cases: Collection[str] | None = None,
        from_version: str | None = None,
        dry_run: bool = False,
        whole: bool = True,
        at: datetime | None = None,
        tenant: str = "",
    ) -> Migration:
        """Move the open cases of a workflow to the version that the policy has; each move is a recorded step.

        `states`, `data`, `clocks` and `events` say what old names are in the new version; a datum, clock or event
        mapped to None is given up on purpose, whatever is not listed keeps its name. A case whose state, datum or
        running clock has no place there is a problem. `whole` moves all cases in one transaction or, if one of them
        has a problem, none; without it those without problems move, each in a transaction of its own. Running clocks
        keep the durations that they were promised unless `recompute` asks for the new ones. Clocks that the new
        version wants to run in the case's state start.

        `cases` are ids, `from_version` is a version; without them, every open case that is not there yet. A `dry_run`
        changes nothing. Raises RefusedError (`because`, `route`), NotFoundError for an unknown workflow.
        """
        troubles.explained(because)
        route = Route(states or {}, data or {}, clocks or {}, events or {}, recompute)
        check_route(self._core.workflow(tenant, workflow), route)
        chosen = [one.id for one in self._to_move(tenant, workflow, cases, from_version)]
        act = partial(Unit.migrate, route=route, actor=actor, because=because, approver=approver, at=at)
        if dry_run:
            planned = [self._once(tenant, partial(act, case=case, dry_run=True)) for case in chosen]
            return Migration(tuple(planned), done=False, dry_run=True, whole=whole)
        if not whole:
            return Migration(tuple(self._one_by_one(tenant, act, chosen)), done=True, whole=False)
        try:
            return Migration(tuple(self._once(tenant, partial(_all, act=act, chosen=chosen))), done=True)
        except _Refused as refused:
            return Migration(tuple(refused.cases), done=False)

    def _to_move(
        self, tenant: str, workflow: str, cases: Collection[str] | None, from_version: str | None
    ) -> Iterable[Case]:
        """The open cases that run under another definition."""
        digest = self._core.workflow(tenant, workflow).digest
        listed = None if cases is None else set(cases)
        for case in self._open_cases(tenant, workflow):
            asked = (listed is None or case.id in listed) and from_version in (None, case.workflow_version)
            if asked and case.definition != digest:
                yield case

    def _one_by_one(self, tenant: str, act: partial[Moved], chosen: list[str]) -> Iterable[Moved]:
        """Each case in a transaction of its own; what goes wrong with one is reported as its problem."""
        for case in chosen:
            try:
                yield self._once(tenant, partial(act, case=case))
            except RelflowError as error:
                yield self._once(tenant, partial(_failed, case=case, error=error))


def _all(unit: Unit, act: partial[Moved], chosen: list[str]) -> list[Moved]:
    """Every case in one transaction; all are looked at before it is given up."""
    done: list[Moved] = []
    for case in chosen:
        try:
            done.append(act(unit, case=case))
        except ConflictError:
            raise
        except RelflowError as error:
            done.append(_failed(unit, case=case, error=error))
    if any(not one.fits for one in done):
        raise _Refused(done)
    return done


def _failed(unit: Unit, case: str, error: RelflowError) -> Moved:
    """A case whose move failed on the way: where it stands, and what was in the way."""
    found = unit.case(case)
    here = (found.workflow_version, found.state)
    return Moved(case, found.workflow, here, here, (Snag("definition", error.reason, error.message),))
