"""The SQLite file: what goes wrong with files, and what a damaged one shows."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from relflow.errors import NoTransactionError, ReentryError, StoreError
from relflow.results import Message
from relflow.stores import CaseFilter, SqliteLink, SqliteStore, sqlite_link, verify
from relflow.stores.chain import anchor
from relflow.testing.stores import MOMENT, sample_step


def filled(path: Path, steps: int = 5) -> SqliteStore:
    """A store with one case of some steps."""
    store = SqliteStore(path)
    with store.unit() as unit:
        for version in range(1, steps + 1):
            unit.write(sample_step(version=version, timers={"due": timedelta(hours=1)}))
    return store


def trouble(store: SqliteStore, *, write: bool = True) -> StoreError:
    """What a store says when it cannot write another case."""

    def use() -> None:
        with closing(store), store.unit(write=write) as unit:
            unit.read(("K-1",))
            unit.write(sample_step("new"))

    with pytest.raises(StoreError) as caught:
        use()
    assert caught.value.text("zh") != caught.value.text("en")
    return caught.value


def test_the_file_is_durable_by_default(tmp_path: Path) -> None:
    """The journal is a write-ahead log and every commit is flushed, unless less is asked for."""
    for asked, level in (("FULL", 2), ("NORMAL", 1)):
        store = SqliteStore(tmp_path / f"{asked}.db", synchronous=asked)
        with closing(store), store.unit() as unit:
            assert unit.link.execute("PRAGMA journal_mode")[0][0][0] == "wal"
            assert unit.link.execute("PRAGMA synchronous")[0][0][0] == level


def test_nothing_is_opened_before_the_first_use(tmp_path: Path) -> None:
    """Making a store touches no file."""
    store = SqliteStore(tmp_path / "cases.db")
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """The error names the file and says what to check."""
    path = tmp_path / "cases.db"
    path.write_text("policy: petroleum\n" * 100)
    problem = trouble(SqliteStore(path))

    assert problem.reason == "not-a-store"
    assert str(path) in problem.text("zh")
    assert path.read_text() == "policy: petroleum\n" * 100


def test_a_corrupt_file(tmp_path: Path) -> None:
    """Pages overwritten with rubbish are reported as damage, in reading and in writing."""
    path = tmp_path / "cases.db"
    filled(path, 40).close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))

    assert trouble(SqliteStore(path)).reason == "corrupt"


def test_a_locked_store(tmp_path: Path) -> None:
    """Another writer that does not finish in time is named as the cause."""
    path = tmp_path / "cases.db"
    filled(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        problem = trouble(SqliteStore(path, busy=0.05))

    assert problem.reason == "locked"
    assert "busy=" in problem.text()


def test_a_full_disk_leaves_nothing_half_done(tmp_path: Path) -> None:
    """When no page can be added the step is refused whole, and goes through once there is space."""
    path = tmp_path / "cases.db"
    store = filled(path)

    def limit(pages: int) -> None:
        connection = store._take()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        store._give(connection)

    limit(1)  # SQLite takes the present size for a smaller limit

    def fill() -> None:
        for version in range(6, 100):
            with store.unit() as unit:
                unit.write(sample_step(version=version, to=("li", "wang")))

    with pytest.raises(StoreError) as caught:
        fill()
    assert caught.value.reason == "full"
    with store.unit(write=False) as unit:
        version = unit.read(("K-1",)).cases["K-1"].case.version
        assert len(unit.history("K-1")) == version
        assert verify(unit, "K-1") == []
    limit(10_000)
    with closing(store), store.unit() as unit:
        assert unit.write(sample_step(version=version + 1)).entry.seq == version + 1


def test_a_store_that_may_not_be_written(tmp_path: Path) -> None:
    """A read-only database can be read, and says what to check when it is written."""
    path = tmp_path / "cases.db"
    filled(path).close()
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA journal_mode = DELETE")
    # the superuser may write any file: ask SQLite itself to refuse
    store = SqliteStore(f"file:{path}?mode=ro", uri=True)
    with store.unit(write=False) as unit:
        assert unit.read(("K-1",)).cases["K-1"].case.version == 5

    assert trouble(store).reason == "read-only"


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    """The error says that the folder is missing."""
    assert trouble(SqliteStore(tmp_path / "none" / "cases.db")).reason == "cannot-open"


@pytest.mark.parametrize(("version", "reason"), [("99", "newer-schema"), ("0", "no-schema")])
def test_a_store_of_another_version(tmp_path: Path, version: str, reason: str) -> None:
    """A newer schema is left alone, and a worker that is already running notices it too."""
    path = tmp_path / "cases.db"
    running = filled(path)
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("UPDATE relflow_meta SET value = ? WHERE name = 'schema'", (version,))

    assert trouble(running).reason == reason
    if version == "99":
        assert trouble(SqliteStore(path)).reason == reason
        with closing(SqliteStore(path)) as newer, pytest.raises(StoreError, match="newer"):
            newer.migrate()


def test_many_threads_open_a_new_file_together(tmp_path: Path) -> None:
    """The tables are made once, whoever comes first."""
    path = tmp_path / "cases.db"
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            store = SqliteStore(path)
            with closing(store), store.unit() as unit:
                unit.write(sample_step(f"K-{number}"))
        except BaseException as error:  # noqa: BLE001
            problems.append(error)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with closing(SqliteStore(path)) as store, store.unit(write=False) as unit:
        assert problems == []
        assert len(unit.outbox()) == 6


def test_a_unit_inside_a_unit_is_refused_at_once(tmp_path: Path) -> None:
    """A thread cannot wait for itself."""
    with (
        closing(SqliteStore(tmp_path / "cases.db")) as store,
        store.unit(),
        pytest.raises(ReentryError, match="already open"),
        store.unit(),
    ):
        pass


def test_a_forked_process_opens_its_own_connections(tmp_path: Path) -> None:
    """A child of a process that used the store writes without touching the parent's connections."""
    code = """
import os, sys
from relflow.stores import SqliteStore
from relflow.testing.stores import MOMENT, sample_step
store = SqliteStore(sys.argv[1])
with store.unit() as unit:
    unit.write(sample_step("parent"))
child = os.fork()
with store.unit() as unit:
    unit.write(sample_step("child" if child == 0 else "parent again"))
if child == 0:
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
store.close()
"""
    path = tmp_path / "cases.db"
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, timeout=60)
    with closing(SqliteStore(path)) as store, store.unit(write=False) as unit:
        assert sorted(unit.read(("parent", "child", "parent again")).cases) == ["child", "parent", "parent again"]


