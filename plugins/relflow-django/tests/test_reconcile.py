"""What happens to tickets without a word of helpdesk's, out of order, late, twice, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from desk.people import CUSTOMER, Desk, findings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from helpdesk.models import FollowUp, Ticket
from helpdesk.signals import new_ticket_done, update_ticket_done
from relflow_django import engine, policy
from relflow_django.helpdesk import follow, reconcile


@pytest.fixture
def signals() -> Iterator[list[str]]:
    """What helpdesk itself says."""
    heard: list[str] = []

    def made(**_: object) -> None:
        heard.append("new")

    def updated(**_: object) -> None:
        heard.append("update")

    new_ticket_done.connect(made, weak=False, dispatch_uid="heard")
    update_ticket_done.connect(updated, weak=False, dispatch_uid="heard")
    yield heard
    new_ticket_done.disconnect(dispatch_uid="heard")
    update_ticket_done.disconnect(dispatch_uid="heard")


def test_a_bulk_close_is_followed_and_marked(desk: Desk, signals: list[str]) -> None:
    """Helpdesk sends no signal for a bulk close; the case is closed all the same, by whom, and past which rules."""
    ticket = desk.complain()
    desk.write(ticket, "We look into it.")
    signals.clear()
    desk.clock.at("2026-03-03T10:00")
    desk.bulk("close", ticket)

    assert signals == []
    case = desk.case(ticket)
    assert case.state == "closed"
    assert findings(case) == ["bypassed:closed"]
    entry = engine().history(case.id)[-1]
    assert entry.trigger.actor is not None
    assert entry.trigger.actor.id == "li"
    assert entry.at.isoformat() == "2026-03-03T02:00:00+00:00"


def test_a_card_that_is_dragged_is_followed(desk: Desk, signals: list[str]) -> None:
    """The board writes the status alone: no signal, no follow-up, nobody's name."""
    ticket = desk.complain()
    desk.write(ticket, "We look into it.")
    signals.clear()
    body = json.dumps({"status": Ticket.RESOLVED_STATUS})
    address = reverse("helpdesk:kanban_update", args=[ticket.pk])
    assert desk.client().post(address, body, content_type="application/json").status_code == 200

    assert signals == []
    case = desk.case(ticket)
    assert case.state == "return_visit"
    assert findings(case) == ["bypassed:return_visit"]


