"""How a ticket's life reads as a complaint's: subclass `Complaints` where a host's tickets mean something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar

from helpdesk.decorators import is_helpdesk_staff
from helpdesk.models import FollowUp, Ticket

__all__ = ["Aim", "Complaints"]


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a case has to stand for a ticket that looks so.

    A case in one of the states of `fits` is left alone. Else the event of `ways` for its state is fired; where there is
    none, or the policy refuses it, the case is moved to `state` and history says that the rules were bypassed.
    """

    fits: frozenset[str]
    state: str
    ways: Mapping[str, str] = field(default_factory=dict)


class Complaints:
    """Tickets as cases of the shipped workflow `complaint`.

    The first public answer of a colleague is the first response. On hold means that the customer has to say something:
    the clock of the settlement pauses, but only after a first response. Resolved leads to the return visit, which has
    to be made before the complaint is settled; closing the ticket says that the customer is satisfied.
    """

    workflow: ClassVar[str] = "complaint"
    answer: ClassVar[str] = "acknowledge"
    unanswered: ClassVar[str] = "received"
    withdrawn: ClassVar[str] = "withdrawn"
    aims: ClassVar[Mapping[str, Aim]] = MappingProxyType(
        {
            "open": Aim(
                frozenset({"received", "investigating", "implementing"}),
                "investigating",
                {"return_visit": "dissatisfied", "closed": "reopen"},
            ),
            "held": Aim(frozenset({"received", "proposed"}), "proposed", {"investigating": "propose"}),
            "resolved": Aim(frozenset({"return_visit"}), "return_visit", {"implementing": "complete"}),
            "closed": Aim(frozenset({"closed"}), "closed", {"return_visit": "satisfied"}),
            "duplicate": Aim(
                frozenset({"withdrawn", "closed"}),
                "withdrawn",
                dict.fromkeys(("received", "investigating", "proposed", "implementing", "return_visit"), "withdraw"),
            ),
        }
    )

    def key(self, ticket: int) -> str:
        """The case's key for a ticket's number."""
        return f"ticket-{ticket}"

    def ticket(self, key: str | None) -> int | None:
        """The ticket's number in a case's key."""
        number = (key or "").removeprefix("ticket-")
        return int(number) if number.isdigit() and key != number else None

    def account(self, ticket: Ticket) -> str | None:
        """Whose complaint it is: helpdesk knows customers by their mail address only."""
        return ticket.submitter_email.strip().lower() if ticket.submitter_email else None

    def opening(self, ticket: Ticket) -> Mapping[str, object]:
        """The data that the case is opened with."""
        by_mail = ticket.followup_set.exclude(message_id=None).exclude(message_id="").exists()
        return {"channel": "email" if by_mail else "online", "description": ticket.description or ticket.title}

    def is_answer(self, followup: FollowUp) -> bool:
        """Whether a follow-up is a colleague's answer to the customer.

        Helpdesk's own notes on holding or assigning have no words, and the one on a ticket that a colleague took down
        repeats the customer's.
        """
        words = (followup.comment or "").strip()
        if not words or not followup.public or followup.user is None or not is_helpdesk_staff(followup.user):
            return False
        return words != (followup.ticket.description or "").strip()

    def situation(self, status: int, *, on_hold: bool = False) -> str:
        """What a ticket with this status looks like: a key of `aims`."""
        if status == Ticket.RESOLVED_STATUS:
            return "resolved"
        if status == Ticket.CLOSED_STATUS:
            return "closed"
        if status == Ticket.DUPLICATE_STATUS:
            return "duplicate"
        return "held" if on_hold else "open"

    def data(self, event: str, ticket: Ticket, followup: FollowUp | None) -> Mapping[str, object]:
        """What an event needs, as far as the ticket says it; the policy refuses an event that lacks something."""
        comment = ((followup.comment if followup is not None else None) or "").strip() or None
        words: dict[str, dict[str, object]] = {
            "acknowledge": {"demand": ticket.title},
            "propose": {**self._findings(ticket), "solution": ticket.resolution or comment},
            "complete": {"result": ticket.resolution or comment},
            "dissatisfied": {"objection": comment},
            "reopen": {"reason": comment},
            "withdraw": {"reason": comment or str(ticket.get_status_display())},
        }
        return {name: value for name, value in words.get(event, {}).items() if value is not None}

    def bypassed(self, situation: str, ticket: Ticket) -> Mapping[str, object]:
        """What the case is told when it is moved without an event."""
        if situation not in ("resolved", "closed"):
            return {}
        given = {**self._findings(ticket), "solution": ticket.resolution, "result": ticket.resolution}
        return {name: value for name, value in given.items() if value}

    def _findings(self, ticket: Ticket) -> Mapping[str, Any]:
        """Cause and department; a custom field called `cause` says the cause."""
        cause = ticket.ticketcustomfieldvalue_set.filter(field__name="cause").values_list("value", flat=True).first()
        found = {"cause": cause or None, "responsible_department": ticket.queue.title}
        return {name: value for name, value in found.items() if value is not None}
