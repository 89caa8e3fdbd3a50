"""The host's users and groups as actors, holders of roles and recipients; a user is known by the login name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.translation import get_language

from relflow import Recipient, hookimpl
from relflow.stores import Link
from relflow_django.settings import Configuration, named

__all__ = ["CUSTOMER", "People", "facts_of", "user_id"]

CUSTOMER = "customer:"


def user_id(user: Any) -> str:
    """What relflow calls a user."""
    return str(user.get_username())


def facts_of(user: Any, chosen: Configuration) -> Mapping[str, object]:
    """What the host knows of a colleague: by the setting, else one true fact for each group."""
    asked = named(chosen.actor_facts)
    if asked is not None:
        return dict(asked(user))
    return dict.fromkeys(user.groups.values_list("name", flat=True), True)


class People:
    """Who holds a role, and where a user is reached."""

    def __init__(self, chosen: Configuration) -> None:
        self._chosen = chosen

    @hookimpl
    def relflow_roles(
        self, tenant: str, actor: str, account: str | None, at: datetime, link: Link | None
    ) -> Sequence[str]:
        """The roles that the user's groups stand for."""
        del tenant, account, at, link
        groups = Group.objects.filter(user__in=_users().filter(is_active=True, **{_login(): actor}))
        names = set(groups.values_list("name", flat=True))
        renamed = self._chosen.roles
        mine = [role for role, group in renamed.items() if group in names]
        return sorted({*mine, *(name for name in names if name not in renamed)})

    @hookimpl
    def relflow_members(
        self, tenant: str, role: str, account: str | None, at: datetime, link: Link | None
    ) -> Sequence[str] | None:
        """The active users of the role's group; None where there is no such group, so that the policy says."""
        del tenant, account, at, link
        group = self._chosen.roles.get(role, role)
        if not Group.objects.filter(name=group).exists():
            return None
        users = _users().filter(is_active=True, groups__name=group).order_by(_login())
        return [user_id(user) for user in users]

    @hookimpl
    def relflow_recipient(self, tenant: str, recipient: str) -> Recipient | None:
        """A user's mail address and language; None for nobody we know.

        A customer's address comes from the setting `CUSTOMER`, or is the account's id where that is an address.
        """
        del tenant
        if recipient.startswith(CUSTOMER):
            account = recipient.removeprefix(CUSTOMER)
            asked = named(self._chosen.customer)
            address = asked(account) if asked is not None else account if "@" in account else None
            return Recipient(address, "email", self._language(None)) if address else None
        user = _users().filter(is_active=True, **{_login(): recipient}).first()
        if user is None or not user.email:
            return None
        return Recipient(user.email, "email", self._language(user))

    def _language(self, user: object) -> str:
        chosen = self._chosen.language
        if isinstance(chosen, str) and "." not in chosen:
            return chosen
        asked = named(chosen)
        return str(asked(user)) if asked is not None and user is not None else get_language() or "en"


def _users() -> Any:
    return get_user_model()._default_manager  # noqa: SLF001 - Django documents it for models that may be exchanged


def _login() -> str:
    return str(get_user_model().USERNAME_FIELD)
