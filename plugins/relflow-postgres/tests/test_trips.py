"""How often an engine goes to the server: a call that is one step takes no transaction, one that leads on takes one."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.pq import Trace
from relflow_postgres import PostgresStore
from relflow_postgres.connections import Connections, OwnConnection

from relflow.builtins import Accounts
from relflow.engine import Engine
from relflow.errors import RefusedError, RelflowError, StoreError
from relflow.hooks import hookimpl
from relflow.policy import Policy, load
from relflow.results import Actor, Case, Recorded
from relflow.stores import Link
from relflow.testing.postgres import PostgresServer

BOSS: Final = Actor("wang", ("boss",))
NOON: Final = datetime(2100, 3, 2, 12, tzinfo=UTC)
FILES: Final = {
    "policy.yaml": """
policy: desk
version: 1
timezone: UTC
facts: {size: {type: number}, name: {type: string, personal: true}}
roles: {boss: {members: [wang]}}
obligations: {praise: {of: part, becomes: result = "good", do: [{open: matter}]}}
include: [matter.yaml, part.yaml, piece.yaml]
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
      split: {do: [{open: piece}]}
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
states: {open: {events: {note: {may: [result]}}}}
""",
    "piece.yaml": """
workflow: piece
version: 1
roles: [boss]
initial: open
states: {open: {events: {plain: {}, end: {to: closed}}}, closed: {final: true}}
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
    """The case is read and the step is written; personal values are a look more each way, and so is a replay."""
    assert wire.trips(lambda: desk.fire("plain")) == ALONE
    assert wire.trips(lambda: desk.fire("wait", expected_version=2)) == ALONE
    looked = ["SELECT relflow_events"]
    assert desk.engine.verify(desk.matter.id) == []
    other = desk.matter = desk.open()
    assert wire.trips(lambda: desk.fire("plain", event_id="e-3")) == [*looked, "WITH"]
    assert wire.trips(lambda: desk.fire("plain", event_id="e-3")) == [*looked, "SELECT relflow_events"]
    # a secret to seal the number with, then it takes the vault to read the case
    sealed = wire.trips(lambda: desk.fire("plain", data={"phone": "139"}))
    assert sealed == ["SELECT relflow_cases", "SELECT relflow_vault", "WITH"]
    assert wire.trips(lambda: desk.fire("plain")) == [*sealed[:2], "SELECT relflow_vault", "WITH"]
    assert desk.engine.case(other.id).data["phone"] == "139"
    assert desk.engine.verify(other.id) == []


def test_opening_a_case_is_one_trip(wire: Wire, desk: Desk) -> None:
    """With a key or an event id one look comes before; one that is there is not written again."""
    assert wire.trips(desk.open) == ["WITH"]
    assert wire.trips(lambda: desk.open(data={"phone": "139"})) == ["WITH"]
    assert wire.trips(lambda: desk.open(key="t-1", event_id="o-1")) == ["SELECT relflow_events", "WITH"]
    assert wire.trips(lambda: desk.open(key="t-1")) == ["SELECT relflow_cases"]
    assert wire.trips(lambda: desk.open(event_id="o-2")) == ["SELECT relflow_events", "WITH"]


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
    assert wire.trips(lambda: desk.engine.fire(child.id, "plain", actor=BOSS)) == ALONE
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


def test_another_policy_is_refused_before_what_it_defines(wire: Wire, desk: Desk, tmp_path: Path) -> None:
    """A worker whose policy is not in force is told so, also where its workflow would be refused as well."""
    for file, text in FILES.items():
        (tmp_path / file).write_text(text.replace("size > 0", "size > 1"), "utf-8")
    with Engine(load(tmp_path), store=desk.store, plugins=[Accounts({"C-1": {"size": 1}})]) as engine:
        with pytest.raises(StoreError) as caught:
            engine.open("matter", account="C-1", actor=BOSS)
        assert caught.value.reason == "other-policy"


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


class Heard:
    """What is told after commits."""

    def __init__(self) -> None:
        self.steps: list[Recorded] = []

    @hookimpl
    def relflow_observe(self, recorded: Recorded) -> None:
        """A step was committed."""
        self.steps.append(recorded)


ACTS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("plain", {}), ("plain", {"data": {"phone": "139"}}), ("plain", {"data": {"urgent": True}}), ("split", {}),
    ("plain", {"event_id": "e-1"}), ("split", {"event_id": "e-1"}), ("split", {"event_id": "e-2"}), ("wait", {}),
    ("wait", {"expected_version": 2}), ("plain", {"actor": Actor("li")}), ("nonsense", {}), ("end", {}),
    ("plain", {"at": NOON + timedelta(hours=6)}),
)  # fmt: skip


def played(desk: Desk, heard: Heard, acts: list[tuple[int, int]]) -> list[object]:
    """What an engine answers to acts on a new case and its children, tells and keeps, with numbers for ids."""
    heard.steps.clear()
    cases = [desk.open(at=NOON).id]
    answers: list[object] = []
    for which, act in acts:
        event, named = ACTS[act]
        if "event_id" in named:
            named = {**named, "event_id": f"{cases[0]} {named['event_id']}"}
        try:
            after = desk.engine.fire(cases[which % len(cases)], event, **{"actor": BOSS, "at": NOON, **named})
        except RelflowError as error:
            answers.append((type(error), error.reason))
        else:
            cases += [child.id for child in after.children if child.id not in cases]
            answers.append((cases.index(after.id), after.state, after.version, dict(after.data)))
    answers += [(cases.index(one.case.id), one.entry.seq, one.entry.trigger.kind) for one in heard.steps]
    for case in cases:
        assert desk.engine.verify(case) == []
        lines = desk.engine.history(case)
        answers.append([(line.seq, line.trigger.kind, line.after, dict(line.changes)) for line in lines])
        answers.append(len(desk.engine.outbox(case=case)))
    return answers


def test_alone_or_in_a_transaction_the_same_is_answered_told_and_kept(
    relflow_postgres: PostgresServer, policy: Policy
) -> None:
    """Whatever happens to a case and its children, in any order: refusals, repeats and stale versions, too."""
    heard = Heard(), Heard()
    desks = Desk(relflow_postgres, policy, heard[0]), Desk(relflow_postgres, policy, heard[1], Project())

    @settings(max_examples=15, deadline=None)
    @given(acts=st.lists(st.tuples(st.integers(0, 3), st.integers(0, len(ACTS) - 1)), max_size=10))
    def alike(acts: list[tuple[int, int]]) -> None:
        assert played(desks[0], heard[0], acts) == played(desks[1], heard[1], acts)

    alike()
    for desk in desks:
        desk.engine.close()
