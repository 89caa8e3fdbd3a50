"""Timers, deliveries and host actions: once, in time, in order, whatever the workers do."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from relflow.builtins import Recipients
from relflow.engine import Retry
from relflow.errors import RefusedError
from relflow.hooks import hookimpl
from relflow.results import Delivered, Failed, Outgoing, Recipient, Recorded
from tests.strategies.engines import BOSS, CLERK, START, Moving, Postbox, engine


@pytest.fixture(params=["memory:", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh store of either kind."""
    return "memory:" if request.param == "memory:" else f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"


def test_a_clock_warns_breaches_and_climbs(url: str) -> None:
    """Each step fires when it falls due and not before; the report says when to call again."""
    clock, box = Moving(), Postbox()
    with engine(url, clock=clock, plugins=[box]) as running:
        case = running.open("complaint", account="C-17", data={"description": "x", "severity": "general"}, actor=CLERK)
        report = running.run_due()
        warning = START + timedelta(hours=4, minutes=42)
        assert (report.fired, report.next_due, report.more) == (0, warning, False)

        clock.at = warning - timedelta(microseconds=1)
        assert running.run_due().fired == 0
        clock.at = warning
        assert running.run_due().fired == 1
        clock.at = START + timedelta(hours=5, minutes=30)
        assert running.run_due().fired == 1
        assert running.case(case.id).clocks["first_response"].breached
        clock.on(days=1)
        report = running.run_due()

    assert [message.recipient for message in box.sent] == ["li", "wang", "wang"]
    # cases of it may move by themselves, so they are looked at every day
    assert report.next_due == datetime(2026, 3, 4, tzinfo=START.tzinfo)
    assert [missed.timer.step for missed in report.missed] == ["due + 4 working hours"]
    assert "fired 5 hours late" in report.text()
    assert "晚了" in report.text("zh")


def test_what_fell_due_while_nobody_ran_happens_before_the_next_event(url: str) -> None:
    """A late event finds the breach recorded before it, in the order in which the steps fell due."""
    clock = Moving()
    with engine(url, clock=clock) as running:
        case = running.open("complaint", account="C-17", data={"description": "x", "severity": "general"}, actor=CLERK)
        clock.on(days=2)
        after = running.fire(case.id, "acknowledge", actor=CLERK)
        names = [entry.trigger.name for entry in running.history(case.id)]
        assert running.run_due().fired == 0

    assert names[1:] == [
        "first_response:80%",
        "first_response:due",
        "first_response:due + 4 working hours",
        "acknowledge",
    ]
    assert after.data["severity"] == "major"
    assert after.clocks["first_response"].breached


def test_timers_of_a_refused_event_still_count(url: str) -> None:
    """A refused event leaves nothing, so its timers fire when the clockwork runs."""
    clock = Moving()
    with engine(url, clock=clock) as running:
        case = running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        clock.on(days=2)
        with pytest.raises(RefusedError):
            running.fire(case.id, "accept", actor=CLERK)
        assert running.case(case.id).version == 1
        assert running.run_due().fired == 3


