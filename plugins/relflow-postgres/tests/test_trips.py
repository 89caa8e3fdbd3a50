"""How often an engine goes to the server: a call that is one step takes no transaction, one that leads on takes one."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from psycopg.pq import Trace
from relflow_postgres import PostgresStore
from relflow_postgres.connections import Connections, OwnConnection

from relflow.builtins import Accounts
from relflow.engine import Engine
from relflow.errors import RefusedError, StoreError
from relflow.hooks import hookimpl
from relflow.policy import Policy, load
from relflow.results import Actor, Case, Recorded
from relflow.stores import Link
from relflow.testing.postgres import PostgresServer

BOSS: Final = Actor("wang", ("boss",))
FILES: Final = {
    "policy.yaml": """
policy: desk
version: 1
timezone: UTC
facts: {size: {type: number}, name: {type: string, personal: true}}
roles: {boss: {members: [wang]}}
obligations: {praise: {of: part, becomes: result = "good", do: [{open: matter}]}}
include: [matter.yaml, part.yaml]
""",
    "matter.yaml": """
workflow: matter
version: 1
expects: {size: {type: number}}
roles: [boss]
data: {urgent: {type: boolean}, phone: {type: string, personal: true}}
initial: open
states:
  open:
    events:
      plain: {when: size > 0, may: [urgent, phone], do: [{notify: boss}]}
      split: {do: [{open: part}]}
      hurry: {to: closed, by: system, when: urgent}
      wait: {to: asleep}
  asleep: {events: {wake: {to: open, after: 1 hour}}}
  closed: {final: true}
clocks: {answer: {from: open, until: closed, within: 4 hours, steps: [{at: due, do: [{notify: boss}]}]}}
""",
    "part.yaml": """
workflow: part
version: 1
roles: [boss]
data: {result: {type: string}}
initial: open
states: {open: {events: {note: {may: [result]}, end: {to: closed}}}, closed: {final: true}}
""",
}
# what a call says to the server, a word a journey
ALONE: Final = ["SELECT relflow_cases", "WITH"]
IN_ONE: Final = ["SELECT relflow_cases", "BEGIN", "SELECT relflow_meta", "WITH"]


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The policy, read once."""
    with tempfile.TemporaryDirectory() as name:
        for file, text in FILES.items():
            (Path(name) / file).write_text(text, "utf-8")
        return load(name)


class Wire:
    """What went over the wire, as libpq traces it: each statement is sent and waited for."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("wb+")

    def tap(self, connection: OwnConnection) -> OwnConnection:
        """Listen to a connection."""
        connection.pgconn.trace(self._file.fileno())
        connection.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        return connection

    def trips(self, act: Callable[[], object]) -> list[str]:
        """What is said while something is done: the statement's first word, with the table that a SELECT reads."""
        start = self._file.seek(0, 2)
        act()
        self._file.seek(start)
        said = self._file.read().decode("utf-8", "replace")
        sent = re.findall(r'^F\t\d+\t(?:Parse\t ""|Query\t) "([^"]*)"', said, re.MULTILINE)
        assert len(sent) == len(re.findall(r"^F\t\d+\t(?:Sync|Query)", said, re.MULTILINE))
        return [re.sub(r"^(SELECT) .*? FROM (\w+).*|(\w+).*", r"\1\3 \2", one, flags=re.DOTALL).strip() for one in sent]

    def close(self) -> None:
        """Listen no more."""
        self._file.close()


@pytest.fixture
def wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """A wire that every connection of a store goes over."""
    made = Wire(tmp_path / "wire")
    connect = Connections._open  # noqa: SLF001 - libpq traces from inside of a connection
    monkeypatch.setattr(Connections, "_open", lambda connections: made.tap(connect(connections)))
    yield made
    made.close()


