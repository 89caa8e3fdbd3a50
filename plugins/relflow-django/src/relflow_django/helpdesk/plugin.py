"""What the policy asks of helpdesk: its customers, and its tickets kept in step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from relflow import hookimpl
from relflow.results import Recorded
from relflow.stores import Link
from relflow_django.helpdesk.accounts import accounts_behind, facts_of_account
from relflow_django.helpdesk.writing import write_back

__all__ = ["Accounts", "Helpdesk"]


class Helpdesk:
    """Keeps owner and due date of tickets in step with their cases, in the transaction of each step."""

    @hookimpl
    def relflow_project(self, tenant: str, recorded: Recorded, link: Link | None) -> None:
        """Write the case's owner and due date into its ticket."""
        del tenant, link
        write_back(recorded.case)


class Accounts:
    """The customers of helpdesk's tickets; a project that has customers of its own names its own plugin instead."""

    @hookimpl
    def relflow_load_accounts(
        self, tenant: str, accounts: Sequence[str], facts: Sequence[str], at: datetime, link: Link | None
    ) -> Mapping[str, Mapping[str, object]]:
        """The facts that are asked for; what nobody knows is missing."""
        del tenant, at, link
        known = {account: facts_of_account(account) for account in accounts}
        return {account: {name: one[name] for name in facts if name in one} for account, one in known.items()}

    @hookimpl
    def relflow_accounts(self, tenant: str, after: str | None, limit: int, link: Link | None) -> Sequence[str]:
        """A page of customers."""
        del tenant, link
        return accounts_behind(after, limit)
