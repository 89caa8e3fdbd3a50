"""Conformance of stores: what administrators count, discard and have forgotten."""

from __future__ import annotations

from datetime import timedelta

from relflow.results import Failed
from relflow.stores import HELD, Gauges, Population, verify
from relflow.stores.codec import Sealed, decode
from relflow.testing.store_erasure import PERSONAL, personal_step
from relflow.testing.store_fresh import Fresh
from relflow.testing.store_samples import LEASE, MOMENT, sample_step

__all__ = ["SurveyConformance"]


class SurveyConformance(Fresh):
    """The administrators' part."""

    def test_gauges_count_what_waits(self) -> None:
        """Open cases, timers, what is due and since when, messages that wait or were given up; each tenant apart."""
        with self.store() as store:
            with store.unit() as unit:
                assert unit.gauges(MOMENT) == Gauges()
                unit.write(sample_step("A", timers={"80%": timedelta(hours=1), "due": timedelta(hours=2)}))
                unit.write(sample_step("B", closed=True, to=()))
                unit.write(sample_step("~duty/x", workflow="~duty", to=()))
            with store.unit("other") as unit:
                assert unit.gauges(MOMENT + timedelta(days=9)) == Gauges()
            now = MOMENT + timedelta(hours=1)
            with store.unit() as unit:
                gauges = unit.gauges(now)
                assert (gauges.open_cases, gauges.timers, gauges.due) == (1, 2, 1)
                assert gauges.oldest_due == now
                assert (gauges.ready, gauges.oldest_ready) == (1, MOMENT + timedelta(seconds=1))
                (claim,) = unit.messages(now, 9, LEASE)
                unit.settle(claim, Failed("no", retry=False), now)
                assert (unit.gauges(now).ready, unit.gauges(now).dead) == (0, 1)
                unit.write(sample_step("C"))
                (claim,) = unit.messages(now, 9, LEASE)
                unit.settle(claim, Failed(f"{HELD}manager", retry=False), now)
                assert (unit.gauges(now).dead, unit.gauges(now).held) == (1, 1)

    def test_a_census_counts_open_cases_by_definition(self) -> None:
        """Closed cases and those of obligations are left out."""
        with self.store() as store, store.unit() as unit:
            for name, closed in (("A", False), ("B", False), ("C", True)):
                unit.write(sample_step(name, closed=closed))
            unit.write(sample_step("D", workflow="todo"))
            unit.write(sample_step("~duty/x", workflow="~duty"))
            digest = "d" * 64
            assert unit.census() == [Population("complaint", "1", digest, 2), Population("todo", "1", digest, 1)]

    def test_every_case_is_listed_page_by_page(self) -> None:
        """Closed ones and those of obligations too; of one account, and of one tenant."""
        with self.store() as store:
            with store.unit("other") as unit:
                unit.write(sample_step("B"))
            with store.unit() as unit:
                unit.write(sample_step("A", account="C-1", closed=True))
                unit.write(sample_step("C", account="C-2"))
                unit.write(sample_step("~duty/x", workflow="~duty", account="C-1"))
                assert unit.every() == ["A", "C", "~duty/x"]
                assert unit.every("A", 1) == ["C"]
                assert unit.every(account="C-1") == ["A", "~duty/x"]

    def test_a_dead_message_is_discarded_once(self) -> None:
        """It is kept with the reason, no longer counts as dead, and does not come back."""
        with self.store() as store, store.unit() as unit:
            unit.write(sample_step())
            now = MOMENT + timedelta(hours=1)
            (claim,) = unit.messages(now, 9, LEASE)
            assert not unit.discard(claim.key, now, "moved away")
            unit.settle(claim, Failed("no", retry=False), now)
            assert unit.discard(claim.key, now, "moved away")
            assert not unit.discard(claim.key, now, "again")
            assert not unit.revive(claim.key, now)
            (notice,) = unit.outbox(status="discarded")
            assert (notice.error, notice.receipt) == ("no", "moved away")
            assert unit.outbox(status="dead") == []
            assert unit.gauges(now).dead == 0
            assert unit.messages(now + timedelta(days=1), 9, LEASE) == []

    def test_some_personal_values_are_forgotten_and_others_stay(self) -> None:
        """The rest reads as before, the chain holds, unsent messages with a forgotten value are given up."""
        with self.store() as store, store.unit() as unit:
            unit.write(personal_step("A"), PERSONAL)
            unit.write(sample_step("A", 2, to=("wang",)), PERSONAL)
            (line, _) = unit.history("A")
            sealed = decode(line.body)["changes"]["phone"]
            assert isinstance(sealed, Sealed)
            assert unit.forget("A", [sealed.id, "salt", "none"], MOMENT) == 1
            assert unit.forget("A", [sealed.id], MOMENT) == 0
            changes = unit.history("A")[0].entry.changes
            assert (changes["phone"], changes["size"]) == (None, 7)
            assert changes["birthday"] is not None
            assert verify(unit, "A") == []
            assert [(n.item.key, n.status) for n in unit.outbox(case="A")] == [
                ("A:1:1", "dead"),
                ("A:1:2", "dead"),
                ("A:2:1", "ready"),
            ]
