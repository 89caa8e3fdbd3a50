"""Hearing of tickets: Django's own signals catch what helpdesk's miss, and wait until the whole of a change is there.

`post_save` comes after each single save, and helpdesk saves a ticket before it writes down who did it. So a ticket that
was touched is looked at when the transaction has committed, or at the end of the request; outside of both, when
helpdesk's own signal comes, else by the next tick.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial
from typing import Any, Final

from asgiref.local import Local
from django.core.signals import request_finished, request_started
from django.db import connections, transaction
from django.db.models.signals import post_delete, post_save
from helpdesk.models import FollowUp, Ticket
from helpdesk.signals import new_ticket_done, update_ticket_done

from relflow_django.helpdesk.options import options
from relflow_django.helpdesk.reconciling import bring_into_step, reconcile, withdraw
from relflow_django.signals import before_tick
from relflow_django.store import in_host_transaction

__all__ = ["connect"]

_log = logging.getLogger("relflow.django")
# what this request has touched; None outside of one
_request: Final = Local()


def connect() -> None:
    """Listen; calling it twice listens once."""
    name = "relflow_django.helpdesk"
    request_started.connect(_begin, dispatch_uid=name)
    request_finished.connect(_end, dispatch_uid=name)
    post_save.connect(_ticket_saved, sender=Ticket, dispatch_uid=name)
    post_save.connect(_followup_saved, sender=FollowUp, dispatch_uid=name)
    post_delete.connect(_ticket_deleted, sender=Ticket, dispatch_uid=name)
    new_ticket_done.connect(_helpdesk_made, dispatch_uid=name)
    update_ticket_done.connect(_helpdesk_updated, dispatch_uid=name)
    before_tick.connect(_catch_up, dispatch_uid=name)


def _begin(**_: Any) -> None:
    _request.touched = {}


def _end(**_: Any) -> None:
    touched = getattr(_request, "touched", None) or {}
    _request.touched = None
    for number, deleted in touched.items():
        _settle(number, deleted=deleted)


def _ticket_saved(instance: Any, using: str, raw: bool = False, **_: Any) -> None:
    if not raw:
        _touch(instance.pk, using)


def _followup_saved(instance: Any, using: str, raw: bool = False, **_: Any) -> None:
    if not raw:
        _touch(instance.ticket_id, using)


def _ticket_deleted(instance: Any, using: str, **_: Any) -> None:
    _touch(instance.pk, using, deleted=True)


def _helpdesk_made(ticket: Any, **_: Any) -> None:
    _touch(ticket.pk, ticket._state.db or "default", whole=True)  # noqa: SLF001 - Django documents it


def _helpdesk_updated(followup: Any, **_: Any) -> None:
    _touch(followup.ticket_id, followup._state.db or "default", whole=True)  # noqa: SLF001 - as above


def _touch(number: int, using: str, *, deleted: bool = False, whole: bool = False) -> None:
    """Look at a ticket once its change is complete; `whole` says that helpdesk has finished with it."""
    connection = connections[using]
    if connection.in_atomic_block and in_host_transaction(connection):
        transaction.on_commit(partial(_committed, number, deleted=deleted), using=using, robust=True)
    elif getattr(_request, "touched", None) is not None:
        _request.touched[number] = _request.touched.get(number, False) or deleted
    elif whole or deleted:
        _settle(number, deleted=deleted)


def _committed(number: int, *, deleted: bool) -> None:
    touched = getattr(_request, "touched", None)
    if touched is None:
        _settle(number, deleted=deleted)
    else:
        touched[number] = touched.get(number, False) or deleted


def _settle(number: int, *, deleted: bool) -> None:
    """Bring the case into step. Whatever fails here harms no page of helpdesk; the tick takes it up again."""
    try:
        if deleted:
            withdraw(number)
        else:
            bring_into_step(number)
    except Exception as error:  # noqa: BLE001 - as said
        # by its kind alone: the words of a stranger's error may hold personal values
        _log.error("ticket %s is out of step until the next tick: %s", number, type(error).__name__)


def _catch_up(now: datetime, **_: Any) -> None:
    reconcile(since=now - options().look_back)
