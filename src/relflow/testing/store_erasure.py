"""Conformance of stores: personal values can be forgotten, and nothing else changes by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from relflow.results import Message, Performance, Step
from relflow.stores import verify
from relflow.testing.store_fresh import Fresh
from relflow.testing.store_samples import LEASE, MOMENT, sample_step
from relflow.text import Text

__all__ = ["ErasureConformance"]

PERSONAL = frozenset({"birthday", "phone"})


def personal_step(case: str, version: int = 1, phone: str = "139-secret", event_id: str | None = None) -> Step:
    """A step that carries personal values wherever a step can."""
    private = {"phone": phone, "birthday": Decimal("1.5"), "size": 7}
    made = sample_step(case, version, data=private, event_id=event_id)
    message = Message(f"{case}:{version}:1", case, 1, "li", "moved", Text.of("moved"), private)
    action = Performance(f"{case}:{version}:2", case, 2, "call", private)
    trigger = replace(made.entry.trigger, data=private)
    effect = replace(made.entry.effects[0], values=private)
    entry = replace(made.entry, trigger=trigger, changes=private, facts=private, effects=(effect,))
    return replace(made, entry=entry, messages=(message,), performances=(action,))


class ErasureConformance(Fresh):
    """Sealed values."""

    def test_personal_values_read_back_until_they_are_erased(self) -> None:
        """Case, history, outbox and the result of an event id show them; then they are null and the rest stays."""
        step = personal_step("A", event_id="e")
        gone = {"phone": None, "birthday": None, "size": 7}
        with self.store() as store:
            with store.unit() as unit:
                unit.write(step, PERSONAL)
                unit.write(personal_step("B"), PERSONAL)
            with store.unit() as unit:
                seen = unit.read(("A",), event_id="e")
                assert seen.cases["A"].case == step.case
                assert seen.seen is not None
                assert (seen.seen.case, seen.seen.entry) == (step.case, step.entry)
                assert unit.history("A")[0].entry == step.entry
                assert [notice.item for notice in unit.outbox(case="A")] == [*step.messages, *step.performances]
                assert verify(unit, "A") == []
                assert unit.erase(["A", "none"], MOMENT) == (2, 2)
            with store.unit() as unit:
                case, entry = unit.read(("A",)).cases["A"].case, unit.history("A")[0].entry
                assert {name: case.data[name] for name in gone} == gone
                assert entry.changes == entry.facts == entry.trigger.data == entry.effects[0].values == gone
                assert {notice.status for notice in unit.outbox(case="A")} == {"dead"}
                assert [notice.error for notice in unit.outbox(case="A")] == ["erased"] * 2
                assert verify(unit, "A") == []
                assert unit.erase(["A"], MOMENT) == (0, 0)
                assert unit.read(("B",)).cases["B"].case.data["phone"] == "139-secret"
                assert len(unit.messages(MOMENT + timedelta(hours=1), 9, LEASE)) == 2

    def test_a_case_goes_on_after_an_erasure(self) -> None:
        """New personal values are sealed anew; what was erased stays erased."""
        with self.store() as store, store.unit() as unit:
            unit.write(personal_step("A"), PERSONAL)
            unit.erase(["A"], MOMENT)
            unit.write(personal_step("A", 2, "138-new"), PERSONAL)
            first, second = (line.entry.changes["phone"] for line in unit.history("A"))
            assert (first, second) == (None, "138-new")
            assert verify(unit, "A") == []

    def test_an_erasure_is_undone_with_its_unit(self) -> None:
        """It is part of the transaction like everything else."""
        with self.store() as store:
            with store.unit() as unit:
                unit.write(personal_step("A"), PERSONAL)
                with unit.savepoint():
                    pass
            try:
                with store.unit() as unit:
                    unit.erase(["A"], MOMENT)
                    raise KeyError
            except KeyError:
                pass
            with store.unit(write=False) as unit:
                assert unit.read(("A",)).cases["A"].case.data["phone"] == "139-secret"
