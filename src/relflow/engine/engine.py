"""The stateful facade: cases that are opened, moved and remembered, timers that fire, messages that go out."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self, TypeVar, cast

from relflow.builtins import DEFAULT_PLUGINS
from relflow.engine import troubles
from relflow.engine.core import Clock, Core
from relflow.engine.delivery import Retry, dispatch
from relflow.engine.due import ring
from relflow.engine.reports import Report
from relflow.engine.unit import Unit
from relflow.errors import ConflictError, PluginError, StoreError
from relflow.hooks import Plugins
from relflow.program import Program
from relflow.results import Actor, Case, HistoryEntry
from relflow.stores import Anchor, Damage, Link, Notice, Store, verify
from relflow.workflow import Allowed, Ledger, Line

__all__ = ["Engine"]

Answer = TypeVar("Answer")
ATTEMPTS = 20


class HasProgram(Protocol):
    """A policy: whatever `relflow.load` gives."""

    @property
    def program(self) -> Program:
        """The policy as compiled."""


class Engine:
    """Runs a policy's workflows on a store.

    `policy` is what `relflow.load` gives, or a mapping of tenant to policy; then every call names its `tenant`.
    `store` is an address (`sqlite:///cases.db`, `memory:`) or a Store. `plugins` are objects, classes or names of
    installed plugins. `clock` returns the present instant, aware; without it the clocks of this machine and of the
    store hold. `retry` says how long failed deliveries wait. With `adopt` the loaded policy is put in force where
    another content of it was; without, writing is refused then (`StoreError.reason` is `other-policy`).

    Nothing is opened before the first call, and threads may share an engine. Raises PluginError or StoreError for
    plugins and addresses that cannot be used.
    """

    def __init__(
        self,
        policy: HasProgram | Program | Mapping[str, HasProgram | Program],
        *,
        store: str | Store = "memory:",
        plugins: Iterable[object] = (),
        clock: Clock | None = None,
        retry: Retry | None = None,
        adopt: bool = False,
    ) -> None:
        policies = policy if isinstance(policy, Mapping) else {"": policy}
        programs = {tenant: _program(one) for tenant, one in policies.items()}
        self._retry = retry or Retry()
        known = Plugins((*DEFAULT_PLUGINS, *plugins))
        found = _store(store, known) if isinstance(store, str) else store
        self._core = Core(programs, found, known, clock, adopt=adopt)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store; the engine cannot be used afterwards."""
        self._core.store.close()

    @property
    def store(self) -> Store:
        """Where the cases live."""
        return self._core.store

    # -- units of work -----------------------------------------------------------------------------------------------

    def unit(self, tenant: str = "") -> Unit:
        """A unit of work of our own: `with engine.unit() as unit:`; committed at the end, rolled back on an error."""
        return Unit(self._core, tenant)

    def on(self, connection: object, tenant: str = "") -> Unit:
        """A unit of work inside the host's open transaction on `connection`; the host commits or rolls back.

        Raises NoTransactionError if the host has begun none, ReentryError from a hook of a step on that connection.
        """
        link = cast("Link | None", self._core.plugins.first("relflow_link", connection=connection))
        if link is None:
            kind = type(connection).__name__
            raise PluginError.of(
                "no-link",
                f"no plugin knows how to join a `{kind}`: name one that implements `relflow_link`",
                f"没有插件能加入 `{kind}`：请指定一个实现了 `relflow_link` 的插件",
                connection=kind,
            )
        with self._core.inside(link.identity()):
            return Unit(self._core, tenant, link)

    def _once(self, tenant: str, act: Callable[[Unit], Answer], *, retry: bool = True) -> Answer:
        """One call in one unit of work, taken again where another writer came first."""
        attempts = ATTEMPTS if retry else 1
        for attempt in range(1, attempts + 1):
            try:
                with Unit(self._core, tenant, single=True) as unit:
                    return act(unit)
            except ConflictError as error:
                if attempt == attempts or error.reason != "conflict":
                    raise
                # two that collide should not collide again in step
                time.sleep(random.uniform(0, 0.002 * attempt))  # noqa: S311 - nothing secret
        raise troubles.busy(attempts)

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
        tenant: str = "",
    ) -> Case:
        """Open a case and return it; see `Unit.open`."""
        return self._once(
            tenant,
            lambda unit: unit.open(
                workflow, account=account, data=data, actor=actor, key=key, at=at, event_id=event_id
            ),
        )

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
        tenant: str = "",
    ) -> Case:
        """Fire an event and return the case after it; see `Unit.fire`.

        Without `expected_version` or `token` a lost race is decided anew on what the other writer left.
        """
        return self._once(
            tenant,
            lambda unit: unit.fire(
                case,
                event,
                actor=actor,
                data=data,
                event_id=event_id,
                expected_version=expected_version,
                token=token,
                at=at,
            ),
            retry=expected_version is None and token is None,
        )

    def signal(
        self,
        event: str,
        *,
        account: str,
        event_id: str,
        data: Mapping[str, object] | None = None,
        actor: Actor | None = None,
        at: datetime | None = None,
        tenant: str = "",
    ) -> tuple[str, ...]:
        """Tell that something happened to an account; see `Unit.signal`."""
        return self._once(
            tenant,
            lambda unit: unit.signal(event, account=account, event_id=event_id, data=data, actor=actor, at=at),
        )

    def adopt_state(
        self,
        case: str,
        state: str,
        *,
        at: datetime | None = None,
        actor: Actor | None = None,
        because: str = "",
        approver: str = "",
        tenant: str = "",
    ) -> Case:
        """Follow the host, which moved the case behind our back; see `Unit.adopt_state`."""
        return self._once(
            tenant,
            lambda unit: unit.adopt_state(case, state, at=at, actor=actor, because=because, approver=approver),
        )

    def assign(self, case: str, owner: str, *, actor: Actor, at: datetime | None = None, tenant: str = "") -> Case:
        """Give the case to another owner, outside of its events."""
        return self._once(tenant, lambda unit: unit.assign(case, owner, actor=actor, at=at))

    # -- looking at cases --------------------------------------------------------------------------------------------

    def case(
        self, case: str | None = None, *, workflow: str | None = None, key: str | None = None, tenant: str = ""
    ) -> Case:
        """A case by its id, or by its workflow and key. Raises NotFoundError."""
        return self._once(tenant, lambda unit: unit.case(case, workflow=workflow, key=key))

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
        tenant: str = "",
    ) -> list[Case]:
        """A page of cases in order of id; `after` is the last id of the page before."""
        return self._once(
            tenant,
            lambda unit: unit.cases(
                ids=ids,
                account=account,
                workflow=workflow,
                parent=parent,
                open_only=open_only,
                after=after,
                limit=limit,
            ),
        )

    def history(self, case: str, *, tenant: str = "") -> list[HistoryEntry]:
        """Everything that happened to a case, in order. Raises NotFoundError."""
        return self._once(tenant, lambda unit: unit.history(case))

    def timeline(self, case: str, *, reveal: bool = False, tenant: str = "") -> tuple[Line, ...]:
        """The case's history in words; see `Unit.timeline`."""
        return self._once(tenant, lambda unit: unit.timeline(case, reveal=reveal))

    def ledger(self, case: str, clock: str, *, at: datetime | None = None, tenant: str = "") -> Ledger | None:
        """The account of a clock's present lap; see `Unit.ledger`."""
        return self._once(tenant, lambda unit: unit.ledger(case, clock, at=at))

    def allowed(self, case: str, actor: Actor, *, at: datetime | None = None, tenant: str = "") -> tuple[Allowed, ...]:
        """The events of the case's state, open to this person or refused with the reason; see `Unit.allowed`."""
        return self._once(tenant, lambda unit: unit.allowed(case, actor, at=at))

    def verify(
        self, case: str, *, known: Anchor | None = None, key: bytes | None = None, tenant: str = ""
    ) -> list[Damage]:
        """Whatever of a case and its history is not as it was written; see `relflow.stores.verify`."""
        with self._core.store.unit(tenant, write=False) as unit:
            return verify(unit, case, known=known, key=key)

    def outbox(self, *, case: str | None = None, dead: bool = False, tenant: str = "") -> list[Notice]:
        """The messages and host actions of a case, or those that were given up."""
        with self._core.store.unit(tenant, write=False) as unit:
            return unit.outbox(case=case, status="dead" if dead else None)

    # -- the clockwork -----------------------------------------------------------------------------------------------

    def run_due(self, *, limit: int = 1000, tenant: str | None = None) -> Report:
        """Fire what fell due, deliver what waits, and say when to call again; for every tenant unless one is named.

        Any number of workers may call it at the same time: a timer fires once, and a message is delivered by whoever
        holds its lease. `limit` bounds timers and deliveries each.
        """
        self._outside()
        report = Report()
        for one in self._core.programs if tenant is None else (tenant,):
            report = _joined(report, self._run_tenant(one, limit))
        return report

    def _run_tenant(self, tenant: str, limit: int) -> Report:
        rung = ring(self._core, tenant, self._retry.lease, limit)
        sent = dispatch(self._core, tenant, self._retry, limit)
        return Report(
            fired=rung.fired,
            delivered=sent.delivered,
            performed=sent.performed,
            next_due=self._next_due(tenant),
            more=rung.more or sent.more,
            errors=(*rung.problems, *(sent.problems or ())),
            missed=tuple(rung.missed),
        )

    def _next_due(self, tenant: str) -> datetime | None:
        """When something waits again, in the policy's time zone."""
        with self._core.store.unit(tenant, write=False) as unit:
            at = unit.next_due()
        return None if at is None else at.astimezone(self._core.program(tenant).zone)

    def dispatch(self, *, limit: int = 1000, tenant: str = "") -> Report:
        """Only deliver what waits in the outbox."""
        self._outside()
        sent = dispatch(self._core, tenant, self._retry, limit)
        return Report(
            delivered=sent.delivered,
            performed=sent.performed,
            next_due=self._next_due(tenant),
            more=sent.more,
            errors=tuple(sent.problems or ()),
        )

    def _outside(self) -> None:
        """Refuse to deliver from inside a step: what is sent cannot be rolled back."""
        if self._core.busy:
            raise troubles.reentry()

    def adopt(self, policy: HasProgram | Program, *, tenant: str = "") -> str | None:
        """Put a policy in force for the store; the digest that was in force before."""
        program = _program(policy)
        with self._core.store.unit(tenant) as unit:
            before = unit.in_force(program.id)
            unit.in_force(program.id, program.digest)
        self._core.programs[tenant] = program
        return before


