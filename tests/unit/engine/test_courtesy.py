"""How messages go out: quiet hours, limits of a channel, approval before sending, personal values where they may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relflow.builtins import Accounts, Recipients
from relflow.engine import Engine
from relflow.errors import NotFoundError, PolicyError, RefusedError
from relflow.policy import Policy, load
from relflow.results import Actor, Recipient
from tests.strategies.engines import Moving, Postbox

ZONE = ZoneInfo("Asia/Shanghai")
POLICY = """
policy: courteous
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
include: [visit.yaml]
parameters:
  most: {type: number, value: 2}
facts: {manager: {type: string}, contact_name: {type: string, personal: true}}
roles: {account_manager: {from: manager}, boss: {members: [wang]}}
channels:
  sms: {quiet: "21:00-08:00", at_most: {count: = most, per: 1 day}}
  mail: {personal: true}
messages:
  plain: {text: {en: "{result} for {account.contact_name}", zh: "{account.contact_name}：{result}"}}
  named: {personal: true, text: {en: "{result} for {account.contact_name}", zh: "{account.contact_name}：{result}"}}
  alarm: {urgent: true, text: {en: "alarm {result}", zh: "紧急 {result}"}}
  offer: {approval: boss, text: {en: "offer {result}", zh: "报价 {result}"}}
  given: {text: {en: "dear {whom}", zh: "{whom}，您好"}}
"""
VISIT = """
workflow: visit
version: 1
roles: [account_manager, boss]
data: {result: {type: string}, guest: {type: string, personal: true}}
initial: due
states:
  due:
    events:
      tell: {may: [result], do: [{notify: account_manager, message: plain}]}
      name: {may: [result], do: [{notify: account_manager, message: named}]}
      alarm: {may: [result], do: [{notify: account_manager, message: alarm}]}
      offer: {may: [result], do: [{notify: account_manager, message: offer}]}
      greet: {may: [guest], do: [{notify: account_manager, message: given, with: {whom: = guest}}]}
      end: done
  done: {final: true}
"""
LI, BOSS = Actor("li", ("account_manager",)), Actor("wang")


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """Messages of every kind and two channels."""
    folder = tmp_path_factory.mktemp("courteous")
    (folder / "policy.yaml").write_text(POLICY, "utf-8")
    (folder / "visit.yaml").write_text(VISIT, "utf-8")
    return load(folder)


class Desk:
    """An engine whose one recipient is reached on a channel of the test's choice."""

    def __init__(self, policy: Policy, store: str) -> None:
        self.clock = Moving(datetime(2026, 3, 2, 20, tzinfo=ZONE))
        self.people = {"li": Recipient("13900000000", "sms")}
        self.box = Postbox()
        host = Accounts({"C-1": {"manager": "li", "contact_name": "Wu"}})
        self.engine = Engine(policy, store=store, plugins=[host, Recipients(self.people), self.box], clock=self.clock)
        self.case = self.engine.open("visit", account="C-1", data={"result": "0"}, actor=LI).id

    def fire(self, event: str, result: str) -> list[str]:
        """One event, one run; what was sent by it."""
        before = len(self.box.sent)
        data = {"guest" if event == "greet" else "result": result}
        self.engine.fire(self.case, event, actor=LI, data=data, event_id=f"{event} {result}")
        self.report = self.engine.run_due()
        return [message.text for message in self.box.sent[before:]]

    def run(self) -> list[str]:
        """What a run sends."""
        before = len(self.box.sent)
        self.report = self.engine.run_due()
        return [message.text for message in self.box.sent[before:]]


@pytest.fixture(params=["memory:", "sqlite"])
def desk(request: pytest.FixtureRequest, policy: Policy, tmp_path: Path) -> Iterator[Desk]:
    """A desk on each store that is built in."""
    made = Desk(policy, f"sqlite:///{tmp_path / 'cases.db'}" if request.param == "sqlite" else "memory:")
    with made.engine:
        yield made


def test_nothing_goes_out_in_quiet_hours(desk: Desk) -> None:
    """It waits until the morning of the recipient, costs no attempt, and the report says when to call."""
    desk.clock.at = datetime(2026, 3, 2, 23, tzinfo=ZONE)
    assert desk.fire("tell", "1") == []
    assert (desk.report.errors, desk.report.next_due) == ((), datetime(2026, 3, 3, 8, tzinfo=ZONE))
    for hour in (0, 3, 7):
        desk.clock.at = datetime(2026, 3, 3, hour, 59, tzinfo=ZONE)
        assert desk.run() == []
    desk.clock.at = datetime(2026, 3, 3, 8, tzinfo=ZONE)
    assert desk.run() == ["1 for ***"]
    assert desk.box.sent[-1].attempt == 1


