"""Conformance of stores: levels in force, signals, definitions, tenants, pages, the chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from relflow.errors import ConflictError, StoreError
from relflow.results import Definition, StandingRecord
from relflow.stores import CaseFilter, verify
from relflow.testing.store_fresh import Fresh
from relflow.testing.store_samples import LEASE, MOMENT, ODD_TEXT, refused, sample_step

__all__ = ["AccountConformance"]


class AccountConformance(Fresh):
    """Whatever is not a step of a case."""

    # -- accounts, signals, definitions ------------------------------------------------------------------------------

    def test_standings_keep_their_history_and_refuse_stale_changes(self) -> None:
        """Each change has a version; a change computed from an older one is a conflict."""
        with self.store() as store, store.unit() as unit:
            first = unit.stand(StandingRecord("C-1", "tier", {"level": "key", "since": date(2026, 1, 1)}, MOMENT))
            second = unit.stand(replace(first, state={"level": "strategic"}, cause="K-1:2"))
            unit.stand(StandingRecord("C-1", "risk", {"level": "low"}, MOMENT))
            assert unit.standings("tier", ["C-1", "C-2"]) == {"C-1": second}
            assert unit.account_standings("C-1").keys() == {"tier", "risk"}
            assert unit.standing_history("C-1", "tier") == [first, second]
            for stale in (first, StandingRecord("C-1", "tier", {}, MOMENT)):
                with refused(ConflictError, "standing-conflict"), unit.savepoint():
                    unit.stand(stale)
            assert unit.standings("tier", ["C-1"]) == {"C-1": second}

    def test_a_signal_is_remembered_with_its_result(self) -> None:
        """The second time, the first result comes back."""
        with self.store() as store, store.unit() as unit:
            assert unit.mark("s-1", MOMENT, {"opened": ["K-1"]}) is None
            assert unit.mark("s-1", MOMENT, {"opened": []}) == {"opened": ["K-1"]}
            assert unit.read(event_id="s-1").seen is None

    def test_what_a_signal_led_to_is_kept_afterwards(self) -> None:
        """Its result may be replaced in its own transaction; that of a step, and of another tenant's, stays."""
        with self.store() as store:
            with store.unit("west") as unit:
                assert unit.mark("s-1", MOMENT, {"event": "paid"}) is None
            with store.unit() as unit:
                unit.write(sample_step(event_id="e-1"))
                assert unit.mark("s-1", MOMENT, {"event": "moved"}) is None
                unit.remark("s-1", {"event": "moved", "steps": ["K-1:1", ODD_TEXT]})
                unit.remark("e-1", {})
            with store.unit() as unit:
                assert unit.mark("s-1", MOMENT, {}) == {"event": "moved", "steps": ["K-1:1", ODD_TEXT]}
                seen = unit.read(event_id="e-1").seen
                assert seen is not None
                assert seen.entry.seq == 1
            with store.unit("west") as unit:
                assert unit.mark("s-1", MOMENT, {}) == {"event": "paid"}

    def test_a_definition_keeps_its_content(self) -> None:
        """The same id and version with other content is refused; the same content again is not."""
        kept = Definition("h1", "complaint", "1", ODD_TEXT)
        with self.store() as store, store.unit() as unit:
            unit.define(kept)
            unit.define(kept)
            unit.define(Definition("h2", "complaint", "2", "other"))
            with refused(StoreError, "other-content"):
                unit.define(Definition("h3", "complaint", "1", "changed"))
            assert unit.definition("h1") == kept
            assert unit.definition("h3") is None

    def test_one_policy_is_in_force(self) -> None:
        """The latest digest that was put in force, for each policy."""
        with self.store() as store, store.unit() as unit:
            assert unit.in_force("petroleum") is None
            assert unit.in_force("petroleum", "d1") == "d1"
            assert unit.in_force("petroleum", "d2") == unit.in_force("petroleum") == "d2"
            assert unit.in_force("other") is None

    # -- tenants, pages, chains --------------------------------------------------------------------------------------

    def test_tenants_do_not_see_each_other(self) -> None:
        """The same case id, key, event id, signal and account exist apart; another tenant's are not found."""
        step = sample_step(key="k", event_id="e", timers={"due": timedelta()}, account="C-1")
        with self.store() as store:
            for tenant in ("east", "west"):
                with store.unit(tenant) as unit:
                    assert not unit.write(replace(step, case=replace(step.case, tenant=tenant))).replayed
                    assert unit.mark("s", MOMENT, {}) is None
                    unit.stand(StandingRecord("C-1", "tier", {"level": tenant}, MOMENT))
                    unit.define(Definition(tenant, "complaint", "1", tenant))
                    unit.in_force("p", tenant)
            with store.unit("north") as unit:
                assert not unit.read(("K-1",), (("complaint", "k"),), "e").cases
                assert unit.read(event_id="e").seen is None
                assert (unit.find(CaseFilter()), unit.history("K-1"), unit.outbox()) == ([], [], [])
                assert not unit.due(MOMENT, 9, LEASE)
                assert not unit.messages(MOMENT + LEASE, 9, LEASE)
                assert (unit.next_due(), unit.definition("east"), unit.in_force("p")) == (None, None, None)
            with store.unit("east") as unit:
                assert unit.standings("tier", ["C-1"])["C-1"].state == {"level": "east"}
                assert [claim.timer.case for claim in unit.due(MOMENT, 9, LEASE)] == ["K-1"]

    def test_cases_are_found_in_pages(self) -> None:
        """By account, workflow, parent, ids or openness, in order of id, behind the last one of the page before."""
        with self.store() as store, store.unit() as unit:
            for name in "DBAC":
                account = "C-1" if name in "AB" else "C-2"
                unit.write(sample_step(name, account=account, parent="P" if name == "D" else None))
            unit.write(sample_step("B", 2, account="C-1", closed=True))

            def ids(**wanted: Any) -> str:
                return "".join(case.id for case in unit.find(CaseFilter(**wanted)))

            assert ids() == ids(workflow="complaint") == "ABCD"
            assert (ids(limit=2), ids(after="B"), ids(after="B", limit=1)) == ("AB", "CD", "C")
            assert (ids(account="C-1"), ids(account="C-1", open_only=True), ids(parent="P")) == ("AB", "A", "D")
            assert (ids(ids=["C", "A", "Z"]), ids(ids=["C", "A"], account="C-1"), ids(workflow="x")) == ("AC", "A", "")

    def test_the_chain_holds_and_begins_at_nothing(self) -> None:
        """A history as it was written verifies; each line's hash is another."""
        with self.store() as store, store.unit() as unit:
            for version in range(1, 6):
                unit.write(sample_step(version=version))
            lines = unit.history("K-1", after=2, limit=2)
            assert [line.seq for line in lines] == [3, 4]
            assert verify(unit, "K-1") == []
            assert len({line.digest for line in unit.history("K-1")}) == 5
            assert [damage.reason for damage in verify(unit, "gone")] == ["lost-case"]

    def test_a_closed_store_says_so(self) -> None:
        """Using a store after it was closed is refused."""
        store = self.make_store()
        store.close()
        with refused(StoreError, "closed"), store.unit():
            pass

    def test_the_schema_is_there_and_migrating_again_does_nothing(self) -> None:
        """A store that this relflow has used has its version."""
        with self.store() as store:
            with store.unit() as unit:
                assert unit.find(CaseFilter()) == []
            assert store.version() == store.migrate() == store.version() > 0