# -- tampering -------------------------------------------------------------------------------------------------------


def tampered(path: Path, sql: str, *, copy: bool = True) -> list[str]:
    """What verification finds after a statement of somebody else."""
    target = path.with_suffix(".copy") if copy else path
    shutil.copy(path, target)
    with closing(sqlite3.connect(target)) as plain, plain:
        assert plain.execute(sql).rowcount > 0
    with closing(SqliteStore(target)) as store, store.unit(write=False) as unit:
        return [damage.reason for damage in verify(unit, "K-1")]


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE relflow_history SET body = replace(body, 'zhang', 'chang') WHERE seq = 3", ["changed-line"]),
        ("UPDATE relflow_history SET body = body || ' ' WHERE seq = 3", ["changed-line"]),
        ("UPDATE relflow_history SET body = 'rubbish' WHERE seq = 3", ["changed-line"]),
        ("UPDATE relflow_history SET case_digest = 'x' WHERE seq = 2", ["changed-line"]),
        ("UPDATE relflow_history SET digest = 'x' WHERE seq = 2", ["changed-line", "changed-line"]),
        ("UPDATE relflow_history SET seq = 9 WHERE seq = 5", ["missing-line"]),
        ("DELETE FROM relflow_history WHERE seq = 2", ["missing-line"]),
        ("DELETE FROM relflow_history WHERE seq = 5", ["cut-tail"]),
        ("DELETE FROM relflow_history", ["no-history"]),
        ("UPDATE relflow_cases SET document = replace(document, 's5', 's4')", ["changed-case"]),
        ("UPDATE relflow_cases SET document = 'rubbish'", ["changed-case"]),
        ("UPDATE relflow_cases SET state = 'closed'", ["changed-case"]),
        ("UPDATE relflow_cases SET account = 'C-2'", ["changed-case"]),
        ("UPDATE relflow_cases SET version = 9", ["cut-tail"]),
        ("UPDATE relflow_cases SET head = 'x'", ["changed-case"]),
        ("DELETE FROM relflow_cases", ["lost-case"]),
    ],
)
def test_a_change_behind_our_back_is_found(tmp_path: Path, sql: str, found: list[str]) -> None:
    """Each in-place change of a case or its history shows, and what is not touched stays quiet."""
    path = tmp_path / "cases.db"
    filled(path).close()

    assert tampered(path, sql) == found