class Desk:
    """An engine that has been at work for a moment: what it asks now and then it has just asked."""

    def __init__(self, server: PostgresServer, policy: Policy, *plugins: object, options: str = "") -> None:
        # without prepared statements each statement is traced with its text
        self.store = PostgresStore(server.fresh() + options, prepare=False)
        accounts = Accounts({"C-1": {"size": 1, "name": "Wu"}})
        self.engine = Engine(policy, store=self.store, plugins=[accounts, *plugins])
        self.open()
        self.matter = self.open()
        self.part = self.engine.open("part", actor=BOSS)
        # what is looked at every second or every few seconds is not due during a test
        self.store._looked += 1000  # noqa: SLF001 - as above

    def open(self, **named: Any) -> Case:
        """A matter."""
        return self.engine.open("matter", account="C-1", actor=BOSS, **named)

    def fire(self, event: str, **named: Any) -> Case:
        """Something happens to the matter."""
        return self.engine.fire(self.matter.id, event, actor=BOSS, **named)


@pytest.fixture
def desk(wire: Wire, relflow_postgres: PostgresServer, policy: Policy) -> Iterator[Desk]:
    """A desk on a fresh store."""
    made = Desk(relflow_postgres, policy)
    yield made
    made.engine.close()


def test_a_step_that_leads_to_nothing_is_two_trips(wire: Wire, desk: Desk) -> None:
    """The case is read and the step is written; an event id and personal values cost a look more each."""
    assert wire.trips(lambda: desk.fire("plain")) == ALONE
    assert wire.trips(lambda: desk.fire("wait", expected_version=2)) == ALONE
    seen = ["SELECT relflow_cases", "SELECT relflow_events"]
    assert desk.engine.verify(desk.matter.id) == []
    other = desk.matter = desk.open()
    assert wire.trips(lambda: desk.fire("plain", event_id="e-3")) == [*seen, "WITH"]
    assert wire.trips(lambda: desk.fire("plain", event_id="e-3")) == seen
    # a secret to seal the number with, then it takes the vault to read the case
    sealed = wire.trips(lambda: desk.fire("plain", data={"phone": "139"}))
    assert sealed == ["SELECT relflow_cases", "SELECT relflow_vault", "WITH"]
    assert wire.trips(lambda: desk.fire("plain")) == [*sealed[:2], "SELECT relflow_vault", "WITH"]
    assert desk.engine.case(other.id).data["phone"] == "139"
    assert desk.engine.verify(other.id) == []


def test_opening_a_case_is_one_trip(wire: Wire, desk: Desk) -> None:
    """With a key or an event id a look at each comes before; one that is there is not written again."""
    assert wire.trips(desk.open) == ["WITH"]
    assert wire.trips(lambda: desk.open(data={"phone": "139"})) == ["WITH"]
    looks = ["SELECT relflow_cases", "SELECT relflow_events"]
    assert wire.trips(lambda: desk.open(key="t-1", event_id="o-1")) == [*looks, "WITH"]
    assert wire.trips(lambda: desk.open(key="t-1")) == looks[:1]


def test_what_is_read_for_a_screen_is_no_transaction(wire: Wire, desk: Desk) -> None:
    """A case and the buttons of a person are one trip each."""
    assert wire.trips(lambda: desk.engine.case(desk.matter.id)) == ALONE[:1]
    assert wire.trips(lambda: desk.engine.allowed(desk.matter.id, BOSS)) == ALONE[:1]
    assert wire.trips(lambda: desk.engine.verify(desk.matter.id))[0] == "BEGIN"


LEADING: Final[dict[str, Callable[[Desk], object]]] = {
    "it opens a case": lambda desk: desk.fire("split"),
    "something happens by itself": lambda desk: desk.fire("plain", data={"urgent": True}),
    "an obligation watches": lambda desk: desk.engine.fire(desk.part.id, "note", actor=BOSS, data={"result": "good"}),
}


@pytest.mark.parametrize("why", LEADING)
def test_a_step_that_leads_on_is_one_transaction(why: str, wire: Wire, desk: Desk) -> None:
    """It and everything that follows is committed together."""
    said = wire.trips(lambda: LEADING[why](desk))
    assert said[:4] == IN_ONE
    assert (said.count("BEGIN"), said.count("COMMIT"), said[-1]) == (1, 1, "COMMIT")
    assert said.count("WITH") >= 2


