"""Who has to sign an event, who has signed, and who is still awaited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from relflow.program.workflows import Signers

__all__ = ["Pair", "Signed", "sign", "standing_for", "still_open"]

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Signed:
    """The signatures after one more: `pairs` of role and actor, `complete` if no more are needed."""

    pairs: tuple[Pair, ...]
    complete: bool


def standing_for(signers: Signers, held: frozenset[str], *, owner: bool) -> tuple[str, ...]:
    """The roles of `signers` that somebody with the roles `held` can sign for, in the order of the file."""
    return tuple(role for role in signers.roles if role in held or (owner and role == "owner"))


def sign(signers: Signers, count: int, given: tuple[Pair, ...], actor: str, roles: Sequence[str]) -> Signed | None:
    """The signatures with the actor's; None where the actor's adds nothing.

    One person signs for one role only, whichever of theirs lets most others sign: with `all`, somebody of both
    bodies takes the one that nobody else can take.
    """
    if any(person == actor for _, person in given):
        return None
    pairs = (*given, *((role, actor) for role in roles))
    if signers.mode == "at_least":
        return Signed(pairs, len({person for _, person in pairs}) >= count)
    before, after = len(_matched(given)), len(_matched(pairs))
    if after == before:
        return None
    return Signed(pairs, after == len(signers.roles))


def still_open(signers: Signers, given: Iterable[Pair]) -> tuple[str, ...]:
    """The roles for which nobody has signed; with `at_least`, all roles of which somebody may sign."""
    if signers.mode != "all":
        return signers.roles
    taken = _matched(tuple(given))
    return tuple(role for role in signers.roles if role not in taken)


def _matched(pairs: Sequence[Pair]) -> dict[str, str]:
    """The largest assignment of different people to roles (augmenting paths; the lists are a handful long)."""
    people: dict[str, list[str]] = {}
    for role, person in pairs:
        people.setdefault(role, []).append(person)
    taken: dict[str, str] = {}
    for role in people:
        _place(role, people, taken, set())
    return {role: person for person, role in taken.items()}


def _place(role: str, people: dict[str, list[str]], taken: dict[str, str], tried: set[str]) -> bool:
    for person in people[role]:
        if person in tried:
            continue
        tried.add(person)
        if person not in taken or _place(taken[person], people, taken, tried):
            taken[person] = role
            return True
    return False
