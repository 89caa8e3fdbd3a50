"""What a project notices: settings, migrations, checks, and tests of its own."""

from __future__ import annotations

import io
import os
import unittest
import warnings
from io import StringIO

import pytest
from desk.people import CUSTOMER
from django.contrib.auth.models import User
from django.core import mail
from django.core.checks import Error, run_checks
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils.translation import override
from helpdesk.models import Queue, Ticket
from relflow_django import engine, forget
from relflow_django.checks import check_policy, check_settings, check_tables
from relflow_django.helpdesk import follow
from relflow_django.testing import RelflowTestCase, RelflowTransactionTestCase

from relflow.stores import SCHEMA_VERSION
from relflow.testing import deliver

pytestmark = pytest.mark.usefixtures("database", "clock")


def test_a_project_that_is_set_up_checks_clean() -> None:
    """`check --deploy --database default` finds nothing of ours."""
    found = run_checks(include_deployment_checks=True, databases=["default"])
    assert [one for one in found if str(one.id).startswith("relflow")] == []


@pytest.mark.parametrize(
    ("chosen", "en", "zh"),
    [
        ({}, "settings.RELFLOW names no policy", "settings.RELFLOW 未指定制度"),
        ({"POLICY": "x", "OVERLY": "y"}, "no key 'OVERLY': did you mean 'OVERLAY'?", "是否想写 'OVERLAY'？"),
        ({"POLICY": "x", "ZZZ": "y"}, "no key 'ZZZ' (it has POLICY,", "没有 'ZZZ' 这个键（可用：POLICY"),
    ],
)
def test_settings_that_cannot_work_are_named(chosen: dict[str, object], en: str, zh: str) -> None:
    """`manage.py check` says what is wrong and what was meant, in both languages."""
    with override_settings(RELFLOW=chosen):
        (error,) = check_settings()
        assert isinstance(error, Error)
        assert en in error.msg
        with override("zh-hans"):
            assert zh in check_settings()[0].msg


def test_a_policy_with_mistakes_is_told_as_the_analyst_sees_it() -> None:
    """`check --deploy` shows the findings with their places, and no traceback."""
    with override_settings(RELFLOW={"POLICY": "nowhere/at/all"}):
        (error,) = check_policy()
    assert error.id == "relflow.E002"
    assert "nowhere/at/all" in error.msg


def test_tables_of_another_relflow_are_named() -> None:
    """Tables of a newer relflow are a warning that says what to do."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE relflow_meta SET value = '99' WHERE name = 'schema'")
    try:
        (warning,) = check_tables(databases=["default"])
        assert "newer relflow" in warning.msg
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE relflow_meta SET value = %s WHERE name = 'schema'", [str(SCHEMA_VERSION)])
    assert check_tables(databases=["default"]) == []


def test_an_engine_opens_nothing_before_it_is_used() -> None:
    """Made before a web server forks, it holds no connection that two processes would share; the child works."""
    forget()
    connection.close()
    made = engine()
    assert connection.connection is None

    with warnings.catch_warnings():
        # newer Pythons warn of threads, which the test runner has and which the child does not use
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        done = 1
        try:
            made.open("complaint", data={"channel": "phone", "description": "leaks"}, key="of the child")
            connection.close()
            done = 0
        finally:
            os._exit(done)
    assert os.waitpid(child, 0)[1] == 0
    assert made.case(workflow="complaint", key="of the child").state == "received"


def test_models_and_migrations_agree() -> None:
    """`makemigrations --check` finds nothing to do."""
    call_command("makemigrations", "relflow_django", check=True, dry_run=True, stdout=StringIO())


def test_tables_are_brought_up_to_date_on_request() -> None:
    """`relflow_migrate` says the version, and does nothing where there is nothing to do."""
    said = StringIO()
    call_command("relflow_migrate", stdout=said)
    assert said.getvalue() == f"relflow's tables in `default` have version {SCHEMA_VERSION}\n"


class HostTests(RelflowTestCase):
    """A host's own test, as its developer would write it."""

    def setUp(self) -> None:
        super().setUp()
        self.li = User.objects.create_user("li", "li@desk.example", is_staff=True)
        self.queue = Queue.objects.create(title="Drums", slug="drums", default_owner=self.li)

    def test_an_answer_stops_the_clock(self) -> None:
        """Joined in the host's transaction; the clock stands where the test puts it."""
        ticket = Ticket.objects.create(title="leaks", queue=self.queue, submitter_email=CUSTOMER, created=self.now)
        with self.joined() as unit:
            follow(unit, ticket)
        self.assertCase(f"ticket-{ticket.pk}", "received", running=["first_response"], owner="li")

        self.tick("2026-03-02T15:00")
        self.assertCase(f"ticket-{ticket.pk}", "received", running=["first_response"], overdue=["first_response"])
        assert ["li@desk.example"] in [message.to for message in mail.outbox]

    def test_due_and_delivered_inside_the_hosts_transaction(self) -> None:
        """Where a test wraps everything in a transaction of its own, the joined unit does what is due and delivers."""
        ticket = Ticket.objects.create(title="leaks", queue=self.queue, submitter_email=CUSTOMER, created=self.now)
        with self.joined() as unit:
            follow(unit, ticket)
            self.at("2026-03-02T15:00")
            assert unit.run_due().fired == 2
            # one message at a time for each recipient of a case: the second waits for the first
            assert [deliver(unit).delivered for _ in range(3)] == [1, 1, 0]
        self.assertCase(f"ticket-{ticket.pk}", "received", overdue=["first_response"])
        assert [message.to for message in mail.outbox] == [["li@desk.example"]] * 2


class CommittingTests(RelflowTransactionTestCase):
    """A host's test with real commits."""

    def test_it_leaves_nothing(self) -> None:
        """Open a case."""
        engine().open("complaint", data={"channel": "phone", "description": "leaks"}, key="k", at=self.now)
        self.assertCase("k", "received")


@pytest.mark.parametrize(("case", "tests"), [(HostTests, 2), (CommittingTests, 1)])
def test_a_hosts_own_tests_run_and_leave_nothing(case: type[unittest.TestCase], tests: int) -> None:
    """Under unittest, as `manage.py test` runs them: they pass, and no case is left behind."""
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(case)
    result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
    assert result.wasSuccessful(), result.failures + result.errors
    assert result.testsRun == tests
    assert engine().cases() == []


# run by the test above, on each database, and not by pytest itself
HostTests.__test__ = False  # type: ignore[attr-defined]
CommittingTests.__test__ = False  # type: ignore[attr-defined]