def _program(policy: HasProgram | Program) -> Program:
    return policy if isinstance(policy, Program) else policy.program


def _store(url: str, plugins: Plugins) -> Store:
    """The store behind an address. Raises StoreError if nobody knows it, PluginError if two plugins claim it."""
    claims = [(name, store) for name, store in plugins.answers("relflow_store", url=url) if store is not None]
    if len(claims) > 1:
        names_en, names_zh = " and ".join(name for name, _ in claims), "、".join(name for name, _ in claims)
        raise PluginError.of(
            "two-claims",
            f"{names_en} both offer a store for `{url}`: name only one of them",
            f"{names_zh} 都为 `{url}` 提供存储：只能保留一个",
            hook="relflow_store",
        )
    if not claims:
        raise StoreError.of(
            "bad-url",
            f"no store is known for `{url}`: write `sqlite:///cases.db`, `memory:`, or name the plugin that offers it",
            f"没有与 `{url}` 对应的存储：应写成 `sqlite:///cases.db`、`memory:`，或指定提供它的插件",
            url=url,
        )
    return cast("Store", claims[0][1])


def _joined(one: Report, other: Report) -> Report:
    """Two tenants' runs as one report."""
    waits = [at for at in (one.next_due, other.next_due) if at is not None]
    return Report(
        fired=one.fired + other.fired,
        delivered=one.delivered + other.delivered,
        performed=one.performed + other.performed,
        opened=one.opened + other.opened,
        next_due=min(waits, default=None),
        more=one.more or other.more,
        errors=one.errors + other.errors,
        missed=one.missed + other.missed,
    )
