"""Severity gives the owner: the manual of key accounts says who takes a major problem up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk.people import CUSTOMER, Desk
from django.contrib.auth.models import Group
from django.test import override_settings
from relflow_django import engine

KEY_ACCOUNTS = {
    "POLICY": "shipped:key_accounts",
    "OVERLAY": "shipped:key_accounts/example.overlay.yaml",
    "CLOCK": "django.utils.timezone.now",
    "PLUGINS": ["relflow_django.helpdesk.Helpdesk", "relflow_django.helpdesk.Accounts"],
}
# what the manual asks of an account manager
SKILLS = ("professional_knowledge", "communication_skill", "coordination_skill", "sense_of_duty")


@pytest.fixture
def key_accounts() -> Iterator[None]:
    """The same desk under another manual, with the example figures of its overlay."""
    chosen = {"FACTS": "desk.facts.problem_facts", "HANDLER": "problem_handler"}
    with override_settings(RELFLOW=KEY_ACCOUNTS, RELFLOW_HELPDESK=chosen):
        yield


def trained(desk: Desk, name: str, *groups: str) -> None:
    """A colleague of these groups."""
    desk.users[name].groups.add(*(Group.objects.get_or_create(name=group)[0] for group in groups))


@pytest.mark.usefixtures("key_accounts")
@pytest.mark.parametrize(("priority", "severity", "owner"), [(1, "major", "zhao"), (3, "general", "wang")])
def test_severity_decides_who_takes_it_up(desk: Desk, priority: int, severity: str, owner: str) -> None:
    """A critical ticket is a major problem, and goes from the account manager to the special group."""
    trained(desk, "wang", *SKILLS)
    trained(desk, "zhao", "special_group", "department_lead", "executive")
    ticket = desk.complain(priority=priority)
    assert desk.case(ticket).owner == "wang"
    desk.clock.at("2026-03-02T09:30")
    desk.write(ticket, "We look into it.", by="wang")

    case = desk.case(ticket)
    assert case.state == "investigating"
    assert case.data["severity"] == severity
    assert case.owner == owner
    assert desk.fresh(ticket).assigned_to == desk.users[owner]
    desk.tick("2026-03-03T09:00")
    emergencies = [one.workflow for one in engine().cases(account=CUSTOMER) if one.workflow == "emergency"]
    assert emergencies == (["emergency"] if severity == "major" else [])


@pytest.mark.usefixtures("key_accounts")
def test_who_is_chosen_by_hand_stays(desk: Desk) -> None:
    """Later assignments in helpdesk hold: severity chose once, when it was found."""
    trained(desk, "wang", *SKILLS)
    trained(desk, "zhao", "special_group", "department_lead", "executive")
    ticket = desk.complain(priority=1)
    desk.write(ticket, "We look into it.", by="wang")
    assert desk.case(ticket).owner == "zhao"
    desk.clock.at("2026-03-02T10:00")
    desk.bulk("take", desk.fresh(ticket), by="li")
    desk.tick("2026-03-02T10:05")

    assert desk.case(ticket).owner == "li"
    assert desk.fresh(ticket).assigned_to == desk.users["li"]
