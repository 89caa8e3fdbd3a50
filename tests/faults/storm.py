"""The run: processes are started and killed at random, then whoever comes later finishes what they left."""

from __future__ import annotations

import logging
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from tests.faults.actors import client, worker
from tests.faults.clocks import Course
from tests.faults.journal import Journal
from tests.faults.postmen import Postman, Witness, watch_claims
from tests.faults.stage import CLERK, Customers, Stage

__all__ = ["Sabotage", "finish", "storm"]

Sabotage = Callable[[random.Random], str | None]
ROLES = {"worker": worker, "client": client}
DOWNTIME = timedelta(hours=30)


def storm(stage: Stage, workers: int, clients: int, every: float, sabotage: Sabotage | None = None) -> int:
    """Keep so many processes running and kill one each `every` seconds or so; how many were killed.

    `sabotage` is called beside each kill, to harm the store itself; it says what it did.
    """
    chance = random.Random(stage.seed)
    journal = Journal(stage.folder, "storm")
    running: dict[int, str] = {}
    count = kills = 0
    wanted = ["worker"] * workers + ["client"] * clients
    for role in wanted:
        running[_start(stage, role, count := count + 1)] = role
    while time.time() < stage.began + stage.seconds:
        time.sleep(chance.uniform(0.1, 1.9) * every)
        victim = chance.choice(sorted(running))
        role = running.pop(victim)
        os.kill(victim, signal.SIGKILL)
        _, status = os.waitpid(victim, 0)
        kills += os.WIFSIGNALED(status)
        journal.note("kill", pid=victim, role=role, status=status)
        if sabotage is not None and (did := sabotage(chance)) is not None:
            journal.note("sabotage", did=did)
        running[_start(stage, role, count := count + 1)] = role
    for pid in running:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        kills += os.WIFSIGNALED(status)
    return kills


def _start(stage: Stage, role: str, number: int) -> int:
    """A new process; it has nothing of this one's but the policy."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    # what plugins raise is logged, and they raise a lot
    logging.disable()
    with suppress(KeyboardInterrupt):
        try:
            ROLES[role](stage, f"{role}-{number}", stage.seed * 1_000_003 + number)
        except BaseException as error:  # noqa: BLE001 - a process that dies by itself is a finding
            Journal(stage.folder, f"{role}-{number}").tell("died", error=f"{type(error).__name__}: {error}")
    os._exit(code)


def finish(stage: Stage) -> None:
    """After some hours of downtime one careful worker does all that is due, in a process of its own."""
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        if status:
            raise RuntimeError("the finishing worker failed; its journal says why")
        return
    journal = Journal(stage.folder, "finish")
    code = 1
    try:
        _finish(stage, journal)
        code = 0
    except BaseException as error:  # noqa: BLE001 - the parent raises for it
        journal.tell("died", error=f"{type(error).__name__}: {error}")
    os._exit(code)


def _finish(stage: Stage, journal: Journal) -> None:
    chance = random.Random(stage.seed)
    watch_claims(journal)
    for shift in (DOWNTIME, 2 * DOWNTIME, 3 * DOWNTIME, 10 * DOWNTIME):
        clock: Course = stage.store_clock().later(shift)
        plugins = [
            Customers(chance, 0),
            Postman(journal, chance, stage.lease, faults=False),
            Witness(journal, chance, clock, clock, faults=False),
        ]
        with stage.engine(clock, clock, plugins) as engine:
            while True:
                clock.forget()
                report = engine.run_due(limit=500)
                late = [(one.timer.case, one.timer.clock, one.timer.lap, one.timer.step) for one in report.missed]
                errors = [[one.what, one.reason, one.text()] for one in report.errors]
                journal.note("ran", fired=report.fired, delivered=report.delivered, missed=late, errors=errors)
                if not (report.more or report.fired or report.delivered or report.performed or report.opened):
                    break
    with stage.engine(
        clock, clock, [Customers(chance, 0), Witness(journal, chance, clock, clock, faults=False)]
    ) as last:
        # the store still takes work; and a case with timers is left to be judged
        last.open("complaint", account="C-0", data={"description": "afterwards"}, actor=CLERK, key="afterwards")
    journal.tell("over", now=clock())
