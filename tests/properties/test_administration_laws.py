"""Laws of administration: whatever people, clocks and administrators do in whatever order, cases stay whole."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from relflow.builtins import Accounts
from relflow.engine import Shadow
from relflow.errors import RefusedError
from relflow.results import Actor
from tests.strategies.engines import ACCOUNTS, Moving, Postbox, engine, program

ADMIN = Actor("root")
PEOPLE = {"zhang": ("clerk",), "wang": ("boss",), "li": (), "sun": ()}
people = st.sampled_from(list(PEOPLE))
states = st.sampled_from(["received", "investigating", "proposed", "closed", "done", "nowhere"])
EVENTS: dict[str, dict[str, object]] = {
    "acknowledge": {}, "propose": {"solution": "x"}, "accept": {}, "reopen": {}, "do": {},
}  # fmt: skip


class Desk(RuleBasedStateMachine):
    """An engine in memory, everything that can be done to its cases, and a shadow with the same policy."""

    cases = Bundle("cases")
    mirrored = True

    def __init__(self) -> None:
        super().__init__()
        self.clock = Moving()
        self.postbox = Postbox()
        self.shadow = Shadow(program(), plugins=[Accounts(ACCOUNTS)], clock=self.clock) if self.mirrored else None
        self.engine = engine(clock=self.clock, plugins=[self.postbox], shadow=self.shadow)

    def teardown(self) -> None:
        """Close both."""
        self.engine.close()

    def attempt(self, act: Any) -> None:
        """Do it, or be told why not in both languages."""
        try:
            act()
        except RefusedError as refused:
            assert refused.text("en")
            assert refused.text("zh")

    @rule(target=cases, account=st.sampled_from(list(ACCOUNTS)))
    def open(self, account: str) -> str:
        """A new complaint."""
        return self.engine.open("complaint", account=account, data={"description": "d"}, actor=Actor("zhang")).id

    @rule(target=cases, case=cases, event=st.sampled_from(list(EVENTS)), who=people)
    def fire(self, case: str, event: str, who: str) -> Any:
        """An event by somebody; what it opens may be handled next."""
        actor = Actor(who, PEOPLE[who]) if PEOPLE[who] else Actor(who)
        self.attempt(lambda: self.engine.fire(case, event, actor=actor, data=EVENTS[event]))
        return multiple(*(child.id for child in self.engine.case(case).children))

    @rule(case=cases, state=states, approver=people)
    def force(self, case: str, state: str, approver: str) -> None:
        """Past the rules."""
        self.attempt(lambda: self.engine.force(case, state, actor=ADMIN, because="x", approver=approver))

    @rule(case=cases, children=st.booleans())
    def cancel(self, case: str, children: bool) -> None:
        """Ended with or without what it opened."""
        self.attempt(lambda: self.engine.cancel(case, actor=ADMIN, because="x", approver="wang", children=children))

    @rule(case=cases, owner=people)
    def assign(self, case: str, owner: str) -> None:
        """To another owner."""
        self.attempt(lambda: self.engine.assign(case, owner, actor=ADMIN))

    @rule(minutes=st.sampled_from([1, 60, 600, 6000]))
    def time_passes(self, minutes: int) -> None:
        """Clocks run, messages go out."""
        self.clock.on(minutes=minutes)
        report = self.engine.run_due()
        assert report.errors == ()

    @invariant()
    def whole(self) -> None:
        """Chains hold; closed cases rest; parents and children agree; each message went out once."""
        assert self.engine.verify_all().damages == ()
        found = {case.id: case for case in self.engine.cases()}
        for case in found.values():
            assert not (case.closed and any(clock.running for clock in case.clocks.values()))
            for child in case.children:
                assert child.closed == found[child.id].closed or not child.closed
            followed = case
            while followed.merged_into is not None:
                assert followed.closed
                followed = found[followed.merged_into]
        keys = [sent.key for sent in self.postbox.sent]
        assert len(keys) == len(set(keys))

    @invariant()
    def casts_its_own_shadow(self) -> None:
        """The same policy in shadow does the same, whatever happened."""
        if self.shadow is not None:
            comparison = self.shadow.compare(self.engine)
            assert comparison.same == comparison.cases, comparison.text()


class Merging(Desk):
    """The same with merges and absences, which a shadow does not follow."""

    mirrored = False

    @rule(one=Desk.cases, other=Desk.cases)
    def merge(self, one: str, other: str) -> None:
        """Two become one."""
        self.attempt(lambda: self.engine.merge(one, other, actor=ADMIN, because="the same"))

    @rule(absent=people, stand_in=people, days=st.integers(-1, 9))
    def goes_away(self, absent: str, stand_in: str, days: int) -> None:
        """Somebody acts for somebody."""
        until = self.clock.at + timedelta(days=days)
        self.attempt(lambda: self.engine.delegate(absent, stand_in, start=self.clock.at, until=until, actor=ADMIN))

    @rule(absent=people)
    def comes_back(self, absent: str) -> None:
        """Nobody acts for them any more."""
        self.engine.end_delegation(absent, actor=ADMIN)
        assert not [one for one in self.engine.delegations(at=self.clock.at) if one.absent == absent]


SETTINGS = settings(max_examples=12, stateful_step_count=15, deadline=None)


def test_cases_stay_whole_and_cast_their_own_shadow() -> None:
    """Events, clocks, force, cancel, assign in any order."""
    run_state_machine_as_test(Desk, settings=SETTINGS)


def test_merged_cases_and_absent_people_leave_cases_whole() -> None:
    """With merges and delegations among them."""
    run_state_machine_as_test(Merging, settings=SETTINGS)