def test_a_change_in_the_admin_is_followed(desk: Desk, signals: list[str]) -> None:
    """Django's admin saves the ticket and says nothing to helpdesk."""
    ticket = desk.complain()
    desk.write(ticket, "We look into it.")
    signals.clear()
    boss = desk.users["zhao"]
    boss.is_superuser = True
    boss.save()
    page = desk.client("zhao").get(reverse("admin:helpdesk_ticket_change", args=[ticket.pk]))
    form = {name: value for name, value in page.context["adminform"].form.initial.items() if value is not None}
    form |= {"status": Ticket.DUPLICATE_STATUS, "due_date_0": "", "due_date_1": ""}
    for formset in page.context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        count = formset.formset.initial_form_count()
        form |= {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": count}
        for number, one in enumerate(formset.formset.initial_forms):
            given = {**one.initial, "id": one.instance.pk, "ticket": ticket.pk}
            form |= {f"{prefix}-{number}-{name}": value for name, value in given.items() if value is not None}
            form |= {f"{prefix}-{number}-date_0": "2026-03-02", f"{prefix}-{number}-date_1": "09:00:00"}
    answer = desk.client("zhao").post(reverse("admin:helpdesk_ticket_change", args=[ticket.pk]), form)
    assert answer.status_code == 302, answer.context["errors"]

    assert signals == []
    assert desk.case(ticket).state == "withdrawn"


def test_a_plain_save_in_a_transaction_is_followed_at_its_commit(desk: Desk) -> None:
    """A script's save inside `atomic` is heard of when it has committed, and not if it was rolled back."""
    ticket = desk.complain()
    desk.write(ticket, "We look into it.")
    with transaction.atomic():
        changed = desk.fresh(ticket)
        changed.status = Ticket.RESOLVED_STATUS
        changed.save()
        transaction.set_rollback(True)
    assert desk.case(ticket).state == "investigating"

    with transaction.atomic():
        changed = desk.fresh(ticket)
        changed.status = Ticket.RESOLVED_STATUS
        changed.save()
        assert desk.case(ticket).state == "investigating"
    assert desk.case(ticket).state == "return_visit"


def test_a_plain_save_outside_everything_is_followed_by_the_next_tick(desk: Desk) -> None:
    """Where nobody can tell when a change is complete, the tick sees it, with the instant of the save."""
    ticket = desk.complain()
    desk.write(ticket, "We look into it.")
    saved = desk.clock.at("2026-03-02T10:00")
    changed = desk.fresh(ticket)
    changed.status = Ticket.RESOLVED_STATUS
    changed.save()
    assert desk.case(ticket).state == "investigating"

    desk.tick("2026-03-02T10:01")
    assert desk.case(ticket).state == "return_visit"
    assert engine().history(desk.case(ticket).id)[-1].at == saved


def test_reconciling_twice_is_reconciling_once(desk: Desk) -> None:
    """UPDATE by SQL is what no signal tells of; the command finds it, and finds nothing more the second time."""
    first, second, third = (desk.complain(title) for title in ("one", "two", "three"))
    for ticket in (first, second):
        desk.write(ticket, "We look into it.")
    Ticket.objects.filter(pk=first.pk).update(status=Ticket.CLOSED_STATUS)
    Ticket.objects.filter(pk=second.pk).update(on_hold=True, assigned_to=desk.users["zhao"])

    done = reconcile()
    assert (done.tickets, done.opened, done.moved, done.problems) == (3, 0, 2, ())
    assert [desk.case(one).state for one in (first, second, third)] == ["closed", "proposed", "received"]
    assert desk.case(second).owner == "zhao"

    histories = [engine().history(desk.case(one).id) for one in (first, second, third)]
    again = reconcile()
    assert (again.opened, again.moved) == (0, 0)
    assert [engine().history(desk.case(one).id) for one in (first, second, third)] == histories
    said = StringIO()
    call_command("relflow_reconcile", stdout=said)
    assert said.getvalue() == "tickets: 3, cases opened: 0, brought into step: 0\n"


def test_tickets_from_before_relflow_are_told_from_their_history(desk: Desk) -> None:
    """A ticket that is older than relflow gets its case with the instants of its follow-ups."""
    ticket = Ticket.objects.create(title="old", queue=desk.queue, submitter_email=CUSTOMER, description="leaks")
    desk.clock.at("2026-03-02T10:00")
    FollowUp.objects.create(ticket=ticket, date=timezone.now(), comment="Which?", public=True, user=desk.users["li"])
    desk.clock.at("2026-03-03T10:00")
    ticket.status = Ticket.RESOLVED_STATUS
    ticket.resolution = "Exchanged."
    ticket.save()
    told = {"comment": "Exchanged.", "public": True, "user": desk.users["li"]}
    FollowUp.objects.create(ticket=ticket, date=timezone.now(), new_status=Ticket.RESOLVED_STATUS, **told)
    desk.clock.at("2026-03-20T10:00")

    assert reconcile().opened == 1
    case = desk.case(ticket)
    history = engine().history(case.id)
    instants = [f"{entry.at.astimezone(policy().program.zone):%m-%d %H:%M}" for entry in history]
    assert case.state == "return_visit"
    assert instants == ["03-02 09:00", "03-02 10:00", "03-03 10:00"]
    assert not case.clocks["first_response"].breached
    assert not case.clocks["resolution"].breached


def test_an_answer_in_time_that_is_heard_of_late_is_in_time(desk: Desk) -> None:
    """After downtime the tick first looks at the tickets: an answer before the deadline stops the clock before it."""
    ticket = desk.complain()
    desk.clock.at("2026-03-02T11:00")
    FollowUp.objects.create(ticket=ticket, date=timezone.now(), comment="Which?", public=True, user=desk.users["li"])

    desk.tick("2026-03-02T16:00")  # four working hours were over at 14:30
    case = desk.case(ticket)
    assert case.state == "investigating"
    assert not case.clocks["first_response"].breached


def test_an_answer_that_comes_after_the_clock_has_fired_stays_late(desk: Desk) -> None:
    """What was recorded stays: an answer with an earlier date, told afterwards, does not undo an escalation."""
    ticket = desk.complain()
    desk.tick("2026-03-02T15:00")
    assert desk.case(ticket).clocks["first_response"].breached
    written = timezone.now() - timedelta(hours=3)
    FollowUp.objects.create(ticket=ticket, date=written, comment="Which?", public=True, user=desk.users["li"])
    desk.tick()

    case = desk.case(ticket)
    assert case.state == "investigating"
    assert case.clocks["first_response"].breached
    assert engine().history(case.id)[-1].at >= engine().history(case.id)[-2].at


def test_a_follow_up_that_arrives_late_is_told_in_its_place_while_it_can_be(desk: Desk) -> None:
    """Nothing was recorded since: a resolution that is heard of after the reopening stands before it."""
    ticket = desk.complain()
    desk.write(ticket, "We look into it.")
    desk.clock.at("2026-03-04T10:00")
    desk.write(desk.fresh(ticket), "Not yet.", by="wang", new_status=Ticket.REOPENED_STATUS)
    late_resolution(desk, ticket)
    reconcile()

    assert desk.case(ticket).state == "investigating"
    states = [entry.after for entry in engine().history(desk.case(ticket).id)]
    assert states == ["received", "investigating", "return_visit", "investigating"]


def test_a_follow_up_that_arrives_too_late_changes_nothing(desk: Desk) -> None:
    """A status that was past before the last step is history: what the ticket says now holds."""
    ticket = desk.complain()
    desk.write(ticket, "We look into it.")
    desk.clock.at("2026-03-04T10:00")
    desk.bulk("take", desk.fresh(ticket))
    before = engine().history(desk.case(ticket).id)
    late_resolution(desk, ticket)
    reconcile()

    assert desk.case(ticket).state == "investigating"
    assert engine().history(desk.case(ticket).id) == before


def late_resolution(desk: Desk, ticket: Ticket) -> None:
    """A follow-up of yesterday that says "resolved"; the ticket itself says otherwise."""
    late = timezone.now() - timedelta(days=1)
    told = {"comment": "Done?", "user": desk.users["wang"], "new_status": Ticket.RESOLVED_STATUS}
    FollowUp.objects.create(ticket=desk.fresh(ticket), date=late, **told)


def test_a_request_that_is_taken_twice_counts_once(desk: Desk) -> None:
    """The host's transaction fails after relflow's part and is taken again from the beginning: one case, one answer."""
    ticket = desk.complain()
    attempts = 0

    def whole_request() -> None:
        nonlocal attempts
        attempts += 1
        with transaction.atomic():
            row = Ticket.objects.select_related("queue", "assigned_to").get(pk=ticket.pk)
            FollowUp.objects.create(
                ticket=row, date=timezone.now(), comment="Which?", public=True, user=desk.users["li"]
            )
            follow(engine().on(connection), row)
            if attempts == 1:
                raise ConnectionResetError
            follow(engine().on(connection), row)

    with pytest.raises(ConnectionResetError):
        whole_request()
    assert desk.case(ticket).state == "received"
    whole_request()
    assert desk.case(ticket).state == "investigating"
    assert len(engine().history(desk.case(ticket).id)) == 2
    assert reconcile().moved == 0


def test_with_atomic_requests_a_page_that_fails_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ATOMIC_REQUESTS the whole page is one transaction; its failure takes relflow's part along."""
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)
    ticket = desk.complain()
    form = {"comment": "Which?", "public": "1", "title": ticket.title, "priority": 3, "queue": desk.queue.pk}
    browser = Client(raise_request_exception=False)
    browser.force_login(desk.users["li"])

    def broken(**_: object) -> None:
        raise RuntimeError("another application of the host")

    update_ticket_done.connect(broken, dispatch_uid="broken")
    try:
        assert browser.post(reverse("helpdesk:update", args=[ticket.pk]), form).status_code == 500
    finally:
        update_ticket_done.disconnect(dispatch_uid="broken")
    assert not ticket.followup_set.filter(comment="Which?").exists()
    assert desk.case(ticket).state == "received"

    assert browser.post(reverse("helpdesk:update", args=[ticket.pk]), form).status_code == 302
    assert desk.case(ticket).state == "investigating"
    assert desk.case(ticket).fired_by["acknowledge"] == ("li",)


def test_a_deleted_ticket_ends_its_case(desk: Desk) -> None:
    """A ticket that is gone does not go on escalating."""
    ticket = desk.complain()
    number = ticket.pk
    ticket.delete()

    case = engine().case(workflow="complaint", key=f"ticket-{number}")
    assert case.state == "withdrawn"
    assert not any(clock.running for clock in case.clocks.values())


def test_queues_may_be_left_out(desk: Desk) -> None:
    """Only tickets of the queues that the settings name are complaints."""
    with override_settings(RELFLOW_HELPDESK={"QUEUES": ["bottles"]}):
        ticket = desk.complain()
        assert reconcile().tickets == 0
        desk.tick()
    assert engine().cases(account=CUSTOMER) == []
    assert reconcile().opened == 1
    assert desk.case(ticket).state == "received"
