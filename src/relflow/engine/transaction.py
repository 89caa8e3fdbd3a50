"""The transaction of a unit of work: ours, begun with the first change, or the host's, joined."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from relflow.engine import troubles
from relflow.engine.absences import delegations, present_for
from relflow.engine.context import Context
from relflow.engine.core import Core
from relflow.engine.work import Work
from relflow.errors import NoTransactionError
from relflow.results import Case, Recorded
from relflow.stores import Link, StoreUnit

__all__ = ["Transaction"]

Answer = TypeVar("Answer")


class Transaction:
    """What every unit of work stands on. `single` says that one call is all there will be."""

    def __init__(self, core: Core, tenant: str, link: Link | None = None, *, single: bool = False) -> None:
        self._core = core
        self.tenant = tenant
        core.program(tenant)
        self._link = link
        self._single = single
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
        with self._core.store.unit(self.tenant, write=False) as unit:
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
                work.check_policy()
                answer = act(work)
            else:
                with unit.savepoint():
                    work.check_policy()
                    answer = act(work)
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
