"""The stateful facade: cases that are opened, moved and remembered, timers that fire, messages that go out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import cast

from relflow.engine import troubles
from relflow.engine.adopting import Adopting
from relflow.engine.archiving import Archiving
from relflow.engine.batches import Batch, Hand
from relflow.engine.clockwork import hand_over, joined, run, taken_up
from relflow.engine.health import Healthy
from relflow.engine.migrating import Migrating
from relflow.engine.reports import Report
from relflow.engine.standing import PAGE, batches
from relflow.engine.unit import Unit
from relflow.errors import PluginError
from relflow.results import Actor, Case, Figure, HistoryEntry, Standing
from relflow.stores import Link
from relflow.workflow import Allowed, Form, Ledger, Line

__all__ = ["Engine"]


class Engine(Migrating, Adopting, Archiving, Healthy):
    """Runs a policy's workflows on a store.

    `policy` is what `relflow.load` gives, or a mapping of tenant to policy; then every call names its `tenant`.
    `store` is an address (`sqlite:///cases.db`, `memory:`) or a Store; without it, connections that a plugin opens
    (`relflow_connect`), else memory. `plugins` are objects, classes or names of
    installed plugins. `clock` returns the present instant, aware; without it the clocks of this machine and of the
    store hold. `retry` says how long failed deliveries wait. With `adopt` the loaded policy is put in force where
    another content of it was; without, writing is refused then (`StoreError.reason` is `other-policy`). `shadow` is a
    `Shadow`: a candidate that meets the same events beside this policy and sends nothing. Of `silent` hooks no
    implementation is called.

    Nothing is opened before the first call, and threads may share an engine. Raises PluginError or StoreError for
    plugins and addresses that cannot be used.
    """

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
            one_step=True,
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
            one_step=True,
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
        keys: Collection[str] | None = None,
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
                keys=keys,
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

    def timeline(
        self, case: str, *, viewer: Actor | None = None, reveal: bool = False, tenant: str = ""
    ) -> tuple[Line, ...]:
        """The case's history in words; see `Unit.timeline`."""
        return self._once(tenant, lambda unit: unit.timeline(case, viewer=viewer, reveal=reveal))

    def ledger(self, case: str, clock: str, *, at: datetime | None = None, tenant: str = "") -> Ledger | None:
        """The account of a clock's present lap; see `Unit.ledger`."""
        return self._once(tenant, lambda unit: unit.ledger(case, clock, at=at))

    def parse(
        self, workflow: str, texts: Mapping[str, str | list[str]], event: str | None = None, *, tenant: str = ""
    ) -> Form:
        """The data that a form's texts stand for: `.data`, and `.problems` by field; see `Unit.parse`."""
        return self._once(tenant, lambda unit: unit.parse(workflow, texts, event))

    def allowed(self, case: str, actor: Actor, *, at: datetime | None = None, tenant: str = "") -> tuple[Allowed, ...]:
        """The events of the case's state, open to this person or refused with the reason; see `Unit.allowed`."""
        return self._once(tenant, lambda unit: unit.allowed(case, actor, at=at))

    # -- levels in force ---------------------------------------------------------------------------------------------

    def standings(
        self, scheme: str, accounts: Sequence[str], *, at: datetime | None = None, tenant: str = ""
    ) -> dict[str, Standing]:
        """Where accounts stand under a scheme now; see `Unit.standings`."""
        return self._once(tenant, lambda unit: unit.standings(scheme, accounts, at=at))

    def figures(self, kpi: str, *, tenant: str = "") -> tuple[Figure, ...]:
        """What a key figure came to in every period that was worked out, oldest first. Raises NotFoundError."""
        return self._once(tenant, lambda unit: unit.figures(kpi))

    def reassess(
        self, accounts: Sequence[str] | None = None, *, at: datetime | None = None, tenant: str = ""
    ) -> dict[str, dict[str, Standing]]:
        """Assess accounts under every scheme and keep what changed; without a list, every account of the host.

        A thousand accounts make a transaction, and each commits by itself; see `Unit.reassess`.
        """
        pages = self._pages(tenant) if accounts is None else batches(accounts)
        found: dict[str, dict[str, Standing]] = {}
        for page in pages:
            found |= self._once(tenant, partial(Unit.reassess, accounts=page, at=at))
        return found

    def _pages(self, tenant: str) -> Iterator[Sequence[str]]:
        """Every account of the host, page by page."""
        after: str | None = None
        while True:
            answer = self._core.plugins.first("relflow_accounts", tenant=tenant, after=after, limit=PAGE, link=None)
            page = cast("Sequence[str]", answer or ())
            if not page:
                return
            yield page
            after = page[-1]

    # -- the clockwork -----------------------------------------------------------------------------------------------

    def run_due(self, *, limit: int = 1000, tenant: str | None = None) -> Report:
        """Fire what fell due, deliver what waits, and say when to call again; for every tenant unless one is named.

        Any number of workers may call it at the same time: a timer fires once, and a message is delivered by whoever
        holds its lease. `limit` bounds timers and deliveries each.
        """
        self._outside()
        report = Report()
        for one in self._core.policies if tenant is None else (tenant,):
            if self._core.shadow is not None:
                self._core.shadow.begin(one)
            report = joined(report, run(self._core, one, self._retry, limit))
            if self._core.shadow is not None:
                self._core.shadow.run_due(one)
        return report

    def dispatch(self, *, limit: int = 1000, tenant: str = "") -> Report:
        """Only deliver what waits in the outbox."""
        self._outside()
        return run(self._core, tenant, self._retry, limit, timers=False)

    def hand_out(self, hand: Hand, *, size: int = 50, limit: int = 1000, tenant: str = "") -> Report:
        """As `run_due`, but timers and deliveries are claimed for others: `hand(link, batch)` passes each batch on.

        `hand` is called inside the transaction that claims the batch, with its connection: a job that it enqueues
        there is there if and only if the claim is. `size` bounds timers and deliveries of a batch each. Whoever gets
        the batch calls `carry_out`; what nobody carries out before the lease ends is claimed again.
        """
        self._outside()
        return hand_over(self._core, tenant, self._retry, size, limit, hand)

    def carry_out(self, batch: Batch) -> Report:
        """Fire and deliver what a batch from `hand_out` holds; nothing happens twice if it is carried out again."""
        self._outside()
        return taken_up(self._core, self._retry, batch)

    def _outside(self) -> None:
        """Refuse to deliver from inside a step: what is sent cannot be rolled back."""
        if self._core.busy:
            raise troubles.reentry()
