"""A complaint that arrives before Spring Festival, run on a real engine with a clock that the demo moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from relflow.builtins import Accounts
from relflow.cli.demo.words import say
from relflow.engine import Engine
from relflow.hooks import hookimpl
from relflow.policy import Policy
from relflow.results import Actor, Case, Delivered, Outgoing, Recipient
from relflow.workflow import Ledger, Line, ledger, timeline

__all__ = ["Inbox", "Story", "tell"]

ZONE = ZoneInfo("Asia/Shanghai")
SERVICE = Actor("li.na", roles=("customer_service",))
LEAD = Actor("zhao.lei", roles=("department_lead",))


@dataclass(slots=True)
class MovingClock:
    """A clock that stands still until it is moved."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def to(self, text: str) -> None:
        """Move to a local time of the policy's zone."""
        self.at = datetime.fromisoformat(text).replace(tzinfo=ZONE)


@dataclass(slots=True)
class Inbox:
    """A notifier plugin: keeps what it is given instead of sending it."""

    clock: MovingClock
    lang: str
    messages: list[tuple[datetime, Outgoing]] = field(default_factory=list)

    @hookimpl
    def relflow_recipient(self, tenant: str, recipient: str) -> Recipient:
        """Everybody is reached here, in the demo's language."""
        del tenant
        return Recipient(recipient, "demo", self.lang, "Asia/Shanghai")

    @hookimpl
    def relflow_deliver(self, tenant: str, message: Outgoing) -> Delivered:
        """Take the message and say that it was delivered."""
        del tenant
        self.messages.append((self.clock.at, message))
        return Delivered()


@dataclass(frozen=True, slots=True)
class Story:
    """How the complaint went: the case, its history in words, the ledger of its first clock, what was sent."""

    case: Case
    timeline: tuple[Line, ...]
    ledger: Ledger | None
    messages: list[tuple[datetime, Outgoing]]
    store: Path


def tell(policy: Policy, account: str, record: Mapping[str, object], store: Path, lang: str) -> Story:
    """Run the complaint of `account` against the SQLite file `store`."""
    clock = MovingClock(datetime(2026, 2, 14, 16, 0, tzinfo=ZONE))
    inbox = Inbox(clock, lang)
    manager = Actor(str(record["account_manager_id"]), roles=("account_manager",))
    plugins = [Accounts({account: record}, roles={SERVICE.id: SERVICE.roles or (), LEAD.id: LEAD.roles or ()}), inbox]
    workflow = policy.program.workflows["complaint"]
    with Engine(policy, store=f"sqlite:///{store}", plugins=plugins, clock=clock) as engine:
        case = engine.open(
            "complaint",
            account=account,
            data={"channel": "phone", "description": say("dented", lang)},
            actor=SERVICE,
            key="demo-1",
        )
        _wait(engine, clock, "2026-02-24T16:45:00")
        for at, event, actor, data in _events(manager, lang):
            _wait(engine, clock, at)
            engine.fire(case.id, event, actor=actor, data=data, event_id=f"demo-1:{event}:{at}")
            engine.run_due()
        case = engine.case(case.id)
        history = engine.history(case.id)
        answered = next(entry.at for entry in history if entry.trigger.name == "acknowledge")
        return Story(
            case,
            timeline(workflow, history),
            ledger(workflow, case, "first_response", answered),
            list(inbox.messages),
            store,
        )


def _events(manager: Actor, lang: str) -> list[tuple[str, str, Actor, dict[str, object]]]:
    """What people did, and when."""

    def plan(solution: str) -> dict[str, object]:
        return {
            "cause": say("cause", lang),
            "responsible_department": say("department", lang),
            "solution": say(solution, lang),
        }

    return [
        ("2026-02-24T16:45:00", "acknowledge", SERVICE, {"demand": say("demand", lang)}),
        ("2026-02-25T10:00:00", "propose", LEAD, plan("slow")),
        ("2026-02-26T09:30:00", "reject", manager, {"objection": say("objection", lang)}),
        ("2026-02-26T14:00:00", "propose", LEAD, plan("quick")),
        ("2026-02-27T11:00:00", "accept", manager, {}),
        ("2026-02-28T15:00:00", "complete", manager, {"result": say("result", lang)}),
        ("2026-03-03T10:00:00", "satisfied", SERVICE, {}),
    ]


def _wait(engine: Engine, clock: MovingClock, until: str) -> None:
    """Let time pass, waking the engine whenever it asked to be woken."""
    end = datetime.fromisoformat(until).replace(tzinfo=ZONE)
    report = engine.run_due()
    while report.next_due is not None and report.next_due <= end:
        clock.at = max(report.next_due, clock.at)
        report = engine.run_due()
    clock.at = end
