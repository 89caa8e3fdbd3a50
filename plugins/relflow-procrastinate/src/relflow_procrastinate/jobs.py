"""The jobs: one looks for what is due and claims it, one carries out a claimed batch, one buries what died."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer, Status
from psycopg import Connection

from relflow import Engine, PluginError, hookimpl
from relflow.engine import Batch
from relflow.results import Recorded
from relflow.stores import Link

__all__ = ["Jobs"]

QUEUE: Final = "relflow"
LOOK: Final = "relflow_look"
WORK: Final = "relflow_work"
MINUTE: Final = "* * * * *"
SENDS: Final = frozenset({"notify", "perform"})


class Jobs:
    """The tasks of an engine in a Procrastinate app, and the plugin that enqueues them.

    `app` is the app whose workers do the work; its tables are in the store's database, so that a job is enqueued on
    the connection of the step or claim that it belongs to, and committed or rolled back with it. `tenants` are those of
    the engine. A batch holds up to `size` timers and `size` deliveries. Workers look at least as often as `cron` says.

    Pass it as a plugin of the engine, then call `serve` with that engine.
    """

    def __init__(
        self,
        app: procrastinate.App,
        *,
        tenants: Collection[str] = ("",),
        size: int = 50,
        cron: str = MINUTE,
        queue: str = QUEUE,
    ) -> None:
        self._app = app
        self._tenants = tuple(tenants)
        self._size = size
        self._queue = queue
        self._engine: Engine | None = None
        # an app whose connector is asynchronous cannot write on the engine's connections; this one has no other
        self._beside = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
        self._look = app.task(name=LOOK, queue=queue)(self.look)
        self._work = app.task(name=WORK, queue=queue)(self.work)
        self._all = app.periodic(cron=cron)(app.task(name="relflow_look_at_all", queue=queue)(self.look_at_all))
        self._bury = app.periodic(cron=cron)(app.task(name="relflow_bury", queue=queue)(self.bury))

    def serve(self, engine: Engine) -> None:
        """Carry out jobs with this engine."""
        self._engine = engine

    # -- in the transaction of a step ----------------------------------------------------------------------------------

    @hookimpl
    def relflow_project(self, tenant: str, recorded: Recorded, link: Link | None) -> None:
        """Enqueue a look beside a step that has something to send; on other connections the next minute finds it."""
        connection = getattr(link, "connection", None)
        if isinstance(connection, Connection) and any(one.verb in SENDS for one in recorded.entry.effects):
            self._on(connection, LOOK).defer(tenant=tenant)

    # -- the jobs ------------------------------------------------------------------------------------------------------

    def look(self, tenant: str) -> None:
        """Claim what is due and enqueue a job for each batch, in the transaction of its claim."""
        report = self._serving().hand_out(self._enqueue, size=self._size, tenant=tenant)
        if report.more:
            self._look.defer(tenant=tenant)
        elif report.next_due is not None and report.next_due - datetime.now(UTC) < timedelta(minutes=1):
            # what falls due before the next minute is not kept waiting for it
            name = f"relflow {tenant} {report.next_due.timestamp():.0f}"
            try:
                self._look.configure(queueing_lock=name, schedule_at=report.next_due).defer(tenant=tenant)
            except AlreadyEnqueued:
                return

    def work(self, batch: Mapping[str, Any]) -> None:
        """Carry out a batch; what a worker that died leaves of it is claimed again when its lease ends."""
        self._serving().carry_out(Batch.from_data(batch))

    def look_at_all(self, timestamp: int) -> None:
        """Every minute: what nobody was told of, and what those who died left behind."""
        del timestamp
        for tenant in self._tenants:
            self.look(tenant)

    async def bury(self, timestamp: int) -> None:
        """Close the jobs of workers that died: their claims come again by themselves, under new jobs."""
        del timestamp
        for task in (self._look, self._work, self._all):
            for job in await self._app.job_manager.get_stalled_jobs(task_name=task.name):
                await self._app.job_manager.finish_job(job, Status.FAILED, delete_job=False)

    def _enqueue(self, link: Link | None, batch: Batch) -> None:
        connection = getattr(link, "connection", None)
        if not isinstance(connection, Connection):
            raise PluginError.of(
                "procrastinate-store",
                'Procrastinate needs the store in PostgreSQL: `store="postgresql://…"` and the plugin `postgres`',
                'Procrastinate 要求存储在 PostgreSQL 中：请使用 `store="postgresql://…"` 和插件 `postgres`',
            )
        self._on(connection, WORK).defer(batch=batch.to_data())

    def _on(self, connection: Connection[Any], task: str) -> JobDeferrer:
        """What enqueues a job on a connection of the engine, in its transaction."""
        return self._beside.configure_task(task, queue=self._queue, connection=connection)

    def _serving(self) -> Engine:
        if self._engine is None:
            raise PluginError.of(
                "procrastinate-engine",
                "no engine carries out these jobs: call `serve(engine)` where the app is made",
                "没有引擎执行这些任务：请在创建应用处调用 `serve(engine)`",
            )
        return self._engine