def test_a_child_that_ends_tells_its_parent_in_one_transaction(wire: Wire, desk: Desk) -> None:
    """Ending it is a step of both."""
    child = desk.fire("split").children[0]
    said = wire.trips(lambda: desk.engine.fire(child.id, "end", actor=BOSS))
    assert said[:4] == IN_ONE
    assert (said.count("WITH"), said[-1]) == (2, "COMMIT")
    assert desk.engine.case(desk.matter.id).children[0].closed


class Project:
    """A host that keeps columns of its own in step, and refuses where it is told to."""

    broken = False

    @hookimpl
    def relflow_project(self, recorded: Recorded, link: Link) -> None:
        """The host's part of the step."""
        assert link.in_transaction()
        if self.broken:
            raise ZeroDivisionError


def test_a_projection_is_in_the_transaction_of_its_step(
    wire: Wire, relflow_postgres: PostgresServer, policy: Policy
) -> None:
    """One that raises leaves nothing of the step."""
    project = Project()
    desk = Desk(relflow_postgres, policy, project)
    assert wire.trips(lambda: desk.fire("plain")) == [*IN_ONE, "COMMIT"]
    project.broken = True
    with pytest.raises(ZeroDivisionError):
        desk.fire("plain")
    assert desk.engine.case(desk.matter.id).version == 2
    desk.engine.close()


def test_the_first_case_of_a_definition_keeps_it_in_one_transaction(
    wire: Wire, relflow_postgres: PostgresServer, policy: Policy
) -> None:
    """So do several calls in a unit of work of the host's making."""
    store = PostgresStore(relflow_postgres.fresh(), prepare=False)
    with Engine(policy, store=store, plugins=[Accounts({"C-1": {"size": 1}})]) as engine:
        said = wire.trips(lambda: engine.open("matter", account="C-1", actor=BOSS))
        assert (said[-2:], said.count("COMMIT")) == (["WITH", "COMMIT"], 2)  # the other one made the tables

        def both() -> None:
            with engine.unit() as unit:
                case = unit.open("matter", account="C-1", actor=BOSS)
                unit.fire(case.id, "plain", actor=BOSS)

        said = wire.trips(both)
        assert (said.count("BEGIN"), said.count("COMMIT"), said.count("WITH")) == (1, 1, 2)


def test_a_timer_that_is_due_fires_in_the_transaction_of_the_step(wire: Wire, desk: Desk) -> None:
    """What fell due before a step happens before it, together with it."""
    late = desk.engine.now().replace(year=2100)
    said = wire.trips(lambda: desk.fire("plain", at=late))
    assert (said[1], said.count("WITH"), said[-1]) == ("BEGIN", 2, "COMMIT")


def test_another_policy_in_force_is_refused_as_in_a_transaction(wire: Wire, desk: Desk) -> None:
    """The statement that writes looks at it; where it is another one, nothing is written."""
    with desk.store.unit() as unit:
        unit.in_force("desk", "other")
    with pytest.raises(StoreError) as caught:
        desk.fire("plain")
    assert caught.value.reason == "other-policy"
    assert desk.engine.case(desk.matter.id).version == 1


def test_a_refused_step_is_one_trip(wire: Wire, desk: Desk) -> None:
    """Nothing is written, so nothing is begun."""

    def refused() -> None:
        with pytest.raises(RefusedError):
            desk.fire("plain", data={"unknown": 1})

    assert wire.trips(refused) == ALONE[:1]


@pytest.mark.parametrize("setting", ["transaction_isolation%3Dserializable", "transaction_read_only%3Don"])
def test_where_the_server_has_other_defaults_a_step_is_a_transaction(
    wire: Wire, relflow_postgres: PostgresServer, policy: Policy, setting: str
) -> None:
    """A statement by itself would run at them, a transaction of ours says what it needs."""
    desk = Desk(relflow_postgres, policy, options=f"%20-cdefault_{setting}")
    assert wire.trips(lambda: desk.fire("plain")) == [*IN_ONE, "COMMIT"]
    desk.engine.close()
