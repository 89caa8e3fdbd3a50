"""Backup and restore as the guide says, and the check afterwards, with PostgreSQL's own tools."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from relflow_postgres import PostgresStore

from relflow.cli.app import run
from relflow.testing.joined_host import _ERRAND, _POLICY
from relflow.testing.postgres import PostgresServer, find_binaries
from relflow.testing.store_samples import sample_step


def tool(name: str, *words: str) -> None:
    """Run one of PostgreSQL's tools."""
    folder = find_binaries()
    assert folder is not None
    done = subprocess.run([str(folder / name), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def checked(policy: Path, store: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """`relflow case verify` on a store."""
    code = run(["case", "verify", "--policy", str(policy), "--plugin", "postgres", "--store", store])
    screen = capsys.readouterr()
    return code, screen.out + screen.err


def test_a_dump_that_is_restored_elsewhere_verifies(
    relflow_postgres: PostgresServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dump taken while a unit is open has what was committed; the check finds nothing, or what was changed."""
    for name, text in (("policy.yaml", _POLICY), ("errand.yaml", _ERRAND)):
        (tmp_path / name).write_text(text, "utf-8")
    here, there = relflow_postgres.database(), relflow_postgres.database()
    store = PostgresStore(relflow_postgres.url(here))
    with store.unit() as unit:
        unit.write_all([sample_step(f"K{n}") for n in range(5)])
    with store.unit() as unit:
        unit.write(sample_step("late"))
        dump = tmp_path / "cases.dump"
        tool("pg_dump", "-Fc", "-t", "relflow_*", "-f", str(dump), relflow_postgres.url(here))
    store.close()

    tool("pg_restore", "--single-transaction", "-d", relflow_postgres.url(there), str(dump))

    code, printed = checked(tmp_path, relflow_postgres.url(there), capsys)
    assert (code, "5" in printed) == (0, True), printed
    relflow_postgres.sql("UPDATE relflow_cases SET state = 'other' WHERE id = 'K3'", there)
    code, printed = checked(tmp_path, relflow_postgres.url(there), capsys)
    assert (code, "K3" in printed) == (1, True), printed
