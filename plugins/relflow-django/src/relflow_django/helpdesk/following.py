"""Bringing one case into step with its ticket: what is not yet in its history is told, in order, and nothing twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from helpdesk.models import FollowUp, Ticket

from relflow import Actor, Case, RefusedError, Unit
from relflow_django.engines import actor, policy
from relflow_django.helpdesk.accounts import facts_of_account
from relflow_django.helpdesk.mapping import Complaints
from relflow_django.helpdesk.options import mapping, options
from relflow_django.helpdesk.writing import write_back
from relflow_django.people import People, user_id
from relflow_django.settings import configuration

__all__ = ["Following", "follow"]

# a view of helpdesk saves the ticket and writes its note within one request
TOGETHER: Final = timedelta(seconds=5)
REASONS: Final = {
    "open": "open, not on hold",
    "held": "on hold",
    "resolved": "resolved",
    "closed": "closed",
    "duplicate": "duplicate",
}


def follow(unit: Unit, ticket: Ticket) -> Case | None:
    """Bring the ticket's case into step on a joined unit; None for a ticket of a queue that is left out.

    Calling it again changes nothing. Whoever calls it inside the transaction that changed the ticket gets both or
    neither.
    """
    chosen = options()
    if chosen.queues is not None and ticket.queue.slug not in chosen.queues:
        return None
    return Following(unit, ticket).follow()


class Following:
    """One ticket and its case."""

    def __init__(self, unit: Unit, ticket: Ticket) -> None:
        self._unit = unit
        self._ticket = ticket
        self._map: Complaints = mapping()
        self._seen: set[str | None] = set()

    def follow(self) -> Case:
        """Everything that the ticket says and the case does not know."""
        case = self._opened()
        severity = case.data.get("severity")
        self._seen = {entry.trigger.event_id for entry in self._unit.history(case.id)}
        followups = list(self._ticket.followup_set.select_related("user").order_by("date", "pk"))
        for followup in followups:
            case = self._tell(case, followup)
        case = self._stand(case, followups)
        case = self._own(case, followups, graded=case.data.get("severity") != severity)
        write_back(case)
        return case

    def _opened(self) -> Case:
        """The ticket's case; it began when the ticket was made, whenever we hear of it."""
        return self._unit.open(
            self._map.workflow,
            account=self._map.account(self._ticket),
            data=self._map.opening(self._ticket),
            key=self._map.key(self._ticket.pk),
            at=self._ticket.created,
        )

    def _tell(self, case: Case, followup: FollowUp) -> Case:
        """What a follow-up means: a first response, a change of status, or nothing."""
        if case.state == self._map.unanswered and self._map.is_answer(followup):
            case = self._fire(case, self._map.answer, followup, "answer") or case
        late = followup.date < case.updated_at
        if followup.new_status is None or late or self._event_id(followup, "status") in self._seen:
            # a status that is past is history: what holds now is looked at in the end
            return case
        return self._move(case, self._map.situation(followup.new_status), followup)

    def _stand(self, case: Case, followups: list[FollowUp]) -> Case:
        """The ticket as it stands now; the last follow-up that could have brought it there says by whom."""
        status = self._ticket.status
        situation = self._map.situation(status, on_hold=self._ticket.on_hold)
        fresh = [one for one in followups if self._event_id(one, "status") not in self._seen]
        told = [one for one in fresh if one.new_status == status]
        return self._move(case, situation, (told or self._beside(fresh) or [None])[-1])

    def _beside(self, followups: list[FollowUp]) -> list[FollowUp]:
        """The notes that were written with the ticket's last save: they say who put it on hold, not that."""
        return [
            one
            for one in followups
            if abs(self._changed() - one.date) <= TOGETHER and self._event_id(one, "answer") not in self._seen
        ]

    def _move(self, case: Case, situation: str, followup: FollowUp | None) -> Case:
        """Bring the case to where a ticket in this situation has to stand: by an event, or past the rules."""
        aim = self._map.aims[situation]
        if case.state in aim.fits:
            return case
        event = aim.ways.get(case.state)
        moved = self._fire(case, event, followup, "status") if event is not None else None
        if moved is not None:
            return moved
        self._seen.add(self._event_id(followup, "status"))
        return self._unit.adopt_state(
            case.id,
            aim.state,
            at=self._at(case, followup),
            actor=self._actor(followup),
            because=f"helpdesk: {REASONS[situation]}",
            data=self._map.bypassed(situation, self._ticket),
            event_id=self._event_id(followup, "status"),
        )

    def _fire(self, case: Case, event: str, followup: FollowUp | None, what: str) -> Case | None:
        """The case after the event; None where the policy refuses it."""
        event_id = self._event_id(followup, what)
        try:
            moved = self._unit.fire(
                case.id,
                event,
                actor=self._actor(followup),
                data=self._map.data(event, self._ticket, followup),
                event_id=event_id,
                at=self._at(case, followup),
            )
        except RefusedError:
            return None
        self._seen.add(event_id)
        return moved

    def _own(self, case: Case, followups: list[FollowUp], *, graded: bool) -> Case:
        """Who is responsible: by the severity when it was just found, else whom the ticket is assigned to."""
        if case.closed:
            return case
        chosen = self._by_severity(case) if graded else None
        assigned = self._ticket.assigned_to
        owner = chosen or (user_id(assigned) if assigned is not None else None)
        if owner is None or owner == case.owner:
            return case
        users = [one.user for one in self._beside(followups) if one.user is not None]
        by = actor(users[-1]) if users and chosen is None else Actor("helpdesk", roles=())
        reason = "severity" if chosen else "helpdesk: assigned"
        return self._unit.assign(case.id, owner, actor=by, because=reason, at=max(case.updated_at, self._changed()))

    def _by_severity(self, case: Case) -> str | None:
        """The first holder of the role that the policy's own decision names, unless the owner holds it already."""
        name = options().handler
        if name is None:
            return None
        now = max(case.updated_at, self._changed())
        facts = {**facts_of_account(case.account), **case.data}
        role = policy().decide(name, facts, at=now).value
        if not isinstance(role, str):
            return None
        holders = People(configuration()).relflow_members("", role, case.account, now, None) or ()
        return case.owner if case.owner in holders else next(iter(holders), None)

    def _actor(self, followup: FollowUp | None) -> Actor | None:
        """Who wrote it: a colleague with the roles of the host, a customer with none."""
        if followup is None:
            return None
        if followup.user is not None:
            return actor(followup.user)
        return Actor(f"customer:{self._map.account(self._ticket) or ''}", roles=())

    def _at(self, case: Case, followup: FollowUp | None) -> datetime:
        """When it happened; what comes late is recorded behind what is recorded already."""
        return max(case.updated_at, followup.date if followup is not None else self._changed())

    def _changed(self) -> datetime:
        """When the ticket was saved last."""
        modified: datetime = self._ticket.modified
        return modified

    def _event_id(self, followup: FollowUp | None, what: str) -> str | None:
        return None if followup is None else f"helpdesk:{self._ticket.pk}:{followup.pk}:{what}"
