"""What administrators do: force, cancel, merge, reassign, and look after messages that were given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from relflow.engine import Engine
from relflow.errors import NotFoundError, RefusedError
from relflow.results import Actor, Case, Failed
from tests.strategies.engines import BOSS, CLERK, START, Moving, Postbox, engine

ADMIN = Actor("root")


@pytest.fixture(params=["memory:", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh store of either kind."""
    return "memory:" if request.param == "memory:" else f"sqlite:///{tmp_path}/cases.db?synchronous=OFF"


@pytest.fixture
def clock() -> Moving:
    """A clock that stands still."""
    return Moving()


@pytest.fixture
def running(url: str, clock: Moving) -> Iterator[Engine]:
    """An engine on a fresh store."""
    with engine(url, clock=clock) as made:
        yield made


def opened(running: Engine, **fields: Any) -> Case:
    """A complaint of account C-17."""
    settings = {"account": "C-17", "data": {"description": "leak"}, "actor": CLERK, **fields}
    return running.open("complaint", **settings)


def proposed(running: Engine, **fields: Any) -> Case:
    """A complaint with two open todos."""
    case = opened(running, **fields)
    running.fire(case.id, "acknowledge", actor=CLERK)
    return running.fire(case.id, "propose", actor=BOSS, data={"solution": "new seal"})


def test_a_forced_state_needs_a_reason_and_somebody_elses_approval(running: Engine) -> None:
    """Both are on record, in both languages; guards and roles are not asked."""
    case = opened(running)
    for because, approver, reason in (("", "wang", "because"), ("lost", " ", "approver"), ("lost", "root", "approver")):
        with pytest.raises(RefusedError) as caught:
            running.force(case.id, "closed", actor=ADMIN, because=because, approver=approver)
        assert caught.value.reason == reason
    forced = running.force(case.id, "closed", actor=ADMIN, because="lost in the move", approver="wang")

    assert (forced.state, forced.closed, forced.clocks["first_response"].running) == ("closed", True, False)
    (_, line) = running.timeline(case.id)
    assert [text.text("en") for text in line.details][:2] == ["because: lost in the move", "approved by wang"]
    assert [text.text("zh") for text in line.details][:2] == ["原因：lost in the move", "批准人：wang"]
    assert running.verify(case.id) == []


def test_the_host_says_why_it_moved_a_case(running: Engine) -> None:
    """By the host's own key; the reason is no datum of the case."""
    opened(running, key="t-1")
    moved = running.adopt_state(
        workflow="complaint", key="t-1", state="investigating", actor=ADMIN, because="bulk", approver="wang",
        event_id="bulk-1",
    )  # fmt: skip
    again = running.adopt_state(workflow="complaint", key="t-1", state="investigating", actor=ADMIN, event_id="bulk-1")

    assert again == moved
    assert "because" not in moved.data
    assert running.history(moved.id)[-1].trigger.data == {"because": "bulk", "approver": "wang"}
    with pytest.raises(NotFoundError):
        running.adopt_state(workflow="complaint", key="t-2", state="closed")


def test_cancelling_ends_a_case_with_everything_that_it_opened(running: Engine) -> None:
    """Its clocks stop, its todos are cancelled, its conditions do not fire on the way."""
    case = proposed(running)
    todos = [child.id for child in case.children]
    ended = running.cancel(case.id, actor=ADMIN, because="opened by mistake", approver="wang")

    assert (ended.state, ended.closed) == ("closed", True)
    assert all(child.closed for child in ended.children)
    assert {one.state for one in running.cases(ids=todos)} == {"done"}
    assert not any(entry.trigger.kind == "condition" for entry in running.history(case.id))
    assert "cancelled:closed" in running.history(case.id)[3].findings
    assert running.cases(open_only=True) == []
    assert [running.verify(one) for one in (case.id, *todos)] == [[], [], []]


def test_a_case_may_be_cancelled_alone_and_only_into_a_final_state(running: Engine) -> None:
    """What it opened goes on if one says so."""
    case = proposed(running)
    for state in ("proposed", "nowhere"):
        with pytest.raises(RefusedError) as caught:
            running.cancel(case.id, actor=ADMIN, because="x", approver="wang", state=state)
        assert caught.value.reason == "state"
    running.cancel(case.id, actor=ADMIN, because="x", approver="wang", children=False)

    assert len(running.cases(open_only=True)) == 2


def test_what_fails_in_a_unit_takes_its_own_acts_along_only(running: Engine) -> None:
    """A merge that fails half-way leaves nothing, and the unit goes on."""
    one, other = proposed(running), opened(running)
    with running.unit() as unit:
        unit.fire(other.id, "acknowledge", actor=CLERK)
        with pytest.raises(RefusedError):
            unit.merge(one.id, other.id, actor=ADMIN, because="same leak", state="proposed")
        unit.assign(other.id, "liu", actor=ADMIN)

    after = running.case(other.id)
    assert (after.state, after.owner, after.children) == ("investigating", "liu", ())
    assert running.case(one.id).state == "proposed"


