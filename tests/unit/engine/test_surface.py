"""What hosts call beside opening and firing: keys, viewers, forms, contacts, the clockwork inside a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relflow.builtins import Accounts
from relflow.calendars import DayList
from relflow.engine import Engine
from relflow.errors import NotFoundError, PluginError, PolicyError, RefusedError
from relflow.hooks import hookimpl
from relflow.policy import Policy, load
from relflow.results import Actor, Case, Contact
from relflow.stores import SqliteStore
from relflow.testing import deliver
from relflow.text import Text
from tests.strategies.engines import Moving, Postbox

START = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
CLERK = Actor("zhang", ("clerk",))
POLICY = """
policy: shop
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
categories: {health: {steward: nurse, seen_by: [doctor]}}
facts: {size: {type: number}, illness: {type: string, personal: true, category: health}}
roles: {clerk: {}, nurse: {}, doctor: {}, guard: {}}
cadences:
  contact:
    touchpoints: {visit: {channel: visit}, call: {channel: phone}}
    plan: |
      | size || touchpoint | target  |
      | > 5  || visit      | 1 month |
"""
CLAIM = """
workflow: claim
version: 1
roles: [clerk]
data: {text: {type: string}, phone: {type: string, personal: true}, illness: {type: string, personal: true}}
initial: new
states:
  new: {events: {take: {to: done, by: clerk, may: [phone]}, note: {by: clerk, needs: [text]}}}
  done: {final: true}
clocks: {answer: {from: new, until: done, within: 4 working hours, steps: [{at: due, do: [{notify: clerk}]}]}}
"""


def written(folder: Path, policy: str = POLICY) -> Path:
    """The policy's folder."""
    folder.mkdir(exist_ok=True)
    (folder / "policy.yaml").write_text(policy, encoding="utf-8")
    (folder / "claim.yaml").write_text(CLAIM, encoding="utf-8")
    return folder


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    """The policy."""
    return load(written(tmp_path / "policy"))


@pytest.fixture
def clock() -> Moving:
    """Nine o'clock on a Monday."""
    return Moving(START)


@pytest.fixture
def running(policy: Policy, clock: Moving) -> Iterator[Engine]:
    """An engine in memory."""
    accounts = Accounts({"C-1": {"size": 7}, "C-2": {"size": 1}})
    with Engine(policy, store="memory:", plugins=[accounts], clock=clock) as made:
        yield made


def opened(running: Engine, **fields: object) -> Case:
    """A claim with personal data."""
    return running.open(
        "claim", account="C-1", data={"text": "x", "phone": "139", "illness": "flu"}, actor=CLERK, **fields
    )  # type: ignore[arg-type]


def test_cases_are_found_by_the_hosts_keys(running: Engine) -> None:
    """Of one workflow; unknown ones are left out, other filters count too."""
    one, other = opened(running, key="t-1"), opened(running, key="t-2")
    assert running.cases(workflow="claim", keys=["t-2", "t-1", "t-9"]) == [one, other]
    assert running.cases(workflow="claim", keys=["t-2"], ids=[one.id]) == []
    with pytest.raises(TypeError):
        running.cases(keys=["t-1"])


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        (None, set()),
        (Actor("wu", ("guard",)), set()),
        (CLERK, {"139"}),
        (Actor("wu", ("doctor",)), {"flu"}),
        (Actor("wu", ("nurse",)), {"flu"}),
        (Actor("wu", ("nurse", "clerk")), {"139", "flu"}),
    ],
)
def test_a_timeline_shows_what_its_viewer_may_see(running: Engine, viewer: Actor | None, seen: set[str]) -> None:
    """By the category's `seen_by` and steward; of no category by whoever works on such cases."""
    case = opened(running)
    said = "\n".join(line.render("en") for line in running.timeline(case.id, viewer=viewer))
    assert {value for value in ("139", "flu") if value in said} == seen
    assert "text: x" in said


def test_a_clock_says_where_it_stands(running: Engine, clock: Moving) -> None:
    """In the language and zone that are asked for."""
    case = opened(running)
    zone = ZoneInfo("Asia/Shanghai")
    assert case.clocks["answer"].text("en", zone) == "running, due 2026-03-02 14:30"
    clock.on(hours=9)
    running.run_due()
    assert running.case(case.id).clocks["answer"].text("zh", zone) == "已超时，2026-03-02 14:30 到期"


def test_a_form_knows_what_its_event_takes(running: Engine) -> None:
    """A field that the event does not take is a problem of that field; an unknown event is refused."""
    assert running.parse("claim", {"phone": "139"}, "take").data == {"phone": "139"}
    form = running.parse("claim", {"phone": "139", "illness": "", "text": "x"}, "take")
    assert (form.data, set(form.problems)) == ({"phone": "139"}, {"text"})
    assert form.problems["text"].text("zh") == "在此不需要填写"
    with pytest.raises(RefusedError) as caught:
        running.parse("claim", {}, "taek")
    assert caught.value.details["nearest"] == "take"


