"""Laws of the level in force, over walks of looks at random days."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from relflow.policy import Policy, build
from relflow.reader import read_text
from relflow.results import Standing

LEVELS = ("high", "middle", "low")
SCHEMES = ("reviewed", "weekly", "timed", "plain")
POLICY = """
policy: laws
version: 1
facts: {amount: {type: number}}
decisions:
  says:
    hit_policy: first
    output: {levels_of: plain}
    table: |
      | amount || level  |
      | >= 2   || high   |
      | >= 1   || middle |
      | -      || low    |
tiers:
  reviewed: {from: says, levels: [high, middle, low], review_every: 3 months, lower_after: 2 reviews}
  weekly: {from: says, levels: [high, middle, low], review_every: 1 week, lower_after: 3 reviews}
  timed: {from: says, levels: [high, middle, low], lower_after: 45 days}
  plain: {from: says, levels: [high, middle, low]}
"""


@cache
def policy() -> Policy:
    """Four schemes over one decision."""
    return build(*read_text(POLICY, name="laws.yaml"))


looks = st.lists(st.tuples(st.integers(0, 120), st.sampled_from([None, 0, 1, 2])), min_size=1, max_size=8)
schemes = st.sampled_from(SCHEMES)


def walked(scheme: str, steps: list[tuple[int, float | None]]) -> list[Standing]:
    """The standing after each look; the days between looks come with them."""
    day = date(2026, 1, 31)
    state: dict[str, Any] | None = None
    found = []
    for gap, amount in steps:
        day += timedelta(days=gap)
        standing = policy().assign(scheme, {"amount": amount}, at=day, state=state)
        state = dict(standing.state)
        found.append(standing)
    return found


def rank(standing: Standing) -> int:
    """0 is the highest; no level counts as below all."""
    return LEVELS.index(standing.level) if standing.level is not None else len(LEVELS)


@given(schemes, looks)
def test_the_same_look_twice_changes_nothing_more(scheme: str, steps: list[tuple[int, float | None]]) -> None:
    """Assigning is idempotent at one instant."""
    once = walked(scheme, steps)[-1]
    again = walked(scheme, [*steps, (0, steps[-1][1])])[-1]

    assert (again.level, again.since, again.state) == (once.level, once.since, once.state)


@given(schemes, looks, st.integers(0, 120))
def test_unknown_changes_nothing(scheme: str, steps: list[tuple[int, float | None]], gap: int) -> None:
    """A look at an account whose facts are missing leaves its state as it was, however late."""
    before = walked(scheme, steps)[-1]
    after = walked(scheme, [*steps, (gap, None)])[-1]

    assert (after.level, after.state) == (before.level, before.state)


@given(schemes, looks)
def test_the_level_is_never_below_what_is_said(scheme: str, steps: list[tuple[int, float | None]]) -> None:
    """Whoever has earned a level stands at least there."""
    for standing in walked(scheme, steps):
        if standing.says is not None:
            assert rank(standing) <= LEVELS.index(standing.says)


@given(schemes, looks, st.sampled_from([0, 1, 2]))
def test_a_better_record_never_leads_lower(scheme: str, steps: list[tuple[int, float | None]], better: float) -> None:
    """Raising what the last look sees does not lower the level (monotony)."""
    gap, amount = steps[-1]
    if amount is None or better < amount:
        return

    assert rank(walked(scheme, [*steps[:-1], (gap, better)])[-1]) <= rank(walked(scheme, steps)[-1])


@settings(max_examples=60)
@given(schemes, looks)
def test_the_state_survives_json(scheme: str, steps: list[tuple[int, float | None]]) -> None:
    """What the host keeps is plain text, numbers and true or false."""
    for standing in walked(scheme, steps):
        assert all(value.__class__ in (str, int) for value in standing.state.values())
        assert standing.next_review is None or standing.next_review > (standing.since or "")
