"""The fault harness in its short form, and its judges against runs that somebody tampered with."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from relflow.testing.postgres import find_binaries
from tests.faults.court import judged
from tests.faults.stage import Stage

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    """A short storm: its folder, how the harness ended, and what it printed."""
    folder = tmp_path_factory.mktemp("faults")
    settings = {"minutes": 0.12, "seed": 11, "rate": 14400, "workers": 2, "clients": 2, "kill-every": 0.25}
    options = [part for name, value in settings.items() for part in (f"--{name}", str(value))]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", *options, "--keep", str(folder)],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return folder, done.returncode, done.stdout + done.stderr


def figures(printed: str) -> dict[str, int]:
    """The table, read back."""
    rows = [line.rsplit(maxsplit=1) for line in printed.splitlines() if line and line[-1].isdigit()]
    return {words.strip(): int(number.replace(",", "")) for words, number in rows}


def test_nothing_happens_that_may_never_happen(run: tuple[Path, int, str]) -> None:
    """Workers and clients are killed, clocks jump, plugins fail: every promise holds, and all of it took place."""
    _, code, printed = run
    assert code == 0, printed
    found = figures(printed)
    assert found["processes killed with SIGKILL"] >= 10
    for name in ("steps done", "deliveries", "timers fired", "obligations carried out", "races won and lost"):
        assert found[name] > 0, printed
    assert found["missed timers fired after the downtime"] > 0


def test_nor_does_it_on_postgresql(tmp_path: Path) -> None:
    """The same on a server whose connections are cut and which is killed itself."""
    if find_binaries() is None:
        pytest.skip("PostgreSQL's server is not installed here (Debian, Ubuntu: apt-get install postgresql)")
    settings = {"minutes": 0.15, "seed": 4, "rate": 14400, "workers": 2, "clients": 2, "kill-every": 0.4}
    options = [part for name, value in settings.items() for part in (f"--{name}", str(value))]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--store", "postgresql", *options, "--keep", str(tmp_path)],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = figures(done.stdout)
    for name in ("processes killed with SIGKILL", "steps done", "deliveries"):
        assert found[name] > 0, done.stdout
    assert "store harmed" in done.stdout


def drop(sql: str) -> Callable[[Path], None]:
    """Somebody changes the file."""

    def change(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "cases.db")) as plain, plain:
            assert plain.execute(sql).rowcount > 0

    return change


def edit(file: str, kind: str, **said: object) -> Callable[[Path], None]:
    """The last line of one kind in a kind of journal says something else, or is told once more."""

    def change(folder: Path) -> None:
        for path in sorted(folder.glob(f"{file}*.jsonl")):
            lines = [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")]
            places = [place for place, line in enumerate(lines) if line["what"] == kind]
            if places:
                lines.insert(places[-1] + 1, {**lines[places[-1]], **said})
                path.write_text("\n".join(map(json.dumps, lines)) + "\n")
                return
        raise AssertionError(f"no {kind} in {file}")

    return change


def both(first: Callable[[Path], None], second: Callable[[Path], None]) -> Callable[[Path], None]:
    """Two changes."""

    def change(folder: Path) -> None:
        first(folder)
        second(folder)

    return change


SENT = "(SELECT min(rowid) FROM relflow_outbox WHERE status = 'sent' AND kind = 'message')"
FIRED = '(SELECT rowid FROM relflow_history WHERE body LIKE \'%"kind":"timer"%\' LIMIT 1)'
EVENT = "(SELECT min(rowid) FROM relflow_events WHERE case_id IS NOT NULL AND event_id LIKE 'acknowledge%')"


@pytest.mark.parametrize(
    ("found", "tamper"),
    [
        ("torn", drop(f"DELETE FROM relflow_outbox WHERE rowid = {SENT}")),
        ("torn", drop("DELETE FROM relflow_timers WHERE due_at = (SELECT max(due_at) FROM relflow_timers)")),
        ("torn", drop("UPDATE relflow_timers SET due_at = due_at + 1000000")),
        ("torn", drop(f"DELETE FROM relflow_events WHERE rowid = {EVENT}")),
        ("broken-chain", drop(f"UPDATE relflow_history SET body = body || ' ' WHERE rowid = {FIRED}")),
        ("lost-message", drop(f"UPDATE relflow_outbox SET status = 'dead' WHERE rowid = {SENT}")),
        ("left", drop(f"UPDATE relflow_outbox SET status = 'ready' WHERE rowid = {SENT}")),
        ("level", drop("DELETE FROM relflow_standing_history WHERE version = 1")),
        ("doubled", edit("finish", "got", end="well")),
        ("torn", edit("finish", "got", key="nobody:1:1")),
        ("early-lease", both(edit("finish", "claim", fence=71), edit("finish", "claim", fence=72))),
        ("early-timer", edit("finish", "timer", machine="2020-01-01T00:00:00+00:00")),
        ("lost-step", edit("client", "told", op="fire", answer="done", id="never", of="K", expected=None, version=1)),
        ("lost-step", edit("client", "told", op="open", answer="done", key="never", case="K", version=1)),
        ("stray", edit("client", "told", answer="stray", reason="OperationalError")),
        ("died", edit("client", "told", what="died", error="MemoryError")),
    ],
)
def test_the_judges_notice(
    run: tuple[Path, int, str], tmp_path: Path, found: str, tamper: Callable[[Path], None]
) -> None:
    """What a run leaves behind is judged anew after one thing was changed in it: that promise is broken."""
    folder = tmp_path / "run"
    shutil.copytree(run[0], folder)
    tamper(folder)
    stage = Stage(folder, f"sqlite:///{folder}/cases.db", 11, 0, 0)
    assert found in judged(stage, 0).broken
