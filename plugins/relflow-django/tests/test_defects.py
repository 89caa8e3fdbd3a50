"""Two defects of helpdesk's own escalation, shown beside the clocks of the policy, which have neither."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from desk.people import Desk
from django.core.management import call_command
from helpdesk.models import EscalationExclusion, Ticket
from relflow_django import engine

# what is shown is helpdesk's arithmetic, which no database changes
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def escalates_at_age(desk: Desk, ticket: Ticket) -> int:
    """After how many days helpdesk's own command escalates the ticket."""
    made = desk.clock.at("2026-03-02T09:00")
    Ticket.objects.filter(pk=ticket.pk).update(created=made)
    for days in range(10):
        desk.clock.at((made + timedelta(days=days, minutes=1)).replace(tzinfo=None).isoformat())
        call_command("escalate_tickets")
        if desk.fresh(ticket).last_escalation is not None:
            return days
    raise AssertionError("never")


@pytest.mark.parametrize(("excluded", "age"), [(0, 5), (2, 3), (5, 0)])
def test_days_that_are_excluded_shorten_the_wait_of_helpdesk(desk: Desk, excluded: int, age: int) -> None:
    """Days that should not count make helpdesk escalate earlier: with all five excluded it does so at once."""
    desk.queue.escalate_days = 5
    desk.queue.save()
    ticket = desk.complain()
    today = date(2026, 3, 2)
    for back in range(-12, 6):
        day = today + timedelta(days=back)
        if excluded == 5 or (excluded == 2 and day.weekday() >= 5):
            # two: a weekend, which each five days that helpdesk looks back on from that week hold
            EscalationExclusion.objects.create(name="closed", date=day)
    assert escalates_at_age(desk, ticket) == age


def test_days_that_do_not_count_lengthen_the_wait_of_the_policy(desk: Desk) -> None:
    """Five working days over a weekend are seven days, over Spring Festival more; a make-up day counts."""
    waits = {}
    for opened in ("2026-03-02T09:00", "2026-02-11T09:00"):
        desk.clock.at(opened)
        ticket = desk.complain(title=opened)
        desk.write(ticket, "We look into it.")
        due = desk.case(ticket).clocks["resolution"].due_at
        assert due is not None
        waits[opened] = (due - desk.case(ticket).opened_at).days
    assert waits == {"2026-03-02T09:00": 7, "2026-02-11T09:00": 14}


def test_a_reminder_of_helpdesk_changes_the_priority_all_the_same(desk: Desk) -> None:
    """`--notify-only` promises a reminder; it lowers the number of the priority and leaves no trace in the ticket."""
    desk.queue.escalate_days = 1
    desk.queue.save()
    ticket = desk.complain()
    desk.clock.at("2026-03-09T09:00")
    call_command("escalate_tickets", notify_only=True)

    assert desk.fresh(ticket).priority == ticket.priority - 1
    assert not ticket.followup_set.filter(title__contains="scalated").exists()


def test_a_reminder_of_the_policy_changes_nothing_but_the_ledger(desk: Desk) -> None:
    """At 80 % the owner is told; state, severity, priority and the due instant stay, and history says that it was."""
    ticket = desk.complain()
    before = desk.case(ticket)
    desk.tick("2026-03-02T13:50")

    case = desk.case(ticket)
    assert (case.state, dict(case.data)) == (before.state, dict(before.data))
    assert case.clocks["first_response"].due_at == before.clocks["first_response"].due_at
    assert desk.fresh(ticket).priority == ticket.priority
    entry = engine().history(case.id)[-1]
    assert entry.trigger.name == "first_response:80%"
    assert [effect.verb for effect in entry.effects] == ["notify"]
