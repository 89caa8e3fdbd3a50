"""Opening, firing, looking: what a host sees of cases, on every store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from relflow.engine import Engine
from relflow.errors import (
    ConflictError,
    FactError,
    NoTransactionError,
    NotFoundError,
    PluginError,
    ReentryError,
    RefusedError,
    StoreError,
)
from relflow.hooks import hookimpl
from relflow.results import Actor, Case, Recorded
from tests.strategies.engines import ACCOUNTS, BOSS, CLERK, START, Moving, Postbox, engine, program


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


def test_a_case_opens_with_its_clocks_and_owner(running: Engine) -> None:
    """The owner comes from the account's fact, the clock runs in working time, and the same is read back."""
    case = opened(running)

    assert (case.state, case.owner, case.version) == ("received", "li", 1)
    assert case.clocks["first_response"].due_at == START + timedelta(hours=5, minutes=30)  # lunch does not count
    assert running.case(case.id) == case
    assert running.cases(account="C-17") == [case]
    assert running.verify(case.id) == []


def test_the_hosts_key_opens_one_case(running: Engine) -> None:
    """A second call with the key returns the case as it stands; data of the second call do not matter."""
    case = opened(running, key="t-99")
    running.fire(case.id, "acknowledge", actor=CLERK)
    again = opened(running, key="t-99", data={})

    assert (again.id, again.state) == (case.id, "investigating")
    assert running.case(workflow="complaint", key="t-99").id == case.id
    assert len(running.cases()) == 1


def test_an_event_id_works_once(running: Engine) -> None:
    """The second time, the result of the first comes back, also after the case has moved on."""
    case = opened(running)
    first = running.fire(case.id, "acknowledge", actor=CLERK, event_id="e-1")
    running.fire(case.id, "propose", actor=BOSS, data={"solution": "x"})
    again = running.fire(case.id, "acknowledge", actor=CLERK, event_id="e-1")

    assert again == first
    assert running.case(case.id).state == "proposed"


def test_an_event_id_of_something_else_is_a_conflict(running: Engine) -> None:
    """An id that stood for another case or event does not pass for this one."""
    one, other = opened(running), opened(running)
    running.fire(one.id, "acknowledge", actor=CLERK, event_id="e-1")

    for case, event in ((other.id, "acknowledge"), (one.id, "propose")):
        with pytest.raises(ConflictError) as caught:
            running.fire(case, event, actor=CLERK, event_id="e-1")
        assert caught.value.reason == "event-id"
    assert running.case(other.id).state == "received"


def test_a_stale_version_is_a_conflict(running: Engine) -> None:
    """Whoever saw an older version is told so, and nothing happens."""
    case = opened(running)
    running.fire(case.id, "acknowledge", actor=CLERK)
    with pytest.raises(ConflictError) as caught:
        running.fire(case.id, "propose", actor=BOSS, data={"solution": "x"}, expected_version=1)

    assert (caught.value.details["expected"], caught.value.details["found"]) == (1, 2)
    assert "版本 2" in caught.value.text("zh")


def test_buttons_know_who_may_and_a_double_click_is_one(running: Engine) -> None:
    """A token carries version and event id: clicked twice it is one event, on a stale page it is a conflict."""
    case = opened(running)
    (button,) = running.allowed(case.id, CLERK)
    stale = running.allowed(case.id, CLERK)[0].token
    first = running.fire(case.id, button.event, actor=CLERK, token=button.token)

    assert running.fire(case.id, button.event, actor=CLERK, token=button.token) == first
    with pytest.raises(ConflictError, match="moved on"):
        running.fire(case.id, "acknowledge", actor=CLERK, token=stale)
    with pytest.raises(RefusedError) as caught:
        running.fire(case.id, "propose", actor=BOSS, token=button.token)
    assert caught.value.reason == "token"
    (refused,) = running.allowed(case.id, CLERK)
    assert (refused.event, refused.token) == ("propose", None)
    assert refused.refused is not None
    assert refused.refused.reason == "role"


def test_roles_come_from_the_policy_and_the_account(running: Engine) -> None:
    """An actor without asserted roles holds what the policy and the account's facts say."""
    case = opened(running, actor=Actor("nobody"))
    with pytest.raises(RefusedError) as caught:
        running.fire(case.id, "acknowledge", actor=Actor("nobody"))
    assert caught.value.reason == "role"
    assert running.fire(case.id, "acknowledge", actor=Actor("zhao")).state == "investigating"
    assert running.fire(case.id, "propose", actor=Actor("wang"), data={"solution": "x"}).state == "proposed"


