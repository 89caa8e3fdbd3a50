"""Obligations: what must happen to accounts happens once, in time, also after nobody looked for a while."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relflow.builtins import Accounts
from relflow.engine import Engine
from relflow.errors import ConflictError
from relflow.policy import Policy, load
from relflow.results import Actor
from tests.strategies.engines import Moving, Postbox

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 10, tzinfo=ZONE)
MANAGER = Actor("li", ("account_manager",))
POLICY = """
policy: petroleum
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
records:
  person: {name: {type: string, personal: true}, birthday: {type: date, lunar: true}, met: {type: date}}
facts:
  people: {type: [person]}
  annual: {type: number}
  overdue: {type: number}
  contract_end: {type: date}
  founded: {type: date}
  manager: {type: string}
roles:
  account_manager: {from: manager}
  boss: {members: [wang]}
indicators:
  late: {kind: credit, when: overdue > 30}
events:
  file_changed: {data: {major: {type: boolean}}}
  other: {}
messages:
  open_since: {text: {en: "{account.id}: {result} is still open", zh: "{account.id}：{result} 仍未完成"}}
  changed: {text: {en: "{account.id}: important data changed", zh: "{account.id}：重要信息变更"}}
obligations:
  survey:
    of: account
    every: {target: 6 months, at_most: 1 year}
    when: annual > 100
    do: [{open: visit, with: {result: survey}}]
  major_change:
    of: account
    event: file_changed
    when: event.major
    do: [{notify: boss, message: changed}, {notify: account_manager, message: changed}]
  late_payer: {of: account, becomes: late, do: [{open: recovery}, {notify: boss, message: changed}]}
  renewal: {of: account, date: contract_end, before: 7 days, do: [{open: visit, with: {result: renewal}}]}
  jubilee: {of: account, yearly: founded, before: 3 days, do: [{open: visit, with: {result: jubilee}}]}
  greeting: {of: account, festival: dragon_boat, before: 2 working days, do: [{open: visit, with: {result: greeting}}]}
  reminder:
    of: inspection
    every: {target: 2 days, at_most: 3 days}
    when: state = "planned" and owner = null
    do: [{notify: boss, message: open_since}]
  follow_up: {of: visit, becomes: result = "agreed", do: [{open: recovery, with: {result: follow_up}}]}
  birthday: {of: people, yearly: birthday, before: 2 days, do: [{open: visit, with: {result: = item.name}}]}
  anniversary: {of: people, yearly: met, when: item.name != "Wu", do: [{open: recovery, with: {result: met}}]}
  security: {of: company, every: {target: 1 month, at_most: 2 months}, do: [{open: inspection}]}
"""
FLOW = """
workflow: {name}
version: 1
roles: [account_manager, boss]
data: {{result: {{type: string}}}}
initial: planned
states:
  planned: {{events: {{end: {{to: done, by: [account_manager, boss]}}}}}}
  done: {{final: true}}
"""


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The policy, read once."""
    folder = tmp_path_factory.mktemp("policy")
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    for name in ("visit", "recovery", "inspection"):
        (folder / f"{name}.yaml").write_text(FLOW.format(name=name), encoding="utf-8")
    return load(folder)


class Desk:
    """An engine with accounts that the test may change, and a clock that it moves."""

    def __init__(self, policy: Policy, store: str) -> None:
        self.accounts: dict[str, dict[str, object]] = {"C-1": {"manager": "li"}}
        self.clock = Moving(START)
        self.box = Postbox()
        self.engine = Engine(policy, store=store, plugins=[Accounts(self.accounts), self.box], clock=self.clock)

    def on(self, day: str) -> list[str]:
        """Run until nothing more is due on a day; what was opened, in order."""
        self.clock.at = datetime.combine(date.fromisoformat(day), START.timetz())
        known = set(self.cases())
        while (report := self.engine.run_due()).more:
            pass
        assert report.errors == ()
        assert report.next_due == datetime.combine(
            date.fromisoformat(day) + timedelta(days=1), datetime.min.time(), ZONE
        )
        return sorted(self.cases()[case] for case in self.cases().keys() - known)

    def cases(self) -> dict[str, str]:
        """Every case with what it is for."""
        return {case.id: str(case.data.get("result") or case.workflow) for case in self.engine.cases()}


@pytest.fixture(params=["memory:", "sqlite"])
def desk(request: pytest.FixtureRequest, policy: Policy, tmp_path: Path) -> Iterator[Desk]:
    """A desk on a fresh store."""
    url = "memory:" if request.param == "memory:" else f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"
    made = Desk(policy, url)
    with made.engine:
        yield made


def close(desk: Desk) -> None:
    """End every open case."""
    for case in desk.engine.cases(open_only=True):
        desk.engine.fire(case.id, "end", actor=Actor("wang", ("boss",)))


