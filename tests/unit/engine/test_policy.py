"""Engines on policies that were read from YAML: levels in force, old definitions, forms."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relflow.builtins import Accounts
from relflow.engine import Engine
from relflow.errors import NotFoundError, StoreError
from relflow.hooks import hookimpl
from relflow.policy import Policy, load
from relflow.results import Actor
from relflow.stores import Link, SqliteLink
from tests.strategies.engines import Moving

START = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
CLERK = Actor("zhang", ("clerk",))
POLICY = """
policy: petroleum
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
facts:
  annual: {type: number}
roles:
  clerk: {}
decisions:
  says:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | annual  || tier    |
      |---------||---------|
      | >= 5000 || key     |
      | -       || regular |
tiers:
  tier: {from: says, levels: [key, regular], review_every: 1 month, lower_after: 2 reviews}
"""
VISIT = """
workflow: visit
version: {version}
roles: [clerk]
expects:
  tier: {{type: string}}
data:
  result: {{type: string}}
  minutes: {{type: number}}
  on: {{type: date}}
initial: planned
states:
  planned:
    events:
      go:
        - {{when: tier = "key", to: {target}, needs: [result], by: [clerk], may: [minutes, on]}}
        - {{to: done, by: [clerk], needs: [result]}}
  {target}: {{events: {{end: {{to: done, by: [clerk]}}}}}}
  done: {{final: true}}
"""


SIGNALLED = """
messages: {moved: {text: {en: moved, zh: 搬迁}}}
events: {moved: {data: {address: {type: string, personal: true}}}}
obligations:
  note_it: {of: account, event: moved, do: [{notify: clerk, message: moved}]}
"""


def policy(folder: Path, *, version: int = 1, target: str = "long") -> Policy:
    """The policy with its visits."""
    folder.mkdir(exist_ok=True)
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (folder / "visit.yaml").write_text(VISIT.format(version=version, target=target), encoding="utf-8")
    return load(folder)


@pytest.fixture
def accounts() -> dict[str, dict[str, object]]:
    """What the host knows; the test may change it."""
    return {"C-1": {"annual": 9000}, "C-2": {"annual": 10}, "C-3": {}}


def running(loaded: Policy, accounts: object, store: str = "memory:", clock: object = None, **fields: object) -> Engine:
    """An engine."""
    made = clock or Moving(START)
    return Engine(loaded, store=store, plugins=[Accounts(accounts)], clock=made, **fields)  # type: ignore[arg-type]


def test_levels_are_assessed_and_kept(tmp_path: Path, accounts: dict[str, dict[str, object]]) -> None:
    """A lower level holds only after the second weak review; every change is in the history."""
    clock = Moving(START)
    with running(policy(tmp_path / "p"), accounts, f"sqlite:///{tmp_path}/cases.db", clock) as engine:
        found = engine.reassess()
        assert {account: by["tier"].level for account, by in found.items()} == {
            "C-1": "key", "C-2": "regular", "C-3": None,
        }  # fmt: skip
        accounts["C-1"]["annual"] = 10
        levels = []
        for _ in range(3):
            clock.on(days=32)
            levels.append(engine.reassess(["C-1"])["C-1"]["tier"].level)
        assert levels == ["key", "regular", "regular"]
        standing = engine.standings("tier", ["C-1", "C-9"])
        assert standing.keys() == {"C-1"}
        assert standing["C-1"].since == date(2026, 5, 5).isoformat() or standing["C-1"].level == "regular"
        with engine.store.unit(write=False) as unit:
            history = [record.state["level"] for record in unit.standing_history("C-1", "tier")]
        assert history[0] == "key"
        assert history[-1] == "regular"
        with pytest.raises(NotFoundError, match="it has tier"):
            engine.standings("risk", ["C-1"])


def test_guards_read_the_level_in_force(tmp_path: Path, accounts: dict[str, dict[str, object]]) -> None:
    """A case sees the level that is kept, not what the decision says today."""
    with running(policy(tmp_path / "p"), accounts) as engine:
        engine.reassess()
        accounts["C-1"]["annual"] = 10
        kept, fresh = (engine.open("visit", account=account, actor=CLERK).id for account in ("C-1", "C-2"))
        assert engine.fire(kept, "go", actor=CLERK, data={"result": "x"}).state == "long"
        assert engine.fire(fresh, "go", actor=CLERK, data={"result": "x"}).state == "done"


def test_a_case_runs_on_under_the_definition_it_began_with(tmp_path: Path) -> None:
    """A new version is for new cases; the old definition comes from the store and meets the policy of today."""
    url, accounts = f"sqlite:///{tmp_path}/cases.db", {"C-1": {"annual": 9000}}
    with running(policy(tmp_path / "p"), accounts, url) as engine:
        old = engine.open("visit", account="C-1", actor=CLERK)
    with running(policy(tmp_path / "p", version=2, target="thorough"), accounts, url, adopt=True) as engine:
        new = engine.open("visit", account="C-1", actor=CLERK)
        states = [engine.fire(case.id, "go", actor=CLERK, data={"result": "x"}).state for case in (old, new)]
        assert states == ["long", "thorough"]
        assert [button.event for button in engine.allowed(old.id, CLERK)] == ["end"]
        assert len(engine.timeline(old.id)) == 2
        assert engine.fire(old.id, "end", actor=CLERK).closed
    changed = policy(tmp_path / "p", version=2, target="other")
    with running(changed, accounts, url, adopt=True) as engine, pytest.raises(StoreError) as caught:
        engine.open("visit", account="C-1", actor=CLERK)
    assert caught.value.reason == "other-content"


def test_texts_of_a_form_become_data(tmp_path: Path) -> None:
    """By the workflow's declarations, with a problem for each field that does not fit."""
    with running(policy(tmp_path / "p"), {"C-1": {}}) as engine:
        form = engine.parse("visit", {"result": "agreed", "minutes": "45", "on": "2026-03-02"})
        assert form.data == {"result": "agreed", "minutes": 45, "on": date(2026, 3, 2)}
        bad = engine.parse("visit", {"minutes": "long", "weather": "x"})
        assert set(bad.problems) == {"minutes", "weather"}


