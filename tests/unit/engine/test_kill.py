"""A worker that is killed at any instruction changes nothing for anybody: checked from the data it left behind."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from relflow.stores import CaseFilter, SqliteStore, verify
from tests.strategies.engines import BOSS, CLERK, Moving, Postbox, complaint, engine

FLOW = complaint()

WORKER = """
import sys
sys.path.insert(0, sys.argv[2])
from tests.strategies.engines import BOSS, CLERK, Moving, engine, START
from relflow.hooks import hookimpl
from relflow.results import Delivered
from datetime import timedelta

class Log:
    # what left the process is on the disk before it is marked as sent
    def __init__(self):
        self.file = open(sys.argv[3], "ab", buffering=0)
    @hookimpl
    def relflow_deliver(self, tenant, message):
        self.file.write((message.key + "\\n").encode())
        return Delivered()

clock = Moving(START + timedelta(hours=int(sys.argv[5])))
policy = engine("sqlite:///" + sys.argv[1] + "?synchronous=NORMAL", clock=clock, plugins=[Log()])
for number in range(10_000):
    name = f"{sys.argv[4]}-{number}"
    case = policy.open("complaint", account="C-17", data={"description": "leak"}, actor=CLERK, key=name)
    if number == 0:
        print("working", flush=True)
    policy.fire(case.id, "acknowledge", actor=CLERK, event_id=f"ack {name}")
    policy.fire(case.id, "propose", actor=BOSS, data={"solution": "x"}, event_id=f"propose {name}")
    for child in policy.cases(parent=case.id):
        policy.fire(child.id, "do", actor=BOSS, event_id=f"do {child.id}")
    policy.run_due(limit=20)
"""


def killed(root: Path, database: Path, log: Path, name: str, hours: int, after: float) -> None:
    """Start a worker and kill it some time after it opened its first case, however slow the machine is today."""
    command = [sys.executable, "-c", WORKER, str(database), str(root), str(log), name, str(hours)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"working\n"
        time.sleep(after)
        worker.send_signal(signal.SIGKILL)


def whole(database: Path) -> Counter[str]:
    """Check every case from the data alone; how much was found."""
    found: Counter[str] = Counter()
    with closing(SqliteStore(database)) as store, store.unit(write=False) as unit:
        cases = {case.id: case for case in unit.find(CaseFilter(limit=100_000))}
        notices = unit.outbox(limit=100_000)
        for case in cases.values():
            assert verify(unit, case.id) == []
            lines = unit.history(case.id)
            assert [line.seq for line in lines] == list(range(1, case.version + 1))
            assert all(child.id in cases for child in case.children)
            told = [effect for line in lines for effect in line.entry.effects if effect.verb == "notify"]
            wanted = sum(len(effect.values["recipients"]) for effect in told)  # type: ignore[arg-type]
            kept = [one for one in notices if one.item.case == case.id and hasattr(one.item, "recipient")]
            assert len(kept) == wanted
            clocks = [clock for clock in case.clocks.values() if clock.running and not clock.paused]
            steps = sum(len(FLOW.clocks[clock.name].steps) - len(clock.fired) for clock in clocks)
            assert len(unit.timers(case.id)) == steps
            rung = Counter(line.entry.trigger.name for line in lines if line.entry.trigger.kind == "timer")
            assert set(rung.values()) <= {1}
            found["steps"] += len(lines)
            found[case.workflow] += 1
            found[case.state] += 1
    keys = Counter(notice.item.key for notice in notices)
    assert set(keys.values()) <= {1}
    found["messages"] = len(keys)
    return found


def test_workers_killed_at_random_leave_nothing_half_done(tmp_path: Path) -> None:
    """Two workers at a time on one file, killed again and again: all of it stands or none, and nothing is doubled."""
    root, database, log = Path(__file__).parents[3], tmp_path / "cases.db", tmp_path / "sent.log"
    chance = random.Random(7)
    for round_ in range(3):
        with ThreadPoolExecutor(2) as pool:
            runs = [
                pool.submit(killed, root, database, log, f"{side}{round_}", round_, 0.1 + chance.random() / 2)
                for side in "ab"
            ]
        assert all(run.exception() is None for run in runs)

    found = whole(database)
    assert found["complaint"] >= 8
    assert found["todo"] == 2 * (found["proposed"] + found["closed"])

    # whoever comes next finishes what was left, and every message goes out under its one key
    box = Postbox()
    with engine(
        f"sqlite:///{database}?synchronous=OFF", clock=Moving(Moving().at + timedelta(days=60)), plugins=[box]
    ) as later:
        while (report := later.run_due()).more or report.fired or report.delivered:
            assert report.errors == ()
        case = later.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK, key="a0-0")
        assert case.version > 1
        with_boss = later.fire(case.id, "acknowledge", actor=BOSS, event_id="ack a0-0")
        assert with_boss.state == "investigating"
    after = whole(database)
    sent = Counter(log.read_text().split()) + Counter(message.key for message in box.sent)
    with closing(sqlite3.connect(database)) as plain:
        rows = plain.execute("SELECT key, status, attempts FROM relflow_outbox WHERE kind = 'message'").fetchall()
    assert {status for _, status, _ in rows} == {"sent"}
    assert sent.keys() == {key for key, _, _ in rows}
    # delivered more often than once only where a worker died between sending and marking
    assert all(sent[key] <= attempts for key, _, attempts in rows)
    assert after["steps"] >= found["steps"]
