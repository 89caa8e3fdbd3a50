"""Erasure: what is personal about an account is forgotten, and that it was is on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from relflow.engine.core import Core
from relflow.engine.duties import MARK
from relflow.results import Actor, StandingRecord
from relflow.stores import Sealed, StoreUnit, decode

__all__ = ["Erased", "erase", "sealed_values"]

ERASURE: Final = f"{MARK}erasure"


@dataclass(frozen=True, slots=True)
class Erased:
    """How many personal values were replaced by nothing and how many unsent messages were dropped.

    `left_with_host` names the personal facts of the policy: the account's own are still in the host's records.
    """

    replaced: int
    messages_dropped: int
    left_with_host: tuple[str, ...]


def erase(
    core: Core, unit: StoreUnit, account: str, person: str | None, actor: Actor, because: str, now: datetime
) -> Erased:
    """Erase in every case of an account, closed ones and those of obligations included.

    With a `person` only the values that are this person, or records of this person.
    """
    cases = list(_cases(unit, account))
    if person is None:
        replaced, dropped = unit.erase(cases, now)
    else:
        replaced, dropped = _erase_person(unit, cases, person, now)
    before = unit.standings(ERASURE, [account]).get(account)
    state = {"by": actor.id, "because": because, "replaced": replaced, "messages_dropped": dropped}
    unit.stand(StandingRecord(account, ERASURE, state, now, 0 if before is None else before.version, because))
    facts = core.program(unit.tenant).facts
    personal = core.personal_facts(unit.tenant)
    return Erased(replaced, dropped, tuple(sorted(name for name in facts if name in personal)))


def _cases(unit: StoreUnit, account: str) -> Iterator[str]:
    after: str | None = None
    while page := unit.every(after, account=account):
        yield from page
        after = page[-1]


def _erase_person(unit: StoreUnit, cases: Sequence[str], person: str, now: datetime) -> tuple[int, int]:
    """Forget the sealed values in which the person appears; messages that hold one are dropped with it."""
    replaced = dropped = 0
    for case in cases:
        vault = sealed_values(unit, case)
        waiting = len(unit.outbox(case=case, status="ready"))
        replaced += unit.forget(case, [mark for mark, (_, value) in vault.items() if _mentions(value, person)], now)
        dropped += waiting - len(unit.outbox(case=case, status="ready"))
    return replaced, dropped


def sealed_values(unit: StoreUnit, case: str) -> dict[str, tuple[str, object]]:
    """The personal values of a case by their surrogates, each with the name under which it was sealed."""
    found: dict[str, tuple[str, object]] = {}
    after = 0
    while page := unit.history(case, after):
        for line in page:
            for name, mark in _sealed(decode(line.body)):
                if mark in line.vault:
                    found[mark] = (name, line.vault[mark])
        after = page[-1].seq
    return found


def _sealed(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every surrogate in a document with the name in front of it."""
    if isinstance(value, Sealed):
        yield name, value.id
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _sealed(item, str(key))
    elif isinstance(value, list):
        for item in value:
            yield from _sealed(item, name)


def _mentions(value: object, person: str) -> bool:
    """Whether the value is the person, or a record or list in which the person stands."""
    if isinstance(value, Mapping):
        return any(_mentions(item, person) for item in value.values())
    if isinstance(value, list | tuple):
        return any(_mentions(item, person) for item in value)
    return value == person
