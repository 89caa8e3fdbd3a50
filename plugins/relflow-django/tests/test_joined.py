"""Units of work inside the host's own transactions, on each database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, connections, transaction
from django.test import override_settings
from relflow_django import engine

from relflow import Actor, NoTransactionError, ReentryError, RefusedError, hookimpl
from relflow.results import Recorded
from relflow.stores import Link

DATA = {"channel": "phone", "description": "leaks"}


class Watcher:
    """A plugin of the host that does as it is told."""

    observed: list[str] = []  # noqa: RUF012 - one for the whole of a test
    loads: Any = None
    projects: Any = None

    @hookimpl
    def relflow_load_accounts(
        self, tenant: str, accounts: Sequence[str], facts: Sequence[str], at: datetime, link: Link | None
    ) -> Mapping[str, Mapping[str, object]]:
        """What the host knows, or its failure."""
        if Watcher.loads is not None:
            Watcher.loads(link)
        return {account: {} for account in accounts}

    @hookimpl
    def relflow_project(self, tenant: str, recorded: Recorded, link: Link | None) -> None:
        """What the host writes beside it."""
        if Watcher.projects is not None:
            Watcher.projects(recorded)

    @hookimpl
    def relflow_observe(self, tenant: str, recorded: Recorded) -> None:
        """What the host hears."""
        Watcher.observed.append(recorded.key)


@pytest.fixture(autouse=True)
def host(database: str, clock: object) -> Iterator[None]:
    """A project with the plugin."""
    chosen = {
        "POLICY": "shipped:petrochemical",
        "OVERLAY": "shipped:petrochemical/example.overlay.yaml",
        "CLOCK": "django.utils.timezone.now",
        "PLUGINS": [Watcher],
    }
    Watcher.observed, Watcher.loads, Watcher.projects = [], None, None
    with override_settings(RELFLOW=chosen):
        yield


def opened(key: str = "k", **fields: Any) -> str:
    """A case that is opened in the host's transaction."""
    return engine().on(connection).open("complaint", account="C-1", key=key, data=DATA, **fields).id


def keys() -> list[str | None]:
    """The keys of all cases."""
    return sorted(str(case.key) for case in engine().cases())


class TheHostFailsError(Exception):
    """Whatever goes wrong in a host."""


@contextmanager
def failing() -> Iterator[None]:
    """A transaction, or a savepoint in one, that fails at its end."""
    with pytest.raises(TheHostFailsError), transaction.atomic():  # noqa: PT012 - what is inside is the caller's
        yield
        raise TheHostFailsError


def test_without_a_transaction_it_is_refused() -> None:
    """`on` says what to do where the host has opened nothing."""
    with pytest.raises(NoTransactionError) as refused:
        engine().on(connection)
    assert "transaction.atomic()" in refused.value.text("en")
    assert "transaction.atomic()" in refused.value.text("zh")
    with pytest.raises(NoTransactionError):
        engine().on(connections["default"])


def test_the_hosts_rollback_takes_everything_along() -> None:
    """Host and case are rolled back together, and nobody is told."""
    with failing():
        Group.objects.create(name="beside")
        opened()
    assert keys() == []
    assert not Group.objects.filter(name="beside").exists()
    assert Watcher.observed == []


def test_the_hosts_commit_keeps_everything_and_tells_once() -> None:
    """Nobody is told before the commit, and everybody once after it."""
    with transaction.atomic():
        Group.objects.create(name="beside")
        case = opened()
        assert Watcher.observed == []
    assert keys() == ["k"]
    assert Watcher.observed == [f"{case}:1"]
    with transaction.atomic():
        engine().on(connections["default"]).fire(
            case, "withdraw", data={"reason": "no"}, actor=anybody("customer_service")
        )
    assert Watcher.observed == [f"{case}:1", f"{case}:2"]


def anybody(*roles: str) -> Any:
    """An actor with roles that the host vouches for."""
    return Actor("li", roles=roles)


def test_a_savepoint_of_the_host_takes_only_its_own_along() -> None:
    """What was opened inside a savepoint that is rolled back leaves nothing, not even the wake-up."""
    with transaction.atomic():
        first = opened("first")
        with failing():
            opened("second")
        opened("third")
    assert keys() == ["first", "third"]
    assert len(Watcher.observed) == 2
    assert f"{first}:1" in Watcher.observed