def test_roles_come_from_the_hook(url: str) -> None:
    """The host's own answer counts too."""

    class Host:
        @hookimpl
        def relflow_roles(self, actor: str, account: str) -> list[str]:
            return ["clerk"] if (actor, account) == ("new", "C-17") else []

    with engine(url, plugins=[Host()]) as running:
        case, other = opened(running), opened(running, account="C-18")
        assert running.fire(case.id, "acknowledge", actor=Actor("new")).state == "investigating"
        with pytest.raises(RefusedError):
            running.fire(other.id, "acknowledge", actor=Actor("new"))


def test_a_refusal_leaves_nothing(running: Engine) -> None:
    """Missing data, wrong data, the wrong state: the case, its history and its outbox stay as they were."""
    case = opened(running)
    for event, data, reason in (
        ("propose", {"solution": "x"}, "state"),
        ("acknowledge", {"weather": "fine"}, "data"),
        ("fly", {}, "event"),
    ):
        with pytest.raises(RefusedError) as caught:
            running.fire(case.id, event, actor=BOSS, data=data)
        assert caught.value.reason == reason
    with pytest.raises(RefusedError) as caught:
        opened(running, data={})
    assert caught.value.reason == "needs"

    assert running.case(case.id) == case
    assert (len(running.history(case.id)), running.outbox(), len(running.cases())) == (1, [], 1)


def test_children_open_with_their_parent_and_close_it(running: Engine) -> None:
    """Todos are opened in the parent's own step; when the last is done, the parent goes on by itself."""
    case = opened(running)
    running.fire(case.id, "acknowledge", actor=CLERK)
    parent = running.fire(case.id, "propose", actor=BOSS, data={"solution": "x"})
    todos = running.cases(parent=case.id)

    assert (
        [child.id for child in parent.children] == [todo.id for todo in todos] == [f"{case.id}:3:1", f"{case.id}:3:2"]
    )
    assert all((todo.owner, todo.account, todo.data) == ("wang", "C-17", {"title": "look"}) for todo in todos)
    running.fire(todos[0].id, "do", actor=BOSS)
    assert [child.closed for child in running.case(case.id).children] == [True, False]
    running.fire(todos[1].id, "do", actor=BOSS)
    closed = running.case(case.id)
    assert (closed.state, closed.closed) == ("closed", True)
    assert [entry.trigger.kind for entry in running.history(case.id)] == [
        "open", "event", "event", "child", "child", "condition",
    ]  # fmt: skip


def test_a_child_that_cannot_open_undoes_its_parents_step(url: str) -> None:
    """All or nothing: a workflow that is not there refuses the event that would open it."""
    flows = {"complaint": program().workflows["complaint"]}
    with engine(url, policy=program(workflows=flows)) as running:
        case = opened(running)
        running.fire(case.id, "acknowledge", actor=CLERK)
        with pytest.raises(NotFoundError) as caught:
            running.fire(case.id, "propose", actor=BOSS, data={"solution": "x"})
        assert caught.value.reason == "workflow"
        assert running.case(case.id).state == "investigating"


def test_what_does_not_exist_is_not_found(running: Engine) -> None:
    """Cases, workflows, accounts, events of the policy: each by its name, with the likely one."""
    with pytest.raises(NotFoundError, match="no case `x`"):
        running.fire("x", "acknowledge", actor=CLERK)
    with pytest.raises(NotFoundError, match="no case `x`"):
        running.case("x")
    with pytest.raises(NotFoundError, match="no case `x`"):
        running.history("x")
    with pytest.raises(NotFoundError, match="did you mean `complaint`"):
        running.open("complain", account="C-17")
    with pytest.raises(NotFoundError) as caught:
        opened(running, account="C-99")
    assert caught.value.reason == "account"
    with pytest.raises(NotFoundError, match="file_changed"):
        running.signal("moved", account="C-17", event_id="s")


