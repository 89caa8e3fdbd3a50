"""`relflow case tables` on PostgreSQL: nothing is made by asking, and the command that makes them says so."""

from __future__ import annotations

import pytest

from relflow.cli.app import run
from relflow.testing.postgres import PostgresServer


def test_tables_are_asked_for_and_made(relflow_postgres: PostgresServer, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty database has none, exit 1, and the address is not repeated; `--migrate` makes them, once for all."""
    url = relflow_postgres.url(relflow_postgres.database())
    words = ["case", "tables", "--plugin", "postgres", "--store", url]
    assert run(words) == 1
    empty = capsys.readouterr()
    assert run(words) == 1
    assert run([*words, "--migrate"]) == run([*words, "--migrate"]) == run(words) == 0
    assert empty.out == "schema 0; this relflow needs 2\n"
    assert empty.err == "  help: the same command with `--migrate` makes them\n"
    assert url not in empty.out + empty.err
