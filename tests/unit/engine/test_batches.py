"""Work that is claimed here and carried out elsewhere: with the claim or not at all, once, and never too late."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from relflow.engine import Batch, Engine
from relflow.errors import ReentryError
from relflow.hooks import hookimpl
from relflow.results import Delivered, Outgoing
from relflow.stores import Link
from tests.strategies.engines import BOSS, CLERK, Moving, Postbox, engine

Hand = Callable[[Link | None, Batch], None]


@pytest.fixture(params=["memory:", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh store of either kind."""
    return "memory:" if request.param == "memory:" else f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"


def queue() -> tuple[list[str], Hand]:
    """A queue that holds batches as texts, and what puts them there."""
    texts: list[str] = []
    return texts, lambda link, batch: texts.append(json.dumps(batch.to_data()))


def taken(text: str) -> Batch:
    """A batch from the queue."""
    return Batch.from_data(json.loads(text))


def late(running: Engine, clock: Moving, count: int = 1) -> list[str]:
    """Cases whose three timers are due and which have two messages to send."""
    cases = [running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK).id for _ in range(count)]
    clock.on(days=2)
    for case in cases:
        running.open("complaint", account="C-17", data={"description": "y"}, actor=CLERK, key=f"of {case}")
        other = running.case(workflow="complaint", key=f"of {case}").id
        running.fire(other, "acknowledge", actor=CLERK)
    return cases


def test_what_is_claimed_is_handed_over_and_carried_out_once(url: str) -> None:
    """By another engine on the store, from the text of a queue; a second time nothing happens."""
    clock, box = Moving(), Postbox()
    texts, hand = queue()
    with engine(url, clock=clock, plugins=[box]) as running:
        (case,) = late(running, clock)
        report = running.hand_out(hand)
        assert (report.fired, report.delivered, report.more, box.sent) == (0, 0, False, [])
        assert running.run_due().fired == 0
        other = engine(running.store, clock=clock, plugins=[box])
        (text,) = texts
        report = other.carry_out(taken(text))
        assert (report.fired, report.delivered, len(report.missed)) == (3, 2, 3)
        again = other.carry_out(taken(text))
        assert (again.fired, again.delivered, again.errors) == (0, 0, ())
        assert [entry.trigger.kind for entry in running.history(case)] == ["open", "timer", "timer", "timer"]
    assert sorted(message.recipient for message in box.sent) == ["li", "wang"]
    assert not {"li", "wang", "leak"} & set(text.split('"'))


def test_batches_keep_to_their_size_and_the_run_to_its_limit(url: str) -> None:
    """So many of each to a batch; when the limit is reached the report says that more is due."""
    clock = Moving()
    texts, hand = queue()
    with engine(url, clock=clock, plugins=[Postbox()]) as running:
        late(running, clock, 4)
        report = running.hand_out(hand, size=3, limit=6)
        assert report.more
        assert [len(taken(text).timers) for text in texts] == [3, 3]
        assert [len(taken(text).outbox) for text in texts] == [3, 3]
        assert not running.hand_out(hand, size=100).more
        assert sum(len(taken(text).timers) for text in texts) == 12


def test_a_claim_that_cannot_be_handed_over_is_none(url: str) -> None:
    """Whatever `hand` raises undoes the claim."""

    def broken(link: Link | None, batch: Batch) -> None:
        raise ConnectionError("the queue is down")

    clock = Moving()
    with engine(url, clock=clock, plugins=[Postbox()]) as running:
        late(running, clock)
        with pytest.raises(ConnectionError):
            running.hand_out(broken)
        assert {notice.attempts for notice in running.outbox()} == {0}
        report = running.run_due()
        assert (report.fired, report.delivered) == (3, 5)


def test_a_batch_that_comes_too_late_is_left_to_the_next_claim(url: str) -> None:
    """Its lease is over: others may have it by now, whether they are done or not."""
    clock, box = Moving(), Postbox()
    texts, hand = queue()
    with engine(url, clock=clock, plugins=[box]) as running:
        late(running, clock)
        running.hand_out(hand)
        clock.on(minutes=5)
        report = running.carry_out(taken(texts[0]))
        assert (report.fired, report.delivered, box.sent) == (0, 0, [])
        running.hand_out(hand)
        report = running.carry_out(taken(texts[1]))
        assert (report.fired, report.delivered) == (3, 2)


def test_a_batch_whose_lease_ends_on_the_way_gives_back_the_rest(url: str) -> None:
    """What was not tried counts as no attempt."""
    clock = Moving()
    texts, hand = queue()

    class Slow:
        @hookimpl
        def relflow_deliver(self, message: Outgoing) -> Delivered:
            clock.on(minutes=6)
            return Delivered()

    with engine(url, clock=clock, plugins=[Slow()]) as running:
        late(running, clock)
        running.hand_out(hand)
        assert running.carry_out(taken(texts[0])).delivered == 1
        left = [notice.attempts for notice in running.outbox() if notice.status == "ready"]
        assert left
        assert set(left) == {0}


def test_neither_is_done_from_inside_a_step(url: str) -> None:
    """What is sent cannot be rolled back."""

    class Inside:
        running: Engine

        @hookimpl
        def relflow_project(self) -> None:
            self.running.carry_out(Batch("", clock.at + timedelta(minutes=1)))

    clock, plugin = Moving(), Inside()
    with engine(url, clock=clock, plugins=[plugin]) as running:
        plugin.running = running
        with pytest.raises(ReentryError):
            running.open("complaint", account="C-17", data={"description": "x"}, actor=BOSS)