def test_contacts_are_remembered_and_planned_from(running: Engine) -> None:
    """Each key counts once; the plan goes on from the last contact; accounts without a rhythm get none."""
    first = running.plan_contacts(["C-1", "C-2", "C-9"], until=date(2026, 5, 1))
    assert set(first) == {"C-1", "C-2"}
    assert first["C-2"] == ()
    assert running.contacted("C-1", "visit", key="v-1") is True
    assert running.contacted("C-1", "visit", key="v-1", on=date(2026, 1, 1)) is False
    assert running.contacted("C-1", "visit", key="v-0", on=date(2026, 2, 3)) is True
    assert running.contacts("C-1") == (Contact("visit", date(2026, 2, 3)), Contact("visit", date(2026, 3, 2)))
    assert running.contacts("C-2") == ()
    (planned,) = running.plan_contacts(["C-1"], until=date(2026, 5, 1))["C-1"]
    assert planned.on == date(2026, 4, 2)
    with pytest.raises(NotFoundError) as caught:
        running.contacted("C-1", "vist", key="v-2")
    assert "`visit`" in caught.value.text("zh")


def test_the_clockwork_runs_inside_a_hosts_transaction(policy: Policy, tmp_path: Path, clock: Moving) -> None:
    """A host's test that never commits sees timers fire and messages go out; rolled back, nothing is left."""
    postbox = Postbox()
    accounts = Accounts({"C-1": {"size": 7}})
    store = SqliteStore(tmp_path / "cases.db", synchronous="OFF")
    store.migrate()
    with (
        Engine(policy, store=store, plugins=[accounts, postbox], clock=clock) as engine,
        closing(sqlite3.connect(tmp_path / "cases.db")) as connection,
    ):
        connection.execute("BEGIN")
        unit = engine.on(connection)
        case = unit.open("claim", account="C-1", data={"text": "x"}, actor=CLERK)
        clock.on(days=1)
        report = unit.run_due()
        assert (report.fired, report.errors) == (1, ())
        assert unit.case(case.id).clocks["answer"].breached
        assert deliver(unit).delivered == 1
        assert deliver(unit).delivered == 0
        assert [sent.recipient for sent in postbox.sent] == ["clerk"]
        connection.rollback()
        assert engine.cases() == []


def test_an_owned_unit_runs_what_is_due_in_one_transaction(running: Engine, clock: Moving) -> None:
    """Up to a limit, and says when to call again."""
    opened(running), opened(running)
    clock.on(days=1)
    with running.unit() as unit:
        assert (unit.run_due(limit=1).fired, unit.run_due().fired) == (1, 1)
        assert unit.run_due().next_due is None


class Calendars:
    """Brings a calendar in which every Monday of March 2026 is off."""

    @hookimpl
    def relflow_calendars(self) -> dict[str, DayList]:
        """By the name that a policy writes as its country."""
        days = {date(2026, 3, day): Text.of("off") for day in (2, 9, 16)}
        return {"ACME": DayList("ACME", closed=days, always=True)}


class Odd:
    """Brings something that is no calendar."""

    @hookimpl
    def relflow_calendars(self) -> dict[str, object]:
        """By name."""
        return {"ACME": "mondays"}


def test_a_plugin_brings_a_calendar(tmp_path: Path) -> None:
    """The policy names it as its country, and its cases count by it; without the plugin the policy does not load."""
    folder = written(tmp_path / "acme", POLICY.replace("country: CN", "country: ACME"))
    loaded = load(folder, plugins=[Calendars()])
    assert not loaded.program.calendar.day(date(2026, 3, 9)).works
    with Engine(loaded, plugins=[Accounts({"C-1": {}})], clock=Moving(START)) as engine:
        assert opened(engine).clocks["answer"].due_at == START + timedelta(days=1, hours=5, minutes=30)
    with pytest.raises(PolicyError):
        load(folder)
    with pytest.raises(PluginError) as caught:
        load(folder, plugins=[Odd()])
    assert "应为 `relflow.calendars.DayList`" in caught.value.text("zh")


def test_an_engine_takes_no_functions_behind_the_policys_back(policy: Policy, tmp_path: Path) -> None:
    """A plugin that offers what only loading takes has to be given there; one that was is fine."""
    with pytest.raises(PluginError) as caught:
        Engine(policy, plugins=[Calendars()])
    assert caught.value.reason == "late-offer"
    assert "load(plugins=…)" in caught.value.text("zh")
    plugin = Calendars()
    Engine(load(tmp_path / "policy", plugins=[plugin]), plugins=[plugin]).close()
