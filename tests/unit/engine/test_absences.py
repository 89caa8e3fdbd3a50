"""Delegation during absence: roles, `not_by`, notifications and assignments follow, and history names both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relflow.builtins import Accounts
from relflow.engine import Engine
from relflow.errors import FactError, RefusedError
from relflow.policy import Policy, load
from relflow.results import Actor, Case
from tests.strategies.engines import Moving, Postbox

START = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
ADMIN, ZHANG, LI, WANG = Actor("root"), Actor("zhang"), Actor("li"), Actor("wang")
POLICY = """
policy: shop
version: 1
timezone: Asia/Shanghai
facts: {manager: {type: string}}
roles:
  manager: {from: manager}
  chief: {members: [wang]}
"""
CLAIM = """
workflow: claim
version: 1
roles: [manager, chief]
owner: manager
initial: new
states:
  new:
    events:
      propose: {to: proposed, by: manager, do: [{notify: [owner, chief]}]}
      mine: {by: owner}
      both: {to: done, by: {all: [manager, chief]}}
  proposed:
    events:
      approve: {to: done, by: [manager, chief], not_by: [propose], do: [{assign: chief}]}
      back: {to: new, by: chief, do: [{assign: manager}]}
  done: {final: true}
"""


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """A manager from the account, one chief."""
    folder = tmp_path_factory.mktemp("policy")
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (folder / "claim.yaml").write_text(CLAIM, encoding="utf-8")
    return load(folder)


@pytest.fixture
def clock() -> Moving:
    """Nine o'clock on a Monday."""
    return Moving(START)


@pytest.fixture(params=["memory:", "sqlite"])
def running(request: pytest.FixtureRequest, policy: Policy, tmp_path: Path, clock: Moving) -> Iterator[Engine]:
    """An engine on a fresh store."""
    url = "memory:" if request.param == "memory:" else f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"
    with Engine(policy, store=url, plugins=[Accounts({"C-1": {"manager": "zhang"}})], clock=clock) as made:
        yield made


def opened(running: Engine) -> Case:
    """A claim of zhang's account."""
    return running.open("claim", account="C-1", actor=ZHANG)


def away(running: Engine, absent: str = "zhang", stand_in: str = "li", days: int = 7) -> None:
    """Somebody is away from now on."""
    running.delegate(absent, stand_in, start=START, until=START + timedelta(days=days), actor=ADMIN, because="holiday")


def told(running: Engine, case: Case) -> list[str]:
    """Who was written to."""
    return [notice.item.recipient for notice in running.outbox(case=case.id)]  # type: ignore[union-attr]


def test_a_stand_in_may_what_the_colleague_may(running: Engine, clock: Moving) -> None:
    """From the beginning until the end; before and after, and for others, nothing changes. History names both."""
    case = opened(running)
    with pytest.raises(RefusedError):
        running.fire(case.id, "propose", actor=LI)
    running.delegate(
        "zhang", "li", start=START + timedelta(days=1), until=START + timedelta(days=2), actor=ADMIN, because="visit"
    )
    with pytest.raises(RefusedError):
        running.fire(case.id, "propose", actor=LI)
    clock.on(days=1)
    open_ = {one.event: one.refused is None for one in running.allowed(case.id, LI)}
    assert open_ == {"propose": True, "mine": True, "both": True}
    with pytest.raises(RefusedError):
        running.fire(case.id, "propose", actor=Actor("sun"))
    after = running.fire(case.id, "propose", actor=LI)

    assert after.fired_by == {"propose": ("li", "zhang")}
    entry = running.history(case.id)[-1]
    assert entry.trigger.actor == Actor("li", acting_for="zhang")
    assert "in the place of zhang" in running.timeline(case.id)[-1].render("en")
    assert "代 zhang 操作" in running.timeline(case.id)[-1].render("zh")
    clock.on(days=1)
    assert not any(one.refused is None for one in running.allowed(opened(running).id, LI))
    assert running.verify(case.id) == []


def test_ones_own_roles_come_first(running: Engine) -> None:
    """Who may by oneself acts for oneself, delegation or not."""
    case = opened(running)
    away(running, "zhang", "wang")
    running.fire(case.id, "propose", actor=ZHANG)
    assert running.fire(case.id, "back", actor=WANG).fired_by["back"] == ("wang",)


def test_nobody_approves_what_was_done_in_their_name(running: Engine) -> None:
    """`not_by` counts a stand-in as both: neither the colleague afterwards, nor the stand-in for the colleague."""
    case = opened(running)
    away(running)
    running.fire(case.id, "propose", actor=LI)
    for actor in (LI, ZHANG):
        with pytest.raises(RefusedError) as caught:
            running.fire(case.id, "approve", actor=actor)
        assert caught.value.details["not_by"] == "propose"
    other = opened(running)
    running.fire(other.id, "propose", actor=ZHANG)
    with pytest.raises(RefusedError):
        running.fire(other.id, "approve", actor=LI)
    assert running.fire(case.id, "approve", actor=WANG).closed


