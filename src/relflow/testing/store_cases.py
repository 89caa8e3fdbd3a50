"""Conformance of stores: a step is written whole or not at all, and of two that race one wins."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

from relflow.errors import ConflictError, RelflowError
from relflow.results import Definition, StandingRecord
from relflow.stores import verify
from relflow.testing.store_erasure import PERSONAL, personal_step
from relflow.testing.store_fresh import Fresh
from relflow.testing.store_samples import MOMENT, ODD_DATA, StopHere, refused, sample_step

__all__ = ["CaseConformance"]

HOUR = timedelta(hours=1)


class CaseConformance(Fresh):
    """Steps of cases."""

    # -- a step is whole or not there --------------------------------------------------------------------------------

    def test_a_step_reads_back_as_it_was_written(self) -> None:
        """Case, history, timers and outbox come back with every value as it went in."""
        step = sample_step(data=ODD_DATA, timers={"due": timedelta(hours=4)}, account="C-1", key="t 1", owner="li")
        with self.store() as store:
            with store.unit() as unit:
                written = unit.write(step)
            with store.unit(write=False) as unit:
                held = unit.read(("K-1",)).cases["K-1"]
                (line,) = unit.history("K-1")
                (notice,) = unit.outbox(case="K-1")
                timers = unit.timers("K-1")
        assert held.case == step.case
        assert held.digest == line.digest == written.digest
        assert line.entry == step.entry
        assert (notice.item, notice.status) == (step.messages[0], "ready")
        assert timers == list(step.timers)
        assert held.next_timer == step.timers[0].due_at

    def test_a_unit_that_breaks_off_leaves_nothing(self) -> None:
        """An exception in the unit takes every part of its steps back."""
        with self.store() as store:
            try:
                with store.unit() as unit:
                    unit.write(sample_step(timers={"due": timedelta()}, event_id="e-1", key="k"))
                    unit.mark("signal", MOMENT, {})
                    unit.stand(StandingRecord("C-1", "tier", {"level": "key"}, MOMENT))
                    unit.define(Definition("h", "complaint", "1", "source"))
                    raise StopHere
            except StopHere:
                pass
            with store.unit() as unit:
                assert not unit.read(("K-1",), (("complaint", "k"),), "e-1").cases
                assert not unit.read((), (("complaint", "k"),)).keys
                assert unit.read(event_id="e-1").seen is None
                assert not unit.history("K-1")
                assert not unit.outbox()
                assert not unit.standings("tier", ["C-1"])
                assert unit.definition("h") is None
                assert unit.next_due() is None
                assert unit.mark("signal", MOMENT, {}) is None

    def test_a_savepoint_is_undone_alone(self) -> None:
        """What a failed part of the unit wrote is gone, what came before and after it stays."""
        with self.store() as store:
            with store.unit() as unit:
                unit.write(sample_step("A"))
                try:
                    with unit.savepoint():
                        unit.write(sample_step("A", 2))
                        unit.write(sample_step("B"))
                        raise StopHere
                except StopHere:
                    pass
                unit.write(sample_step("C"))
            with store.unit(write=False) as unit:
                cases = unit.read(("A", "B", "C")).cases
                assert {case: held.case.version for case, held in cases.items()} == {"A": 1, "C": 1}
                assert [len(unit.history(case)) for case in "ABC"] == [1, 0, 1]
                assert len(unit.outbox()) == 2

    def test_a_value_that_cannot_be_kept_leaves_nothing(self) -> None:
        """A step with a value that FEEL does not have is refused before anything is written."""
        with self.store() as store:
            for bad in (float("nan"), Decimal("Infinity"), object()):
                with refused(RelflowError), store.unit() as unit:
                    unit.write(sample_step(data={"bad": bad}))
            with store.unit(write=False) as unit:
                assert not unit.read(("K-1",)).cases

    def test_steps_of_several_cases_are_written_at_once(self) -> None:
        """Each as if it were written alone, with its history, timers, messages and personal values."""
        first = [personal_step(name, event_id=f"e-{name}") for name in "ABC"]
        first[1] = sample_step("B", timers={"80%": timedelta(hours=1), "due": timedelta(hours=2)}, to=("li", "wang"))
        with self.store() as store:
            with store.unit() as unit:
                opened = unit.write_all(first, PERSONAL)
                moves = [sample_step("B", 2, timers={"due": timedelta(hours=3)}), sample_step("C", 2, to=())]
                moved = unit.write_all([*moves, sample_step("D", to=())], PERSONAL)
            with store.unit() as unit:
                held = unit.read(("A", "B", "C", "D", "Z"), event_id="e-A")
                assert held.seen is not None
                assert {case: one.case.version for case, one in held.cases.items()} == {"A": 1, "B": 2, "C": 2, "D": 1}
                assert held.cases["A"].case == held.seen.case == first[0].case
                assert [(timer.step, timer.due_at) for timer in unit.timers("B")] == [("due", MOMENT + 3 * HOUR)]
                assert [len(unit.outbox(case=case)) for case in "ABCD"] == [2, 3, 2, 0]
                for case in "ABCD":
                    assert verify(unit, case) == []
                heads = sorted(one.digest for one in (*opened, *moved) if one is not None)
                assert heads == sorted(line.digest for case in "ABCD" for line in unit.history(case))
                assert unit.erase(["A"], MOMENT) == (2, 2)
                assert unit.write_all([]) == []

    def test_of_several_steps_those_whose_place_is_taken_leave_nothing(self) -> None:
        """A stale version, a known event id, key or open subject: None, and the others are written."""
        with self.store() as store:
            with store.unit() as unit:
                unit.write(sample_step("A", event_id="e-1", key="k", element="survey", subject="C-1"))
                unit.write(sample_step("B"))
                unit.write(sample_step("B", 2))
            with store.unit() as unit:
                steps = [
                    sample_step("A", 2, event_id="e-1"),
                    sample_step("B", 2, to=("late",), timers={"due": timedelta()}),
                    sample_step("C", key="k"),
                    sample_step("D", element="survey", subject="C-1"),
                    sample_step("E", 2),
                    sample_step("F"),
                ]
                written = unit.write_all(steps)
                assert [one is not None for one in written] == [False] * 5 + [True]
            with store.unit() as unit:
                assert sorted(unit.read(tuple("ABCDEF")).cases) == ["A", "B", "F"]
                assert [len(unit.history(case)) for case in "ABCDEF"] == [1, 2, 0, 0, 0, 1]
                assert sum(len(unit.outbox(case=case)) for case in "ABCDE") == 3
                assert unit.timers("B") == []

    # -- one wins ----------------------------------------------------------------------------------------------------

    def test_the_second_of_two_steps_from_one_version_is_a_conflict(self) -> None:
        """Two steps computed from the same version: the second is refused and leaves nothing."""
        with self.store() as store:
            with store.unit() as unit:
                unit.write(sample_step())
                unit.write(sample_step(version=2))
            with refused(ConflictError, "conflict"), store.unit() as unit:
                unit.write(sample_step(version=2, to=("somebody else",)))
            with refused(ConflictError, "conflict"), store.unit() as unit:
                unit.write(sample_step("nowhere", version=2))
            with store.unit(write=False) as unit:
                assert len(unit.history("K-1")) == len(unit.outbox()) == 2

    def test_an_event_id_that_was_seen_returns_its_step(self) -> None:
        """The same event id again gives the case as it was after that step, and writes nothing."""
        with self.store() as store:
            with store.unit() as unit:
                unit.write(sample_step())
                first = unit.write(sample_step(version=2, event_id="e-2"))
                unit.write(sample_step(version=3))
            with store.unit() as unit:
                again = unit.write(sample_step(version=4, event_id="e-2"))
                assert unit.read(event_id="e-2").seen == again
                assert unit.read(("K-1",)).cases["K-1"].case.version == 3
        assert again.replayed
        assert not first.replayed
        assert (again.case, again.entry, again.digest, again.key) == (first.case, first.entry, first.digest, "K-1:2")

    def test_a_key_opens_one_case(self) -> None:
        """A second case with the same workflow and key is the first one; another workflow has keys of its own."""
        with self.store() as store, store.unit() as unit:
            unit.write(sample_step("A", key="k"))
            unit.write(sample_step("A", 2, key="k"))
            again = unit.write(sample_step("B", key="k"))
            other = unit.write(sample_step("C", key="k", workflow="visit"))
            assert (again.case.id, again.case.version, again.replayed) == ("A", 2, True)
            assert (other.case.id, other.replayed) == ("C", False)
            assert unit.read(keys=(("complaint", "k"), ("visit", "k"), ("visit", "z"))).keys.keys() == {
                ("complaint", "k"),
                ("visit", "k"),
            }

    def test_an_element_has_one_open_case_for_each_subject(self) -> None:
        """While the case is open a second one is the first; after it closed a new one opens."""
        with self.store() as store, store.unit() as unit:
            unit.write(sample_step("A", element="survey", subject="C-1"))
            assert unit.write(sample_step("B", element="survey", subject="C-1")).case.id == "A"
            assert unit.write(sample_step("B", element="survey", subject="C-2")).case.id == "B"
            unit.write(sample_step("A", 2, element="survey", subject="C-1", closed=True))
            assert unit.write(sample_step("C", element="survey", subject="C-1")).case.id == "C"

    def test_threads_that_race_for_one_case_lose_no_step(self) -> None:
        """Writers that read, write and try again on a conflict: every step is there once."""
        with self.store() as store:
            with store.unit() as unit:
                unit.write(sample_step())

            def work() -> None:
                done = 0
                while done < 10:
                    with store.unit(write=False) as unit:
                        version = unit.read(("K-1",)).cases["K-1"].case.version
                    try:
                        with store.unit() as unit:
                            unit.write(sample_step(version=version + 1))
                        done += 1
                    except ConflictError:
                        continue

            workers = [threading.Thread(target=work) for _ in range(3)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            with store.unit(write=False) as unit:
                assert unit.read(("K-1",)).cases["K-1"].case.version == 31
                assert [line.seq for line in unit.history("K-1")] == list(range(1, 32))
                assert verify(unit, "K-1") == []
