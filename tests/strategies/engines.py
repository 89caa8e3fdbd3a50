"""A small policy with complaints and todos, built by hand, and engines that run it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from relflow.builtins import Accounts
from relflow.engine import Engine
from relflow.feel.types import StringType
from relflow.hooks import hookimpl
from relflow.program import Program, Role
from relflow.program.workflows import Action, Datum, Recipient, Workflow
from relflow.results import Actor, Delivered, Done, Failed, Outgoing, Performance, Recorded
from tests.strategies.workflows import (
    CALENDAR,
    SPAN,
    Lambda,
    alternative,
    anybody,
    clock,
    datum,
    event,
    literal,
    notify,
    state,
    workflow,
)

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 10, 0, tzinfo=ZONE)  # a Monday
SEVERITY = StringType(one_of=("major", "general"))
CLERK = Actor("zhang", ("clerk",))
BOSS = Actor("wang", ("boss",))


def complaint() -> Workflow:
    """Received, investigated with todos, closed; two clocks; told to people at every turn."""
    opens = Action(
        "open", SPAN, "todo", values=(("title", literal("look")),), assign=Recipient("boss", "role"),
        for_each=literal((1, 2)),
    )  # fmt: skip
    acknowledge = alternative("acknowledge", "investigating", actions=(notify("owner", "owner"), notify("boss")))
    propose = alternative("propose", "proposed", anybody("boss"), needs=("solution",), actions=(opens,))
    charge = Action("perform", SPAN, "credit", values=(("amount", literal(5)),))
    accept = alternative("accept", "closed", anybody("clerk"), actions=(charge,))
    done = alternative(
        "settle", "closed", anybody("boss", declared=True),
        when=Lambda(lambda children: bool(children) and all(one["closed"] for one in children), ("children",)),
    )  # fmt: skip
    by_itself = replace(done, signers=replace(done.signers, system=True))
    warn = ("80%", (notify("owner", "owner"),))
    breach = ("due", (notify("boss"),))
    later = ("due + 4 working hours", (Action("raise", SPAN, "severity"), notify("boss")))
    return replace(
        workflow(
            state("received", event("acknowledge", acknowledge)),
            state("investigating", event("propose", propose)),
            state("proposed", event("accept", accept), event("settle", by_itself), pauses=("resolution",)),
            state("closed", event("reopen", alternative("reopen", "investigating")), final=True),
            data=[datum("description", required=True), datum("solution"), datum("severity", SEVERITY)],
            clocks=[
                clock(
                    "first_response", "received", ("investigating", "closed"), "4 working hours", warn, breach, later
                ),
                clock("resolution", "investigating", ("closed",), "3 working days", ("due", (notify("boss"),))),
            ],
            owner="account_manager",
        ),
        id="complaint",
        digest="c" * 64,
        canonical="workflow: complaint\n",
        reads=("account_manager_id", "annual"),
        asked=("account_manager", "boss"),
    )


def todo() -> Workflow:
    """Open, then done."""
    return replace(
        workflow(
            state("open", event("do", alternative("do", "done"))),
            state("done", final=True),
            data=[datum("title")],
        ),
        id="todo",
        digest="t" * 64,
        canonical="workflow: todo\n",
    )


def touchable() -> Workflow:
    """One state and an event that leaves the case where it is."""
    flow = workflow(state("open", event("touch", alternative("touch", None))))
    return replace(flow, id="touchable", digest="u" * 64, canonical="workflow: touchable\n")


def program(digest: str = "p1", **fields: Any) -> Program:
    """The policy."""
    roles = {
        "account_manager": Role(id="account_manager", span=SPAN, from_="account_manager_id"),
        "boss": Role(id="boss", span=SPAN, members=("wang",)),
        "clerk": Role(id="clerk", span=SPAN, members=("zhang", "zhao")),
    }
    flows = {"complaint": complaint(), "todo": todo(), "touchable": touchable()}
    settings = {"events": {"file_changed": {}}, "roles": roles, "workflows": flows, **fields}
    return Program(id="petroleum", version="1", digest=digest, span=SPAN, zone=ZONE, calendar=CALENDAR, **settings)


class Moving:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """The instant."""
        return self.at

    def on(self, **length: float) -> datetime:
        """Move on."""
        self.at += timedelta(**length)
        return self.at


class Postbox:
    """Keeps what was sent and done; `failures` answers come first, one an attempt."""

    def __init__(self, *failures: object) -> None:
        self.failures = list(failures)
        self.sent: list[Outgoing] = []
        self.done: list[Performance] = []
        self.seen: list[Recorded] = []

    @hookimpl
    def relflow_deliver(self, tenant: str, message: Outgoing) -> object:
        """Take the message, or fail as told."""
        failure = self.failures.pop(0) if self.failures else None
        if isinstance(failure, Exception):
            raise failure
        if failure is not None:
            return failure
        self.sent.append(message)
        return Delivered("r-1")

    @hookimpl
    def relflow_perform(self, tenant: str, effect: Performance) -> Done | Failed:
        """Note the action."""
        self.done.append(effect)
        return Done()

    @hookimpl
    def relflow_observe(self, tenant: str, recorded: Recorded) -> None:
        """Note the step."""
        self.seen.append(recorded)


ACCOUNTS = {
    "C-17": {"account_manager_id": "li", "annual": 7},
    "C-18": {"account_manager_id": "liu", "annual": 9},
}


def engine(
    store: Any = "memory:", *, clock: Any = None, plugins: Iterable[object] = (), accounts: Any = None, **fields: Any
) -> Engine:
    """An engine on the policy, with two accounts and a clock that stands still."""
    source = Accounts(ACCOUNTS if accounts is None else accounts)
    policy = fields.pop("policy", None) or program()
    return Engine(policy, store=store, plugins=(source, *plugins), clock=clock or Moving(), **fields)


__all__ = ["ACCOUNTS", "BOSS", "CLERK", "START", "ZONE", "Datum", "Moving", "Postbox", "complaint", "engine", "program"]
