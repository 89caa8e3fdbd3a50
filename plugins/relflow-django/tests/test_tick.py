"""`manage.py relflow_tick`: cron's one command, however often and at whatever the same time it is called."""

from __future__ import annotations

import threading
from io import StringIO
from typing import Any

import pytest
from desk.people import Desk
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import override_settings
from relflow_django import engine


def ticked(**options: Any) -> str:
    """What the command says."""
    said = StringIO()
    call_command("relflow_tick", stdout=said, **options)
    return said.getvalue()


def test_a_tick_does_everything_once(desk: Desk) -> None:
    """The second run finds nothing to do, and says when it will."""
    ticket = desk.complain()
    desk.clock.at("2026-03-02T13:50")
    assert "timers fired: 1, cases opened:" in ticked()
    sent, history = len(mail.outbox), engine().history(desk.case(ticket).id)

    again = ticked()
    assert "timers fired: 0, cases opened: 0, messages delivered: 0" in again
    assert "run again at 2026-03-02T14:30" in again
    assert len(mail.outbox) == sent
    assert engine().history(desk.case(ticket).id) == history


def test_after_downtime_it_catches_up_in_order_and_says_what_was_late(desk: Desk) -> None:
    """A weekend without cron: each step of the clock fires once, in order, and the report says how late."""
    ticket = desk.complain()
    desk.clock.at("2026-03-09T09:00")
    said = ticked()

    assert "`80%` of `first_response` fired 6 days late" in said
    fired = [entry.trigger.name for entry in engine().history(desk.case(ticket).id)][1:]
    assert fired == ["first_response:80%", "first_response:due", "first_response:due + 4 working hours"]


def test_ticks_at_the_same_time_do_everything_once(desk: Desk) -> None:
    """Four workers start together: each timer fires once and each message goes out once."""
    tickets = [desk.complain(f"complaint {number}") for number in range(6)]
    desk.clock.at("2026-03-02T15:00")
    mail.outbox.clear()
    barrier = threading.Barrier(4)
    failures: list[Exception] = []

    def work() -> None:
        try:
            barrier.wait()
            for _ in range(20):
                report = engine().run_due()
                if not report.errors and not report.fired and not report.delivered:
                    break
        except Exception as error:  # noqa: BLE001 - the test says what it was
            failures.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failures == []
    for ticket in tickets:
        names = [entry.trigger.name for entry in engine().history(desk.case(ticket).id)]
        assert names == ["complaint", "first_response:80%", "first_response:due"]
    keys = [message.extra_headers["X-Relflow-Key"] for message in mail.outbox]
    assert sorted(keys) == sorted(set(keys))
    assert len(keys) == 6 * 3  # wang at 80 %; wang and li when it is due


def test_what_is_given_up_is_said_and_ends_with_status_one(desk: Desk) -> None:
    """A colleague without an address cannot be told; the tick says so, and the rest went out."""
    desk.users["wang"].email = ""
    desk.users["wang"].save()
    desk.complain()
    desk.clock.at("2026-03-02T15:00")
    with pytest.raises(CommandError, match="given up after 1 attempts: unknown recipient"):
        ticked()
    assert [message.to for message in mail.outbox] == [["li@desk.example"]]


def test_mail_that_fails_is_tried_again_under_the_same_id(desk: Desk) -> None:
    """A mail server that is away costs nothing but time; the message keeps its id, so that it is shown once."""
    desk.complain()
    desk.clock.at("2026-03-02T13:50")
    with override_settings(EMAIL_BACKEND="desk.failing.Backend"):
        assert "mail: SMTPServerDisconnected; tried again at" in ticked()
    assert mail.outbox == []

    ticked()
    assert mail.outbox == []
    desk.clock.at("2026-03-02T13:55")
    ticked()
    (message,) = mail.outbox
    assert message.to == ["wang@desk.example"]
    assert message.from_email == "service@example.com"
    assert message.extra_headers["Message-ID"].endswith("@example.com>")
    assert message.subject == message.body.splitlines()[0]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "nobody has responded to the complaint in time"), ("zh-hans", "投诉未按时响应")],
)
def test_messages_are_in_the_readers_language(desk: Desk, language: str, words: str) -> None:
    """A setting says which language a colleague reads."""
    with override_settings(RELFLOW={**settings.RELFLOW, "LANGUAGE": language}):
        desk.complain()
        desk.tick("2026-03-02T15:00")
    assert any(words in message.body for message in mail.outbox)
