"""The plugin: it offers the store and joins the host's connections, through the hooks that anybody has."""

from __future__ import annotations

from relflow.hooks import hookimpl
from relflow.stores import Link, Store
from relflow_postgres.alchemy import alchemy_link
from relflow_postgres.link import psycopg_link
from relflow_postgres.store import PostgresStore

__all__ = ["Postgres"]


class Postgres:
    """`postgresql://user@host/database`, and `engine.on(connection)` for psycopg and SQLAlchemy."""

    @hookimpl
    def relflow_store(self, url: str) -> Store | None:
        """A store in a PostgreSQL database; nothing is connected yet."""
        return PostgresStore(url) if url.startswith(("postgresql://", "postgres://")) else None

    @hookimpl
    def relflow_link(self, connection: object) -> Link | None:
        """A Link on a host's own psycopg connection, or on its SQLAlchemy connection or session."""
        return psycopg_link(connection) or alchemy_link(connection)