def test_an_anchor_shows_what_the_chain_alone_cannot(tmp_path: Path) -> None:
    """A case that was cut back to an earlier, consistent state differs from an anchor that was kept elsewhere."""
    path, early = tmp_path / "cases.db", tmp_path / "early.db"
    filled(early, 3).close()
    store = filled(path, 5)
    with closing(store), store.unit(write=False) as unit:
        kept = anchor(unit, "K-1", b"secret")
        assert kept is not None
        assert verify(unit, "K-1", known=kept, key=b"secret") == []
        assert [one.reason for one in verify(unit, "K-1", known=kept, key=b"guess")] == ["false-anchor"]
        assert anchor(unit, "none", b"secret") is None
    with closing(SqliteStore(early)) as store, store.unit(write=False) as unit:
        assert verify(unit, "K-1") == []
        assert [one.reason for one in verify(unit, "K-1", known=kept, key=b"secret")] == ["cut-tail"]
        with closing(SqliteStore(tmp_path / "other.db")) as other, other.unit() as fresh:
            for version in range(1, 6):
                fresh.write(sample_step(version=version, data={"other": version}))
            assert [one.reason for one in verify(fresh, "K-1", known=kept, key=b"secret")] == ["other-chain"]
            assert [one.reason for one in verify(fresh, "gone", known=kept, key=b"secret")] == ["lost-case"]


def test_a_damaged_message_keeps_no_other_waiting(tmp_path: Path) -> None:
    """It is given up and listed as such; whatever else is due is claimed, also behind it for the same person."""
    path = tmp_path / "cases.db"
    filled(path, 2).close()
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("UPDATE relflow_outbox SET body = substr(body, 1, 40) WHERE seq = 1")
    with closing(SqliteStore(path)) as store:
        with store.unit() as unit:
            assert unit.messages(MOMENT + timedelta(hours=1), 9, timedelta(minutes=1)) == []
        with store.unit() as unit:
            (claim,) = unit.messages(MOMENT + timedelta(hours=1), 9, timedelta(minutes=1))
            assert claim.key == "K-1:2:1"
            dead, ready = unit.outbox()
        assert (dead.item.key, dead.status, dead.error) == ("K-1:1:1", "dead", "damaged")
        assert ready.status == "ready"
        assert isinstance(dead.item, Message)
        assert (dead.item.recipient, dead.item.text.text("zh")) == ("li", "此通知的内容已损坏")


# -- a host's connection ---------------------------------------------------------------------------------------------