def test_a_plugin_may_open_the_connections(tmp_path: Path) -> None:
    """Owned units then run on the host's own kind of connection."""
    opened = []

    class Host:
        @hookimpl
        def relflow_connect(self, tenant: str) -> object:
            return self.connected(tenant)

        @contextmanager
        def connected(self, tenant: str) -> Iterator[Link]:
            with closing(sqlite3.connect(tmp_path / "crm.db", isolation_level=None)) as connection:
                opened.append(tenant)
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield SqliteLink(connection)
                except BaseException:
                    connection.rollback()
                    raise
                connection.commit()

    source = Accounts({"C-1": {"annual": 9000}})
    with Engine(policy(tmp_path / "p"), plugins=[Host(), source], clock=Moving(START)) as engine:
        engine.store.migrate()
        case = engine.open("visit", account="C-1", actor=CLERK)
        engine.fire(case.id, "go", actor=CLERK, data={"result": "x"})
        assert engine.case(case.id).state == "long"
        assert engine.verify(case.id) == []
        assert engine.run_due().next_due == datetime.combine(START.date() + timedelta(days=1), time(), START.tzinfo)
    assert len(opened) > 4


PRIVATE = """
workflow: call
version: 1
roles: [clerk]
data:
  phone: {type: string, personal: true}
  topic: {type: string}
initial: planned
states:
  planned: {events: {end: {to: done, by: [clerk], may: [phone, topic]}}}
  done: {final: true}
"""


def test_what_a_signal_brought_can_be_forgotten(tmp_path: Path) -> None:
    """Personal data of an event stand in the case that carries it out and nowhere else, before and after erasure."""
    folder = tmp_path / "p"
    policy(folder)
    (folder / "duty.yaml").write_text(SIGNALLED, encoding="utf-8")
    with running(load(folder), {"C-1": {"annual": 9}}, f"sqlite:///{tmp_path}/cases.db") as engine:
        steps = engine.signal("moved", account="C-1", data={"address": "7 Elm Way"}, event_id="s-1")
        assert engine.case(steps[0].rpartition(":")[0]).data["address"] == "7 Elm Way"
        assert b"7 Elm Way" in b"".join(file.read_bytes() for file in tmp_path.glob("cases.db*"))
        engine.erase("C-1", actor=CLERK, because="asked by letter")
        assert b"7 Elm Way" not in b"".join(file.read_bytes() for file in tmp_path.glob("cases.db*"))
        assert engine.signal("moved", account="C-1", data={"address": "7 Elm Way"}, event_id="s-1") == steps
        assert b"7 Elm Way" not in b"".join(file.read_bytes() for file in tmp_path.glob("cases.db*"))


def test_an_account_can_be_forgotten(tmp_path: Path) -> None:
    """No personal byte is left in any file of the store; the histories verify and say the rest."""
    folder = tmp_path / "p"
    policy(folder)
    (folder / "call.yaml").write_text(PRIVATE, encoding="utf-8")
    text = POLICY.replace("annual: {type: number}", "annual: {type: number}\n  birthday: {type: date, personal: true}")
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    accounts = {"C-1": {"annual": 9, "birthday": date(1990, 1, 2)}, "C-2": {"annual": 9}}
    with running(load(folder), accounts, f"sqlite:///{tmp_path}/cases.db") as engine:
        mine = engine.open("call", account="C-1", actor=CLERK, data={"phone": "139-4711", "topic": "oil"}, event_id="o")
        other = engine.open("call", account="C-2", actor=CLERK, data={"phone": "138-0815"})
        engine.fire(mine.id, "end", actor=CLERK, data={"phone": "139-4712"}, event_id="e")
        assert engine.case(mine.id).data == {"phone": "139-4712", "topic": "oil"}
        assert b"139-471" in b"".join(file.read_bytes() for file in tmp_path.glob("cases.db*"))

        erased = engine.erase("C-1", actor=CLERK, because="asked by letter")
        assert (erased.replaced, erased.left_with_host) == (2, ("birthday",))
        left = b"".join(file.read_bytes() for file in tmp_path.glob("cases.db*"))
        assert b"139-471" not in left
        assert b"138-0815" in left
        assert engine.case(mine.id).data == {"phone": None, "topic": "oil"}
        assert engine.fire(mine.id, "end", actor=CLERK, event_id="e").data["phone"] is None
        assert [entry.changes.get("phone") for entry in engine.history(mine.id)] == [None, None]
        assert engine.verify(mine.id) == engine.verify(other.id) == []
        assert engine.case(other.id).data["phone"] == "138-0815"
        assert engine.erase("C-1", actor=CLERK, because="again").replaced == 0
        with engine.store.unit(write=False) as unit:
            assert [one.state["because"] for one in unit.standing_history("C-1", "~erasure")] == [
                "asked by letter", "again",
            ]  # fmt: skip
