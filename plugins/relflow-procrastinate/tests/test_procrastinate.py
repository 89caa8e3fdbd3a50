"""Jobs on a real PostgreSQL: enqueued with their steps or not at all, carried out by processes that are killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import procrastinate
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from relflow_procrastinate import Jobs

from relflow.engine import Batch, Engine
from relflow.errors import PluginError, RefusedError
from relflow.testing.postgres import PostgresServer
from tests.strategies.engines import CLERK, START, Moving, Postbox, engine

ROOT = Path(__file__).parents[3]
# what is due nine days after the start, in microseconds since 1970
DUE = int((START + timedelta(days=9)).timestamp() * 1_000_000)


def app_on(url: str) -> procrastinate.App:
    """An app whose jobs are where the cases are."""
    return procrastinate.App(connector=procrastinate.SyncPsycopgConnector(kwargs=conninfo_to_dict(url)))


@pytest.fixture
def url(relflow_postgres: PostgresServer) -> str:
    """An empty place with Procrastinate's tables."""
    place = relflow_postgres.fresh()
    with app_on(place).open() as app:
        app.schema_manager.apply_schema()
    return place


class Desk:
    """An engine with its jobs, and a clock that the test moves."""

    def __init__(self, url: str, *plugins: object) -> None:
        self.url = url
        self.app = app_on(url)
        self.jobs = Jobs(self.app)
        self.clock = Moving()
        self.engine: Engine = engine(url, clock=self.clock, plugins=["postgres", self.jobs, *plugins])
        self.jobs.serve(self.engine)

    def open(self) -> str:
        """A complaint."""
        return self.engine.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK).id

    def waiting(self) -> list[tuple[str, Any]]:
        """The jobs that nobody has taken yet."""
        with psycopg.connect(self.url) as plain:
            return plain.execute(
                "SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"
            ).fetchall()


@pytest.fixture
def box() -> Postbox:
    """What was sent."""
    return Postbox()


@pytest.fixture
def desk(url: str, box: Postbox) -> Iterator[Desk]:
    """An open desk."""
    made = Desk(url, box)
    with made.app.open(), made.engine:
        yield made


def test_a_job_is_there_if_and_only_if_its_step_is(desk: Desk) -> None:
    """A step with something to send enqueues a look, a refused one none, one that is rolled back none."""
    case = desk.open()
    assert desk.waiting() == []
    desk.engine.fire(case, "acknowledge", actor=CLERK)
    assert desk.waiting() == [("relflow_look", {"tenant": ""})]
    with pytest.raises(RefusedError):
        desk.engine.fire(case, "accept", actor=CLERK)
    other = desk.open()

    def undone() -> None:
        with desk.engine.unit() as unit:
            unit.fire(other, "acknowledge", actor=CLERK)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        undone()
    assert len(desk.waiting()) == 1


def test_a_batch_is_enqueued_with_its_claim(desk: Desk, box: Postbox) -> None:
    """A look claims and enqueues; the batch holds keys and no text, and is carried out once."""
    desk.engine.fire(desk.open(), "acknowledge", actor=CLERK)
    desk.jobs.look("")
    ((_, args),) = [job for job in desk.waiting() if job[0] == "relflow_work"]
    assert {"li", "wang"}.isdisjoint(json.dumps(args).split('"'))
    assert len(args["batch"]["outbox"]) == 2
    desk.jobs.look("")
    assert len([job for job in desk.waiting() if job[0] == "relflow_work"]) == 1

    for _ in range(2):
        desk.jobs.work(args["batch"])
    assert sorted(message.recipient for message in box.sent) == ["li", "wang"]
    assert {notice.status for notice in desk.engine.outbox()} == {"sent"}


