"""Customers as helpdesk knows them: by the mail address of their tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpdesk.models import Queue, Ticket

from relflow_django.helpdesk.options import options
from relflow_django.people import user_id

__all__ = ["accounts_behind", "facts_of_account"]


def facts_of_account(account: str | None) -> Mapping[str, object]:
    """What the host's own function says (`FACTS`), over what helpdesk has: name, account manager, open tickets.

    The account manager is the default owner of the queue of the customer's newest ticket.
    """
    if account is None:
        return {}
    tickets = Ticket.objects.filter(submitter_email__iexact=account)
    newest = tickets.order_by("-created").select_related("queue__default_owner").first()
    queue: Queue | None = newest.queue if newest is not None else None
    found: dict[str, object] = {
        "name": account,
        "open_tickets": tickets.filter(status__in=Ticket.OPEN_STATUSES).count(),
        "account_manager_id": user_id(queue.default_owner) if queue is not None and queue.default_owner else None,
    }
    own = options().account_facts
    return {**found, **(own(account) if own is not None else {})}


def accounts_behind(after: str | None, limit: int) -> Sequence[str]:
    """A page of customers in order."""
    addresses = Ticket.objects.exclude(submitter_email=None).exclude(submitter_email="")
    known = {address.strip().lower() for address in addresses.values_list("submitter_email", flat=True).distinct()}
    return [account for account in sorted(known) if after is None or account > after][:limit]
