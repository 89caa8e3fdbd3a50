"""Conformance of stores: timers fire once, messages go out in order, leases and fences hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from relflow.results import Delivered, Failed, Performance
from relflow.stores import Kind
from relflow.testing.store_fresh import Fresh
from relflow.testing.store_samples import LEASE, MOMENT, sample_step

__all__ = ["ClaimConformance"]


class ClaimConformance(Fresh):
    """Timers and the outbox."""

    # -- timers ------------------------------------------------------------------------------------------------------

    def test_timers_are_those_of_the_latest_step(self) -> None:
        """A step's timers replace those of the step before."""
        with self.store() as store, store.unit() as unit:
            unit.write(sample_step(timers={"80%": timedelta(hours=1), "due": timedelta(hours=2)}))
            unit.write(sample_step(version=2, timers={"due": timedelta(hours=3)}))
            assert [(timer.step, timer.due_at) for timer in unit.timers("K-1")] == [
                ("due", MOMENT + timedelta(hours=3))
            ]
            assert unit.read(("K-1",)).cases["K-1"].next_timer == MOMENT + timedelta(hours=3)

    def test_a_timer_is_claimed_once_until_its_lease_ends(self) -> None:
        """Not early, earliest first, by one worker; after the lease by another, with a higher fence."""
        with self.store() as store:
            with store.unit() as unit:
                unit.write(sample_step("A", timers={"late": timedelta(hours=2)}))
                unit.write(sample_step("B", timers={"early": timedelta(hours=1), "never": timedelta(days=9)}))
            due = MOMENT + timedelta(hours=2)
            with store.unit() as unit:
                assert unit.next_due() == min(MOMENT + timedelta(hours=1), *(n.due_at for n in unit.outbox()))
                assert unit.due(MOMENT + timedelta(minutes=59, seconds=59), 9, LEASE) == []
                assert [claim.timer.step for claim in unit.due(due, 1, LEASE)] == ["early"]
            with store.unit() as unit:
                (second,) = unit.due(due, 9, LEASE)
                assert (second.timer.step, second.fence, second.leased_until) == ("late", 1, due + LEASE)
            with store.unit() as unit:
                assert unit.due(due + LEASE - timedelta(microseconds=1), 9, LEASE) == []
                again = unit.due(due + LEASE, 9, LEASE)
                assert [(claim.timer.step, claim.fence) for claim in again] == [("early", 2), ("late", 2)]
                assert not unit.drop(second)
                assert unit.drop(again[1])
                assert unit.timers("A") == []

    # -- the outbox --------------------------------------------------------------------------------------------------

    def test_messages_keep_their_order_for_each_case_and_recipient(self) -> None:
        """The next message to a person about a case waits until the one before is sent; other people do not wait."""
        with self.store() as store:
            with store.unit() as unit:
                unit.write(sample_step(to=("li", "wang")))
                unit.write(sample_step(version=2, to=("li",)))
            now = MOMENT + timedelta(hours=1)
            with store.unit() as unit:
                claims = unit.messages(now, 9, LEASE)
                assert [claim.key for claim in claims] == ["K-1:1:1", "K-1:1:2"]
                assert unit.messages(now, 9, LEASE) == []
                assert unit.settle(claims[0], Delivered("r"), now)
                assert [claim.key for claim in unit.messages(now, 9, LEASE)] == ["K-1:2:1"]
                assert unit.outbox(status="sent")[0].receipt == "r"

    def test_a_failed_message_is_tried_again_and_holds_up_its_lane(self) -> None:
        """It comes again at the time that was set, with the next attempt's number; the one behind it waits."""
        with self.store() as store, store.unit() as unit:
            unit.write(sample_step())
            unit.write(sample_step(version=2))
            now = MOMENT + timedelta(hours=1)
            (claim,) = unit.messages(now, 9, LEASE)
            assert unit.settle(claim, Failed("busy"), now, now + LEASE)
            assert unit.messages(now, 9, LEASE) == []
            assert unit.next_due() == now + LEASE
            (again,) = unit.messages(now + LEASE, 9, LEASE)
            assert (again.key, again.attempt, again.fence) == (claim.key, 2, 2)

    def test_a_dead_message_releases_its_lane_and_can_be_revived(self) -> None:
        """Whoever waited behind it goes on; an administrator may make it ready again."""
        with self.store() as store, store.unit() as unit:
            unit.write(sample_step())
            unit.write(sample_step(version=2))
            now = MOMENT + timedelta(hours=1)
            (claim,) = unit.messages(now, 9, LEASE)
            assert unit.settle(claim, Failed("no such address", retry=False), now)
            (dead,) = unit.outbox(status="dead")
            assert (dead.item.key, dead.error, dead.attempts) == ("K-1:1:1", "no such address", 1)
            (behind,) = unit.messages(now, 9, LEASE)
            assert behind.key == "K-1:2:1"
            assert unit.revive("K-1:1:1", now)
            assert not unit.revive("K-1:2:1", now)
            (revived,) = unit.messages(now, 9, LEASE)
            assert (revived.key, revived.attempt) == ("K-1:1:1", 1)

    def test_a_worker_that_lost_its_lease_cannot_settle(self) -> None:
        """After another worker's claim the first one's outcome counts for nothing."""
        with self.store() as store, store.unit() as unit:
            unit.write(sample_step())
            now = MOMENT + timedelta(hours=1)
            (slow,) = unit.messages(now, 9, LEASE)
            (quick,) = unit.messages(now + LEASE, 9, LEASE)
            assert not unit.settle(slow, Delivered(), now + LEASE)
            assert unit.settle(quick, Delivered(), now + LEASE)
            assert not unit.settle(quick, Failed("again"), now + LEASE)
            assert [notice.status for notice in unit.outbox()] == ["sent"]

    def test_host_actions_are_claimed_apart_from_messages(self) -> None:
        """A dispatcher that serves one kind leaves the other alone; host actions wait for nobody."""
        acts = tuple(Performance(f"K-1:1:{n}", "K-1", n, "credit", {"amount": Decimal("1.50")}) for n in (2, 3))
        with self.store() as store, store.unit() as unit:
            unit.write(replace(sample_step(), performances=acts))
            now = MOMENT + timedelta(hours=1)
            apart: tuple[Kind, ...] = ("performance", "message")
            performances, messages = (unit.messages(now, 9, LEASE, (kind,)) for kind in apart)
            assert [claim.item for claim in performances] == list(acts)
            assert [claim.key for claim in messages] == ["K-1:1:1"]