def hosts_connection(path: Path, prepare: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    """A connection as some host would set it up."""
    with closing(SqliteStore(path)) as store:
        store.migrate()
    connection = sqlite3.connect(path, detect_types=sqlite3.PARSE_DECLTYPES)
    prepare(connection)
    return connection


@pytest.mark.parametrize("odd", ["plain", "row", "dict", "bytes"])
def test_a_host_may_set_up_its_connection_as_it_likes(tmp_path: Path, odd: str) -> None:
    """Row factories, text factories and converters of the host do not reach us, nor ours the host."""

    def prepare(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE tickets (title TEXT)")
        if odd == "row":
            connection.row_factory = sqlite3.Row
        if odd == "dict":
            connection.row_factory = lambda cursor, row: dict(zip([c[0] for c in cursor.description], row, strict=True))
        if odd == "bytes":
            connection.text_factory = bytes

    store = SqliteStore(tmp_path / "cases.db")
    with closing(store), closing(hosts_connection(store.path, prepare)) as connection:
        connection.execute("INSERT INTO tickets VALUES ('leak')")
        link = sqlite_link(connection)
        assert link is not None
        unit = store.join(link)
        step = sample_step(timers={"due": timedelta(hours=1)})
        unit.write(step)
        assert unit.read(("K-1",)).cases["K-1"].case == step.case
        row = connection.execute("SELECT title FROM tickets").fetchone()
        assert dict(row) == {"title": "leak"} if odd in ("row", "dict") else tuple(row) in {("leak",), (b"leak",)}
        connection.rollback()
        assert link.in_transaction() is False
        with store.unit(write=False) as own:
            assert not own.read(("K-1",)).cases


def test_a_connection_without_a_transaction(tmp_path: Path) -> None:
    """A driver that begins by itself is begun; one in autocommit is refused; other objects are none of ours."""
    with closing(SqliteStore(tmp_path / "cases.db")) as store:
        store.migrate()
    with closing(sqlite3.connect(tmp_path / "cases.db")) as legacy:
        link = sqlite_link(legacy)
        assert link is not None
        assert link.in_transaction()
        assert link.identity() is legacy
        legacy.rollback()
    with closing(sqlite3.connect(tmp_path / "cases.db", isolation_level=None)) as autocommit:
        with pytest.raises(NoTransactionError, match="begin one"):
            sqlite_link(autocommit)
        autocommit.execute("BEGIN")
        assert isinstance(sqlite_link(autocommit), SqliteLink)
    assert sqlite_link(object()) is None


def used(path: Path) -> None:
    """Everything that somebody may do with a store."""
    with closing(SqliteStore(path, busy=0.1)) as store:
        store.version()
        with store.unit(write=False) as unit:
            unit.read(("K-1", "K-30"), (("complaint", "k"),), "e-3")
            unit.find(CaseFilter())
            [line.entry for line in unit.history("K-1")]
            verify(unit, "K-1")
            unit.outbox()
            unit.next_due()
        with store.unit() as unit:
            unit.due(MOMENT + timedelta(days=9), 50, timedelta(minutes=1))
            unit.messages(MOMENT + timedelta(days=9), 50, timedelta(minutes=1))
            unit.write(sample_step("new", event_id="e-new", key="k-new"))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of some 60 pages that is all right."""
    path = tmp_path_factory.mktemp("sound") / "cases.db"
    with closing(SqliteStore(path, synchronous="OFF")) as store, store.unit() as unit:
        for number in range(40):
            unit.write(sample_step(f"K-{number}", event_id=f"e-{number}", timers={"due": timedelta(hours=number)}))
    used(path)
    return path


@pytest.mark.parametrize("share", [0.01, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 0.999])
def test_a_file_that_was_cut_off_is_named_as_damaged(sound: Path, tmp_path: Path, share: float) -> None:
    """Wherever it ends, whoever opens, reads, sweeps or writes it gets a StoreError and nothing else."""
    path = tmp_path / "cut.db"
    path.write_bytes(sound.read_bytes()[: int(sound.stat().st_size * share)])
    with pytest.raises(StoreError) as caught:
        used(path)
    assert caught.value.reason in {"corrupt", "not-a-store", "broken"}
    assert caught.value.text("zh")


@pytest.mark.parametrize("seed", range(25))
def test_pages_of_rubbish_never_show_a_drivers_error(sound: Path, tmp_path: Path, seed: int) -> None:
    """Bytes that were overwritten anywhere are either not met or reported as a StoreError."""
    chance = random.Random(seed)
    data = bytearray(sound.read_bytes())
    for _ in range(4):
        at = chance.randrange(100, len(data) - 600)
        data[at : at + 600] = chance.randbytes(600)
    path = tmp_path / "rubbish.db"
    path.write_bytes(data)
    with suppress(StoreError):
        used(path)