def test_several_workers_fire_each_timer_once(tmp_path: Path) -> None:
    """Workers that run at the same time share the work; every timer fires, and once."""
    clock, box = Moving(), Postbox()
    url = f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"
    with engine(url, clock=clock, plugins=[box]) as running:
        cases = [
            running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK).id for _ in range(12)
        ]
        clock.on(days=9)
        fired: list[int] = []

        def work() -> None:
            with engine(url, clock=clock, plugins=[box]) as worker:
                report = worker.run_due()
                assert report.errors == ()
                fired.append(report.fired)

        workers = [threading.Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        names = Counter((case, entry.trigger.name) for case in cases for entry in running.history(case)[1:])

    assert sum(fired) == len(names) == 36
    assert set(names.values()) == {1}
    assert Counter(message.key for message in box.sent).most_common(1)[0][1] == 1
    assert len(box.sent) == 36


def test_a_limit_is_kept_and_said(url: str) -> None:
    """A run stops at its limit and says that more is due."""
    clock = Moving()
    with engine(url, clock=clock) as running:
        for _ in range(3):
            running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        clock.on(hours=5)
        first, second = running.run_due(limit=2), running.run_due(limit=2)

    assert (first.fired, first.more, second.fired, second.more) == (2, True, 1, False)
    assert "run again at once" in first.text()


def test_one_cases_trouble_is_not_anothers(url: str) -> None:
    """A projection that raises for one case holds up that one alone; it is tried again when its lease ends."""

    class Project:
        broken: str | None = None

        @hookimpl
        def relflow_project(self, recorded: Recorded) -> None:
            if recorded.case.id == self.broken:
                raise ValueError("secret name")

    clock, project = Moving(), Project()
    with engine(url, clock=clock, plugins=[project]) as running:
        bad, good = (
            running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK) for _ in range(2)
        )
        project.broken = bad.id
        clock.on(hours=5)
        report = running.run_due()
        assert report.fired == 1
        assert [problem.what for problem in report.errors] == [bad.id]
        assert "secret" not in report.text() + report.text("zh")
        assert running.case(good.id).version == 2
        project.broken = None
        assert running.run_due().fired == 0
        clock.on(minutes=6)
        assert running.run_due().fired == 1


def test_messages_go_out_in_the_recipients_language_and_order(url: str) -> None:
    """Worded for the recipient, with the stable key; a failure holds up only what is behind it for that person."""
    clock = Moving()
    box = Postbox(Failed("busy"))
    people = Recipients(
        {"li": Recipient("li@example.com", "mail", "zh"), "wang": Recipient("wang@example.com", "mail")}
    )
    with engine(url, clock=clock, plugins=[people, box]) as running:
        case = running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        running.fire(case.id, "acknowledge", actor=CLERK)
        clock.on(hours=1)
        report = running.run_due()
        assert (report.delivered, len(report.errors)) == (1, 1)
        retry = Retry().at(1, clock.at, f"{case.id}:2:1")
        assert report.next_due == retry
        assert clock.at + timedelta(seconds=8) <= retry <= clock.at + timedelta(seconds=10)
        assert [message.to.address for message in box.sent] == ["wang@example.com"]
        clock.on(seconds=10)
        assert running.run_due().delivered == 1

    li = box.sent[1]
    assert (li.key, li.attempt, li.to.lang) == (f"{case.id}:2:1", 2, "zh")
    assert "工单" in li.text or "：" in li.text


@pytest.mark.parametrize(("wish", "wait"), [(2, 2), (72, 24), (0, 0)])
def test_whoever_asks_to_be_left_alone_is(url: str, wish: int, wait: int) -> None:
    """The next attempt comes no earlier than the deliverer was told, at most a day later, and no earlier than usual."""
    clock, box = Moving(), Postbox(Failed("busy", after=timedelta(hours=wish)))
    with engine(url, clock=clock, plugins=[box]) as running:
        case = running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        clock.at = START + timedelta(hours=4, minutes=42)
        running.run_due()
        (notice,) = running.outbox()
        usual = Retry().at(1, clock.at, f"{case.id}:2:1")
        assert usual is not None
        assert notice.due_at == max(usual, clock.at + timedelta(hours=wait))
        clock.at = notice.due_at - timedelta(microseconds=1)
        assert running.dispatch().delivered == 0
        clock.at = notice.due_at
        assert running.dispatch().delivered == 1