def test_a_claim_whose_job_was_not_enqueued_is_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When enqueuing fails the claim is undone with it, and the next look finds everything."""
    desk.engine.fire(desk.open(), "acknowledge", actor=CLERK)
    with monkeypatch.context() as patch:
        patch.setattr(Batch, "to_data", lambda self: {"no": object()})
        with pytest.raises(TypeError):
            desk.jobs.look("")
    assert {notice.attempts for notice in desk.engine.outbox()} == {0}
    desk.jobs.look("")
    assert "relflow_work" in [name for name, _ in desk.waiting()]


def test_a_job_that_comes_too_late_does_nothing(desk: Desk, box: Postbox) -> None:
    """Its lease is over and others have claimed what it was about."""
    desk.engine.fire(desk.open(), "acknowledge", actor=CLERK)
    desk.clock.on(hours=9)
    desk.jobs.look("")
    first = next(args for name, args in desk.waiting() if name == "relflow_work")
    desk.clock.on(minutes=6)
    desk.jobs.look("")
    desk.jobs.work(first["batch"])
    assert box.sent == []
    second = [args for name, args in desk.waiting() if name == "relflow_work"][1]
    desk.jobs.work(second["batch"])
    assert len(box.sent) == 2


def test_timers_fire_in_batches_and_obligations_at_the_look(desk: Desk) -> None:
    """A late case is breached by the job, and each of its steps once."""
    case = desk.open()
    desk.clock.on(days=2)
    desk.jobs.look_at_all(0)
    (args,) = [args for name, args in desk.waiting() if name == "relflow_work"]
    assert len(args["batch"]["timers"]) == 3
    for _ in range(2):
        desk.jobs.work(args["batch"])
    assert [entry.trigger.kind for entry in desk.engine.history(case)] == ["open", "timer", "timer", "timer"]


def test_a_batch_survives_a_queue() -> None:
    """What JSON holds of it is all of it."""
    data = {
        "tenant": "east",
        "until": datetime(2026, 3, 2, tzinfo=UTC).isoformat(),
        "timers": [["K", "sla", 1, "due", START.isoformat(), 4]],
        "outbox": [["K:1:1", 2, 3]],
    }
    assert json.loads(json.dumps(Batch.from_data(data).to_data())) == data


def test_what_cannot_work_is_said(url: str) -> None:
    """Another store, or no engine, in both languages."""
    with app_on(url).open() as app:
        jobs = Jobs(app)
        with pytest.raises(PluginError, match="serve"):
            jobs.look("")
        with engine("memory:", plugins=[jobs, Postbox()]) as running:
            jobs.serve(running)
            case = running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK).id
            running.fire(case, "acknowledge", actor=CLERK)
            with pytest.raises(PluginError) as caught:
                jobs.look("")
    assert "PostgreSQL" in caught.value.text("zh")


WORKER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from datetime import timedelta
import procrastinate
from psycopg.conninfo import conninfo_to_dict
from relflow.engine import Retry
from relflow.hooks import hookimpl
from relflow.results import Delivered
from relflow_procrastinate import Jobs
from tests.strategies.engines import START, engine

began = float(sys.argv[4])
log = open(sys.argv[3], "ab", buffering=0)

class Box:
    # what left the process is on the disk before it is marked as sent
    @hookimpl
    def relflow_deliver(self, message):
        log.write((message.key + "\\n").encode())
        time.sleep(0.01)
        return Delivered()

app = procrastinate.App(connector=procrastinate.PsycopgConnector(kwargs=conninfo_to_dict(sys.argv[2])))
jobs = Jobs(app, size=5, cron="* * * * * */1")
clock = lambda: START + timedelta(days=9, seconds=time.time() - began)
retry = Retry(lease=timedelta(seconds=3))
jobs.serve(engine(sys.argv[2], clock=clock, plugins=["postgres", jobs, Box()], retry=retry))
with app.open():
    app.run_worker(queues=["relflow"], concurrency=2, fetch_job_polling_interval=0.2, delete_jobs="successful")
"""


def test_workers_that_are_killed_lose_nothing(url: str, tmp_path: Path) -> None:
    """Several worker processes, killed again and again under load: each timer once, each message at least once."""
    log = tmp_path / "sent.log"
    log.touch()
    began = time.time()
    chance = random.Random(5)
    command = [sys.executable, "-c", WORKER, str(ROOT), url, str(log), str(began)]

    def start() -> subprocess.Popen[bytes]:
        with (tmp_path / "err").open("ab") as errors:
            return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)

    workers = [start() for _ in range(3)]
    kills = 0
    desk = Desk(url)
    try:
        with desk.app.open(), desk.engine:
            cases = []
            while kills < 4:
                for _ in range(5):
                    cases.append(desk.open())
                    desk.engine.fire(cases[-1], "acknowledge", actor=CLERK)
                cases += [desk.open() for _ in range(2)]
                time.sleep(chance.uniform(0.5, 1.5))
                victim = workers.pop(chance.randrange(3))
                assert victim.poll() is None, (tmp_path / "err").read_text()
                os.kill(victim.pid, signal.SIGKILL)
                victim.wait()
                kills += 1
                workers.append(start())
            deadline = time.monotonic() + 90
            while time.monotonic() < deadline and _unfinished(url):
                time.sleep(0.25)
            notices = desk.engine.outbox(limit=10_000)
            assert {notice.status for notice in notices} == {"sent"}, (tmp_path / "err").read_text()[-2000:]
            sent = Counter(log.read_text().split())
            assert sent.keys() == {notice.item.key for notice in notices}
            assert all(sent[notice.item.key] <= notice.attempts for notice in notices)
            fired = Counter(
                (case, entry.trigger.name)
                for case in cases
                for entry in desk.engine.history(case)
                if entry.trigger.kind == "timer"
            )
            assert set(fired.values()) == {1}
            assert len(fired) >= 3 * (len(cases) // 3)
            assert all(desk.engine.verify(case) == [] for case in cases)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def _unfinished(url: str) -> bool:
    """Whether timers are due or messages wait."""
    with psycopg.connect(url) as plain:
        due = plain.execute("SELECT 1 FROM relflow_timers WHERE due_at < %s LIMIT 1", (DUE,)).fetchone()
        return due is not None or bool(plain.execute("SELECT 1 FROM relflow_outbox WHERE status = 'ready'").fetchone())
