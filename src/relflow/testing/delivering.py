"""Delivery in the tests of hosts, whose transactions never end."""

from __future__ import annotations

from relflow.engine import Report, Unit

__all__ = ["deliver"]


def deliver(unit: Unit, *, limit: int = 1000) -> Report:
    """Deliver what waits in the outbox inside the unit's transaction, through the engine's own plugins.

    A host's test case never commits, so no worker would ever see the messages. In production the dispatcher delivers
    after the commit, outside of any transaction.
    """
    return unit.deliver_inside(limit=limit)
