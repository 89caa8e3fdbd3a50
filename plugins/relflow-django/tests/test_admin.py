"""The admin pages, as a browser gets them, in both languages."""

from __future__ import annotations

import pytest
from desk.people import CUSTOMER, Desk
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from helpdesk.models import Ticket
from relflow_django import policy

LIST = "/admin/relflow_django/caserow/"
BARE = {
    "POLICY": "shipped:petrochemical",
    "PLUGINS": ["relflow_django.helpdesk.Helpdesk", "relflow_django.helpdesk.Accounts"],
}


@pytest.fixture
def reader(desk: Desk) -> Client:
    """A browser of zhao, who may look at cases and at nothing else."""
    desk.users["zhao"].user_permissions.add(Permission.objects.get(codename="view_caserow"))
    return desk.client("zhao")


def page(browser: Client, address: str, language: str = "en") -> str:
    """The page's text."""
    answer = browser.get(address, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_speaks_the_language_of_the_policy(desk: Desk, reader: Client) -> None:
    """Workflow and state by what people call them; found by the host's key and by the customer."""
    desk.complain()
    english = page(reader, LIST)
    assert "Complaint" in english
    assert "Received" in english
    assert "2026-03-02 13:42" in english  # 80 % of four working hours, lunch left out
    chinese = page(reader, LIST, "zh-hans")
    assert "客户投诉" in chinese
    assert "已受理" in chinese
    assert "ticket-" in page(reader, LIST + f"?q={CUSTOMER}&closed=no&workflow=complaint")
    assert "0 cases" in page(reader, LIST + "?q=nobody")
    assert "0 cases" in page(reader, LIST + "?closed=yes")


def test_a_case_shows_timeline_ledger_and_messages(desk: Desk, reader: Client) -> None:
    """Everything about a case on one page, the reasons for its due dates among it."""
    ticket = desk.complain()
    desk.tick("2026-03-02T15:00")
    desk.write(ticket, "We look into it.")
    address = reverse("admin:relflow_django_caserow_change", args=[desk.case(ticket).id])

    english = page(reader, address)
    for words in (
        "Under investigation",
        "First response: was due at 2026-03-02 14:30 and is overdue",
        "Complaint opened",
        "Acknowledge: Received → Under investigation",
        "told the owner: wang",
        "nobody has responded to the complaint in time",
        "sent",
        "The history is complete and unchanged.",
        f"?id={CUSTOMER.replace('@', '%40')}",
    ):
        assert words in english, words
    chinese = page(reader, address, "zh-hans")
    for words in (
        "调查中",
        "首次响应：应于 2026-03-02 14:30 到期，已超时",
        "经过",
        "已发",
        "历史记录完整，未被改动。",
    ):
        assert words in chinese, words


def test_an_account_shows_its_levels_with_the_reasons(desk: Desk, reader: Client) -> None:
    """What helpdesk does not know of a customer is missing, and the page says which clause asks for it."""
    desk.complain()
    address = reverse("admin:relflow_account") + f"?id={CUSTOMER}"
    english = page(reader, address)
    assert "Customer tier: unknown" in english
    assert "missing: Purchases (S001-2.2-2)" in english
    assert "Under investigation" not in english
    chinese = page(reader, address, "zh-hans")
    assert policy().program.schemes["tier"].label.text("zh") + ": 未知" in chinese
    assert "缺" in chinese


def test_open_questions_are_those_of_the_manual(desk: Desk, reader: Client) -> None:
    """With the example overlay nothing is open; the bare manual leaves its questions, by clause."""
    address = reverse("admin:relflow_questions")
    assert "Every question is answered." in page(reader, address)
    with override_settings(RELFLOW=BARE):
        english = page(reader, address)
        assert "S001-3.3-2" in english
        assert "First response to a complaint (first_response_time)" in english
        assert "投诉首次响应时限" in page(reader, address, "zh-hans")


def test_a_clock_whose_time_nobody_has_decided_says_so(desk: Desk, reader: Client) -> None:
    """Without the company's answers a complaint runs all the same; its due instants are unknown, with the clause."""
    with override_settings(RELFLOW=BARE):
        ticket = desk.complain()
        address = reverse("admin:relflow_django_caserow_change", args=[desk.case(ticket).id])
        assert "due unknown" in page(reader, address)
        assert "S001-3.3-2" in page(reader, address)


def test_nothing_can_be_changed(desk: Desk, reader: Client) -> None:
    """No form, no button: neither adding nor changing nor deleting, whoever asks."""
    ticket = desk.complain()
    root = desk.users["li"]
    root.is_superuser = True
    root.save()
    case = desk.case(ticket)
    change = reverse("admin:relflow_django_caserow_change", args=[case.id])
    assert desk.client("li").get(LIST + "add/").status_code == 403
    assert desk.client("li").post(change.replace("change", "delete"), {"post": "yes"}).status_code == 403
    desk.client("li").post(change, {"state": "closed"})
    assert desk.case(ticket) == case
    assert '<input type="submit"' not in page(reader, change)


@pytest.fixture
def addresses(desk: Desk) -> list[str]:
    """Every page there is."""
    case = desk.case(desk.complain())
    return [
        LIST,
        reverse("admin:relflow_django_caserow_change", args=[case.id]),
        reverse("admin:relflow_account") + f"?id={CUSTOMER}",
        reverse("admin:relflow_questions"),
    ]


def test_pages_are_for_those_who_may_see_them(desk: Desk, addresses: list[str]) -> None:
    """A colleague without the permission gets none of the pages, a stranger the login."""
    for address in addresses:
        assert desk.client("wang").get(address).status_code == 403, address
        assert Client().get(address).status_code == 302, address


def test_a_case_that_is_not_there_is_not_found(desk: Desk, reader: Client) -> None:
    """An unknown id is a page of the admin, not an error."""
    answer = reader.get(reverse("admin:relflow_django_caserow_change", args=["nothing"]))
    assert answer.status_code == 404


def test_what_was_changed_behind_relflow_is_shown(desk: Desk, reader: Client) -> None:
    """Somebody wrote into the tables: the page says what is not as it was written."""
    ticket = desk.complain()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE relflow_cases SET state = 'closed' WHERE id = %s", [desk.case(ticket).id])
    shown = page(reader, reverse("admin:relflow_django_caserow_change", args=[desk.case(ticket).id]))
    assert "This case is not as it was written" in shown


def test_text_of_customers_is_text(desk: Desk, reader: Client) -> None:
    """What a customer writes is never part of the page."""
    ticket = desk.complain(body="<script>alert(1)</script>", title="<b>x</b>")
    assert "<script>alert(1)" not in page(
        reader, reverse("admin:relflow_django_caserow_change", args=[desk.case(ticket).id])
    )
    assert Ticket.objects.filter(title="<b>x</b>").exists()
