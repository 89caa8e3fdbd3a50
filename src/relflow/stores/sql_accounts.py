"""Levels in force, signals seen, definitions and the policy in force, over a Link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from relflow.results import Definition, StandingRecord
from relflow.stores.codec import encode, instant, microseconds, restore
from relflow.stores.conflicts import moved_standing, other_content
from relflow.stores.dialects import dialect_of
from relflow.stores.protocols import Link, Row, SqlValue

__all__ = ["SqlAccounts", "in_force_name"]

_PAGE: Final = 1000
_COLUMNS: Final = "tenant, account, scheme, version, at, cause, state"


class SqlAccounts:
    """The part of a SQL unit that is about accounts and definitions."""

    link: Link
    tenant: str

    def account_standings(self, account: str) -> dict[str, StandingRecord]:
        """The states of one account under every scheme that it has one for."""
        rows, _ = self.link.execute(
            f"SELECT {_COLUMNS} FROM relflow_standings WHERE tenant = ? AND account = ?",  # noqa: S608
            (self.tenant, account),
        )
        return {record.scheme: record for record in map(_standing_of, rows)}

    def standings(self, scheme: str, accounts: Sequence[str]) -> dict[str, StandingRecord]:
        """The states of these accounts under a scheme; an account without one is absent."""
        found: dict[str, StandingRecord] = {}
        dialect = dialect_of(self.link)
        where = dialect.among.format(column="account")
        for start in range(0, len(accounts), _PAGE):
            rows, _ = self.link.execute(
                f"SELECT {_COLUMNS} FROM relflow_standings WHERE tenant = ? AND scheme = ? AND {where}",  # noqa: S608
                (self.tenant, scheme, dialect.several(accounts[start : start + _PAGE])),
            )
            found |= {record.account: record for record in map(_standing_of, rows)}
        return {account: found[account] for account in accounts if account in found}

    def stand(self, record: StandingRecord) -> StandingRecord:
        """Write a state; `record.version` is the version it was computed from. Raises ConflictError if it moved."""
        written = replace(record, version=record.version + 1)
        values = (written.version, microseconds(record.at), record.cause, encode(record.state))
        row: tuple[SqlValue, ...] = (self.tenant, record.account, record.scheme, *values)
        try:
            if record.version == 0:
                self.link.execute(f"INSERT INTO relflow_standings ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
            else:
                self._replace_standing(record, values)
            self.link.execute(f"INSERT INTO relflow_standing_history ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
        except Exception as error:
            if self.link.is_conflict(error):
                raise moved_standing(record) from error
            raise
        return written

    def _replace_standing(self, record: StandingRecord, values: tuple[SqlValue, ...]) -> None:
        _, count = self.link.execute(
            "UPDATE relflow_standings SET version = ?, at = ?, cause = ?, state = ?"
            " WHERE tenant = ? AND scheme = ? AND account = ? AND version = ?",
            (*values, self.tenant, record.scheme, record.account, record.version),
        )
        if count != 1:
            raise moved_standing(record)

    def standing_history(self, account: str, scheme: str) -> list[StandingRecord]:
        """Every state that the account had under the scheme, oldest first."""
        rows, _ = self.link.execute(
            f"SELECT {_COLUMNS} FROM relflow_standing_history"  # noqa: S608
            " WHERE tenant = ? AND scheme = ? AND account = ? ORDER BY version",
            (self.tenant, scheme, account),
        )
        return [_standing_of(row) for row in rows]

    def mark(self, event_id: str, at: datetime, result: Mapping[str, object]) -> Mapping[str, object] | None:
        """Remember a signal's event id with its result; the earlier result if it was seen, and nothing is written."""
        # whoever tells the same at the same moment waits here for the other to commit
        _, count = self.link.execute(
            "INSERT INTO relflow_events (tenant, event_id, case_id, seq, at, result) VALUES (?, ?, NULL, 0, ?, ?)"
            " ON CONFLICT (tenant, event_id) DO NOTHING",
            (self.tenant, event_id, microseconds(at), encode(result)),
        )
        if count == 1:
            return None
        rows, _ = self.link.execute(
            "SELECT result FROM relflow_events WHERE tenant = ? AND event_id = ?", (self.tenant, event_id)
        )
        seen: Mapping[str, object] = restore(rows[0][0], dict)
        return seen

    def remark(self, event_id: str, result: Mapping[str, object]) -> None:
        """Replace the result of a signal that this unit marked: what it led to is known only afterwards."""
        self.link.execute(
            "UPDATE relflow_events SET result = ? WHERE tenant = ? AND event_id = ? AND case_id IS NULL",
            (encode(result), self.tenant, event_id),
        )

    def define(self, definition: Definition) -> None:
        """Keep a definition. Raises StoreError if its id and version are known with other content."""
        kept = self._kept(definition)
        if kept is None:
            self.link.execute(
                "INSERT INTO relflow_definitions (tenant, id, version, digest, source) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (tenant, id, version) DO NOTHING",
                (self.tenant, definition.id, definition.version, definition.digest, encode(definition.source)),
            )
            # another worker may have kept one in the meantime
            kept = self._kept(definition)
        if kept != definition.digest:
            raise other_content(definition)

    def _kept(self, definition: Definition) -> SqlValue:
        """The digest under which a definition of this id and version is kept."""
        rows, _ = self.link.execute(
            "SELECT digest FROM relflow_definitions WHERE tenant = ? AND id = ? AND version = ?",
            (self.tenant, definition.id, definition.version),
        )
        return rows[0][0] if rows else None

    def definition(self, digest: str) -> Definition | None:
        """The definition with this content."""
        rows, _ = self.link.execute(
            "SELECT digest, id, version, source FROM relflow_definitions WHERE tenant = ? AND digest = ?",
            (self.tenant, digest),
        )
        if not rows:
            return None
        found, name, version, source = (str(value) for value in rows[0])
        return Definition(found, name, version, restore(source, str))

    def in_force(self, policy: str, digest: str | None = None) -> str | None:
        """The digest in force for a policy, after putting `digest` in force if one is given."""
        name = in_force_name(self.tenant, policy)
        if digest is not None:
            self.link.execute(
                "INSERT INTO relflow_meta (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, digest),
            )
            return digest
        rows, _ = self.link.execute("SELECT value FROM relflow_meta WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None


def in_force_name(tenant: str, policy: str) -> str:
    """Under which name relflow_meta keeps the digest that is in force for a policy."""
    return f"policy {encode([tenant, policy])}"


def _standing_of(row: Row) -> StandingRecord:
    _, account, scheme, version, at, cause, state = row
    return StandingRecord(
        str(account), str(scheme), restore(state, dict), instant(int(at or 0)), int(version or 0), str(cause)
    )
