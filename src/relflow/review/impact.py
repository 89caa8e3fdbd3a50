"""Who moves when a policy changes: the same accounts decided by both versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from relflow.errors import FactError
from relflow.policy import Policy
from relflow.rules import Rates, local_instant
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["Contacts", "Impact", "Move", "answer_label", "common_names", "impact"]

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


@dataclass(frozen=True, slots=True)
class Contacts:
    """How many contacts of one kind (`touchpoint`, as `cadence.touchpoint`) a month the accounts ask for, old and new.

    Rhythms alone count: what key nodes add and caps take away hangs on dates.
    """

    touchpoint: str
    label: Text
    old: float
    new: float

    @property
    def more(self) -> float:
        """So many more a month; negative: fewer."""
        return self.new - self.old


@dataclass(slots=True)
class Impact:
    """What a change does to the accounts that were looked at.

    `matrix` counts accounts by (name of the scheme or decision, old answer, new answer); `moves` lists the first
    thousand that differ; `names` are what was compared; `contacts` says what the plans ask for in a month.
    """

    names: tuple[str, ...]
    accounts: int = 0
    matrix: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    moves: list[Move] = field(default_factory=list)
    contacts: tuple[Contacts, ...] = ()

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
            "contacts_a_month": [
                {"touchpoint": one.touchpoint, "old": round(one.old, 2), "new": round(one.new, 2)}
                for one in self.contacts
            ],
        }


def impact(
    old: Policy,
    new: Policy,
    accounts: Iterable[tuple[str, Mapping[str, Any]]],
    names: Iterable[str] | None = None,
    *,
    at: date | datetime | None = None,
    moved: Callable[[Move], None] | None = None,
) -> Impact:
    """Decide every account, given as `(id, record)`, by both versions.

    `names` are decisions or schemes that both have; without them all schemes, or all decisions where there are none.
    An account that one version cannot decide counts as `error`. `at` is the instant for both. `moved` is told of every
    move, also of those beyond the first thousand. The accounts are taken one after the other and not kept.
    """
    chosen = tuple(names) if names is not None else common_names(old, new)
    found = Impact(chosen)
    before, after = _Version(old, chosen, at), _Version(new, chosen, at)
    kinds: Counter[tuple[_Kind, _Kind]] = Counter()
    for account, record in accounts:
        was, is_ = before.kind(record), after.kind(record)
        kinds[was, is_] += 1
        if was[0] != is_[0]:
            for move in _moves(account, chosen, was[0], is_[0]):
                if len(found.moves) < _MOST:
                    found.moves.append(move)
                if moved is not None:
                    moved(move)
    for (was, is_), count in kinds.items():
        found.accounts += count
        for name, earlier, now in zip(chosen, was[0], is_[0], strict=True):
            found.matrix[name, _text(earlier), _text(now)] += count
    found.contacts = _contacts(before.rates, after.rates, kinds)
    return found


_Kind = tuple[tuple[Any, ...], tuple[tuple[str, float], ...]]  # the answers, and the contacts a month
_UNDECIDED: Any = object()
_BROKEN: Any = object()


class _Version:
    """One version of the policy: what it answers to an account, each name asked once."""

    def __init__(self, policy: Policy, chosen: Sequence[str], at: date | datetime | None) -> None:
        self.rates = Rates(policy.program, local_instant(policy.program, at))
        asked = tuple(dict.fromkeys((*chosen, *self.rates.names)))
        self._deciders = tuple(_decider(policy, name) for name in asked)
        self._chosen = len(chosen)
        self._planned = tuple(asked.index(name) for name in self.rates.names)
        self._at = at

    def kind(self, record: Mapping[str, Any]) -> _Kind:
        """The answers to what was chosen and the contacts a month, those of many accounts being the same."""
        answers: list[Any] = []
        for decide in self._deciders:
            try:
                decision = decide(record, self._at, None, None)
            except FactError:
                answers.append(_BROKEN)
                continue
            value = decision.value
            if decision.unknown:
                value = _UNDECIDED
            elif isinstance(value, list | dict):
                value = str(value)
            answers.append(value)
        try:
            monthly = self.rates.of(record, tuple([answers[number] for number in self._planned]))
        except FactError:
            monthly = ()
        return tuple(answers[: self._chosen]), monthly


def _decider(policy: Policy, name: str) -> Any:
    """The function that answers; a scheme is asked for what its decision says, which is quicker and the same here."""
    scheme = policy.program.schemes.get(name)
    return policy.decider(scheme.from_ if scheme is not None and scheme.from_ else name)


def _text(answer: Any) -> str:
    """An answer as the matrix shows it."""
    if answer is _BROKEN:
        return "error"
    if answer is _UNDECIDED:
        return UNKNOWN
    return "none" if answer is None else str(answer)


def _moves(account: str, names: Sequence[str], was: Sequence[Any], is_: Sequence[Any]) -> Iterator[Move]:
    for name, earlier, now in zip(names, was, is_, strict=True):
        if earlier != now:
            yield Move(account, name, _text(earlier), _text(now))


def _contacts(old: Rates, new: Rates, kinds: Counter[tuple[_Kind, _Kind]]) -> tuple[Contacts, ...]:
    """The sums by touchpoint, in the order of the new policy's plans; what neither version asks for is left out."""
    sums: dict[str, list[float]] = {}
    for pair, accounts in kinds.items():
        for number, (_, monthly) in enumerate(pair):
            for touchpoint, rate in monthly:
                sums.setdefault(touchpoint, [0.0, 0.0])[number] += rate * accounts
    labels = {**old.labels, **new.labels}
    order = dict.fromkeys(name for name in (*new.labels, *old.labels) if name in sums)
    return tuple(Contacts(name, labels[name], *sums[name]) for name in order)


def common_names(old: Policy, new: Policy) -> tuple[str, ...]:
    """What both versions answer: their schemes, or their decisions where they share no scheme."""
    schemes = tuple(name for name in new.program.schemes if name in old.program.schemes)
    return schemes or tuple(name for name in new.program.decisions if name in old.program.decisions)


def answer_label(policy: Policy, name: str, answer: str, lang: str = DEFAULT_LANGUAGE) -> str:
    """What people call an answer."""
    if answer in _WORDS:
        return _WORDS[answer].text(lang)
    return policy.level_label(name, answer, lang) if name in policy.program.schemes else answer
