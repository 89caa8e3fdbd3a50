"""The hooks that a host or a plugin implements; every name and argument stands here once.

`link` is the connection of the unit of work that asks, None outside a transaction. Functions marked `firstresult`
are asked until one answers something else than None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

import pluggy

from relflow.results import Delivered, Done, Failed, Outgoing, Performance, Recipient, Recorded
from relflow.stores import Link, Store

__all__ = ["PROJECT", "hookimpl", "hookspec"]

PROJECT = "relflow"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec(firstresult=True)
def relflow_link(connection: object) -> Link | None:
    """A Link on the host's connection, asked by `engine.on`; None for a connection of another kind."""


@hookspec(firstresult=True)
def relflow_connect(tenant: str) -> AbstractContextManager[Link] | None:
    """A Link inside a new transaction, committed or rolled back when it is left; asked for each owned unit of work."""


@hookspec(firstresult=True)
def relflow_store(url: str) -> Store | None:
    """The store behind an URL such as `sqlite:///cases.db`, asked at start-up; None for an URL of another kind."""


@hookspec(firstresult=True)
def relflow_load_accounts(
    tenant: str, accounts: Sequence[str], facts: Sequence[str], at: datetime, link: Link | None
) -> Mapping[str, Mapping[str, object]] | None:
    """The named facts of these accounts (one before a step, up to 1,000 in a sweep); an absent one is not found."""


@hookspec(firstresult=True)
def relflow_accounts(tenant: str, after: str | None, limit: int, link: Link | None) -> Sequence[str] | None:
    """A page of account ids in order, behind `after`; asked by sweeps, which resume where they stopped."""


@hookspec(firstresult=True)
def relflow_roles(
    tenant: str, actor: str, account: str | None, at: datetime, link: Link | None
) -> Sequence[str] | None:
    """The roles that a user holds for an account, asked by `allowed` and `fire`."""


@hookspec(firstresult=True)
def relflow_members(
    tenant: str, role: str, account: str | None, at: datetime, link: Link | None
) -> Sequence[str] | None:
    """The users who hold a role for an account, asked for notifications, assignments and `by: {all: …}`."""


@hookspec(firstresult=True)
def relflow_recipient(tenant: str, recipient: str) -> Recipient | None:
    """Where a user is reached, asked at delivery; None from everybody means that the message is dead."""


@hookspec(firstresult=True)
def relflow_deliver(tenant: str, message: Outgoing) -> Delivered | Failed | None:
    """Send a message, under a lease and outside any transaction; returning Delivered means that it was sent."""


@hookspec(firstresult=True)
def relflow_perform(tenant: str, effect: Performance) -> Done | Failed | None:
    """Carry out a host action after commit; at least once, so `effect.key` must make it happen once."""


@hookspec
def relflow_project(tenant: str, recorded: Recorded, link: Link | None) -> None:
    """Keep the host's own columns in step, inside the unit that wrote the step; raising refuses the step."""


@hookspec
def relflow_observe(tenant: str, recorded: Recorded) -> None:
    """Hear of a step after it was committed; whatever is raised here is logged and harms nobody."""


@hookspec
def relflow_functions() -> Mapping[str, Callable[..., object]]:
    """Functions for expressions, by name; asked when a policy is loaded."""
    return {}


@hookspec
def relflow_calendars() -> Mapping[str, object]:
    """Working calendars, by name; asked when a policy is loaded."""
    return {}


@hookspec
def relflow_checks() -> Sequence[Callable[..., object]]:
    """Checks of a program, each giving findings; asked when a policy is loaded."""
    return ()
