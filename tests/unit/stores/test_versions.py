"""Versions of the tables: forward by `migrate`, checked in every unit, and refused by a worker that is older."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from relflow.errors import StoreError
from relflow.results import Delivered, StandingRecord
from relflow.stores import SCHEMA_VERSION, SqliteStore, StoreUnit, verify
from relflow.testing.store_samples import LEASE, MOMENT, sample_step

CHANGES: dict[str, Callable[[StoreUnit], object]] = {
    "write": lambda unit: unit.write(sample_step("B")),
    "write_all": lambda unit: unit.write_all([sample_step("B"), sample_step("C")]),
    "due": lambda unit: unit.due(MOMENT + LEASE, 9, LEASE),
    "stand": lambda unit: unit.stand(StandingRecord("C-1", "tier", {}, MOMENT)),
    "mark": lambda unit: unit.mark("s", MOMENT, {}),
    "in_force": lambda unit: unit.in_force("p", "d"),
    "erase": lambda unit: unit.erase(["A"], MOMENT),
}


def set_version(path: Path, version: int) -> None:
    """As if a relflow of that version had migrated the file."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE relflow_meta SET value = ? WHERE name = 'schema'", (str(version),))


@pytest.mark.parametrize("change", CHANGES)
def test_an_old_worker_does_not_write_to_newer_tables(tmp_path: Path, change: str) -> None:
    """Whoever was running when somebody migrated is refused at its next unit, and leaves nothing."""
    path = tmp_path / "cases.db"
    with closing(SqliteStore(path)) as store:
        with store.unit() as unit:
            unit.write(sample_step("A", timers={"due": timedelta()}))
        set_version(path, SCHEMA_VERSION + 1)

        with pytest.raises(StoreError) as caught, store.unit() as unit:
            CHANGES[change](unit)

        assert caught.value.reason == "newer-schema"
        assert "update relflow" in caught.value.text()
        assert "升级" in caught.value.text("zh")
        with pytest.raises(StoreError):
            store.migrate()
        set_version(path, SCHEMA_VERSION)
        with store.unit() as unit:
            assert sorted(unit.read(("A", "B", "C")).cases) == ["A"]
            assert len(unit.due(MOMENT + LEASE, 9, LEASE)) == 1


def first_version(path: Path) -> None:
    """A file as version 1 kept it: whole documents, and the step twice beside its event's id."""
    with closing(SqliteStore(path)) as store, store.unit() as unit:
        unit.write(sample_step("A", event_id="e-1", to=()))
        unit.mark("signal", MOMENT, {"n": 1})
    with closing(sqlite3.connect(path)) as file, file:
        ((document, body),) = file.execute(
            "SELECT c.document, h.body FROM relflow_cases c, relflow_history h WHERE h.case_id = c.id"
        )
        case, entry = json.loads(document), json.loads(body)
        case = {"account": None, "approvals": {}, "closed_at": None, "owner": None, "tenant": "", **case}
        entry = {"before": None, "calendar": "", "clocks": {}, "facts": {}, "findings": [], **entry}
        document, body = (json.dumps(one, sort_keys=True, separators=(",", ":")) for one in (case, entry))
        case_digest = hashlib.sha256(document.encode()).hexdigest()
        head = f"{'0' * 64}\n0:1:A1\n{case_digest}\n"
        digest = hashlib.sha256((head + body).encode()).hexdigest()
        seen = {"case": case, "digest": digest, "entry": entry, "tenant": ""}
        file.execute("UPDATE relflow_cases SET document = ?, head = ?", (document, digest))
        file.execute("UPDATE relflow_history SET body = ?, case_digest = ?, digest = ?", (body, case_digest, digest))
        file.execute("UPDATE relflow_events SET result = ? WHERE event_id = 'e-1'", (json.dumps(seen),))
    set_version(path, 1)


def test_older_tables_are_brought_forward_when_asked(tmp_path: Path) -> None:
    """Until then they are refused; afterwards everything reads as before, and the chain that was written then holds."""
    path = tmp_path / "cases.db"
    first_version(path)
    with closing(SqliteStore(path)) as store:
        with pytest.raises(StoreError) as caught, store.unit():
            pass
        assert caught.value.reason == "older-schema"
        assert "after a backup" in caught.value.text()
        assert "备份" in caught.value.text("zh")

        assert (store.version(), store.migrate(), store.version()) == (1, SCHEMA_VERSION, SCHEMA_VERSION)

        step = sample_step("A", event_id="e-1", to=())
        with store.unit() as unit:
            found = unit.read(("A",), event_id="e-1")
            assert found.seen is not None
            assert (found.seen.case, found.seen.entry, found.seen.replayed) == (step.case, step.entry, True)
            assert found.seen.digest == found.cases["A"].digest
            assert verify(unit, "A") == []
            assert unit.mark("signal", MOMENT, {"n": 2}) == {"n": 1}
            unit.write(sample_step("A", 2))
            assert verify(unit, "A") == []


def test_a_migration_that_breaks_off_leaves_the_older_tables(tmp_path: Path) -> None:
    """It is one transaction: a damaged row stops it, and says so."""
    path = tmp_path / "cases.db"
    first_version(path)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE relflow_events SET result = 'damaged' WHERE event_id = 'e-1'")
    with closing(SqliteStore(path)) as store:
        with pytest.raises(StoreError) as caught:
            store.migrate()
        assert caught.value.reason == "corrupt"
        assert store.version() == 1


def test_a_claim_of_an_old_worker_cannot_be_settled_on_newer_tables(tmp_path: Path) -> None:
    """What it delivered meanwhile is delivered again by a worker that knows the tables: at least once."""
    path = tmp_path / "cases.db"
    with closing(SqliteStore(path)) as store:
        with store.unit() as unit:
            unit.write(sample_step("A"))
        with store.unit() as unit:
            (claim,) = unit.messages(MOMENT + LEASE, 9, LEASE)
        set_version(path, SCHEMA_VERSION + 1)
        with pytest.raises(StoreError), store.unit() as unit:
            unit.settle(claim, Delivered(), MOMENT)
        set_version(path, SCHEMA_VERSION)
        with store.unit() as unit:
            assert [again.key for again in unit.messages(MOMENT + 3 * LEASE, 9, LEASE)] == [claim.key]