def test_quiet_hours_are_those_of_the_recipient(desk: Desk) -> None:
    """Nine in the morning here is the middle of the night there."""
    desk.people["li"] = Recipient("1", "sms", timezone="America/New_York")
    desk.clock.at = datetime(2026, 3, 2, 12, tzinfo=ZONE)
    assert desk.fire("tell", "1") == []
    desk.clock.at = datetime(2026, 3, 2, 21, tzinfo=ZONE)
    assert desk.run() == ["1 for ***"]


def test_an_urgent_message_waits_for_nothing(desk: Desk) -> None:
    """Neither the hour nor the limit holds it."""
    desk.clock.at = datetime(2026, 3, 2, 23, tzinfo=ZONE)
    assert [desk.fire("alarm", str(number)) for number in range(4)] == [[f"alarm {number}"] for number in range(4)]


def test_a_channel_has_a_limit_for_each_recipient(desk: Desk) -> None:
    """The third message of a day goes out when the first is a day old."""
    desk.clock.at = datetime(2026, 3, 3, 10, tzinfo=ZONE)
    assert desk.fire("tell", "1") == ["1 for ***"]
    desk.clock.on(hours=1)
    assert desk.fire("tell", "2") == ["2 for ***"]
    desk.clock.on(hours=1)
    assert desk.fire("tell", "3") == []
    desk.clock.at = datetime(2026, 3, 4, 9, 59, tzinfo=ZONE)
    assert desk.run() == []
    desk.clock.at = datetime(2026, 3, 4, 10, tzinfo=ZONE)
    assert desk.run() == ["3 for ***"]


def test_personal_values_go_where_they_are_asked_for_and_may_go(desk: Desk) -> None:
    """Masked on a channel that may not, and in a message that does not ask; nothing personal is in the outbox."""
    assert desk.fire("name", "1") == ["1 for ***"]
    desk.people["li"] = Recipient("li@example.com", "mail")
    assert desk.fire("name", "2") == ["2 for Wu"]
    assert desk.fire("tell", "3") == ["3 for ***"]
    assert not any("Wu" in str(notice.item) for notice in desk.engine.outbox())


def test_what_an_effect_hands_on_is_masked_like_what_it_comes_from(desk: Desk) -> None:
    """A personal datum under another name stays out of the text and of the message's fields."""
    desk.people["li"] = Recipient("li@example.com", "mail")
    assert desk.fire("greet", "Lin") == ["dear ***"]
    assert "Lin" not in str(desk.box.sent[-1])


def test_a_message_waits_for_its_approval(desk: Desk) -> None:
    """Held and listed, released by the role alone, then sent once."""
    assert desk.fire("offer", "1") == []
    assert [problem.reason for problem in desk.report.errors] == ["held"]
    assert desk.report.errors[0].text().endswith("waits until `boss` releases it")
    assert desk.run() == []
    (notice,) = desk.engine.held()
    health = desk.engine.health()
    assert (health.waits.dead, health.waits.held) == (0, 1)
    assert ("1 message waits for approval: see `relflow case held`", "1 条消息待批准：请查看 `relflow case held`") in (
        health.problems()
    )
    with pytest.raises(RefusedError, match="only `boss` may release"):
        desk.engine.approve(notice.item.key, actor=LI)
    desk.engine.approve(notice.item.key, actor=BOSS)
    assert desk.run() == ["offer 1"]
    assert desk.engine.held() == []
    with pytest.raises(NotFoundError):
        desk.engine.approve(notice.item.key, actor=BOSS)


def test_a_message_is_refused_for_good(desk: Desk) -> None:
    """It never goes out, also when dead messages are replayed; those behind it do."""
    desk.fire("offer", "1")
    (notice,) = desk.engine.held()
    with pytest.raises(RefusedError):
        desk.engine.refuse(notice.item.key, actor=BOSS, because=" ")
    desk.engine.refuse(notice.item.key, actor=BOSS, because="too dear")
    desk.engine.replay()
    assert desk.run() == []
    assert desk.engine.held() == []
    assert desk.fire("tell", "2") == ["2 for ***"]


def test_a_replay_does_not_pass_an_approval_by(desk: Desk) -> None:
    """Whoever replays what was given up finds the held message held again."""
    desk.fire("offer", "1")
    desk.engine.replay()
    assert desk.run() == []
    assert len(desk.engine.held()) == 1
    assert desk.clock.on(days=1) - timedelta(days=1) == datetime(2026, 3, 2, 20, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('channels: {sms: {quiet: "late"}}', "`late` is no stretch of a day"),
        ('channels: {sms: {quiet: "21:00-21:00"}}', "is no stretch of a day"),
        ("messages: {offer: {approval: bos, text: x}}", "there is no role `bos` to release a message"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_load(tmp_path: Path, line: str, says: str) -> None:
    """Hours that are none and a role that does not exist are errors of the policy."""
    (tmp_path / "policy.yaml").write_text(
        f"policy: x\nversion: 1\nroles: {{boss: {{members: [w]}}}}\n{line}\n", "utf-8"
    )
    with pytest.raises(PolicyError) as caught:
        load(tmp_path)
    assert any(says in problem.text() for problem in caught.value.diagnostics)
