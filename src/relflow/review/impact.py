"""Who moves when a policy changes: the same accounts decided by both versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from relflow.errors import FactError
from relflow.policy import Policy
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["Impact", "Move", "answer_label", "common_names", "impact"]

_MOST = 1000
UNKNOWN = "unknown"
_WORDS = {
    "none": Text((("en", "none"), ("zh", "无"))),
    UNKNOWN: Text((("en", "unknown"), ("zh", "未知"))),
    "error": Text((("en", "error"), ("zh", "错误"))),
}


@dataclass(frozen=True, slots=True)
class Move:
    """An account whose answer differs: its id, and the answer by the old and by the new version."""

    account: str
    name: str
    old: str
    new: str


@dataclass(slots=True)
class Impact:
    """What a change does to the accounts that were looked at.

    `matrix` counts accounts by (name of the scheme or decision, old answer, new answer); `moves` lists the first
    thousand that differ; `names` are what was compared.
    """

    names: tuple[str, ...]
    accounts: int = 0
    matrix: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    moves: list[Move] = field(default_factory=list)

    def moved(self, name: str) -> int:
        """How many accounts get another answer to `name`."""
        return sum(count for (what, old, new), count in self.matrix.items() if what == name and old != new)

    def answers(self, name: str) -> list[str]:
        """The answers to `name` that occur, old or new, most frequent first."""
        counts: Counter[str] = Counter()
        for (what, old, new), count in self.matrix.items():
            if what == name:
                counts[old] += count
                counts[new] += count
        return [answer for answer, _ in counts.most_common()]

    def to_dict(self) -> dict[str, object]:
        """The impact as JSON-able data."""
        return {
            "accounts": self.accounts,
            "moved": {name: self.moved(name) for name in self.names},
            "matrix": [
                {"name": name, "old": old, "new": new, "accounts": count}
                for (name, old, new), count in sorted(self.matrix.items())
            ],
            "moves": [
                {"account": move.account, "name": move.name, "old": move.old, "new": move.new} for move in self.moves
            ],
        }


def impact(
    old: Policy,
    new: Policy,
    accounts: Iterable[tuple[str, Mapping[str, Any]]],
    names: Iterable[str] | None = None,
    *,
    at: date | datetime | None = None,
) -> Impact:
    """Decide every account, given as `(id, record)`, by both versions.

    `names` are decisions or schemes that both have; without them all schemes, or all decisions where there are none.
    An account that one version cannot decide counts as `error`. `at` is the instant for both.
    """
    chosen = tuple(names) if names is not None else common_names(old, new)
    found = Impact(chosen)
    askers = [(name, _asker(old, name, at), _asker(new, name, at)) for name in chosen]
    for account, record in accounts:
        found.accounts += 1
        for name, before, after in askers:
            was, is_ = before(record), after(record)
            found.matrix[name, was, is_] += 1
            if was != is_ and len(found.moves) < _MOST:
                found.moves.append(Move(account, name, was, is_))
    return found


def common_names(old: Policy, new: Policy) -> tuple[str, ...]:
    """What both versions answer: their schemes, or their decisions where they share no scheme."""
    schemes = tuple(name for name in new.program.schemes if name in old.program.schemes)
    return schemes or tuple(name for name in new.program.decisions if name in old.program.decisions)


def _asker(policy: Policy, name: str, at: date | datetime | None) -> Any:
    """A function from a record to the answer's text; a scheme is asked for what its decision says."""
    scheme = policy.program.schemes.get(name)
    decide = policy.decider(scheme.from_ if scheme is not None and scheme.from_ else name)

    def ask(record: Mapping[str, Any]) -> str:
        try:
            decision = decide(record, at, None, None)
        except FactError:
            return "error"
        if decision.unknown:
            return UNKNOWN
        return "none" if decision.value is None else str(decision.value)

    return ask


def answer_label(policy: Policy, name: str, answer: str, lang: str = DEFAULT_LANGUAGE) -> str:
    """What people call an answer."""
    if answer in _WORDS:
        return _WORDS[answer].text(lang)
    return policy.level_label(name, answer, lang) if name in policy.program.schemes else answer
