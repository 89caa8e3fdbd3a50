"""A log of decisions for audit: who was decided about, by which policy and row, from which values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any
from zlib import crc32

from relflow.errors import FactError
from relflow.policy.facade import Policy
from relflow.program import Program
from relflow.results import Decision, Standing, jsonable
from relflow.rules import Entries, Entry, as_record, local_instant

__all__ = ["MASKED", "DecisionLog"]

MASKED = "masked"
"""What stands for the value of a personal fact."""

_SCHEMA = 1
_Record = Mapping[str, Any]
_At = datetime | date | str | None
Write = Callable[[dict[str, object]], object]


class DecisionLog:
    """Hands an entry to `write` for each decision of a policy that it is laid over.

    `sample` is the share of decisions that are logged, from 0 to 1: which ones follows from what was decided about
    whom, so that the same question is always in the log or never. `key` names the record's column that says who it is
    about. Personal facts are masked, except those in `shown`. An error of `write` does not disturb the decision; it is
    counted in `failed` and kept in `error`. Without a log a policy decides exactly as fast as ever.
    """

    def __init__(
        self, write: Write, *, sample: float = 1.0, key: str | None = None, shown: tuple[str, ...] = ()
    ) -> None:
        if not 0 <= sample <= 1:
            raise FactError.of("sample", "`sample` lies between 0 and 1", "`sample` 应在 0 和 1 之间")
        self.write = write
        self.sample = sample
        self.key = key
        self.shown = shown
        self.failed = 0
        self.error: Exception | None = None

    def over(self, policy: Policy) -> Policy:
        """The same policy, whose decisions go into this log."""
        return _Logged(policy, self)

    def take(
        self, policy: Policy, record: _Record, at: _At, decision: Decision, standing: Standing | None = None
    ) -> None:
        """Log one decision, if it is among the sample."""
        account = None if self.key is None else as_record(record).get(self.key)
        read = decision.read
        if self.sample < 1 and _share(decision.name, account, at, read) >= self.sample:
            return
        try:
            self.write(self._entry(policy, at, account, decision, read, standing))
        except Exception as error:  # noqa: BLE001 - whatever a host's log does, the decision stands
            self.failed += 1
            self.error = error

    def _entry(
        self,
        policy: Policy,
        at: _At,
        account: object,
        decision: Decision,
        read: Mapping[str, object],
        standing: Standing | None,
    ) -> dict[str, object]:
        hidden = policy.hidden(None) - set(self.shown)
        rule = decision.rule
        when = local_instant(policy.program, at) if isinstance(at, str) else at
        entry: dict[str, object] = {
            "schema_version": _SCHEMA,
            "policy": policy.id,
            "version": policy.version,
            "digest": policy.digest,
            "decision": decision.name,
            "account": jsonable(account),
            "at": when.isoformat() if when is not None else None,
            "value": MASKED if _gives_away(decision.value, hidden, read) else jsonable(decision.value),
            "unknown": decision.unknown,
            "rule": rule.to_dict() if rule is not None else None,
            "missing": [item.to_dict() for item in decision.missing],
            "read": {
                name: MASKED if name in hidden and value is not None else jsonable(value)
                for name, value in read.items()
            },
        }
        if standing is not None:
            level = {"level": standing.level, "since": standing.since, "change": standing.change}
            entry["standing"] = {"scheme": standing.scheme, **level}
        return entry


def _gives_away(value: object, hidden: Collection[str], read: Mapping[str, object]) -> bool:
    """Whether an answer is the value of a personal fact, or a text with one in it."""
    personal = [read[name] for name in hidden if read.get(name) not in (None, "", True, False)]
    return any(value == one or (isinstance(value, str) and isinstance(one, str) and one in value) for one in personal)


def _share(name: str, account: object, at: _At, read: Mapping[str, object]) -> float:
    """Where in the sample a decision falls, from 0 to below 1; the same for the same question on every machine."""
    return crc32(repr((name, account, at, read)).encode("utf-8", "surrogatepass")) / 2**32


class _LoggedEntries(Entries):
    """The functions that answer, each followed by its entry in the log."""

    def __init__(self, program: Program, policy: Policy, log: DecisionLog) -> None:
        super().__init__(program)
        self._policy = policy
        self._log = log

    def __missing__(self, name: str) -> Entry:
        plain = super().__missing__(name)
        policy, take = self._policy, self._log.take

        def entry(record: _Record, at: _At, state: _Record | None, known: _Record | None) -> Decision:
            decision = plain(record, at, state, known)
            take(policy, record, at, decision)
            return decision

        self[name] = entry
        return entry


class _Logged(Policy):
    """A policy under a log."""

    def __init__(self, policy: Policy, log: DecisionLog) -> None:
        super().__init__(policy.program, policy.model, policy.diagnostics, policy.plugins)
        self._plain = policy
        self._log = log
        self._entries = _LoggedEntries(policy.program, policy, log)

    def assign(
        self,
        scheme: str,
        record: _Record,
        at: _At = None,
        state: Mapping[str, Any] | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> Standing:
        """See Policy."""
        standing = super().assign(scheme, record, at, state, known)
        self._log.take(self._plain, record, at, standing.decision, standing)
        return standing

    def __reduce__(self) -> tuple[Any, ...]:
        return _Logged, (self._plain, self._log)
