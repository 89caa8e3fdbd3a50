"""Processes that race: for one case, for one event id, for the same timers."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from relflow.results import Opening, Roles
from relflow.workflow import open_case
from tests.strategies.engines import CLERK, START, Moving, engine, program

ROOT = Path(__file__).parents[3]
SETUP = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.strategies.engines import CLERK, BOSS, Moving, START, engine
from relflow.errors import ConflictError
from relflow.hooks import hookimpl
from relflow.results import Delivered
side, store = sys.argv[3], f"sqlite:///{sys.argv[2]}?synchronous=OFF"
sys.stdin.readline()
"""
RACE = (
    SETUP
    + """
with engine(store) as running:
    lost = 0
    for number in range(60):
        # each event is fired by both sides under one id, and one more by each side alone
        running.assign("K", f"{side}-{number}", actor=BOSS)
        version = running.case("K").version
        try:
            running.fire("K", "touch", actor=CLERK, event_id=f"e-{number}")
            running.fire("K", "touch", actor=CLERK, expected_version=version)
        except ConflictError:
            lost += 1
    print(lost)
"""
)
DUE = (
    SETUP
    + """
sent = []

class Box:
    @hookimpl
    def relflow_deliver(self, message):
        sent.append(message.key)
        return Delivered()

clock = Moving(START)
clock.on(days=9)
with engine(store, clock=clock, plugins=[Box()]) as running:
    while (report := running.run_due(limit=7)).more:
        assert not report.errors, report.text()
for key in sent:
    print(key)
"""
)


def race(script: str, database: Path, count: int) -> list[str]:
    """Start so many processes, let them go at once, and return what each printed."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(ROOT), str(database), f"w{number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(count)
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    said = [worker.communicate(timeout=120)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * count
    return said


def test_processes_that_race_for_one_case_lose_nothing(tmp_path: Path) -> None:
    """Every assignment and every event id is there once; who came second with an old version was told so."""
    database = tmp_path / "cases.db"
    flow = program().workflows["touchable"]
    step = open_case(flow, Opening("K", "touchable", {}, "C-17"), CLERK, {}, Roles(), START)
    with engine(f"sqlite:///{database}") as running, running.store.unit() as unit:
        unit.write(step)
    lost = [int(text) for text in race(RACE, database, 2)]
    with engine(f"sqlite:///{database}") as running:
        history = running.history("K")
        damage = running.verify("K")

    names = Counter(entry.trigger.event_id or entry.trigger.data.get("owner") for entry in history[1:])
    assert damage == []
    assert [entry.seq for entry in history] == list(range(1, len(history) + 1))
    assert all(names[f"e-{number}"] == 1 for number in range(60))
    assert all(names[f"w{side}-{number}"] == 1 for side in range(2) for number in range(60))
    alone = names[None]
    assert alone + sum(lost) == 120


def test_processes_fire_each_timer_and_send_each_message_once(tmp_path: Path) -> None:
    """Three workers on one file, none of them killed: every timer once, every key once."""
    database = tmp_path / "cases.db"
    with engine(f"sqlite:///{database}?synchronous=OFF", clock=Moving()) as running:
        cases = [
            running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK).id for _ in range(30)
        ]
    sent = Counter(key for said in race(DUE, database, 3) for key in said.split())
    with engine(f"sqlite:///{database}") as running:
        fired = Counter((case, entry.trigger.name) for case in cases for entry in running.history(case)[1:])
        notices = running.outbox()

    assert len(fired) == 90
    assert set(fired.values()) == {1}
    assert sent == Counter(notice.item.key for notice in notices)
    assert {notice.status for notice in notices} == {"sent"}