def test_a_survey_comes_every_six_months(desk: Desk) -> None:
    """Counted from its own day and not from the day on which somebody ran; the filter must hold."""
    desk.accounts["C-1"]["annual"] = 900
    days = ["2026-03-02", "2026-09-01", "2026-09-02", "2026-09-03", "2027-03-01", "2027-03-02"]
    found = {}
    for day in days:
        found[day] = [what for what in desk.on(day) if what == "survey"]
        close(desk)
    assert [day for day, what in found.items() if what] == ["2026-09-02", "2027-03-02"]


def test_what_was_missed_happens_once(desk: Desk) -> None:
    """After two years without a worker one survey is due, and the next one is back in its rhythm."""
    desk.accounts["C-1"]["annual"] = 900
    desk.on("2026-03-02")
    assert desk.on("2028-03-10").count("survey") == 1
    close(desk)
    assert "survey" not in desk.on("2028-09-01")
    assert "survey" in desk.on("2028-09-02")


def test_one_case_is_open_for_each_obligation_and_account(desk: Desk) -> None:
    """While the survey is open, no second one is opened; another account has its own."""
    desk.accounts["C-1"]["annual"] = 900
    desk.accounts["C-2"] = {"manager": "liu", "annual": 900}
    desk.on("2026-03-02")
    assert desk.on("2026-09-02").count("survey") == 2
    assert desk.on("2027-03-02").count("survey") == 0
    close(desk)
    assert desk.on("2027-09-02").count("survey") == 2


def test_a_condition_fires_when_it_turns_true(desk: Desk) -> None:
    """At the first look too; not while it stays true or is unknown; again after it was false."""
    steps = [(40, 1), (50, 0), (None, 0), (50, 0), (10, 0), (40, 1), (None, 0), (40, 0)]
    for number, (overdue, opened) in enumerate(steps, start=2):
        desk.accounts["C-1"]["overdue"] = overdue
        assert desk.on(f"2026-03-{number:02d}").count("recovery") == opened, number
        close(desk)
    assert [message.text for message in desk.box.sent] == ["C-1: important data changed"] * 2


def test_a_date_has_its_lead_and_is_served_once(desk: Desk) -> None:
    """Seven days before the contract ends, and not again; a new end is a new occasion."""
    desk.accounts["C-1"]["contract_end"] = date(2026, 3, 20)
    assert desk.on("2026-03-12") == []
    assert desk.on("2026-03-13") == ["renewal"]
    close(desk)
    assert desk.on("2026-03-14") == []
    desk.accounts["C-1"]["contract_end"] = date(2026, 4, 1)
    assert desk.on("2026-03-25") == ["renewal"]


def test_a_date_that_passed_while_nobody_looked_is_made_up_for(desk: Desk) -> None:
    """But one that was over before the first look is not."""
    desk.accounts["C-1"]["contract_end"] = date(2026, 3, 20)
    desk.accounts["C-2"] = {"manager": "liu", "contract_end": date(2026, 2, 20)}
    desk.on("2026-03-02")
    assert desk.on("2026-03-30") == ["renewal"]


def test_an_anniversary_comes_every_year(desk: Desk) -> None:
    """The founding day, three days ahead."""
    desk.accounts["C-1"]["founded"] = date(2001, 5, 10)
    for day, found in (("2026-05-06", 0), ("2026-05-07", 1), ("2026-05-08", 0), ("2027-05-06", 0), ("2027-05-07", 1)):
        assert desk.on(day).count("jubilee") == found, day
        close(desk)


def test_a_festival_counts_working_days_back(desk: Desk) -> None:
    """The dragon boat festival of 2026 is Friday, June 19th: two working days before is Wednesday."""
    for day, found in (("2026-06-16", 0), ("2026-06-17", 1), ("2026-06-18", 0)):
        assert desk.on(day).count("greeting") == found, day
        close(desk)


def test_a_signal_carries_out_what_waits_for_it(desk: Desk) -> None:
    """With the event's data in the filter, once for each event id, told to everybody meant."""
    steps = desk.engine.signal("file_changed", account="C-1", data={"major": True}, event_id="s-1")
    assert desk.engine.signal("file_changed", account="C-1", data={"major": True}, event_id="s-1") == steps
    assert desk.engine.signal("file_changed", account="C-1", data={"major": False}, event_id="s-2") == ()
    assert desk.engine.signal("file_changed", account="C-1", data={"major": True}, event_id="s-2") == ()
    with pytest.raises(ConflictError, match="`s-1` was already used") as refused:
        desk.engine.signal("other", account="C-1", event_id="s-1")
    assert refused.value.reason == "event-id"
    assert "已用于" in refused.value.text("zh")
    desk.engine.dispatch()

    assert steps == ("~major_change/C-1/s-1:1", "~major_change/C-1/s-1:2")
    assert sorted(message.recipient for message in desk.box.sent) == ["li", "wang"]
    assert desk.engine.cases() == []
    assert [case.state for case in desk.engine.cases(workflow="~major_change")] == ["done"]
    assert desk.engine.verify("~major_change/C-1/s-1") == []


