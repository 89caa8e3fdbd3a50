"""Disks that are full, files that go away, stores that are locked and slow: said plainly, and nothing half done."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from relflow.errors import StoreError
from relflow.stores import CaseFilter, SqliteStore, verify
from tests.strategies.engines import BOSS, CLERK, Postbox, engine

ROOT = Path(__file__).parents[2]
# opens cases until the store refuses, and says which ones were acknowledged
FILLER = """
import json, resource, sys
sys.path.insert(0, sys.argv[1])
from relflow.errors import StoreError
from tests.strategies.engines import CLERK, Postbox, engine
limit = int(sys.argv[3])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
told, trouble = [], None
with engine("sqlite:///" + sys.argv[2], plugins=[Postbox()]) as running:
    for number in range(100_000):
        try:
            case = running.open("complaint", account="C-17", data={"description": "x" * 2000}, actor=CLERK)
            told.append(case.id)
            told.append(running.fire(case.id, "acknowledge", actor=CLERK).id)
        except StoreError as error:
            trouble = [error.reason, error.text(), error.text("zh")]
            break
    # a full disk does not keep anybody from looking
    seen = len(running.cases(limit=100_000))
print(json.dumps({"told": told, "trouble": trouble, "seen": seen}))
"""


def fill(database: Path, limit: int) -> tuple[list[str], list[str]]:
    """Let another process fill what there is; the cases that it was told of, and what it was told at last."""
    done = subprocess.run(
        [sys.executable, "-c", FILLER, str(ROOT), str(database), str(limit)], capture_output=True, text=True, check=True
    )
    said = json.loads(done.stdout)
    assert said["seen"] == len(set(said["told"]))
    return said["told"], said["trouble"]


def acknowledged(database: Path, told: list[str]) -> None:
    """Every case that somebody was told of is there, with both steps if there were two, whole, and work goes on."""
    with closing(SqliteStore(database)) as store, store.unit(write=False) as unit:
        cases = {case.id: case for case in unit.find(CaseFilter(limit=100_000))}
        assert cases.keys() == set(told)
        assert all(case.version == told.count(case.id) for case in cases.values())
        assert all(verify(unit, case) == [] for case in cases)
    with engine(f"sqlite:///{database}", plugins=[Postbox()]) as running:
        if told.count(told[-1]) == 2:
            running.fire(told[-1], "propose", actor=BOSS, data={"solution": "x"})
        else:
            running.fire(told[-1], "acknowledge", actor=CLERK)
        assert running.run_due().errors == ()


def test_a_file_that_may_not_grow(tmp_path: Path) -> None:
    """Where the system allows no larger file the step is refused whole; with room again, work goes on."""
    database = tmp_path / "cases.db"
    told, (reason, en, zh) = fill(database, 1_500_000)
    assert len(told) > 10
    assert reason in ("full", "io")
    assert "nothing was half done" in en
    assert "未留下任何" in zh
    acknowledged(database, told)


def test_a_full_disk(tmp_path: Path) -> None:
    """On a file system of two megabytes, where one may be mounted."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("nobody but root may mount a small file system")
    try:
        told, (reason, _, _) = fill(small / "cases.db", 0)
        assert reason == "full"
        subprocess.run(["mount", "-o", "remount,size=20m", str(small)], check=True)
        acknowledged(small / "cases.db", told)
    finally:
        subprocess.run(["umount", str(small)], check=False)


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_goes_away_takes_no_acknowledged_step_along(tmp_path: Path, replaced: bool) -> None:
    """SQLite would go on writing to a file that nobody can find again: the next step is refused, the clockwork too."""
    database, aside = tmp_path / "cases.db", tmp_path / "aside.db"
    with engine(f"sqlite:///{database}") as running:
        case = running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        for end in ("", "-wal", "-shm"):
            Path(f"{database}{end}").rename(f"{aside}{end}")
        if replaced:
            with closing(SqliteStore(database)) as store:
                store.migrate()
        for call in (lambda: running.fire(case.id, "acknowledge", actor=CLERK), running.run_due):
            with pytest.raises(StoreError) as caught:
                call()
            assert caught.value.reason == "gone"
        assert database.exists() is replaced
    with engine(f"sqlite:///{aside}") as later:
        assert later.fire(case.id, "acknowledge", actor=CLERK).version == 2


def test_a_slow_store_makes_everybody_wait_and_nobody_lose(tmp_path: Path) -> None:
    """While somebody holds the lock for half the time, steps take longer and each is there once."""
    database = tmp_path / "cases.db"
    with closing(SqliteStore(database)) as store:
        store.migrate()
    stop = threading.Event()

    def hog() -> None:
        with closing(sqlite3.connect(database, isolation_level=None, timeout=10)) as plain:
            while not stop.is_set():
                plain.execute("BEGIN IMMEDIATE")
                time.sleep(0.05)
                plain.execute("ROLLBACK")
                time.sleep(0.02)

    def work(side: int) -> None:
        with engine(f"sqlite:///{database}?synchronous=OFF") as running:
            for number in range(8):
                key = f"{side}-{number}"
                case = running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK, key=key)
                running.fire(case.id, "acknowledge", actor=CLERK, event_id=key)

    threads = [threading.Thread(target=hog), *(threading.Thread(target=work, args=(side,)) for side in range(2))]
    for thread in threads:
        thread.start()
    for thread in threads[1:]:
        thread.join()
    stop.set()
    threads[0].join()
    with engine(f"sqlite:///{database}") as running:
        assert sorted(case.key or "" for case in running.cases()) == sorted(
            f"{s}-{n}" for s in range(2) for n in range(8)
        )
        assert {case.version for case in running.cases()} == {2}


def test_a_worker_outlives_a_store_that_was_locked(tmp_path: Path) -> None:
    """What it could not do while the store was locked it does afterwards, and nothing counts as tried."""
    database, box = tmp_path / "cases.db", Postbox()
    with engine(f"sqlite:///{database}?busy=0.05", plugins=[box]) as running:
        case = running.open("complaint", account="C-17", data={"description": "x"}, actor=CLERK)
        running.fire(case.id, "acknowledge", actor=CLERK)
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError) as caught:
                running.run_due()
            assert caught.value.reason == "locked"
        assert {notice.attempts for notice in running.outbox()} == {0}
        assert running.run_due().delivered == 2
    assert [message.attempt for message in box.sent] == [1, 1]


def test_two_writers_race_for_one_case() -> None:
    """From the same version, process against process: every time one wins, and the history says which."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.race", "--rounds", "200"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "one winner                           200" in done.stdout
