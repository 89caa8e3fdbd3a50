"""What a simulation plays on: an engine in memory, a clock that is moved, one case, and what was told to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from relflow.builtins import Accounts
from relflow.cli.session import current, say
from relflow.cli.simulate.transcript import Transcript
from relflow.engine import Engine
from relflow.errors import RefusedError
from relflow.hooks import hookimpl
from relflow.policy import Policy
from relflow.program.workflows import Event, Workflow
from relflow.results import Actor, Case, Delivered, Outgoing
from relflow.values import Duration
from relflow.workflow import Allowed, Line

__all__ = ["ACCOUNT", "Stage"]

ACCOUNT = "account"
_MORNING = time(9, 0)


class _Postbox:
    """Takes every message, so that none is sent."""

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []

    @hookimpl
    def relflow_deliver(self, message: Outgoing) -> Delivered:
        """Keep it for the screen."""
        self.taken.append(message)
        return Delivered("simulated")


class Stage:
    """One play. `place` is where the policy stands, so that a saved transcript can name its overlay beside it."""

    def __init__(
        self,
        policy: Policy,
        workflow: Workflow,
        start: datetime | date,
        facts: Mapping[str, object],
        *,
        overlay: str | None = None,
        plugins: Sequence[str] = (),
        place: Path | None = None,
    ) -> None:
        zone = policy.program.zone
        at = start if isinstance(start, datetime) else datetime.combine(start, _MORNING, zone)
        self.policy = policy
        self.workflow = workflow
        self.at = at.astimezone(zone)
        self.facts: dict[str, Any] = dict(facts)
        self.case: Case | None = None
        self.transcript = Transcript(workflow, self.at, dict(facts), overlay, place)
        self._postbox = _Postbox()
        self._seen: dict[str, int] = {}
        hosts = [Accounts({ACCOUNT: self.facts}), self._postbox, *plugins]
        self._engine = Engine(policy, store="memory:", plugins=hosts, clock=lambda: self.at)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.close()

    # -- what happens ------------------------------------------------------------------------------------------------

    def open(self, data: Mapping[str, object], role: str | None, who: str | None) -> None:
        """Begin the case. Raises RefusedError for data that do not fit, or if there is one."""
        if self.case is not None:
            raise RefusedError.of("open", "the case is open already", "工单已经新建")
        role = role or next(iter(self.workflow.roles), None)
        with self.transcript.step("open", None, data, role, who, self.at):
            self.case = self._engine.open(
                self.workflow.id, account=ACCOUNT, data=data, actor=_actor(role, who), key="simulated"
            )
        self._settle()

    def fire(self, event: str, data: Mapping[str, object], role: str | None, who: str | None) -> None:
        """Fire an event, by whoever may if nobody is named. Raises RefusedError, which the transcript keeps, too."""
        case = self._present()
        if role is None and who is None:
            role, who = self._whoever(event, case)
        with self.transcript.step("fire", event, data, role, who, self.at):
            self._engine.fire(case.id, event, actor=_actor(role, who), data=data)
        self._settle()

    def signal(self, event: str, data: Mapping[str, object]) -> None:
        """Tell of something that happened to the account."""
        with self.transcript.step("signal", event, data, None, None, self.at):
            self._engine.signal(event, account=ACCOUNT, data=data, event_id=f"simulated-{self.transcript.count}")
        self._settle()

    def wait(self, length: Duration) -> None:
        """Let time pass, working time by the policy's calendar."""
        self.until(self.policy.program.calendar.add(self.at, length).at)

    def until(self, at: datetime) -> None:
        """Let time pass, waking the engine whenever it asked to be woken. Raises RefusedError for the past."""
        if at < self.at:
            raise RefusedError.of("past", "the clock does not run backwards", "时钟不能倒拨")
        for due in iter(self.next_due, None):
            if due > at:
                break
            before = self.at
            self.at = max(due, self.at).astimezone(self.policy.program.zone)
            self._engine.run_due()
            if self.at == before and self.next_due() == due:
                break
        self.at = at.astimezone(self.policy.program.zone)
        self._settle()

    def next_due(self) -> datetime | None:
        """When a clock of the case or of a case that it opened asks for something."""
        with self._engine.store.unit(write=False) as unit:
            waits = [timer.due_at for case in self.cases() for timer in unit.timers(case.id)[:1]]
        return min(waits, default=None)

    def know(self, name: str, value: object) -> None:
        """The host learns something about the account."""
        self.facts[name] = value

    def _settle(self) -> None:
        """Do what is due now, and look at the case again."""
        self._engine.run_due()
        if self.case is not None:
            self.case = self._engine.case(self.case.id)
        self.transcript.now(self.at, self.case)

    def _present(self) -> Case:
        if self.case is None:
            raise RefusedError.of("open", "open the case first: `open name=value …`", "请先新建工单：`open 名称=值 …`")
        return self.case

    def _whoever(self, event: str, case: Case) -> tuple[str | None, str | None]:
        """Somebody who may fire an event: the first role that it asks for which has not signed yet."""
        found = self.workflow.states[case.state].events.get(event)
        for one in found.alternatives if found is not None else ():
            signed = {role for role, _ in case.approvals.get(one.key, ())}
            for role in one.signers.roles:
                if role == "owner" and case.owner is not None:
                    return None, case.owner
                if role not in signed:
                    return role, None
        return next(iter(self.workflow.roles), None), None

    # -- what is seen ------------------------------------------------------------------------------------------------

    def cases(self) -> list[Case]:
        """The case and whatever was opened meanwhile."""
        return self._engine.cases() if self.case is not None else []

    def news(self) -> Iterator[tuple[Case, Line]]:
        """What happened since the last look, in every case that there is."""
        for case in self.cases():
            lines = self._engine.timeline(case.id, reveal=True)
            yield from ((case, line) for line in lines[self._seen.get(case.id, 0) :])
            self._seen[case.id] = len(lines)

    def told(self) -> Iterator[Outgoing]:
        """The messages since the last look."""
        taken, self._postbox.taken = self._postbox.taken, []
        yield from taken

    def timeline(self) -> tuple[Line, ...]:
        """Everything that happened in the case."""
        return self._engine.timeline(self._present().id, reveal=True)

    def ledger(self, clock: str) -> str:
        """How a clock came to when it is due."""
        found = self._engine.ledger(self._present().id, clock)
        return say("it has not run", "尚未计时") if found is None else found.text(current().lang)

    def buttons(self) -> list[tuple[Event, Allowed, str]]:
        """The events of the case's state, each as somebody sees it who may fire it, and who that is."""
        case = self._present()
        found: list[tuple[Event, Allowed, str]] = []
        for event in self.workflow.states[case.state].events.values():
            role, who = self._whoever(event.id, case)
            seen = self._engine.allowed(case.id, _actor(role, who))
            found += [(event, button, role or who or "") for button in seen if button.event == event.id]
        return found


def _actor(role: str | None, who: str | None) -> Actor:
    """As a case script has it: one role, and a person named like it where nobody is named."""
    return Actor(who or role or "tester", roles=(role,) if role else ())
