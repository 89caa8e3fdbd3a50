"""Every ticket and its case brought into step, for what happened without a word: bulk updates, loads, downtime."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import connections, transaction
from helpdesk.models import Ticket

from relflow import Case, NotFoundError, RelflowError, Unit
from relflow_django.engines import engine
from relflow_django.helpdesk.following import follow
from relflow_django.helpdesk.options import mapping, options
from relflow_django.settings import configuration
from relflow_django.words import language, said

__all__ = ["Reconciled", "bring_into_step", "reconcile", "withdraw"]

_log = logging.getLogger("relflow.django")
PAGE = 200


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a reconciliation found: tickets looked at, cases opened, cases moved, and what could not be done."""

    tickets: int = 0
    opened: int = 0
    moved: int = 0
    problems: tuple[str, ...] = field(default=())

    def text(self) -> str:
        """In one line, and one for each problem."""
        head = said(
            "tickets: {tickets}, cases opened: {opened}, brought into step: {moved}",
            "服务单 {tickets} 张，新建工单 {opened} 件，补齐 {moved} 件",
            tickets=self.tickets,
            opened=self.opened,
            moved=self.moved,
        )
        return "\n".join((head, *self.problems))


def reconcile(*, since: datetime | None = None) -> Reconciled:
    """Bring the case of every ticket into step; with `since` only of tickets that were saved since then.

    Each ticket in a transaction of its own. A second run finds nothing to do.
    """
    done = Reconciled()
    after = 0
    chosen = options()
    while True:
        tickets = Ticket.objects.filter(pk__gt=after).order_by("pk")
        if since is not None:
            tickets = tickets.filter(modified__gte=since)
        if chosen.queues is not None:
            tickets = tickets.filter(queue__slug__in=chosen.queues)
        page = list(tickets.values_list("pk", flat=True)[:PAGE])
        if not page:
            return done
        after = page[-1]
        for number in page:
            done = _one(done, number)


def _one(done: Reconciled, number: int) -> Reconciled:
    done = replace(done, tickets=done.tickets + 1)
    try:
        before, after = bring_into_step(number)
    except RelflowError as error:
        return replace(done, problems=(*done.problems, f"{number}: {error.text(language())}"))
    except Exception as error:  # noqa: BLE001 - one ticket's trouble is not another's
        # by its kind alone: the words of a stranger's error may hold personal values
        _log.error("ticket %s could not be brought into step: %s", number, type(error).__name__)
        return replace(done, problems=(*done.problems, f"{number}: {type(error).__name__}"))
    if after is None:
        return done
    if before is None:
        return replace(done, opened=done.opened + 1)
    return replace(done, moved=done.moved + (after.version > before.version))


def bring_into_step(number: int) -> tuple[Case | None, Case | None]:
    """One ticket and its case, in one transaction; the case before and after."""
    alias = configuration().database
    with transaction.atomic(using=alias):
        ticket = Ticket.objects.select_related("queue", "assigned_to").filter(pk=number).first()
        unit = engine().on(connections[alias])
        found = _found(unit, number)
        return found, None if ticket is None else follow(unit, ticket)


def withdraw(number: int) -> None:
    """A ticket was deleted: its open case ends, and the history says why."""
    alias = configuration().database
    with transaction.atomic(using=alias):
        unit = engine().on(connections[alias])
        found = _found(unit, number)
        if found is not None and not found.closed:
            unit.adopt_state(found.id, mapping().withdrawn, because="helpdesk: ticket deleted")


def _found(unit: Unit, number: int) -> Case | None:
    """The ticket's case, if there is one already."""
    chosen = mapping()
    try:
        return unit.case(workflow=chosen.workflow, key=chosen.key(number))
    except NotFoundError:
        return None
