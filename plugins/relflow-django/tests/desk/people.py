"""Who works at the desk, what customers do, and what the tests ask of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from helpdesk.models import Queue, Ticket
from relflow_django import engine

from relflow import Case

__all__ = ["CUSTOMER", "Desk", "findings", "furnished"]

CUSTOMER = "mei@customer.example"
TRAINED = ("customer_service", "entry_requirements", "nda_signed", "security_training")


class Clock(Protocol):
    """Moves the time of the process."""

    def at(self, when: str) -> Any:
        """Move."""


@dataclass
class Desk:
    """A queue, an agent (li), an account manager (wang) and a head of department (zhao)."""

    clock: Clock
    queue: Queue
    users: dict[str, User]
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, name: str = "li") -> Client:
        """A browser of a colleague."""
        if name not in self.clients:
            self.clients[name] = Client()
            self.clients[name].force_login(self.users[name])
        return self.clients[name]

    def complain(self, title: str = "two drums are dented", **fields: Any) -> Ticket:
        """A customer fills in helpdesk's public form."""
        form = {
            "queue": self.queue.pk,
            "title": title,
            "body": "The delivery of today: two drums are dented.",
            "submitter_email": CUSTOMER,
            "priority": 3,
            **fields,
        }
        answer = Client().post(reverse("helpdesk:home"), form)
        assert answer.status_code == 302, answer.content.decode()
        return Ticket.objects.latest("pk")

    def take_down(self, words: str, *, by: str = "li", **fields: Any) -> Ticket:
        """A customer calls, and a colleague fills in helpdesk's own form."""
        form = {"queue": self.queue.pk, "title": words, "body": words, "submitter_email": CUSTOMER, "priority": 3}
        answer = self.client(by).post(reverse("helpdesk:submit"), {**form, **fields})
        assert answer.status_code == 302, answer.content.decode()
        return Ticket.objects.latest("pk")

    def write(self, ticket: Ticket, comment: str = "", *, by: str = "li", public: bool = True, **fields: Any) -> None:
        """A colleague fills in the form below a ticket."""
        form = {"comment": comment, "title": ticket.title, "priority": ticket.priority, "queue": ticket.queue_id}
        if public:
            form["public"] = "1"
        answer = self.client(by).post(reverse("helpdesk:update", args=[ticket.pk]), {**form, **fields})
        assert answer.status_code == 302, answer.content.decode()

    def press(self, view: str, ticket: Ticket, *, by: str = "li") -> None:
        """A colleague presses a button of a ticket."""
        answer = self.client(by).post(reverse(f"helpdesk:{view}", args=[ticket.pk]))
        assert answer.status_code == 302

    def bulk(self, action: str, *tickets: Ticket, by: str = "li") -> None:
        """A colleague ticks tickets in the list and chooses an action."""
        form = {"action": action, "ticket_id": [ticket.pk for ticket in tickets]}
        answer = self.client(by).post(reverse("helpdesk:mass_update"), form)
        assert answer.status_code == 302

    def case(self, ticket: Ticket) -> Case:
        """The ticket's case."""
        return engine().case(workflow="complaint", key=f"ticket-{ticket.pk}")

    def told(self, ticket: Ticket) -> list[str]:
        """The headlines of the case's timeline."""
        return [line.text.text("en") for line in engine().timeline(self.case(ticket).id)]

    def tick(self, when: str | None = None) -> None:
        """Cron calls the command."""
        if when is not None:
            self.clock.at(when)
        call_command("relflow_tick", quiet=True)

    def fresh(self, ticket: Ticket) -> Ticket:
        """The ticket as the database has it."""
        return Ticket.objects.get(pk=ticket.pk)


def furnished(clock: Clock) -> Desk:
    """A desk, open for business."""
    groups = {name: Group.objects.create(name=name) for name in TRAINED}
    users = {}
    for name in ("li", "wang", "zhao"):
        users[name] = User.objects.create_user(name, f"{name}@desk.example", "secret", is_staff=True)
    users["li"].groups.set(groups.values())
    queue = Queue.objects.create(
        title="Drums", slug="drums", allow_public_submission=True, email_address="drums@desk.example"
    )
    queue.default_owner = users["wang"]
    queue.save()
    return Desk(clock, queue, users)


def findings(case: Case) -> list[str]:
    """What the last step of a case noted about itself."""
    return list(engine().history(case.id)[-1].findings)
