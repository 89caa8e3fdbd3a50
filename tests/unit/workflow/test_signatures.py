"""Who has signed, who still has to."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from relflow.program.workflows import Signers
from relflow.workflow.signatures import sign, standing_for, still_open

ROLES = ("sales", "legal", "technical")
people = st.dictionaries(st.sampled_from("abcde"), st.sets(st.sampled_from(ROLES)), max_size=5)


def signed_by(signers: Signers, count: int, held: dict[str, set[str]]) -> tuple[tuple[tuple[str, str], ...], bool]:
    """The signatures after everybody has tried, in the order of the alphabet."""
    pairs: tuple[tuple[str, str], ...] = ()
    complete = False
    for person in sorted(held):
        stands = standing_for(signers, frozenset(held[person]), owner=False)
        made = sign(signers, count, pairs, person, stands) if stands else None
        if made is not None and not complete:
            pairs, complete = made.pairs, made.complete
    return pairs, complete


@given(people, st.sampled_from([ROLES, ROLES[:2]]))
def test_all_bodies_have_signed_exactly_when_they_can_have_different_people(
    held: dict[str, set[str]], roles: tuple[str, ...]
) -> None:
    """The collection ends if and only if some assignment gives each body a person of its own."""
    signers = Signers(roles, "all")
    pairs, complete = signed_by(signers, 0, held)
    possible = any(
        all(role in held[person] for role, person in zip(roles, chosen, strict=True))
        for chosen in permutations(sorted(held), len(roles))
    )

    assert complete == possible
    assert complete == (still_open(signers, pairs) == ())


@given(people, st.integers(1, 4))
def test_so_many_people_have_signed_when_so_many_may(held: dict[str, set[str]], count: int) -> None:
    """`at_least` counts people, whatever their roles."""
    _, complete = signed_by(Signers(ROLES, "at_least"), count, held)

    assert complete == (sum(bool(roles) for roles in held.values()) >= count)


def test_nobody_signs_twice() -> None:
    """A second signature of the same person adds nothing."""
    signers = Signers(ROLES, "all")
    first = sign(signers, 0, (), "ann", ROLES)

    assert first is not None
    assert sign(signers, 0, first.pairs, "ann", ROLES) is None
    assert standing_for(signers, frozenset(), owner=True) == ()
    assert standing_for(Signers(("owner",)), frozenset(), owner=True) == ("owner",)
