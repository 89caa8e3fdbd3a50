"""The conformance suite of Links: relflow inside a host's own transaction, for pytest and unittest alike.

Subclass `JoinedConformance` and say what your host is::

    class TestMyHost(JoinedConformance):
        def make_host(self):
            return MyHost(...)      # see `Host`; its database is fresh, with a table `tickets (state TEXT)`
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, cast

from relflow.engine import Engine
from relflow.errors import ConflictError, NoTransactionError, ReentryError, RefusedError, RelflowError
from relflow.results import Case
from relflow.stores import Link
from relflow.testing.joined_host import CLERK, ERRAND, NOON, Host, Watcher, errands
from relflow.testing.joined_values import ValueConformance
from relflow.testing.store_samples import ODD_TEXT, StopHere, refused

__all__ = ["CLERK", "ERRAND", "Host", "JoinedConformance", "Running", "Watcher", "errands"]


class Running:
    """An engine beside a host, and one connection of the host."""

    def __init__(self, host: Host, engine: Engine, connection: Any, watcher: Watcher) -> None:
        self.host = host
        self.engine = engine
        self.connection = connection
        self.watcher = watcher
        self.now: datetime = NOON

    def begin(self) -> Any:
        """A transaction of the host."""
        return self.host.transaction(self.connection)

    def unit(self) -> Any:
        """A unit in the host's transaction."""
        return self.engine.on(self.connection)

    def link(self) -> Link:
        """A Link on the host's connection, as a plugin makes it."""
        found = self.engine._core.plugins.first("relflow_link", connection=self.connection)  # noqa: SLF001 - as `on`
        return cast("Link", found)

    def ticket(self, state: str) -> None:
        """The host's own row."""
        self.host.run(self.connection, "INSERT INTO tickets (state) VALUES (?)", (state,))

    def tickets(self) -> list[str]:
        """The host's rows that are committed, seen by a connection of their own."""
        with self.host.connect() as other, self.host.transaction(other):
            return sorted(row[0] for row in self.host.run(other, "SELECT state FROM tickets"))

    def states(self) -> dict[str, int]:
        """Each case with its version."""
        return {case.id: case.version for case in self.engine.cases()}