def test_an_open_case_has_obligations_of_its_own(desk: Desk) -> None:
    """People are reminded every two days, counted from the opening, until the case is closed."""
    case = desk.engine.open("inspection", data={"result": "yearly"}, actor=MANAGER)
    told = []
    for day in ("2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-12", "2026-03-13"):
        before = len(desk.box.sent)
        desk.on(day)
        told.append(len(desk.box.sent) - before)
    assert told == [0, 1, 0, 1, 1, 0]
    assert "yearly is still open" in desk.box.sent[0].text
    desk.engine.fire(case.id, "end", actor=Actor("wang", ("boss",)))
    sent = len(desk.box.sent)
    desk.on("2026-03-20")
    assert len(desk.box.sent) == sent


def test_a_case_that_turns_opens_its_child_once(desk: Desk) -> None:
    """It is looked at after each step; the child belongs to the subject case and its account."""
    visit = desk.engine.open("visit", account="C-1", data={"result": "agreed"}, actor=MANAGER)
    other = desk.engine.open("visit", account="C-1", data={"result": "refused"}, actor=MANAGER)
    assert sorted(desk.cases().values()) == ["agreed", "follow_up", "refused"]
    assert desk.on("2026-03-03") == desk.on("2026-03-04") == []
    (child,) = desk.engine.cases(workflow="recovery")
    assert (child.parent, child.account) == (visit.id, "C-1")
    assert desk.engine.cases(parent=other.id) == []
    assert desk.engine.fire(child.id, "end", actor=MANAGER).closed
    assert desk.engine.verify(visit.id) == []


def test_people_of_an_account_have_days_of_their_own(desk: Desk) -> None:
    """A lunar birthday and a solar day for each item of a list; filters and openings see the item."""
    # the 15th day of the 5th lunar month was 1990-06-07, and is 2026-06-29 and 2027-06-19
    desk.accounts["C-1"]["people"] = [
        {"name": "Wu", "birthday": date(1990, 6, 7), "met": date(2020, 7, 1)},
        {"name": "Lin", "met": date(2019, 7, 1)},
    ]
    found = {}
    for day in ("2026-06-07", "2026-06-26", "2026-06-27", "2026-06-28", "2026-07-01", "2026-07-02", "2027-06-17"):
        found[day] = [what for what in desk.on(day) if what in {"Wu", "Lin", "met"}]
        close(desk)
    assert {day: what for day, what in found.items() if what} == {
        "2026-06-27": ["Wu"],
        "2026-07-01": ["met"],
        "2027-06-17": ["Wu"],
    }
    keys = [case.id for case in desk.engine.cases(workflow="~birthday")]
    assert len(keys) == 2
    assert not any("Wu" in key for key in keys)


def test_the_sweep_stops_and_resumes(desk: Desk) -> None:
    """A thousand accounts in pages: the limit is kept, nobody is left out and nobody is served twice."""
    desk.accounts.update({f"A-{n:04d}": {"manager": "li", "overdue": 99} for n in range(450)})
    opened, runs = 0, 0
    while True:
        report = desk.engine.run_due(limit=200)
        opened += report.opened
        runs += 1
        if not report.more:
            break
    assert opened == 450
    assert runs >= 3
    assert desk.engine.run_due().opened == 0


def test_one_accounts_bad_facts_harm_nobody_else(desk: Desk) -> None:
    """The report names the account, not its values."""
    desk.accounts["C-1"]["overdue"] = "secret"
    desk.accounts["C-2"] = {"manager": "liu", "overdue": 99}
    report = desk.engine.run_due()

    assert report.opened == 1
    assert [problem.what for problem in report.errors] == ["C-1"]
    assert "secret" not in report.text() + report.text("zh")


def test_two_workers_sweep_without_doubling(policy: Policy, tmp_path: Path) -> None:
    """Whoever comes second finds that the first has been there."""
    accounts: dict[str, dict[str, Any]] = {f"A-{n:03d}": {"manager": "li", "overdue": 99} for n in range(60)}
    url, opened = f"sqlite:///{tmp_path}/cases.db?synchronous=OFF", []

    def work() -> None:
        with Engine(policy, store=url, plugins=[Accounts(accounts)], clock=Moving(START)) as engine:
            report = engine.run_due()
            assert report.errors == ()
            opened.append(report.opened)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with Engine(policy, store=url, plugins=[Accounts(accounts)], clock=Moving(START)) as engine:
        assert len(engine.cases(workflow="recovery")) == sum(opened) == 60
