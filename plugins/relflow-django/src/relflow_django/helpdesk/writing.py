"""What the case says, written into the ticket: who is responsible and when the next thing is due."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from helpdesk.models import Ticket

from relflow import Case
from relflow_django.helpdesk.options import mapping, options

__all__ = ["write_back"]


def write_back(case: Case) -> None:
    """Put the owner and the due date of a case into its ticket.

    By a plain UPDATE: no signal is sent, so that nothing comes back as news.
    """
    chosen = mapping()
    number = chosen.ticket(case.key)
    if case.workflow != chosen.workflow or number is None:
        return
    changes = _changes(case)
    if changes:
        Ticket.objects.filter(pk=number).exclude(**changes).update(**changes)


def _changes(case: Case) -> dict[str, Any]:
    if case.closed:
        return {}
    changes: dict[str, Any] = {}
    if case.owner is not None:
        users: Any = get_user_model()
        owner = users.objects.filter(**{users.USERNAME_FIELD: case.owner}).values_list("pk", flat=True).first()
        if owner is not None:
            changes["assigned_to_id"] = owner
    running = [clock for clock in case.clocks.values() if clock.running]
    if options().due_date and running:
        due = [clock.due_at for clock in running if clock.due_at is not None and not clock.paused]
        changes["due_date"] = min(due, default=None)
    return changes