def test_one_person_signs_once_for_two_roles(running: Engine) -> None:
    """A chief who stands in for the manager does not sign alone where two have to."""
    case = opened(running)
    away(running, "zhang", "wang")
    running.fire(case.id, "both", actor=WANG)
    with pytest.raises(RefusedError):
        running.fire(case.id, "both", actor=WANG)
    assert running.fire(case.id, "both", actor=ZHANG).closed


def test_notifications_and_assignments_go_to_the_stand_in(running: Engine) -> None:
    """The owner, a role's holder, a new case's owner; nobody is told twice."""
    before = opened(running)
    away(running)
    after = opened(running)
    assert (before.owner, after.owner) == ("zhang", "li")
    running.fire(before.id, "propose", actor=LI)
    assert told(running, before) == ["li", "wang"]
    assert "stand_in:li:zhang" in running.history(before.id)[-1].findings
    assert "li stands in for zhang" in running.timeline(before.id)[-1].render("en")
    assert running.fire(before.id, "back", actor=WANG).owner == "li"
    away(running, "wang", "li")
    running.fire(after.id, "propose", actor=LI)
    assert told(running, after) == ["li"]


def test_a_stand_in_who_is_away_passes_it_on(running: Engine) -> None:
    """Along a chain; where it is a circle, nobody stands in."""
    away(running, "zhang", "li")
    away(running, "li", "sun")
    assert opened(running).owner == "sun"
    running.fire(opened(running).id, "propose", actor=Actor("sun"))
    away(running, "sun", "zhang")
    assert opened(running).owner == "zhang"


def test_delegations_are_listed_and_end_early(running: Engine, clock: Moving) -> None:
    """What lies behind the return is cut; the periods before stay on record."""
    away(running)
    running.delegate("zhang", "sun", start=START + timedelta(days=9), until=START + timedelta(days=10), actor=ADMIN)
    assert [one.stand_in for one in running.delegations()] == ["li", "sun"]
    assert [one.stand_in for one in running.delegations(at=START)] == ["li"]
    clock.on(days=2)
    running.end_delegation("zhang", actor=ADMIN, because="back early")
    assert [(one.stand_in, one.until - START) for one in running.delegations()] == [("li", timedelta(days=2))]
    assert opened(running).owner == "zhang"
    with running.store.unit(write=False) as unit:
        versions = unit.standing_history("~absences", "zhang")
    assert [one.cause for one in versions] == ["holiday", "", "back early"]


@pytest.mark.parametrize(("stand_in", "days"), [("zhang", 7), ("sun", 7), ("li", 7), ("sun", -1)])
def test_a_senseless_delegation_is_refused(running: Engine, stand_in: str, days: int) -> None:
    """Oneself, a second one at the same time, an end before the beginning; in both languages."""
    away(running)
    with pytest.raises(RefusedError) as caught:
        away(running, "zhang", stand_in, days)
    assert caught.value.reason == "delegation"
    assert caught.value.text("zh").startswith(f"`{stand_in}` 不能代理 `zhang`")


def test_an_instant_without_a_zone_is_refused(running: Engine) -> None:
    """A delegation from somewhere in time would be read differently everywhere."""
    with pytest.raises(FactError):
        running.delegate("zhang", "li", start=datetime(2026, 3, 2), until=START, actor=ADMIN)


def test_a_unit_sees_its_own_delegation_and_a_rollback_leaves_none(running: Engine) -> None:
    """Inside the transaction at once; outside only after the commit."""
    case = opened(running)

    def broken_off() -> None:
        with running.unit() as unit:
            unit.delegate("zhang", "li", start=START, until=START + timedelta(days=7), actor=ADMIN)
            assert unit.fire(case.id, "propose", actor=LI).state == "proposed"
            raise KeyError

    with pytest.raises(KeyError):
        broken_off()
    with pytest.raises(RefusedError):
        running.fire(case.id, "propose", actor=LI)


def test_another_process_hears_of_it(policy: Policy, tmp_path: Path, clock: Moving, monkeypatch: object) -> None:
    """At once where it has not looked yet, and after some seconds where it has."""
    from relflow.engine import absences

    url = f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"
    accounts, postbox = Accounts({"C-1": {"manager": "zhang"}}), Postbox()
    with (
        Engine(policy, store=url, plugins=[accounts], clock=clock) as one,
        Engine(policy, store=url, plugins=[accounts, postbox], clock=clock) as other,
    ):
        case = opened(other)
        away(one)
        monkeypatch.setattr(absences, "FRESH", 0.0)  # type: ignore[attr-defined]
        assert other.fire(case.id, "propose", actor=LI).state == "proposed"
        other.dispatch()
        assert [sent.recipient for sent in postbox.sent] == ["li", "wang"]
