"""A unit of work: the case methods of an engine in one transaction, ours or the host's."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from relflow.engine import troubles
from relflow.engine.context import Context
from relflow.engine.core import Core
from relflow.engine.tokens import new_id, read_token, token_for
from relflow.engine.work import Firing, Work, present, replayed
from relflow.errors import NoTransactionError, NotFoundError
from relflow.program.workflows import Workflow
from relflow.results import Actor, Case, HistoryEntry, Opening, Recorded, Step, Trigger
from relflow.stores import CaseFilter, Held, Link, StoreUnit
from relflow.workflow import Allowed, Ledger, Line, allowed, ledger, timeline

__all__ = ["Unit"]

Answer = TypeVar("Answer")


class Unit:
    """All case methods, in one transaction of one tenant.

    An owned unit is a context manager: its transaction begins with the first change, after the facts for it were
    loaded, and commits at the end; an exception rolls everything back. A joined unit takes part in the host's own
    transaction and is used as it is; a step that fails is undone alone, and the host goes on.
    """

    def __init__(self, core: Core, tenant: str, link: Link | None = None, *, single: bool = False) -> None:
        self._core = core
        self.tenant = tenant
        core.program(tenant)
        self._link = link
        self._single = single
        self._stack: ExitStack | None = None
        self._unit: StoreUnit | None = None if link is None else core.store.join(link, tenant)
        self._recorded: list[Recorded] = []
        self._defined: set[tuple[str, str]] = set()
        self._ended = False

    # -- the transaction ---------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        if self._link is None:
            self._stack = ExitStack()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._link is not None:
            return
        self._ended = True
        stack, self._stack, self._unit = self._stack, None, None
        if stack is not None:
            stack.__exit__(kind, error, trace)
        if kind is None:
            self._core.defined |= self._defined
            self._tell(self._recorded)

    def _tell(self, recorded: list[Recorded]) -> None:
        """Tell what was committed to those who want to know."""
        for one in recorded:
            self._core.plugins.tell("relflow_observe", tenant=self.tenant, recorded=one)

    @contextmanager
    def _reading(self) -> Iterator[StoreUnit]:
        """The open transaction, or a short one that only reads."""
        self._check_open()
        if self._unit is not None:
            yield self._unit
        else:
            with self._core.store.unit(self.tenant, write=False) as unit:
                yield unit

    def _check_open(self) -> None:
        if self._link is not None and not self._link.in_transaction():
            self._ended = True
        if self._ended or (self._link is None and self._stack is None):
            raise NoTransactionError.of(
                "unit-ended",
                "this unit of work has ended: open a new one with `engine.unit()` or `engine.on(connection)`",
                "此工作单元已结束：请用 `engine.unit()` 或 `engine.on(connection)` 重新打开",
            )

    def _writing(self) -> StoreUnit:
        if self._unit is None:
            assert self._stack is not None
            self._unit = self._stack.enter_context(self._core.store.unit(self.tenant))
        return self._unit

    def _do(self, context: Context, act: Callable[[Work], Answer]) -> Answer:
        """Take steps in the transaction; those of a failed call are undone alone."""
        with self._core.inside(self._identity()):
            unit = self._writing()
            context.link = unit.link
            work = Work(self._core, unit, context, defined=self._defined)
            if self._single:
                answer = act(work)
            else:
                with unit.savepoint():
                    answer = act(work)
        self._keep(work.recorded)
        return answer

    def _keep(self, recorded: list[Recorded]) -> None:
        if self._link is None:
            self._recorded += recorded
        elif recorded:
            # one call for each step: a savepoint of the host that is rolled back takes only its own along
            self._link.after_commit(lambda: self._tell(recorded))

    def _identity(self) -> object:
        return self._core.store if self._link is None else self._link.identity()

    def _context(self, at: datetime) -> Context:
        link = None if self._unit is None else self._unit.link
        return Context(self._core.plugins, self.tenant, self._core.program(self.tenant), at, link)

    def _now(self, at: datetime | None) -> datetime:
        return self._core.now() if at is None else troubles.aware(at)

    # -- changing cases ----------------------------------------------------------------------------------------------

    def open(
        self,
        workflow: str,
        *,
        account: str | None = None,
        data: Mapping[str, object] | None = None,
        actor: Actor | None = None,
        key: str | None = None,
        at: datetime | None = None,
        event_id: str | None = None,
        element: str | None = None,
        subject: str | None = None,
    ) -> Case:
        """Open a case and return it.

        `key` is the host's own name for it, unique for the workflow: a second call with the same key returns the case
        that is there. `at` may be past. `element` with `subject` allows one open case for each pair. Raises
        RefusedError for data that do not fit, NotFoundError for an unknown workflow or account.
        """
        for name, value in (("account", account), ("key", key), ("event_id", event_id)):
            troubles.usable_id(name, value)
        definition, now = self._core.workflow(self.tenant, workflow), self._now(at)
        with self._reading() as unit:
            found = unit.read(keys=((workflow, key),) if key is not None else (), event_id=event_id)
            if found.seen is not None:
                return found.seen.case
            if key is not None and (workflow, key) in found.keys:
                return found.keys[workflow, key].case
        identity = new_id(time.time_ns() // 1_000_000)
        opening = Opening(identity, workflow, dict(data or {}), account, element=element, subject=subject, key=key)
        context = self._context(now)
        with self._core.inside(self._identity()):
            context.load(account, self._core.reachable(self.tenant, definition))

        def act(work: Work) -> Case:
            recorded = work.open(definition, opening, actor, now, event_id)
            return recorded.case if recorded.replayed else work.latest(recorded.case)

        return self._do(context, act)

    def fire(
        self,
        case: str,
        event: str,
        *,
        actor: Actor | None = None,
        data: Mapping[str, object] | None = None,
        event_id: str | None = None,
        expected_version: int | None = None,
        token: str | None = None,
        at: datetime | None = None,
    ) -> Case:
        """Fire an event and return the case after it.

        An `event_id` that was seen before returns what it led to then and does nothing. `expected_version` is the
        version that the caller saw; `token` comes from `allowed` and carries both. Raises RefusedError (`.reason`:
        role, guard, needs, data, state, event), ConflictError, NotFoundError.
        """
        if token is not None:
            expected_version, event_id = read_token(token, case, event)
        troubles.usable_id("event_id", event_id)
        trigger = Trigger("event", event, event_id, actor, dict(data or {}))
        return self._fire(Firing(case, trigger, self._now(at), expected_version, at is not None))

    def adopt_state(
        self,
        case: str,
        state: str,
        *,
        at: datetime | None = None,
        actor: Actor | None = None,
        because: str = "",
        approver: str = "",
        data: Mapping[str, object] | None = None,
        event_id: str | None = None,
    ) -> Case:
        """Follow the host, which moved the case behind our back; history marks the step as bypassed."""
        values = dict(data or {})
        trigger = Trigger("adopt", state, event_id, actor, values)
        del because, approver
        return self._fire(Firing(case, trigger, self._now(at), None, at is not None))

    def assign(self, case: str, owner: str, *, actor: Actor, at: datetime | None = None) -> Case:
        """Give the case to another owner, outside of its events."""
        trigger = Trigger("admin", "assign", None, actor, {"owner": owner})
        return self._fire(Firing(case, trigger, self._now(at), None, at is not None))

    def force(
        self, case: str, state: str, *, actor: Actor, because: str, approver: str, at: datetime | None = None
    ) -> Case:
        """Put a case into a state without its guards, with the reason and who approved of it."""
        data = {"state": state, "because": because, "approver": approver}
        trigger = Trigger("admin", "force", None, actor, data)
        return self._fire(Firing(case, trigger, self._now(at), None, at is not None))

    def ring(self, firing: Firing) -> Case:
        """Take the step of a timer that fell due."""
        return self._fire(firing)

    def _fire(self, firing: Firing) -> Case:
        context = self._context(firing.at)
        with self._core.inside(self._identity()):
            planned = self._plan(firing, context)
        if isinstance(planned, Recorded):
            return planned.case

        def act(work: Work) -> Case:
            recorded = work.fire(firing) if planned is None else work.take(planned)
            return recorded.case if recorded.replayed else work.latest(recorded.case)

        return self._do(context, act)

    def _plan(self, firing: Firing, context: Context) -> Step | Recorded | None:
        """What can be done before the transaction: facts are loaded, and the step is computed.

        A case with timers that are due has to be read again inside it: they come first. None says so.
        """
        with self._reading() as unit:
            found = unit.read((firing.case,), event_id=firing.trigger.event_id)
            if (seen := replayed(firing, found)) is not None:
                return seen
            held = present(firing, found)
            workflow = self._core.definition(held.case)
            context.standings(held.case.account, unit)
        context.load(held.case.account, self._core.reachable(self.tenant, workflow))
        if self._unit is not None or _is_due(held, firing.at):
            return None
        return Work(self._core, unit, context).plan(firing, held.case)

    def signal(
        self,
        event: str,
        *,
        account: str,
        event_id: str,
        data: Mapping[str, object] | None = None,
        actor: Actor | None = None,
        at: datetime | None = None,
    ) -> tuple[str, ...]:
        """Tell that something happened to an account: open cases that wait for a condition look again.

        `event` is one that the policy declares under `events`. Returns the keys of the steps that it led to; an
        `event_id` that was seen before returns the same and does nothing.
        """
        troubles.usable_id("event_id", event_id)
        self._declared(event)
        now = self._now(at)
        context = self._context(now)
        with self._core.inside(self._identity()):
            context.load(account, self._core.program(self.tenant).workflows.values())

        def act(work: Work) -> tuple[str, ...]:
            seen = work.unit.mark(event_id, now, {"event": event, "account": account, "data": dict(data or {})})
            if seen is None:
                for case in work.unit.find(CaseFilter(account=account, open_only=True)):
                    work.look(work.latest(case), now)
            return tuple(recorded.key for recorded in work.recorded)

        del actor
        return self._do(context, act)

    def _declared(self, event: str) -> None:
        known = self._core.program(self.tenant).events
        if event not in known:
            names_en, names_zh = ", ".join(known) or "none", "、".join(known) or "无"
            raise NotFoundError.of(
                "event",
                f"the policy declares no event `{event}` (it has {names_en})",
                f"制度没有声明事件 `{event}`（现有：{names_zh}）",
                event=event,
            )

    # -- looking at cases --------------------------------------------------------------------------------------------

    def case(self, case: str | None = None, *, workflow: str | None = None, key: str | None = None) -> Case:
        """A case by its id, or by its workflow and key. Raises NotFoundError."""
        with self._reading() as unit:
            if case is not None:
                held = unit.read((case,)).cases.get(case)
            elif workflow is not None and key is not None:
                held = unit.read(keys=((workflow, key),)).keys.get((workflow, key))
            else:
                raise TypeError("case() needs an id, or workflow= and key=")
        if held is None:
            raise troubles.no_case(case or f"{workflow} {key}")
        return held.case

    def cases(
        self,
        *,
        ids: Collection[str] | None = None,
        account: str | None = None,
        workflow: str | None = None,
        parent: str | None = None,
        open_only: bool = False,
        after: str | None = None,
        limit: int = 1000,
    ) -> list[Case]:
        """A page of cases in order of id; `after` is the last id of the page before."""
        with self._reading() as unit:
            return unit.find(CaseFilter(ids, account, workflow, parent, open_only, after, limit))

    def history(self, case: str) -> list[HistoryEntry]:
        """Everything that happened to a case, in order. Raises NotFoundError."""
        entries: list[HistoryEntry] = []
        with self._reading() as unit:
            if case not in unit.read((case,)).cases:
                raise troubles.no_case(case)
            while page := unit.history(case, entries[-1].seq if entries else 0):
                entries += [line.entry for line in page]
        return entries

    def timeline(self, case: str, *, reveal: bool = False) -> tuple[Line, ...]:
        """The case's history in words, oldest first; personal data are masked unless `reveal` is set."""
        return timeline(self._core.definition(self.case(case)), self.history(case), reveal=reveal)

    def ledger(self, case: str, clock: str, *, at: datetime | None = None) -> Ledger | None:
        """The account of a clock's present lap up to now; None if it never ran."""
        found = self.case(case)
        return ledger(self._core.definition(found), found, clock, max(self._now(at), found.updated_at))

    def allowed(self, case: str, actor: Actor, *, at: datetime | None = None) -> tuple[Allowed, ...]:
        """The events of the case's state, each open to this person or refused with the reason, and a token for each."""
        with self._reading() as unit:
            held = unit.read((case,)).cases.get(case)
            if held is None:
                raise troubles.no_case(case)
            now = max(self._now(at), held.case.updated_at)
            context = self._context(now)
            standings = context.standings(held.case.account, unit)
        workflow = self._core.definition(held.case)
        with self._core.inside(self._identity()):
            facts = context.facts(held.case.account, workflow)
            roles = context.roles(actor, held.case.account, workflow)
        found = allowed(workflow, held.case, actor, facts, roles, now, standings=standings)
        return tuple(_with_token(one, held.case) for one in found)

    def definition(self, case: Case) -> Workflow:
        """The definition that a case runs under."""
        return self._core.definition(case)


def _is_due(held: Held, now: datetime) -> bool:
    return held.next_timer is not None and held.next_timer <= max(now, held.case.updated_at)


def _with_token(button: Allowed, case: Case) -> Allowed:
    token = None if button.refused is not None else token_for(case.id, button.event, case.version)
    return Allowed(button.event, button.text, button.needs, button.refused, token)
