"""A Hypothesis state machine: a store beside a model of plain dictionaries, in any order of calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from relflow.errors import ConflictError
from relflow.results import Delivered, Failed
from relflow.stores import OutboxClaim, Store, WritesAlone, verify
from relflow.testing.store_samples import LEASE, MOMENT, StopHere, sample_step

if TYPE_CHECKING:
    from hypothesis.stateful import RuleBasedStateMachine

__all__ = ["store_machine"]

NAMES = ("A", "B", "C")


class Model:
    """What the store should hold."""

    def __init__(self) -> None:
        self.now = MOMENT + timedelta(minutes=1)
        self.versions: dict[str, int] = {}
        self.events: dict[str, tuple[str, int]] = {}
        self.timers: dict[str, timedelta] = {}
        self.lanes: dict[tuple[str, str], list[str]] = {}
        self.sent: list[str] = []
        self.dead: list[str] = []

    def wrote(self, case: str, version: int, to: tuple[str, ...], wait: timedelta | None, event_id: str | None) -> None:
        """A step was written."""
        self.versions[case] = version
        if event_id is not None:
            self.events[event_id] = (case, version)
        self.timers.pop(case, None)
        if wait is not None:
            self.timers[case] = wait
        for place, who in enumerate(to, start=1):
            self.lanes.setdefault((case, who), []).append(f"{case}:{version}:{place}")

    def settled(self, key: str, outcome: str) -> None:
        """A message was sent or given up."""
        (self.sent if outcome == "sent" else self.dead).append(key)
        for lane in self.lanes.values():
            if key in lane:
                lane.remove(key)

    def outbox(self) -> dict[str, str]:
        """Every message with its status."""
        ready = {key: "ready" for lane in self.lanes.values() for key in lane}
        return ready | dict.fromkeys(self.sent, "sent") | dict.fromkeys(self.dead, "dead")


def store_machine(make: Callable[[], Store]) -> type[RuleBasedStateMachine]:
    """A state machine class over stores that `make` gives; run it with hypothesis' `run_state_machine_as_test`."""
    from hypothesis import strategies as st  # noqa: PLC0415 - only whoever runs the machine needs it
    from hypothesis.stateful import RuleBasedStateMachine, invariant, rule  # noqa: PLC0415

    names = st.sampled_from(NAMES)
    people = st.sampled_from([("li",), ("wang",), ("li", "wang"), ()])
    waits = st.sampled_from([None, timedelta(), timedelta(minutes=5), timedelta(hours=5)])
    ids = st.sampled_from([None, None, "e1", "e2", "e3"])

    class StoreMachine(RuleBasedStateMachine):
        """The store and its model."""

        def __init__(self) -> None:
            super().__init__()
            self.store = make()
            self.model = Model()
            self.claims: list[OutboxClaim] = []

        def teardown(self) -> None:
            """Close it."""
            self.store.close()

        @rule(
            case=names, to=people, wait=waits, event_id=ids, breaks=st.booleans(), behind=st.booleans(),
            alone=st.booleans(),
        )  # fmt: skip
        def step(self, case: str, to: Any, wait: Any, event_id: Any, breaks: bool, behind: bool, alone: bool) -> None:
            """Write the next step of a case, or one that is stale, or break off; alone, where the store can."""
            model = self.model
            held = model.versions.get(case, 0)
            version = held if behind and held else held + 1
            timers = {} if wait is None else {"due": wait + (model.now - MOMENT)}
            seen = event_id in model.events
            there = not seen and version == 1 and held > 0
            stale = not seen and 1 < version <= held
            made = sample_step(case, version, to=to, timers=timers, event_id=event_id)
            kept = None
            try:
                with self.store.unit() as unit:
                    kept = unit.write_alone(made) if alone and isinstance(unit, WritesAlone) else None
                    recorded = kept or unit.write(made)
                    assert recorded.replayed == (seen or there)
                    assert not seen or (recorded.case.id, recorded.entry.seq) == model.events[event_id]
                    if breaks:
                        raise StopHere
            except StopHere:
                if kept is None:
                    return
            except ConflictError:
                assert stale
                return
            assert not stale
            if not seen and not there:
                model.wrote(case, version, to, timers.get("due"), event_id)

        @rule(minutes=st.sampled_from([0, 1, 10, 400]))
        def wait(self, minutes: int) -> None:
            """Time passes."""
            self.model.now += timedelta(minutes=minutes)

        @rule(limit=st.integers(1, 4))
        def claim_messages(self, limit: int) -> None:
            """Claims are heads of their lanes."""
            with self.store.unit() as unit:
                claims = unit.messages(self.model.now, limit, LEASE)
            heads = {lane[0] for lane in self.model.lanes.values() if lane}
            assert {claim.key for claim in claims} <= heads
            assert len(claims) <= limit
            self.claims += claims

        @rule(which=st.integers(0, 9), outcome=st.sampled_from(["sent", "later", "dead"]))
        def settle(self, which: int, outcome: str) -> None:
            """Only the latest claim on a row that is still ready counts."""
            if not self.claims:
                return
            claim = self.claims[which % len(self.claims)]
            newest = max(other.fence for other in self.claims if other.key == claim.key)
            answer = Delivered() if outcome == "sent" else Failed("no")
            again = self.model.now + LEASE if outcome == "later" else None
            expected = self.model.outbox()[claim.key] == "ready" and claim.fence == newest
            with self.store.unit() as unit:
                assert unit.settle(claim, answer, self.model.now, again) == expected
            if expected and outcome != "later":
                self.model.settled(claim.key, outcome)

        @rule()
        def claim_timers(self) -> None:
            """No timer is early, and none is given out twice under one lease."""
            with self.store.unit() as unit:
                claims = unit.due(self.model.now, 9, LEASE)
                assert unit.due(self.model.now, 9, LEASE) == []
            for claim in claims:
                assert claim.timer.due_at <= self.model.now
                assert self.model.timers[claim.timer.case] == claim.timer.due_at - MOMENT

        @invariant()
        def agrees(self) -> None:
            """Versions, histories, timers and the outbox are what the model says; every chain holds."""
            model = self.model
            with self.store.unit(write=False) as unit:
                for case, version in model.versions.items():
                    assert unit.read((case,)).cases[case].case.version == version
                    assert [line.seq for line in unit.history(case)] == list(range(1, version + 1))
                    assert verify(unit, case) == []
                    due = [timer.due_at - MOMENT for timer in unit.timers(case)]
                    assert due == ([model.timers[case]] if case in model.timers else [])
                assert {notice.item.key: notice.status for notice in unit.outbox()} == model.outbox()

    return StoreMachine
