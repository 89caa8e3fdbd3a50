"""Levels in force, signals seen, definitions and the policy in force, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from relflow.results import Definition, StandingRecord
from relflow.stores.codec import decode, encode
from relflow.stores.conflicts import moved_standing, other_content
from relflow.stores.tables import Tables

__all__ = ["MemoryAccounts"]


class MemoryAccounts:
    """The part of a unit in memory that is about accounts and definitions."""

    tables: Tables
    tenant: str

    def account_standings(self, account: str) -> dict[str, StandingRecord]:
        """The states of one account under every scheme that it has one for."""
        mine = ((key, rows) for key, rows in self.tables.standings.items() if rows)
        return {scheme: rows[-1] for (tenant, scheme, of), rows in mine if (tenant, of) == (self.tenant, account)}

    def standings(self, scheme: str, accounts: Sequence[str]) -> dict[str, StandingRecord]:
        """The states of these accounts under a scheme; an account without one is absent."""
        rows = {account: self.tables.standings.get((self.tenant, scheme, account)) for account in accounts}
        return {account: records[-1] for account, records in rows.items() if records}

    def stand(self, record: StandingRecord) -> StandingRecord:
        """Write a state; `record.version` is the version it was computed from. Raises ConflictError if it moved."""
        key = (self.tenant, record.scheme, record.account)
        before = self.tables.standings.get(key, ())
        if len(before) != record.version:
            raise moved_standing(record)
        written = replace(record, version=record.version + 1, state=decode(encode(record.state)))
        self.tables.put(self.tables.standings, key, (*before, written))
        return written

    def standing_history(self, account: str, scheme: str) -> list[StandingRecord]:
        """Every state that the account had under the scheme, oldest first."""
        return list(self.tables.standings.get((self.tenant, scheme, account), ()))

    def mark(self, event_id: str, at: datetime, result: Mapping[str, object]) -> Mapping[str, object] | None:
        """Remember a signal's event id with its result; the earlier result if it was seen, and nothing is written."""
        del at
        key = (self.tenant, event_id)
        if (step := self.tables.events.get(key)) is not None:
            seen_step: Mapping[str, object] = decode(step[2])
            return seen_step
        if (kept := self.tables.signals.get(key)) is not None:
            seen: Mapping[str, object] = decode(kept)
            return seen
        self.tables.put(self.tables.signals, key, encode(result))
        return None

    def remark(self, event_id: str, result: Mapping[str, object]) -> None:
        """Replace the result of a signal that this unit marked: what it led to is known only afterwards."""
        key = (self.tenant, event_id)
        if key in self.tables.signals:
            self.tables.put(self.tables.signals, key, encode(result))

    def define(self, definition: Definition) -> None:
        """Keep a definition. Raises StoreError if its id and version are known with other content."""
        key = (self.tenant, definition.id, definition.version)
        known = self.tables.definitions.get(key)
        if known is None:
            self.tables.put(self.tables.definitions, key, definition)
        elif known.digest != definition.digest:
            raise other_content(definition)

    def definition(self, digest: str) -> Definition | None:
        """The definition with this content."""
        mine = (kept for (tenant, _, _), kept in self.tables.definitions.items() if tenant == self.tenant)
        return next((kept for kept in mine if kept.digest == digest), None)

    def in_force(self, policy: str, digest: str | None = None) -> str | None:
        """The digest in force for a policy, after putting `digest` in force if one is given."""
        key = (self.tenant, policy)
        if digest is not None:
            self.tables.put(self.tables.policies, key, digest)
        return self.tables.policies.get(key)
