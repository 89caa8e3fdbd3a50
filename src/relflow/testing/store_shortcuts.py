"""Conformance of stores that spare journeys: a step written alone is as one of a transaction, a glance only reads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from relflow.errors import ConflictError, RelflowError
from relflow.results import Recorded
from relflow.stores import StoreUnit, WritesAlone, glance, verify
from relflow.testing.store_erasure import PERSONAL, personal_step
from relflow.testing.store_fresh import Fresh
from relflow.testing.store_samples import MOMENT, StopHere, refused, sample_step

__all__ = ["ShortcutConformance"]

Change = Callable[[StoreUnit], object]


def written(unit: StoreUnit, *arguments: object, **named: object) -> Recorded | None:
    """What `write_alone` answers; a store without it does not pass this suite."""
    assert isinstance(unit, WritesAlone), "the units of this store have no `write_alone`"
    # the arguments pass through as the tests wrote them
    return unit.write_alone(*arguments, **named)  # type: ignore[arg-type]


class ShortcutConformance(Fresh):
    """Steps without a transaction around them, for stores whose units have `write_alone`."""

    def test_a_step_written_alone_is_whole_and_reads_back(self) -> None:
        """Case, history, timers and outbox are as `write` leaves them, for openings and for moves."""
        first = sample_step(timers={"due": timedelta(hours=4)}, account="C-1", key="t 1", event_id="e-1")
        second = sample_step("K-1", 2, to=("li", "wang"), account="C-1", key="t 1")
        heads = []
        with self.store() as store:
            for step in (first, second):
                with store.unit() as unit:
                    made = written(unit, step)
                    assert made is not None
                    assert (made.case, made.entry, made.replayed) == (step.case, step.entry, False)
                    heads.append(made.digest)
            with store.unit(write=False) as unit:
                found = unit.read(("K-1",), (("complaint", "t 1"),), "e-1")
                assert found.cases["K-1"].case == found.keys["complaint", "t 1"].case == second.case
                assert found.cases["K-1"].digest == heads[-1]
                assert found.seen is not None
                assert found.seen.case == first.case
                lines = unit.history("K-1")
                assert [line.entry for line in lines] == [first.entry, second.entry]
                assert [line.digest for line in lines] == heads
                assert verify(unit, "K-1") == []
                assert len(unit.outbox(case="K-1")) == 3
                assert unit.timers("K-1") == []

    def test_a_step_written_alone_is_kept_whatever_becomes_of_its_unit(self) -> None:
        """It is committed when it is returned."""
        with self.store() as store:
            try:
                with store.unit() as unit:
                    assert written(unit, sample_step()) is not None
                    raise StopHere
            except StopHere:
                pass
            with store.unit(write=False) as unit:
                assert unit.read(("K-1",)).cases["K-1"].case.version == 1

    def test_a_unit_whose_step_is_kept_takes_no_other_change(self) -> None:
        """It says so and changes nothing, and reading goes on; the next unit is free."""
        changes: list[Change] = [
            lambda unit: unit.write(sample_step("K-1", 2)),
            lambda unit: unit.write_all([sample_step("K-2")]),
            lambda unit: written(unit, sample_step("K-2")) or unit.write(sample_step("K-2")),
            lambda unit: unit.mark("signal", MOMENT, {}),
            lambda unit: unit.savepoint().__enter__(),
        ]
        with self.store() as store:
            for number, change in enumerate(changes, start=1):
                with store.unit() as unit:
                    assert written(unit, sample_step("K-1" if number == 1 else f"X{number}")) is not None
                    with refused(RelflowError):
                        change(unit)
                    assert unit.read(("K-1",)).cases["K-1"].case.version == 1
                    assert not unit.read(("K-2",)).cases
            with store.unit() as unit:
                assert unit.mark("signal", MOMENT, {}) is None
                assert not unit.write(sample_step("K-1", 2)).replayed

    def test_what_cannot_be_written_alone_is_left_to_the_unit(self) -> None:
        """Where something stands in the way nothing is written, and `write` says in the same unit what it is."""
        with self.store() as store:
            with store.unit() as unit:
                unit.in_force("oil", "p1")
                unit.write(sample_step("A", event_id="e-1", key="k", element="flow", subject="C-1"))
                unit.write(sample_step("A", 2))
            with store.unit() as unit:
                stale = sample_step("A", 2, event_id="e-2")
                assert written(unit, stale) is None
                with refused(ConflictError, "conflict"):
                    unit.write(stale)
            there = (
                sample_step("B", event_id="e-1"), sample_step("A"), sample_step("B", key="k"),
                sample_step("B", element="flow", subject="C-1"),
            )  # fmt: skip
            for step in there:
                with store.unit() as unit:
                    assert written(unit, step) is None
                    replayed = unit.write(step)
                    assert (replayed.case.id, replayed.replayed) == ("A", True)
            with store.unit(write=False) as unit:
                assert [line.seq for line in unit.history("A")] == [1, 2]
                assert not unit.read(("B",)).cases
                assert len(unit.outbox()) == 2

    def test_a_step_is_written_alone_only_under_its_policy(self) -> None:
        """Where another one or none is in force nothing is written, and the unit can put its own in force."""
        with self.store() as store:
            for digest in ("p1", "p2"):
                with store.unit() as unit:
                    assert written(unit, sample_step(digest), under=("oil", digest)) is None
                    assert unit.in_force("oil", digest) == digest
                    unit.write(sample_step(digest))
            with store.unit() as unit:
                assert written(unit, sample_step("p2", 2), under=("oil", "p1")) is None
            with store.unit() as unit:
                assert written(unit, sample_step("p2", 2), under=("oil", "p2")) is not None

    def test_a_unit_that_has_begun_writes_in_its_transaction(self) -> None:
        """Nothing is written alone beside what may still be undone."""
        with self.store() as store:
            try:
                with store.unit() as unit:
                    unit.write(sample_step("A"))
                    assert written(unit, sample_step("B")) is None
                    unit.write(sample_step("B"))
                    raise StopHere
            except StopHere:
                pass
            with store.unit(write=False) as unit:
                assert not unit.read(("A", "B")).cases

    def test_personal_values_written_alone_can_be_erased(self) -> None:
        """They are sealed under the secret of their case, and equal ones are one value in the vault."""
        with self.store() as store:
            for step in (personal_step("A"), sample_step("A", 2), personal_step("A", 3), personal_step("A", 4, "138")):
                with store.unit() as unit:
                    assert written(unit, step, PERSONAL) is not None
            with store.unit() as unit:
                assert [line.entry.changes.get("phone") for line in unit.history("A")] == [
                    "139-secret", None, "139-secret", "138",
                ]  # fmt: skip
                assert verify(unit, "A") == []
                # two numbers and a birthday
                assert unit.erase(["A"], MOMENT)[0] == 3
                assert unit.read(("A",)).cases["A"].case.data["phone"] is None
                assert verify(unit, "A") == []

    def test_of_two_that_write_alone_one_wins(self) -> None:
        """From the same version, and with a secret that both make: the history has one of the two steps."""
        with self.store() as store:
            with store.unit() as unit:
                unit.write_all([sample_step(f"K{number}") for number in range(20)])
            won: list[tuple[int, int]] = []
            gate = threading.Barrier(2)

            def run(worker: int) -> None:
                for number in range(20):
                    gate.wait(30)
                    try:
                        with store.unit() as unit:
                            if written(unit, personal_step(f"K{number}", 2, f"13{worker}"), PERSONAL) is not None:
                                won.append((number, worker))
                    except ConflictError:
                        continue

            threads = [threading.Thread(target=run, args=(worker,)) for worker in (1, 2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert sorted(number for number, _ in won) == list(range(20))
            with store.unit(write=False) as unit:
                for number, worker in won:
                    assert unit.read((f"K{number}",)).cases[f"K{number}"].case.data["phone"] == f"13{worker}"
                    assert verify(unit, f"K{number}") == []

    def test_a_glance_reads_and_changes_nothing(self) -> None:
        """It finds what a reading unit finds, also while others write, and a change through it is refused."""
        changes: list[Change] = [
            lambda unit: written(unit, sample_step("A", 2)) or unit.write(sample_step("A", 2)),
            lambda unit: unit.mark("signal", MOMENT, {}),
            lambda unit: unit.erase(["A"], MOMENT),
        ]
        with self.store() as store:
            with store.unit() as unit:
                unit.write(personal_step("A", event_id="e-1"), PERSONAL)
            with glance(store) as unit:
                first = unit.read(("A",), event_id="e-1")
                with store.unit() as other:
                    other.write(sample_step("A", 2))
                second = unit.read(("A",))
                assert unit.now() is not None
            assert first.cases["A"].case.data["phone"] == "139-secret"
            assert first.seen is not None
            assert [one.cases["A"].case.version for one in (first, second)] == [1, 2]
            for change in changes:
                with refused(RelflowError), glance(store) as unit:
                    change(unit)
            with store.unit() as unit:
                assert unit.read(("A",)).cases["A"].case.version == 2
                assert unit.mark("signal", MOMENT, {}) is None
                assert unit.erase(["A"], MOMENT)[0] == 2