def test_two_cases_become_one(running: Engine) -> None:
    """The survivor takes over what it did not know and the open todos, whose closing it hears of."""
    one = proposed(running)
    other = opened(running, data={"description": "leak again"})
    survivor = running.merge(one.id, other.id, actor=ADMIN, because="same leak")

    assert survivor.data["description"] == "leak again"
    assert survivor.data["solution"] == "new seal"
    assert [child.id for child in survivor.children] == [child.id for child in one.children]
    gone = running.case(one.id)
    assert (gone.closed, gone.merged_into, gone.children) == (True, other.id, ())
    running.fire(one.children[0].id, "do", actor=CLERK)
    assert [child.closed for child in running.case(other.id).children] == [True, False]
    assert f"the case {one.id} is merged into this one" in running.timeline(other.id)[1].render("en")
    assert f"已并入工单 {other.id}" in running.timeline(one.id)[-1].render("zh")
    assert running.verify(one.id) == running.verify(other.id) == []


def test_a_merged_case_does_nothing_any_more(running: Engine) -> None:
    """Neither events nor administrators bring it back beside the case that goes on; that one lives on."""
    one, other = opened(running), opened(running)
    running.merge(one.id, other.id, actor=ADMIN, because="same leak")
    assert running.allowed(one.id, CLERK) == ()
    for act in (
        lambda: running.fire(one.id, "reopen", actor=CLERK),
        lambda: running.force(one.id, "received", actor=ADMIN, because="x", approver="wang"),
        lambda: running.adopt_state(one.id, "received"),
        lambda: running.assign(one.id, "sun", actor=ADMIN),
    ):
        with pytest.raises(RefusedError) as caught:
            act()
        assert caught.value.details["merged_into"] == other.id
        assert caught.value.text("zh") == f"工单已并入 {other.id}"
    assert running.fire(other.id, "acknowledge", actor=CLERK).state == "investigating"


def test_cases_that_do_not_go_together_are_not_merged(running: Engine) -> None:
    """Another account, another workflow, a closed case, the case itself."""
    case = opened(running)
    foreign = opened(running, account="C-18")
    todo = running.open("todo", account="C-17", actor=CLERK)
    closed = running.force(opened(running).id, "closed", actor=ADMIN, because="x", approver="wang")
    for other in (foreign, todo, closed, case):
        with pytest.raises(RefusedError) as caught:
            running.merge(case.id, other.id, actor=ADMIN, because="x")
        assert caught.value.reason == "merge"
        assert caught.value.text("zh").startswith(f"工单 `{case.id}` 不能并入")


def test_all_cases_of_an_owner_change_hands(running: Engine) -> None:
    """Open ones only; a dry run says which, and changes nothing."""
    mine = sorted(opened(running).id for _ in range(2))
    running.force(opened(running).id, "closed", actor=ADMIN, because="x", approver="wang")
    opened(running, account="C-18")
    would = running.reassign("li", "sun", actor=ADMIN, because="leave", dry_run=True)
    assert (would.cases, would.text("zh")) == (tuple(mine), "将改派工单 2 件")
    done = running.reassign("li", "sun", actor=ADMIN, because="leave")

    assert (done.cases, done.text("en")) == (tuple(mine), "cases reassigned: 2")
    assert [running.case(case).owner for case in mine] == ["sun", "sun"]
    assert running.history(mine[0])[-1].trigger.data == {"owner": "sun", "because": "leave"}
    assert running.reassign("li", "sun", actor=ADMIN, because="leave").cases == ()


def test_dead_messages_are_listed_replayed_and_discarded(url: str, clock: Moving) -> None:
    """Replayed ones are sent, discarded ones are kept with the reason and stay away."""
    postbox = Postbox(*[Failed("no such address", retry=False)] * 2)
    with engine(url, clock=clock, plugins=[postbox]) as running:
        case = opened(running)
        running.fire(case.id, "acknowledge", actor=CLERK)
        running.dispatch()
        first, second = (notice.item.key for notice in running.outbox(dead=True))
        assert running.replay([first, "nothing:1:1"]) == (first,)
        with pytest.raises(RefusedError):
            running.discard(because=" ")
        assert running.discard(because="moved away") == (second,)
        clock.on(minutes=1)
        assert running.dispatch().delivered == 1

        assert [sent.key for sent in postbox.sent] == [first]
        assert [(one.item.key, one.receipt) for one in running.outbox(status="discarded")] == [(second, "moved away")]
        assert running.outbox(dead=True) == []
        assert running.replay() == running.discard(because="x") == ()


def test_what_was_erased_is_not_sent_after_all(running: Engine) -> None:
    """A message that was given up because its values were forgotten cannot be replayed."""
    case = opened(running)
    running.fire(case.id, "acknowledge", actor=CLERK)
    running.erase("C-17", actor=ADMIN, because="asked for", at=START + timedelta(hours=1))

    assert {one.error for one in running.outbox(dead=True)} == {"erased"}
    assert running.replay() == ()
