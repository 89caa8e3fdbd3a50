"""What administrators do to cases, in a unit of work: force, cancel, merge, reassign, follow the host."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from relflow.engine import troubles
from relflow.engine.absences import Delegation, delegate, delegations
from relflow.engine.contacting import Contacting
from relflow.engine.firings import Firing
from relflow.engine.moves import Moved
from relflow.engine.work import Work
from relflow.program.workflows import Workflow
from relflow.results import Actor, Case, Trigger
from relflow.workflow import Route

__all__ = ["Administering"]


class Administering(Contacting):
    """The part of a unit that changes cases from outside their events; each act is a step of the case's history."""

    def _fire(self, firing: Firing) -> Case:
        """Take the step of a trigger; the part that fires events has it."""
        raise NotImplementedError

    def _administer(
        self, case: str, name: str, actor: Actor | None, data: Mapping[str, object], at: datetime | None
    ) -> Case:
        troubles.an_actor(actor)
        return self._fire(Firing(case, Trigger("admin", name, None, actor, data), self._now(at), None, at is not None))

    def adopt_state(
        self,
        case: str | None = None,
        state: str = "",
        *,
        workflow: str | None = None,
        key: str | None = None,
        at: datetime | None = None,
        actor: Actor | None = None,
        because: str = "",
        approver: str = "",
        data: Mapping[str, object] | None = None,
        event_id: str | None = None,
    ) -> Case:
        """Follow the host, which moved the case behind our back; history marks the step as bypassed.

        The case is named by its id, or by its `workflow` and the host's `key`. No guard, role or needed datum is asked
        for. `because` and `approver` are kept where they are given. An `event_id` that was seen before does nothing.
        """
        if case is None:
            case = self.case(workflow=workflow, key=key).id
        said = {name: value for name, value in (("because", because), ("approver", approver)) if value}
        trigger = Trigger("adopt", state, event_id, actor, {**(data or {}), **said})
        return self._fire(Firing(case, trigger, self._now(at), None, at is not None))

    def assign(self, case: str, owner: str, *, actor: Actor, because: str = "", at: datetime | None = None) -> Case:
        """Give the case to another owner, outside of its events."""
        troubles.usable_id("owner", owner)
        said = {"because": because} if because else {}
        return self._administer(case, "assign", actor, {"owner": owner, **said}, at)

    def force(
        self, case: str, state: str, *, actor: Actor, because: str, approver: str, at: datetime | None = None
    ) -> Case:
        """Put a case into a state without its guards, with the reason and who approved of it.

        Raises RefusedError (`because`, `approver`) without a reason, or where nobody else approved.
        """
        troubles.justified(actor, because, approver)
        return self._administer(case, "force", actor, {"state": state, "because": because, "approver": approver}, at)

    def cancel(
        self,
        case: str,
        *,
        actor: Actor,
        because: str,
        approver: str,
        state: str | None = None,
        children: bool = True,
        at: datetime | None = None,
    ) -> Case:
        """End a case without its guards; its clocks stop, and the open cases that it opened are cancelled with it.

        `state` is the final state, and may be left out where the workflow has one. Cases that were opened by
        obligations about this case are not its children and stay. Raises RefusedError as `force` does.
        """
        troubles.justified(actor, because, approver)
        found = self.case(case)
        end = troubles.final_state(self.definition(found), state)
        with self._together():
            # the case first: its conditions must not see its children closed
            said = {"state": end, "because": because, "approver": approver}
            after = self._administer(case, "cancel", actor, said, at)
            for child in found.children if children else ():
                if not child.closed:
                    self.cancel(child.id, actor=actor, because=because, approver=approver, at=at)
                    after = self.case(case)
        return after

    def merge(
        self,
        case: str,
        into: str,
        *,
        actor: Actor,
        because: str,
        state: str | None = None,
        at: datetime | None = None,
    ) -> Case:
        """Merge an open case into another of the same account and workflow; the case that goes on.

        The other keeps its state, clocks and data, takes over the data that only this one has, and becomes the parent
        of this one's open children. This one ends in `state`, the workflow's final state where there is one, and names
        the other as `merged_into`. Raises RefusedError (`merge`) for cases that do not go together.
        """
        troubles.explained(because)
        one, other = self.case(case), self.case(into)
        troubles.mergeable(one, other)
        definition = self.definition(one)
        end = troubles.final_state(definition, state)
        open_children = [[child.id, child.workflow, child.closed] for child in one.children if not child.closed]
        known = _known(self.definition(other), one)
        survivor = {**known, "from": one.id, "because": because, "children": open_children}
        with self._together():
            after = self._administer(other.id, "merge", actor, survivor, at)
            self._administer(one.id, "merged", actor, {"into": other.id, "state": end, "because": because}, at)
        return after

    def delegate(
        self,
        absent: str,
        stand_in: str,
        *,
        start: datetime,
        until: datetime,
        actor: Actor,
        because: str = "",
    ) -> Delegation:
        """Enter that somebody acts for an absent colleague from `start` until `until`, both aware instants.

        While it holds the stand-in may fire what the absent colleague might, gets their notifications and assignments,
        and counts as both for `not_by`; histories name both. A stand-in who is away passes it on. Other processes hear
        of it after a few seconds. Raises RefusedError (`delegation`) if somebody else stands in already then.
        """
        made = self._delegate(absent, stand_in, start, until, actor, because)
        assert made is not None
        return made

    def end_delegation(self, absent: str, *, actor: Actor, because: str = "", at: datetime | None = None) -> None:
        """End whatever delegation holds for the colleague now or later: they are back."""
        now = self._now(at)
        self._delegate(absent, None, now, datetime.max.replace(tzinfo=UTC), actor, because)

    def _delegate(
        self, absent: str, stand_in: str | None, start: datetime, until: datetime, actor: Actor, because: str
    ) -> Delegation | None:
        for name, value in (("absent", absent), ("stand_in", stand_in)):
            troubles.usable_id(name, value)
        begin, end, now = troubles.aware(start), troubles.aware(until), self._now(None)
        context = self._context(now)
        self._delegated = True
        return self._do(context, lambda work: delegate(work.unit, absent, stand_in, begin, end, actor, because, now))

    def delegations(self, *, at: datetime | None = None) -> tuple[Delegation, ...]:
        """Who acts for whom; with `at` only what holds at that instant."""
        with self._reading() as unit:
            return tuple(one for one in delegations(unit) if at is None or one.holds(at))

    def migrate(
        self,
        case: str,
        route: Route,
        *,
        actor: Actor,
        because: str,
        approver: str = "",
        dry_run: bool = False,
        at: datetime | None = None,
    ) -> Moved:
        """Move a case to the version of its workflow that the policy has; see `Engine.migrate`.

        A case with problems stays as it is. What fell due before happens first, by the old version.
        """
        troubles.explained(because)
        found = self.case(case)
        target = self._core.workflow(self.tenant, found.workflow)
        said = {"from": found.workflow_version, "to": target.version, "because": because, "approver": approver}
        trigger = Trigger("admin", "migrate", None, actor, {key: value for key, value in said.items() if value})
        firing = Firing(case, trigger, self._now(at), None, at is not None)
        context = self._context(firing.at)
        with self._asking():
            context.load(found.account, self._core.reachable(self.tenant, target))
        if dry_run:
            with self._reading() as unit, self._core.inside(self._identity()):
                return Moved.of(Work(self._core, unit, context).plan_migration(firing, found, target, route))
        return self._do(context, lambda work: Moved.of(work.migrate(firing, target, route)))


def _known(workflow: Workflow, case: Case) -> dict[str, object]:
    """The case's data that the other's definition has too."""
    return {name: value for name, value in case.data.items() if value is not None and name in workflow.data}
