"""Accounts, roles and addresses from plain dictionaries: for small hosts, trials and demonstrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from relflow.hooks import hookimpl
from relflow.results import Recipient
from relflow.stores import Link

__all__ = ["Accounts", "Recipients"]

AccountTable = Mapping[str, Mapping[str, object]]


class Accounts:
    """What the host knows, as dictionaries that may go on changing while the engine runs.

    `accounts` maps an account's id to its facts, `roles` a user's id to the roles that the user holds for every
    account.
    """

    def __init__(self, accounts: AccountTable, *, roles: Mapping[str, Sequence[str]] | None = None) -> None:
        self.accounts = accounts
        self.roles = roles

    @hookimpl
    def relflow_load_accounts(
        self, tenant: str, accounts: Sequence[str], facts: Sequence[str], at: datetime, link: Link | None
    ) -> AccountTable:
        """The named facts of the accounts that there are; `at` does not matter, the dictionaries hold only now."""
        del tenant, at, link
        known = {account: self.accounts[account] for account in accounts if account in self.accounts}
        return {account: {name: row[name] for name in facts if name in row} for account, row in known.items()}

    @hookimpl
    def relflow_accounts(self, tenant: str, after: str | None, limit: int, link: Link | None) -> list[str]:
        """A page of ids in order."""
        del tenant, link
        behind = [account for account in sorted(self.accounts) if after is None or account > after]
        return behind[:limit]

    @hookimpl
    def relflow_roles(
        self, tenant: str, actor: str, account: str | None, at: datetime, link: Link | None
    ) -> list[str] | None:
        """The roles of a user; None where no table of roles was given."""
        del tenant, account, at, link
        return None if self.roles is None else list(self.roles.get(actor, ()))

    @hookimpl
    def relflow_members(
        self, tenant: str, role: str, account: str | None, at: datetime, link: Link | None
    ) -> list[str] | None:
        """The users who hold a role; None where nobody does, so that another plugin may know."""
        del tenant, account, at, link
        found = [user for user, roles in (self.roles or {}).items() if role in roles]
        return found or None


class Recipients:
    """Where users are reached, as a dictionary of user id to Recipient; a message to anybody else is given up."""

    def __init__(self, recipients: Mapping[str, Recipient]) -> None:
        self.recipients = recipients

    @hookimpl
    def relflow_recipient(self, tenant: str, recipient: str) -> Recipient | None:
        """The address of a user, if the table has one."""
        del tenant
        return self.recipients.get(recipient)
