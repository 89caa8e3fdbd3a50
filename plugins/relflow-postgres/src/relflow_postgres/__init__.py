"""PostgreSQL for relflow: a store behind `postgresql://`, and Links on connections of psycopg and SQLAlchemy."""

from relflow_postgres.alchemy import AlchemyLink, SessionLink, alchemy_link
from relflow_postgres.link import PsycopgLink, psycopg_link
from relflow_postgres.plugin import Postgres
from relflow_postgres.store import PostgresStore

__all__ = [
    "AlchemyLink",
    "Postgres",
    "PostgresStore",
    "PsycopgLink",
    "SessionLink",
    "alchemy_link",
    "psycopg_link",
]