@pytest.mark.parametrize("bad", ["", "a\x00b", "a\ud800", "x" * 501])
def test_ids_that_a_database_cannot_hold_are_refused(running: Engine, bad: str) -> None:
    """Keys, accounts and event ids are printable and short."""
    for field in ("key", "account", "event_id"):
        with pytest.raises(FactError) as caught:
            opened(running, **{field: bad})
        assert caught.value.reason == "bad-id"


def test_time_is_aware_and_never_runs_back(running: Engine, clock: Moving) -> None:
    """A day or an instant without a zone is refused; one before the last step too; a lagging clock stands still."""
    for wrong in (START.replace(tzinfo=None), START.date()):
        with pytest.raises(FactError):
            opened(running, at=wrong)
    case = opened(running)
    with pytest.raises(RefusedError):
        running.fire(case.id, "acknowledge", actor=CLERK, at=START - timedelta(seconds=1))
    clock.on(seconds=-30)
    assert running.fire(case.id, "acknowledge", actor=CLERK).updated_at == START
    late = opened(running, at=START - timedelta(days=3))
    assert late.opened_at == START - timedelta(days=3)


def test_the_host_moved_the_case_behind_our_back(running: Engine) -> None:
    """Following it is recorded as bypassed; an owner is given outside of events."""
    case = opened(running)
    moved = running.adopt_state(case.id, "investigating", actor=BOSS, because="bulk close", approver="wang")
    given = running.assign(case.id, "zhao", actor=BOSS)
    last = running.history(case.id)[1]

    assert (moved.state, given.owner) == ("investigating", "zhao")
    assert last.findings == ("bypassed:investigating",)
    assert (last.trigger.kind, last.trigger.actor) == ("adopt", BOSS)


def test_tenants_are_apart(url: str) -> None:
    """Each tenant has its own policy, keys and cases; an unknown one is refused."""
    with engine(url, policy={"east": program(), "west": program("p2")}) as running:
        east = running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK, key="k", tenant="east")
        west = running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK, key="k", tenant="west")
        assert east.id != west.id
        with pytest.raises(NotFoundError):
            running.case(east.id, tenant="west")
        with pytest.raises(NotFoundError) as caught:
            running.cases()
        assert caught.value.reason == "tenant"


def test_a_policy_with_other_content_may_read_but_not_write(url: str, tmp_path: Path) -> None:
    """The digest in force is the store's; another one is adopted on purpose."""
    url = f"sqlite:///{tmp_path}/shared.db"
    with engine(url) as first:
        case = opened(first)
    with engine(url, policy=program("p2")) as second:
        assert second.case(case.id) == case
        with pytest.raises(StoreError) as caught:
            second.fire(case.id, "acknowledge", actor=CLERK)
        assert caught.value.reason == "other-policy"
        assert second.adopt(program("p2")).before == "p1"
        assert second.fire(case.id, "acknowledge", actor=CLERK).state == "investigating"
    with engine(url) as old, pytest.raises(StoreError, match="another content"):
        opened(old)
    with engine(url, adopt=True) as again:
        assert opened(again).state == "received"


def test_a_case_of_another_definition_says_so(url: str, tmp_path: Path) -> None:
    """A changed workflow does not move cases that began under the old one; the same version is refused."""
    url = f"sqlite:///{tmp_path}/shared.db"
    with engine(url) as first:
        case = opened(first)
    flows = dict(program().workflows)
    flows["complaint"] = replace(flows["complaint"], digest="e" * 64)
    with engine(url, policy=program("p1", workflows=flows)) as second:
        with pytest.raises(StoreError) as caught:
            second.fire(case.id, "acknowledge", actor=CLERK)
        assert caught.value.reason == "other-definition"
        with pytest.raises(StoreError) as caught:
            opened(second)
        assert caught.value.reason == "other-content"