def test_a_refused_step_leaves_no_half_and_the_host_goes_on() -> None:
    """The host catches the refusal and commits the rest."""
    with transaction.atomic():
        case = opened()
        unit = engine().on(connection)
        with pytest.raises(RefusedError):
            unit.fire(case, "acknowledge", actor=anybody("legal"), data={"demand": "exchange"})
        Group.objects.create(name="beside")
        unit.fire(case, "acknowledge", actor=anybody("customer_service"), data={"demand": "exchange"})
    assert engine().case(case).state == "investigating"
    assert [entry.seq for entry in engine().history(case)] == [1, 2]
    assert Group.objects.filter(name="beside").exists()


def test_a_loader_that_fails_leaves_the_hosts_transaction_usable() -> None:
    """A broken query in a loader would end a PostgreSQL transaction; it is undone alone."""

    def broken(link: Link | None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    with transaction.atomic():
        Group.objects.create(name="beside")
        Watcher.loads = broken
        with pytest.raises(DatabaseError):
            opened()
        Watcher.loads = None
        Group.objects.create(name="after")
        opened("later")
    assert keys() == ["later"]
    assert Group.objects.filter(name__in=["beside", "after"]).count() == 2


def test_a_projection_that_fails_refuses_the_step_and_nothing_else() -> None:
    """What the host writes beside a step belongs to it."""

    def broken(recorded: Recorded) -> None:
        Group.objects.create(name=f"for {recorded.case.key}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    with transaction.atomic():
        Watcher.projects = broken
        with pytest.raises(DatabaseError):
            opened()
        Watcher.projects = None
        opened("later")
    assert keys() == ["later"]
    assert not Group.objects.filter(name="for k").exists()


def test_a_hook_cannot_fire_into_its_own_step() -> None:
    """An echo (the projection saves the ticket, the signal fires the case) is refused before it goes round."""
    caught: list[str] = []

    def echo(recorded: Recorded) -> None:
        try:
            engine().on(connection)
        except ReentryError as error:
            caught.append(error.reason)

    Watcher.projects = echo
    with transaction.atomic():
        opened()
    assert caught == ["reentry"]
    assert keys() == ["k"]


def test_a_unit_ends_with_its_transaction() -> None:
    """A unit that was kept is refused, and does not write behind the host."""
    with transaction.atomic():
        unit = engine().on(connection)
    with pytest.raises(NoTransactionError) as refused:
        unit.open("complaint", account="C-1", data=DATA)
    assert refused.value.reason == "unit-ended"


def test_a_unit_of_our_own_does_not_hide_in_the_hosts_transaction() -> None:
    """`engine.open` promises that it is kept when it returns: inside a transaction of the host it is refused."""
    with transaction.atomic():
        with pytest.raises(NoTransactionError) as refused:
            engine().open("complaint", account="C-1", data=DATA)
        assert refused.value.reason == "inside-host"
        with pytest.raises(NoTransactionError):
            engine().run_due()
    assert keys() == []


def test_reading_takes_part_in_what_is_open() -> None:
    """The host sees in its transaction what it has just done there."""
    with transaction.atomic():
        case = opened()
        assert engine().case(case).state == "received"
        assert len(engine().timeline(case)) == 1
        transaction.set_rollback(True)
    assert keys() == []


def test_by_hand_without_autocommit() -> None:
    """A host that commits by hand is joined, too; nobody can be told, and the next tick delivers."""
    transaction.set_autocommit(False)
    try:
        with pytest.raises(NoTransactionError):
            engine().open("complaint", account="C-1", data=DATA)
        opened("kept")
        transaction.commit()
        opened("lost")
        transaction.rollback()
    finally:
        transaction.set_autocommit(True)
    assert keys() == ["kept"]


def test_a_key_is_unique_whoever_opens() -> None:
    """The second call with a key returns the case of the first."""
    with transaction.atomic():
        first = opened()
        assert opened() == first
    with transaction.atomic():
        assert opened() == first
    assert keys() == ["k"]