def test_a_message_that_cannot_be_delivered_is_given_up_and_said(url: str) -> None:
    """After the last attempt it is dead, listed, and no longer in the way of what is behind it."""
    clock, box = Moving(), Postbox(*[Failed("down")] * 3)
    retry = Retry(attempts=3, first=timedelta(minutes=1))
    with engine(url, clock=clock, plugins=[box], retry=retry) as running:
        case = running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        clock.at = START + timedelta(hours=4, minutes=42)
        finals = []
        for _ in range(3):
            report = running.run_due()
            finals += [problem.final for problem in report.errors]
            clock.on(minutes=4)
        (dead,) = running.outbox(dead=True)
        assert (dead.error, dead.attempts) == ("down", 3)
        assert finals == [False, False, True]
        assert "given up after 3 attempts: down" in report.text()
        clock.at = START + timedelta(hours=6)
        assert running.run_due().delivered == 1
    assert [message.key for message in box.sent] == [f"{case.id}:3:1"]


def test_an_unknown_recipient_is_dead_at_once(url: str) -> None:
    """Nobody knows where to send it: that is a finding, not a failure."""
    clock, box = Moving(), Postbox()
    with engine(url, clock=clock, plugins=[Recipients({}), box]) as running:
        running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        clock.on(hours=5)
        report = running.run_due()
        assert [problem.reason for problem in report.errors] == ["dead"]
        assert (box.sent, report.next_due is not None) == ([], True)


def test_a_deliverer_that_raises_or_talks_nonsense_has_failed(url: str) -> None:
    """Only the kind of the error is kept, and the next attempt may succeed."""
    clock, box = Moving(), Postbox(ValueError("li's secret"), "nonsense")
    with engine(url, clock=clock, plugins=[box]) as running:
        case = running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        clock.on(hours=5)
        errors = []
        for _ in range(3):
            errors += [problem.text() for problem in running.run_due().errors]
            clock.on(seconds=30)
        assert [notice.status for notice in running.outbox(case=case.id)] == ["sent"]
    assert "raised ValueError" in errors[0]
    assert "raised PluginError" in errors[1]
    assert "secret" not in "".join(errors)


def test_a_deliverer_that_hangs_loses_its_lease(url: str) -> None:
    """While one worker hangs another one takes over; what the first one says afterwards does not count."""
    clock = Moving()
    sent: list[str] = []

    class Hangs:
        @hookimpl
        def relflow_deliver(self, message: Outgoing) -> Delivered:
            sent.append("slow")
            clock.on(minutes=6)
            report = other.run_due()
            assert report.delivered == 1
            return Delivered()

    class Quick:
        @hookimpl
        def relflow_deliver(self, message: Outgoing) -> Delivered:
            sent.append("quick")
            return Delivered()

    with engine(url, clock=clock, plugins=[Hangs()]) as slow:
        store = slow.store
        other = engine(store, clock=clock, plugins=[Quick()])
        slow.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        clock.at = START + timedelta(hours=4, minutes=42)
        assert slow.run_due().delivered == 0
        assert [notice.status for notice in slow.outbox()] == ["sent"]
    assert sent == ["slow", "quick"]


def test_nobody_delivers_so_nothing_is_lost(url: str) -> None:
    """Without a deliverer messages wait, untouched, for a worker that has one."""
    clock = Moving()
    with engine(url, clock=clock) as mute:
        mute.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        clock.on(days=3)
        mute.run_due()
        assert {notice.attempts for notice in mute.outbox()} == {0}
        box = Postbox()
        talks = engine(mute.store, clock=clock, plugins=[box])
        assert talks.dispatch().delivered == 3


def test_host_actions_are_performed_after_the_commit(url: str) -> None:
    """With their stable key and arguments, once they are due."""
    clock, box = Moving(), Postbox()
    with engine(url, clock=clock, plugins=[box]) as running:
        case = running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        running.fire(case.id, "acknowledge", actor=CLERK)
        running.fire(case.id, "propose", actor=BOSS, data={"solution": "x"})
        running.fire(case.id, "accept", actor=CLERK)
        assert box.done == []
        assert running.run_due().performed == 1
    ((action),) = box.done
    assert (action.name, action.arguments, action.key) == ("credit", {"amount": 5}, f"{case.id}:4:1")
