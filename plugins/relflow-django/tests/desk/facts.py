"""What the company knows about its customers beyond helpdesk."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.models import Ticket

__all__ = ["facts", "problem_facts"]


def facts(account: str) -> Mapping[str, object]:
    """Who leads the department that looks after the customer."""
    return {"department_lead_id": "zhao", "name": account.partition("@")[0]}


def problem_facts(account: str) -> Mapping[str, object]:
    """How bad it is: a critical ticket is severe, three open ones are many."""
    tickets = Ticket.objects.filter(submitter_email__iexact=account, status__in=Ticket.OPEN_STATUSES)
    return {
        **facts(account),
        "problem_impact": "severe" if tickets.filter(priority=1).exists() else "slight",
        "problem_spread": "wide" if tickets.count() >= 3 else "narrow",
    }
