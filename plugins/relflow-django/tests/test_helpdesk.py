"""A ticket's life in helpdesk's own pages, and what the policy makes of it."""

from __future__ import annotations

import logging
from datetime import timedelta

from desk.people import CUSTOMER, Desk, findings
from django.core import mail
from django.db import connection, transaction
from helpdesk.email import extract_email_metadata
from helpdesk.models import CustomField, Ticket
from relflow_django import actor, engine


def test_a_ticket_becomes_a_complaint_with_a_clock(desk: Desk) -> None:
    """A ticket from the public form opens a case whose clock runs from the ticket's own instant."""
    ticket = desk.complain()

    case = desk.case(ticket)
    assert case.state == "received"
    assert case.account == "mei@customer.example"
    assert case.opened_at == ticket.created
    assert case.owner == "wang"
    assert case.clocks["first_response"].running
    assert desk.fresh(ticket).due_date == case.clocks["first_response"].due_at
    assert desk.fresh(ticket).assigned_to == desk.users["wang"]


def test_the_first_public_answer_stops_the_first_response_clock(desk: Desk) -> None:
    """The first public answer of a colleague stops the clock; notes and assignments do not."""
    ticket = desk.complain()
    desk.clock.at("2026-03-02T09:20")
    desk.write(ticket, "call the carrier first", public=False)
    desk.bulk("take", ticket)
    assert desk.case(ticket).state == "received"
    assert desk.case(ticket).owner == "li"

    desk.clock.at("2026-03-02T09:40")
    desk.write(ticket, "We are sorry and look into it.")

    case = desk.case(ticket)
    assert case.state == "investigating"
    assert not case.clocks["first_response"].running
    assert not case.clocks["first_response"].breached
    assert case.fired_by["acknowledge"] == ("li",)


def test_taking_a_complaint_down_is_no_answer(desk: Desk) -> None:
    """A colleague who enters what a customer said by phone has written a public note, and answered nobody."""
    ticket = desk.take_down("two drums are dented")
    assert ticket.followup_set.filter(public=True, user=desk.users["li"]).exists()
    assert desk.case(ticket).state == "received"
    assert desk.case(ticket).clocks["first_response"].running


def test_nobody_answers_over_the_weekend(desk: Desk) -> None:
    """The clock counts the policy's working hours; who has to know is told by Django's mail, in their language."""
    desk.clock.at("2026-02-14T16:00")  # a Saturday, but a working one before Spring Festival
    ticket = desk.complain()

    desk.tick("2026-02-24T10:30")
    assert not desk.case(ticket).clocks["first_response"].breached
    desk.tick("2026-02-24T17:00")

    case = desk.case(ticket)
    assert case.clocks["first_response"].breached
    assert case.state == "received"
    recipients = [message.to for message in mail.outbox]
    assert recipients.count(["wang@desk.example"]) == 2
    assert ["li@desk.example"] in recipients
    assert ["zhao@desk.example"] in recipients
    assert "the first response to the complaint is due at" in mail.outbox[0].body


def test_on_hold_pauses_the_settlement(desk: Desk) -> None:
    """A ticket on hold waits for the customer: no time of the settlement passes until it is taken off."""
    ticket = desk.complain()
    desk.write(ticket, "Which drums are they?")
    due = desk.case(ticket).clocks["resolution"].due_at
    desk.clock.at("2026-03-03T09:00")
    desk.press("hold", ticket)

    case = desk.case(ticket)
    assert case.state == "proposed"
    assert case.clocks["resolution"].paused
    assert desk.fresh(ticket).due_date is None

    desk.clock.at("2026-03-05T09:00")
    desk.press("unhold", ticket)
    case = desk.case(ticket)
    assert case.state == "investigating"
    assert case.clocks["resolution"].due_at - due == timedelta(days=2)
    assert desk.fresh(ticket).due_date == case.clocks["resolution"].due_at


def test_on_hold_before_an_answer_leaves_the_first_response_running(desk: Desk) -> None:
    """Putting an unanswered ticket on hold is no way around the first response."""
    ticket = desk.complain()
    desk.press("hold", ticket)

    case = desk.case(ticket)
    assert case.state == "received"
    assert case.clocks["first_response"].running
    assert not case.clocks["first_response"].paused

    desk.clock.at("2026-03-02T10:00")
    desk.write(ticket, "Which drums are they?")
    assert desk.case(ticket).state == "proposed"
    assert not desk.case(ticket).clocks["first_response"].running


def test_resolved_leads_to_the_return_visit_and_closing_ends_it(desk: Desk) -> None:
    """Resolved is not settled: the return visit comes first, and closing says that the customer was satisfied."""
    ticket = desk.complain()
    desk.write(ticket, "We look into it.")
    desk.clock.at("2026-03-03T10:00")
    desk.write(ticket, "The drums were exchanged.", new_status=Ticket.RESOLVED_STATUS)

    case = desk.case(ticket)
    assert case.state == "return_visit"
    assert case.data["result"] == "The drums were exchanged."
    assert not case.clocks["resolution"].running
    assert "moved by the host" in desk.told(ticket)[-1]

    desk.clock.at("2026-03-04T10:00")
    desk.write(desk.fresh(ticket), "Mei is content.", by="wang", new_status=Ticket.CLOSED_STATUS)
    case = desk.case(ticket)
    assert case.state == "closed"
    assert case.fired_by["satisfied"] == ("wang",)