def test_a_unit_takes_several_steps_or_none(running: Engine) -> None:
    """What happens in one unit is committed together; a refused step alone is undone; an exception undoes all."""
    with running.unit() as unit:
        case = unit.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        unit.fire(case.id, "acknowledge", actor=CLERK)
        with pytest.raises(RefusedError):
            unit.fire(case.id, "accept", actor=CLERK)
        assert unit.case(case.id).state == "investigating"
    assert running.case(case.id).version == 2
    with pytest.raises(NoTransactionError, match="ended"):
        unit.case(case.id)

    def broken() -> None:
        with running.unit() as unit:
            unit.fire(case.id, "propose", actor=BOSS, data={"solution": "x"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert running.case(case.id).version == 2
    assert len(running.cases()) == 1


def test_observers_hear_what_was_committed(url: str) -> None:
    """After the commit, every step once and in order; nothing of what was rolled back; one that raises harms nobody."""

    class Broken:
        @hookimpl(tryfirst=True)
        def relflow_observe(self, recorded: Recorded) -> None:
            raise ZeroDivisionError

    box = Postbox()
    with engine(url, plugins=[Broken(), box]) as running:
        case = opened(running)
        with pytest.raises(RefusedError):
            running.fire(case.id, "accept", actor=CLERK)
        running.fire(case.id, "acknowledge", actor=CLERK)
    assert [recorded.key for recorded in box.seen] == [f"{case.id}:1", f"{case.id}:2"]


def test_a_projection_that_raises_refuses_the_step(url: str) -> None:
    """The host's columns and the case move together or not at all; the exception names the plugin."""

    class Project:
        def __init__(self) -> None:
            self.seen: list[str] = []

        @hookimpl
        def relflow_project(self, tenant: str, recorded: Recorded) -> None:
            self.seen.append(recorded.case.state)
            if recorded.case.state == "investigating":
                raise ValueError("no such column")

    project = Project()
    with engine(url, plugins=[project]) as running:
        case = opened(running)
        with pytest.raises(ValueError, match="no such column") as caught:
            running.fire(case.id, "acknowledge", actor=CLERK)
        assert caught.value.__notes__ == ["raised by plugin `Project` in `relflow_project`"]
        assert running.case(case.id) == case
        assert project.seen == ["received", "investigating"]


def test_a_hook_may_not_fire_inside_its_own_step(url: str) -> None:
    """A projection that fires, signals or delivers is stopped at once, and its step with it."""

    class Echo:
        engine: Engine
        act: str = "fire"

        @hookimpl
        def relflow_project(self, recorded: Recorded) -> None:
            if self.act == "fire":
                self.engine.fire(recorded.case.id, "acknowledge", actor=CLERK)
            else:
                self.engine.run_due()

    echo = Echo()
    with engine(url, plugins=[echo]) as running:
        echo.engine = running
        for echo.act in ("fire", "run"):
            with pytest.raises(ReentryError):
                opened(running)
        assert running.cases() == []


def test_loaders_that_fail_leave_the_store_alone(url: str) -> None:
    """A loader's exception comes through as it is, with a note; nothing was written."""

    class Loader:
        @hookimpl
        def relflow_load_accounts(self, accounts: list[str]) -> object:
            if accounts[0] == "C-17":
                raise ConnectionError("the CRM is away")
            return ["nonsense"]

    with Engine(program(), plugins=[Loader()], store=url, clock=Moving()) as running:
        with pytest.raises(ConnectionError) as caught:
            opened(running)
        assert "relflow_load_accounts" in caught.value.__notes__[0]
        with pytest.raises(PluginError, match="mapping of account"):
            opened(running, account="C-18")
        assert running.cases() == []


def test_facts_are_loaded_once_and_only_those_that_are_read(url: str) -> None:
    """One call for a step, with the names that the workflows in reach may read."""

    class Loader:
        def __init__(self) -> None:
            self.calls: list[tuple[object, ...]] = []

        @hookimpl
        def relflow_load_accounts(self, tenant: str, accounts: object, facts: object, link: object) -> object:
            self.calls.append((tenant, accounts, facts, link))
            return {"C-17": ACCOUNTS["C-17"]}

    loader = Loader()
    with Engine(program(), plugins=[loader], store=url, clock=Moving()) as running:
        case = opened(running)
        assert loader.calls == [("", ("C-17",), ("account_manager_id", "annual"), None)]
        running.fire(case.id, "acknowledge", actor=CLERK)
        running.fire(case.id, "propose", actor=BOSS, data={"solution": "x"})
        assert len(loader.calls) == 3


def test_a_signal_lets_open_cases_look_again(url: str) -> None:
    """Conditions that read the account's facts are asked anew; the same signal twice does it once."""
    with engine(url) as running:
        case = opened(running)
        assert running.signal("file_changed", account="C-17", event_id="s-1") == ()
        assert running.case(case.id).version == 1
        assert running.signal("file_changed", account="C-17", event_id="s-1") == ()