class JoinedConformance(ValueConformance):
    """What must hold for every Link; each method is a test of its own and starts with a fresh database."""

    def make_host(self) -> Host:
        """A host with a fresh database."""
        raise NotImplementedError

    @contextmanager
    def running(self) -> Iterator[Running]:
        """The host with an engine beside it."""
        host, watcher = self.make_host(), Watcher()
        store = host.store()
        store.migrate()
        holder: list[Running] = []
        clock = lambda: holder[0].now if holder else NOON  # noqa: E731 - a clock that tests move
        made = Engine(errands(), store=store, plugins=[watcher, *host.plugins], clock=clock)
        with made as engine, host.connect() as connection:
            holder.append(Running(host, engine, connection, watcher))
            yield holder[0]

    # -- together or not at all --------------------------------------------------------------------------------------

    def test_one_commit_keeps_the_hosts_row_and_the_case(self) -> None:
        """Both are there, and the chain holds."""
        with self.running() as it:
            with it.begin():
                it.ticket("new")
                unit = it.unit()
                case = unit.open("errand", **ERRAND)
                assert unit.fire(case.id, "begin", actor=CLERK).state == "running"
            assert it.tickets() == ["new"]
            assert it.states() == {case.id: 2}
            assert it.engine.verify(case.id) == []
            assert [len(it.engine.history(case.id)), len(it.engine.outbox())] == [2, 1]

    def test_a_rollback_of_the_host_leaves_nothing(self) -> None:
        """No case, no message, no key: the next open with the key is the first."""
        with self.running() as it:
            with suppress(StopHere), it.begin():
                it.ticket("new")
                unit = it.unit()
                case = unit.open("errand", key="t-1", **ERRAND)
                unit.fire(case.id, "begin", actor=CLERK, event_id="e-1")
                raise StopHere
            assert (it.tickets(), it.states(), it.engine.outbox()) == ([], {}, [])
            assert it.engine.open("errand", key="t-1", **ERRAND).version == 1

    def test_a_refused_step_is_undone_alone(self) -> None:
        """What the host did before and does afterwards stays."""
        with self.running() as it:
            with it.begin():
                unit = it.unit()
                case = unit.open("errand", **ERRAND)
                it.ticket("before")
                with refused(RefusedError):
                    unit.fire(case.id, "end", actor=CLERK)
                it.ticket("after")
                unit.fire(case.id, "begin", actor=CLERK)
            assert it.tickets() == ["after", "before"]
            assert it.states() == {case.id: 2}

    def test_a_failing_loader_or_projection_leaves_the_host_usable(self) -> None:
        """Also one that the database refused: the host's transaction goes on, without what the hook wrote."""
        with self.running() as it:
            with it.begin():
                it.ticket("before")
                for it.watcher.fail in ("load", "load raises", "project", "project raises"):
                    try:
                        it.unit().open("errand", **ERRAND)
                    except Exception as error:  # noqa: BLE001 - the database's own, or the hook's
                        assert not isinstance(error, RelflowError), error
                    else:
                        raise AssertionError(f"nothing failed in {it.watcher.fail}")
                it.watcher.fail = ""
                case = it.unit().open("errand", **ERRAND)
                it.ticket("after")
            assert it.tickets() == ["after", "before"]
            assert it.states() == {case.id: 1}

    def test_a_savepoint_of_the_host_takes_its_steps_along(self) -> None:
        """Steps follow the host's nesting, what they told too."""
        with self.running() as it:
            with it.begin():
                kept = it.unit().open("errand", **ERRAND)
                with suppress(StopHere), it.host.nested(it.connection):
                    it.unit().fire(kept.id, "begin", actor=CLERK)
                    it.unit().open("errand", **ERRAND)
                    raise StopHere
                with it.host.nested(it.connection):
                    other = it.unit().open("errand", **ERRAND)
            assert it.states() == {kept.id: 1, other.id: 1}
            if it.host.tells:
                assert sorted(it.watcher.seen) == sorted([f"{kept.id}:1", f"{other.id}:1"])

    # -- whose transaction it is -------------------------------------------------------------------------------------

    def test_a_unit_ends_with_the_hosts_transaction(self) -> None:
        """Afterwards it is refused."""
        with self.running() as it:
            with it.begin():
                unit = it.unit()
                case = unit.open("errand", **ERRAND)
            with refused(NoTransactionError):
                unit.fire(case.id, "begin", actor=CLERK)

    def test_two_units_on_one_connection_are_one(self) -> None:
        """The second sees what the first did, before any commit."""
        with self.running() as it:
            with it.begin():
                case = it.unit().open("errand", **ERRAND)
                assert it.unit().fire(case.id, "begin", actor=CLERK).version == 2
            assert it.states() == {case.id: 2}

    def test_what_was_told_is_told_once_after_the_commit(self) -> None:
        """Not before it, not after a rollback, and not again with the next commit."""
        with self.running() as it:
            seen = it.watcher.seen
            with it.begin():
                case = it.unit().open("errand", **ERRAND)
                assert seen == []
            first = [f"{case.id}:1"] if it.host.tells else []
            assert seen == first
            with suppress(StopHere), it.begin():
                it.unit().fire(case.id, "begin", actor=CLERK)
                raise StopHere
            assert seen == first
            with it.begin():
                it.ticket("more")
            assert seen == first
            with it.begin():
                it.unit().fire(case.id, "begin", actor=CLERK)
            assert seen == first * 1 + ([f"{case.id}:2"] if it.host.tells else [])

    def test_messages_wait_for_the_hosts_commit(self) -> None:
        """Whoever looks from outside finds them afterwards, and timers too."""
        with self.running() as it:
            with it.begin():
                unit = it.unit()
                case = unit.open("errand", **ERRAND)
                unit.fire(case.id, "begin", actor=CLERK)
                it.ticket("inside")
            assert [notice.item.case for notice in it.engine.outbox()] == [case.id]
            late = it.engine.open("errand", **ERRAND)
            it.now = NOON + timedelta(hours=5)
            assert it.engine.run_due().fired == 1
            assert it.engine.case(late.id).version == 2

    def test_a_hook_may_not_come_back_on_the_same_connection(self) -> None:
        """The echo of a projection is stopped, and the host goes on."""
        with self.running() as it:
            with it.begin():
                unit = it.unit()
                for echo in (it.unit, lambda: unit.open("errand", **ERRAND), it.engine.run_due):
                    it.watcher.echo = echo
                    with refused(ReentryError):
                        unit.open("errand", **ERRAND)
                it.watcher.echo = None
                case = it.unit().open("errand", **ERRAND)
            assert it.states() == {case.id: 1}

    # -- two at once -------------------------------------------------------------------------------------------------

    def test_an_event_or_a_key_happens_once(self) -> None:
        """Also where the first time was in another transaction, or in this one."""
        with self.running() as it:
            first = it.engine.open("errand", key="t-1", **ERRAND)
            it.engine.fire(first.id, "begin", actor=CLERK, event_id="e-1")
            with it.begin():
                assert it.unit().open("errand", key="t-1", **ERRAND).id == first.id
                assert it.unit().fire(first.id, "begin", actor=CLERK, event_id="e-1").version == 2
                done = it.unit().fire(first.id, "end", actor=CLERK, event_id="e-2")
                assert it.unit().fire(first.id, "end", actor=CLERK, event_id="e-2") == done
            assert it.states() == {first.id: 3}

    def test_a_conflict_of_versions_is_the_hosts_to_decide(self) -> None:
        """It comes through, and the transaction goes on."""
        with self.running() as it:
            case = it.engine.open("errand", **ERRAND)
            with it.begin():
                with refused(ConflictError):
                    it.unit().fire(case.id, "begin", actor=CLERK, expected_version=7)
                assert it.unit().fire(case.id, "begin", actor=CLERK, expected_version=1).version == 2
            assert it.states() == {case.id: 2}

    def test_the_whole_request_can_be_done_again(self) -> None:
        """A host that repeats its transaction after a failure ends where one time would have led."""
        with self.running() as it:

            def request() -> Case:
                it.ticket("request")
                case: Case = it.unit().open("errand", key="t-9", **ERRAND)
                moved: Case = it.unit().fire(case.id, "begin", actor=CLERK, event_id="click-9", data={"note": ODD_TEXT})
                return moved

            with suppress(StopHere), it.begin():
                request()
                raise StopHere
            with it.begin():
                first = request()
            with it.begin():
                again = request()
            assert (again.id, again.version, again.data) == (first.id, 2, first.data)
            assert it.tickets() == ["request"] * 2