def test_the_lawful_way_is_taken_where_the_ticket_says_enough(desk: Desk) -> None:
    """With a cause in a custom field, holding proposes a plan as the policy asks; nothing is bypassed."""
    field = CustomField.objects.create(name="cause", label="Cause", data_type="varchar", max_length=200)
    ticket = desk.complain()
    desk.write(ticket, "We look into it.")
    ticket.ticketcustomfieldvalue_set.update_or_create(field=field, defaults={"value": "rough handling"})
    Ticket.objects.filter(pk=ticket.pk).update(resolution="Exchange the drums")
    desk.clock.at("2026-03-02T14:00")
    desk.press("hold", ticket, by="wang")

    case = desk.case(ticket)
    assert case.state == "proposed"
    assert case.fired_by["propose"] == ("wang",)
    assert case.data["cause"] == "rough handling"
    assert case.data["responsible_department"] == "Drums"
    assert findings(case) == []


def test_the_customer_is_told_the_result(desk: Desk) -> None:
    """With the plan accepted, resolving a ticket is telling the result, and the customer gets it by mail."""
    field = CustomField.objects.create(name="cause", label="Cause", data_type="varchar", max_length=200)
    ticket = desk.complain()
    desk.write(ticket, "We look into it.")
    ticket.ticketcustomfieldvalue_set.update_or_create(field=field, defaults={"value": "rough handling"})
    Ticket.objects.filter(pk=ticket.pk).update(resolution="Exchange the drums")
    desk.press("hold", ticket, by="wang")
    with transaction.atomic():
        engine().on(connection).fire(desk.case(ticket).id, "accept", actor=actor(desk.users["wang"]))
    desk.press("unhold", ticket, by="wang")
    desk.write(desk.fresh(ticket), "The drums were exchanged.", by="wang", new_status=Ticket.RESOLVED_STATUS)

    case = desk.case(ticket)
    assert case.state == "return_visit"
    assert case.fired_by["complete"] == ("wang",)
    assert all(not entry.findings for entry in engine().history(case.id))
    mail.outbox.clear()
    desk.tick()
    (letter,) = [one for one in mail.outbox if one.to == [CUSTOMER]]
    assert "The drums were exchanged." in letter.body


def test_a_dissatisfied_customer_is_taken_up_again(desk: Desk) -> None:
    """Reopening a resolved ticket is dissatisfaction, with the words that the ticket was reopened with."""
    ticket = desk.complain()
    desk.write(ticket, "We look into it.")
    desk.write(desk.fresh(ticket), "Exchanged.", new_status=Ticket.RESOLVED_STATUS)
    desk.clock.at("2026-03-04T10:00")
    desk.write(desk.fresh(ticket), "They leak as well.", by="wang", new_status=Ticket.REOPENED_STATUS)

    case = desk.case(ticket)
    assert case.state == "investigating"
    assert case.data["objection"] == "They leak as well."
    assert case.clocks["resolution"].lap == 2


def test_a_duplicate_is_withdrawn(desk: Desk) -> None:
    """A duplicate ends as withdrawn, and its clocks with it."""
    ticket = desk.complain()
    desk.write(ticket, "The same as the one before.", by="wang", new_status=Ticket.DUPLICATE_STATUS)

    case = desk.case(ticket)
    assert case.state == "withdrawn"
    assert case.fired_by["withdraw"] == ("wang",)
    assert not any(clock.running for clock in case.clocks.values())


def test_mail_of_a_customer_reopens_with_the_customers_words(desk: Desk) -> None:
    """Mail comes in outside of any request: helpdesk's own signal says when the ticket and its words are there."""
    ticket = desk.complain()
    desk.write(ticket, "We look into it.")
    desk.write(desk.fresh(ticket), "Exchanged.", new_status=Ticket.RESOLVED_STATUS)
    desk.write(desk.fresh(ticket), new_status=Ticket.CLOSED_STATUS)
    assert desk.case(ticket).state == "closed"
    desk.clock.at("2026-03-04T10:00")
    subject = f"Re: [drums-{ticket.pk}] two drums are dented"
    letter = (
        f"From: {CUSTOMER}\nTo: drums@desk.example\nSubject: {subject}\nMessage-ID: <m1@customer.example>\n\nThey leak."
    )
    extract_email_metadata(letter, desk.queue, logging.getLogger("desk"))

    assert desk.fresh(ticket).status == Ticket.REOPENED_STATUS
    case = desk.case(ticket)
    assert case.state == "investigating"
    entry = engine().history(case.id)[-1]
    assert entry.trigger.actor is not None
    assert entry.trigger.actor.id == f"customer:{CUSTOMER}"
    # the customer holds no role of the policy, so that the step is marked as what it is
    assert findings(case) == ["bypassed:investigating"]
