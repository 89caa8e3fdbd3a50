"""Conformance of Links: values come back as they went in, whatever the host's driver does with its own."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from relflow.results import Delivered, StandingRecord
from relflow.stores import CaseFilter, Link, verify
from relflow.testing.store_erasure import PERSONAL, personal_step
from relflow.testing.store_samples import LEASE, MOMENT, ODD_DATA, sample_step

__all__ = ["ValueConformance"]


class ValueConformance:
    """A store joined to the host's connection, without an engine."""

    def running(self) -> AbstractContextManager[Any]:
        """The host with an engine beside it."""
        raise NotImplementedError

    def test_every_value_survives_the_hosts_driver(self) -> None:
        """Microseconds, 34 digits, NUL, half a surrogate pair, a million signs, marks of parameters."""
        step = sample_step(data=ODD_DATA, timers={"due": timedelta(hours=4)}, account="C-1", key="100% ? :x $1")
        with self.running() as it:
            with it.begin():
                unit = it.engine.store.join(it.link(), "")
                written = unit.write(step)
                assert unit.read(("K-1",)).cases["K-1"].case == step.case
                assert unit.read(keys=(("complaint", "100% ? :x $1"),)).keys
            with it.begin():
                unit = it.engine.store.join(it.link(), "")
                (line,) = unit.history("K-1")
                assert (line.entry, line.digest) == (step.entry, written.digest)
                assert unit.timers("K-1") == list(step.timers)
                assert [case.id for case in unit.find(CaseFilter(ids=["K-1", "Z"]))] == ["K-1"]
                assert verify(unit, "K-1") == []

    def test_a_link_carries_numbers_texts_and_nothing(self) -> None:
        """The types of the columns come back as they are, a statement without parameters keeps its signs."""
        with self.running() as it, it.begin():
            link: Link = it.link()
            big, text = 2**62, "100% ? :name ' \" 泄漏 😀"
            rows, _ = link.execute("SELECT CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT)", (big, text, None))
            assert [tuple(row) for row in rows] == [(big, text, None)]
            assert [type(value) for value in rows[0]] == [int, str, type(None)]
            rows, _ = link.execute("SELECT 'a%b' WHERE 'abc' LIKE 'a%'")
            assert [tuple(row) for row in rows] == [("a%b",)]
            assert link.execute("DELETE FROM tickets WHERE state = ?", ("none",))[1] == 0

    def test_claims_erasures_and_levels_work_joined(self) -> None:
        """A host may run its worker inside its own transactions, too."""
        with self.running() as it:
            with it.begin():
                unit = it.engine.store.join(it.link(), "")
                unit.write_all([personal_step("A"), sample_step("B", timers={"due": timedelta(hours=1)})], PERSONAL)
                unit.stand(StandingRecord("C-1", "tier", {"level": "key"}, MOMENT))
                assert unit.mark("s-1", MOMENT, {"n": 1}) is None
            now = MOMENT + timedelta(hours=1)
            with it.begin():
                unit = it.engine.store.join(it.link(), "")
                (timer,) = unit.due(now, 9, LEASE)
                assert (timer.timer.case, unit.due(now, 9, LEASE)) == ("B", [])
                claims = unit.messages(now, 9, LEASE)
                assert [unit.settle(claim, Delivered("r"), now) for claim in claims] == [True] * 3
                assert unit.erase(["A"], now) == (2, 0)
                assert unit.mark("s-1", MOMENT, {"n": 2}) == {"n": 1}
                assert unit.standings("tier", ["C-1", "C-2"]).keys() == {"C-1"}
                assert abs((unit.now() - unit.now()).total_seconds()) < 60
