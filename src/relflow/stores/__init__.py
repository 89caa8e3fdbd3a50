"""Where cases live: the Store protocol, the store in memory, and one SQL store over any connection (SQLite's here)."""

from relflow.stores.chain import Anchor, Damage, anchor, verify
from relflow.stores.codec import Sealed, decode
from relflow.stores.memory import MemoryStore
from relflow.stores.protocols import (
    CaseFilter,
    Held,
    Kind,
    Line,
    Link,
    Notice,
    OutboxClaim,
    Reading,
    Row,
    SqlValue,
    Status,
    Store,
    StoreUnit,
    TimerClaim,
)
from relflow.stores.schema import migrate, schema_version
from relflow.stores.shortcuts import Glances, WritesAlone, glance, writes_alone
from relflow.stores.sql import SqlStore, SqlUnit
from relflow.stores.sqlite import SqliteLink, SqliteStore, sqlite_link
from relflow.stores.survey import HELD, Gauges, Population, Surveyed
from relflow.stores.versions import SCHEMA_VERSION, refuse_other_version

__all__ = [
    "HELD",
    "SCHEMA_VERSION",
    "Anchor",
    "CaseFilter",
    "Damage",
    "Gauges",
    "Glances",
    "Held",
    "Kind",
    "Line",
    "Link",
    "MemoryStore",
    "Notice",
    "OutboxClaim",
    "Population",
    "Reading",
    "Row",
    "Sealed",
    "SqlStore",
    "SqlUnit",
    "SqlValue",
    "SqliteLink",
    "SqliteStore",
    "Status",
    "Store",
    "StoreUnit",
    "Surveyed",
    "TimerClaim",
    "WritesAlone",
    "anchor",
    "decode",
    "glance",
    "migrate",
    "refuse_other_version",
    "schema_version",
    "sqlite_link",
    "verify",
    "writes_alone",
]
