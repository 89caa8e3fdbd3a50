"""The transaction of a unit of work: ours, begun with the first change, or the host's, joined."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from relflow.engine import troubles
from relflow.engine.absences import delegations, present_for
from relflow.engine.context import Context
from relflow.engine.core import Core
from relflow.engine.work import Work
from relflow.errors import NoTransactionError
from relflow.results import Case, Recorded, Step
from relflow.stores import Link, StoreUnit, glance

__all__ = ["Transaction"]

Answer = TypeVar("Answer")


class Transaction:
    """What every unit of work stands on.

    `single` says that one call is all there will be, `one_step` that the call takes one step of a case at most and
    whatever follows from it: where nothing does, the step may do without a transaction around it.
    """

    def __init__(
        self, core: Core, tenant: str, link: Link | None = None, *, single: bool = False, one_step: bool = False
    ) -> None:
        self._core = core
        self.tenant = tenant
        core.program(tenant)
        self._link = link
        self._single = single
        self._one_step = one_step
        self._stack: ExitStack | None = None
        self._unit: StoreUnit | None = None if link is None else core.store.join(link, tenant)
        self._recorded: list[Recorded] = []
        self._later: list[Callable[[], None]] = []
        self._defined: set[tuple[str, str]] = set()
        self._delegated = False
        self._ended = False

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
        if self._delegated:
            self._core.absences.forget(self.tenant)
        if kind is None:
            self._core.defined |= self._defined
            self._tell(self._recorded)
            for call in self._later:
                call()

    def _tell(self, recorded: list[Recorded]) -> None:
        """Tell what was committed to those who want to know."""
        for one in recorded:
            self._core.plugins.tell("relflow_observe", tenant=self.tenant, recorded=one)
        shadow = self._core.shadow
        for one in recorded if shadow is not None else ():
            assert shadow is not None
            shadow.mirror(self.tenant, one, self._committed)

    def _committed(self, case: str) -> Case:
        """A case as it stands after the commit. Raises NotFoundError."""
        with glance(self._core.store, self.tenant) as unit:
            held = unit.read((case,)).cases.get(case)
        if held is None:
            raise troubles.no_case(case)
        return held.case

    def _afterwards(self, call: Callable[[], None]) -> None:
        """Call after the commit."""
        if self._link is None:
            self._later.append(call)
        else:
            self._link.after_commit(call)

    def _reading(self) -> AbstractContextManager[StoreUnit]:
        """The open transaction, or a short one that only reads and sees one moment."""
        self._check_open()
        return self._core.store.unit(self.tenant, write=False) if self._unit is None else nullcontext(self._unit)

    def _glancing(self) -> AbstractContextManager[StoreUnit]:
        """The open transaction, or a unit that reads one thing, or a case whose version guards what comes of it.

        A step is written only where the case stands as it was read, so what is read after the case belongs to it. No
        event id is looked for before the case: what it led to is never missed by whoever sees the case behind it.
        """
        self._check_open()
        return glance(self._core.store, self.tenant) if self._unit is None else nullcontext(self._unit)

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

    def _take(self, context: Context, planned: Step | None, plan: Callable[[Work], Recorded]) -> Case:
        """Take one step, and what follows from it; one that was not planned before is planned in the transaction."""

        def act(work: Work) -> Case:
            recorded = plan(work) if planned is None else work.take(planned)
            return recorded.case if recorded.replayed else work.latest(recorded.case)

        def alone(work: Work) -> Case | None:
            recorded = None if planned is None else work.take_alone(planned)
            return None if recorded is None else recorded.case

        return self._do(context, act, alone)

    def _do(
        self, context: Context, act: Callable[[Work], Answer], alone: Callable[[Work], Answer | None] | None = None
    ) -> Answer:
        """Take steps in the transaction; those of a failed call are undone alone.

        `alone` is tried first where one step is all there will be; it answers None where that will not do.
        """
        with self._core.inside(self._identity()):
            unit = self._writing()
            context.link = unit.link
            work = Work(self._core, unit, context, defined=self._defined)
            if self._single:
                done = alone(work) if self._one_step and alone is not None else None
                answer = done if done is not None else _checked(work, act)
            else:
                with unit.savepoint():
                    answer = _checked(work, act)
        self._keep(work.recorded)
        return answer

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Several calls that are undone together when one of them fails."""
        if self._single:
            yield
            return
        told = len(self._recorded)
        try:
            with self._writing().savepoint():
                yield
        except BaseException:
            del self._recorded[told:]
            raise

    def _keep(self, recorded: list[Recorded]) -> None:
        if self._link is None:
            self._recorded += recorded
        elif recorded:
            # one call for each step: a savepoint of the host that is rolled back takes only its own along
            self._link.after_commit(lambda: self._tell(recorded))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Ask the host's hooks before a step: what one did in the open transaction before it raised is undone alone."""
        self._check_open()
        with self._core.inside(self._identity()), self._unit.savepoint() if self._unit is not None else nullcontext():
            yield

    def _identity(self) -> object:
        return self._core.store if self._link is None else self._link.identity()

    def _context(self, at: datetime) -> Context:
        link = None if self._unit is None else self._unit.link
        # what this unit has changed itself is not for others to see yet
        away = delegations(self._unit) if self._delegated and self._unit else self._core.away(self.tenant, self._unit)
        program = self._core.program(self.tenant)
        return Context(self._core.plugins, self.tenant, program, at, link, present_for(away, at))

    def _now(self, at: datetime | None) -> datetime:
        return self._core.instants.stamp(self.tenant, self._unit) if at is None else troubles.aware(at)


def _checked(work: Work, act: Callable[[Work], Answer]) -> Answer:
    work.check_policy()
    return act(work)
