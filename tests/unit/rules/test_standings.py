"""The level in force: higher at once, lower after so many reviews or so long, unchanged by what is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from relflow.errors import ClockRequiredError, FactError
from relflow.policy import Policy, build
from relflow.reader import read_text

POLICY = """
policy: standings
version: 1
timezone: Asia/Shanghai
calendar: {country: CN}
parameters:
  rhythm: {type: duration, value: 6 months}
  open_rhythm: {type: duration}
facts: {amount: {type: number}}
decisions:
  says:
    hit_policy: first
    output: {levels_of: reviewed}
    table: |
      | amount || level  |
      | >= 50  || high   |
      | >= 10  || middle |
      | -      || low    |
  wanted: {expression: 'reviewed = "high"'}
tiers:
  reviewed:
    {from: says, levels: [high, middle, low], review_every: = rhythm, lower_after: 2 reviews, gives: {high: [visit]}}
  timed: {from: says, levels: [high, middle, low], lower_after: 30 days}
  working: {from: says, levels: [high, middle, low], lower_after: 5 working days}
  plain: {from: says, levels: [high, middle, low]}
  unset: {from: says, levels: [high, middle, low], review_every: = open_rhythm, lower_after: 2 reviews}
  settled: {from: says, levels: [high, middle, low], lower_after: 30 days, minimum_stay: 3 months}
  unsettled: {from: says, levels: [high, middle, low], minimum_stay: = open_rhythm}
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Several schemes over one decision."""
    return build(*read_text(POLICY, name="standings.yaml"))


def walk(policy: Policy, scheme: str, *looks: tuple[str, float | None]) -> list[str | None]:
    """The level after each look: a day and an amount."""
    state: dict[str, Any] | None = None
    levels = []
    for day, amount in looks:
        standing = policy.assign(scheme, {"amount": amount}, at=date.fromisoformat(day), state=state)
        state = dict(standing.state)
        levels.append(standing.level)
    return levels


def test_an_absent_state_stands_at_what_the_decision_says(policy: Policy) -> None:
    """The first look takes the level of the day and starts the count."""
    standing = policy.assign("reviewed", {"amount": 60}, at=date(2026, 1, 31))

    assert (standing.level, standing.change, standing.gives) == ("high", "first", ("visit",))
    assert standing.state == {"level": "high", "since": "2026-01-31", "reviewed": "2026-01-31", "weak_reviews": 0}
    assert standing.next_review == "2026-07-31"


def test_a_higher_level_holds_at_once(policy: Policy) -> None:
    """Whatever the rhythm of reviews, nobody waits for what he has earned."""
    assert walk(policy, "reviewed", ("2026-01-01", 5), ("2026-01-02", 60)) == ["low", "high"]


def test_a_lower_level_holds_after_so_many_weak_reviews_in_a_row(policy: Policy) -> None:
    """Looks between reviews do not count; the second weak review lowers to what is said then."""
    looks = [("2026-01-01", 60.0), ("2026-05-01", 5), ("2026-07-01", 5), ("2026-08-01", 5), ("2027-01-01", 20)]

    assert walk(policy, "reviewed", *looks) == ["high", "high", "high", "high", "middle"]


def test_a_good_review_ends_the_row_of_weak_ones(policy: Policy) -> None:
    """Two weak reviews with a good one between them are not two in a row."""
    looks = [("2026-01-01", 60.0), ("2026-07-01", 5), ("2027-01-01", 60), ("2027-07-01", 5), ("2028-01-01", 5)]

    assert walk(policy, "reviewed", *looks) == ["high", "high", "high", "high", "low"]


def test_a_state_of_the_host_is_taken_up(policy: Policy) -> None:
    """The state that the manual's example keeps: one weak review so far, the next is due today."""
    state = {"level": "high", "since": date(2024, 1, 1), "reviewed": "2026-01-01", "weak_reviews": 1}

    standing = policy.assign("reviewed", {"amount": 5}, at=date(2026, 7, 1), state=state)

    assert (standing.level, standing.change, standing.since) == ("low", "lowered", "2026-07-01")


def test_reviews_never_drift_from_their_anchor(policy: Policy) -> None:
    """A level held since the 31st is reviewed at month ends, not ever earlier."""
    state: dict[str, Any] = {"level": "high", "since": "2025-08-31", "reviewed": "2026-02-28", "weak_reviews": 0}

    standing = policy.assign("reviewed", {"amount": 60}, at=date(2026, 3, 1), state=state)

    assert standing.next_review == "2026-08-31"


def test_a_lower_level_holds_after_so_long(policy: Policy) -> None:
    """The days count from the first weak look, and a good one stops them."""
    looks = [("2026-01-01", 60.0), ("2026-01-10", 5), ("2026-02-08", 5), ("2026-02-09", 5)]

    assert walk(policy, "timed", *looks) == ["high", "high", "high", "low"]
    assert walk(policy, "timed", ("2026-01-01", 60), ("2026-01-10", 5), ("2026-01-20", 60), ("2026-02-15", 5)) == [
        "high",
        "high",
        "high",
        "high",
    ]


def test_working_days_count_the_official_calendar(policy: Policy) -> None:
    """Five working days from the eve of the national holidays reach beyond them."""
    looks = [("2025-09-01", 60.0), ("2025-09-30", 5), ("2025-10-13", 5), ("2025-10-14", 5)]

    assert walk(policy, "working", *looks)[:2] == ["high", "high"]
    assert walk(policy, "working", *looks)[-1] == "low"


def test_without_lower_after_a_lower_level_holds_at_once(policy: Policy) -> None:
    """Absent `lower_after` means at once."""
    assert walk(policy, "plain", ("2026-01-01", 60), ("2026-01-02", 5)) == ["high", "low"]


def test_an_unset_rhythm_reviews_nothing(policy: Policy) -> None:
    """Where the company has not said how often, no review is counted and nobody is lowered."""
    assert walk(policy, "unset", ("2026-01-01", 60), ("2030-01-01", 5), ("2031-01-01", 5)) == ["high"] * 3


def test_unknown_changes_nothing(policy: Policy) -> None:
    """A missing fact neither lowers nor raises, and keeps the state as it was."""
    state = {"level": "high", "since": "2026-01-01", "reviewed": "2026-01-01", "weak_reviews": 1}

    standing = policy.assign("reviewed", {}, at=date(2027, 1, 1), state=state)

    assert (standing.level, standing.says, standing.change, standing.state) == ("high", None, "unknown", state)
    assert policy.assign("reviewed", {}, at=date(2027, 1, 1)).unknown is True


def test_a_level_fixed_by_people_stays(policy: Policy) -> None:
    """What somebody fixed by hand holds to its last day."""
    state = {"level": "high", "since": "2026-01-01", "fixed_until": "2026-12-31"}

    assert policy.assign("plain", {"amount": 5}, at=date(2026, 12, 31), state=state).change == "fixed"
    assert policy.assign("plain", {"amount": 5}, at=date(2027, 1, 1), state=state).level == "low"


def test_other_decisions_read_the_level_in_force(policy: Policy) -> None:
    """With a state, the scheme's name is the level held, not what the decision says today."""
    state = {"reviewed": {"level": "high", "since": "2026-01-01", "reviewed": "2026-01-01", "weak_reviews": 0}}
    today = date(2026, 2, 1)

    assert policy.decide("wanted", {"amount": 5}, at=today).value is False
    assert policy.decide("wanted", {"amount": 5}, at=today, state=state).value is True
    assert policy.decide("reviewed", {"amount": 5}, at=today, state=state).value == "high"
    assert policy.decide("says", {"amount": 5}, at=today, state=state).value == "low"


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"level": "huge", "since": "2026-01-01"}, "state"),
        ({"level": "high"}, "state"),
        ({"level": "high", "since": "soon"}, "state"),
        ({"reviewed": "high"}, "state"),
        ({"level": "high", "since": "2026-01-01", "weak_reviews": "two"}, "state"),
        (["high"], "state"),
    ],
)
def test_a_state_of_another_shape_is_refused(policy: Policy, state: Any, reason: str) -> None:
    """Bad states are named in both languages instead of being guessed at."""
    with pytest.raises(FactError) as caught:
        policy.assign("reviewed", {"amount": 5}, at=date(2026, 1, 1), state=state)

    assert caught.value.reason == reason
    assert caught.value.text("zh") != caught.value.text("en")


def test_a_level_needs_the_day(policy: Policy) -> None:
    """Without `at` nothing is counted."""
    with pytest.raises(ClockRequiredError):
        policy.assign("reviewed", {"amount": 5})


def test_the_day_is_that_of_the_policy_s_zone(policy: Policy) -> None:
    """Late in the evening in London it is already tomorrow in Shanghai."""
    standing = policy.assign("plain", {"amount": 5}, at=datetime(2026, 1, 1, 22, tzinfo=UTC))

    assert standing.since == "2026-01-02"


def test_a_standing_has_no_truth_value(policy: Policy) -> None:
    """`if policy.assign(...)` would always be true."""
    with pytest.raises(TypeError, match="level"):
        bool(policy.assign("plain", {"amount": 5}, at=date(2026, 1, 1)))


def test_days_beyond_the_published_calendar_are_provisional(policy: Policy) -> None:
    """Where working days are counted through a year without an official list, the standing says so."""
    state = {"level": "high", "since": "2090-01-01", "weak_since": "2090-01-01"}

    assert policy.assign("working", {"amount": 5}, at=date(2090, 1, 2), state=state).provisional is True
    assert policy.assign("timed", {"amount": 5}, at=date(2090, 1, 2), state=state).provisional is False


def test_no_level_is_lowered_before_its_shortest_stay_is_over(policy: Policy) -> None:
    """The stay is counted from the day the level began; a higher one never waits, an unset one never ends."""
    looks = (("2026-01-01", 20.0), ("2026-01-10", 5.0), ("2026-02-20", 5.0), ("2026-03-31", 5.0), ("2026-04-01", 5.0))

    assert walk(policy, "settled", *looks) == ["middle", "middle", "middle", "middle", "low"]
    assert walk(policy, "settled", looks[0], ("2026-01-02", 60.0)) == ["middle", "high"]
    assert walk(policy, "unsettled", ("2026-01-01", 20.0), ("2030-01-01", 5.0), ("2030-01-02", 60.0)) == [
        "middle",
        "middle",
        "high",
    ]


def test_a_level_set_by_hand_holds_until_its_last_day(policy: Policy) -> None:
    """It says why, who approved it and until when; on the day after, the rule counts again."""
    state = policy.override(
        "timed", "high", reason="listed abroad", approver="li", at=date(2026, 1, 1), until=date(2026, 3, 31)
    )
    held = policy.assign("timed", {"amount": 5}, at=date(2026, 3, 31), state=state)
    after = policy.assign("timed", {"amount": 5}, at=date(2026, 4, 1), state=held.state)
    later = policy.assign("timed", {"amount": 5}, at=date(2026, 5, 1), state=after.state)

    assert held.override is not None
    assert (held.level, held.change, held.says) == ("high", "fixed", "low")
    assert held.to_dict()["override"] == {
        "reason": "listed abroad",
        "approver": "li",
        "since": "2026-01-01",
        "until": "2026-03-31",
    }
    assert (after.level, after.change, after.override) == ("high", "waiting", None)
    assert (later.level, later.change) == ("low", "lowered")


def test_a_level_set_by_hand_keeps_the_day_since_which_it_holds(policy: Policy) -> None:
    """Confirming a level does not begin it anew; another one begins on the day it is set."""
    before = {"plain": {"level": "middle", "since": "2020-05-05"}}
    same = policy.override("plain", "middle", reason="r", approver="a", at=date(2026, 1, 1), state=before)
    other = policy.override("plain", "low", reason="r", approver="a", at=date(2026, 1, 1), state=before["plain"])

    assert (same["since"], other["since"]) == ("2020-05-05", "2026-01-01")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"level": "gold"}, "`gold` is none of: high, middle, low"),
        ({"reason": " "}, "the reason is missing"),
        ({"approver": ""}, "who approves it is missing"),
        ({"until": date(2025, 12, 31)}, "it would end on 2025-12-31, before it begins"),
    ],
)
def test_a_level_is_not_set_by_hand_without_a_reason(policy: Policy, given: dict[str, Any], said: str) -> None:
    """Nor without an approver, to a level that does not exist, or for no time."""
    wanted = {"level": "high", "reason": "r", "approver": "a", "at": date(2026, 1, 1), **given}

    with pytest.raises(FactError) as caught:
        policy.override("plain", wanted.pop("level"), **wanted)

    assert caught.value.text("en") == f"the level of `plain` cannot be set by hand: {said}"
    assert caught.value.reason == "override"


def test_a_level_is_set_by_hand_from_a_day_on(policy: Policy) -> None:
    """The library reads no clock."""
    with pytest.raises(ClockRequiredError):
        policy.override("plain", "high", reason="r", approver="a")


WHAT_LOWERS = [
    (
        "reviewed",
        60,
        60,
        (2, "2027-01-01", False),
        "a lower level would hold after 2 reviews in a row that ",
    ),
    ("reviewed", 60, 20, (2, "2027-01-01", False), "it becomes middle after 2 reviews in a row that say so, on "),
    ("timed", 60, 60, (None, "2026-03-03", False), "a lower level would hold on 2026-03-03 at the earliest, if "),
    ("timed", 60, 20, (None, "2026-03-03", False), "it becomes middle on 2026-03-03 at the earliest, if "),
    (
        "working",
        60,
        20,
        (None, "2026-02-06", False),
        "it becomes middle on 2026-02-06 at the earliest, if the rule says",
    ),
    ("settled", 60, 60, (None, "2026-04-01", False), "a lower level would hold on 2026-04-01 at the earliest, if "),
    ("unset", 60, 20, (2, None, False), "it becomes middle after 2 reviews in a row that say so"),
    ("unsettled", 60, 20, (None, None, True), "how long the rule has to say a lower level is left open by the manual"),
    ("plain", 60, 60, None, ""),
    ("reviewed", 5, 5, None, ""),
    ("reviewed", 60, None, None, ""),
]


@pytest.mark.parametrize(("scheme", "first", "second", "lowering", "said"), WHAT_LOWERS)
def test_a_standing_says_what_would_lower_it(
    policy: Policy, scheme: str, first: float, second: float | None, lowering: tuple[object, ...] | None, said: str
) -> None:
    """So many reviews, a day, or nobody knows; nothing for the lowest level and where it would go down at once."""
    begun = policy.assign(scheme, {"amount": first}, at=date(2026, 1, 1))
    amounts: dict[str, Any] = {"amount": second}
    standing = policy.assign(
        scheme, amounts, at=date(2026, 2, 1) if scheme != "working" else date(2026, 1, 30), state=begun.state
    )
    amounts["amount"] = 999  # the host's record goes on changing
    found = standing.lowering

    assert (None if found is None else (found.reviews, found.on, found.unset)) == lowering
    explained = standing.explain()
    lines = [line for line in explained.text("en").splitlines() if line.startswith(said)] if said else []
    assert len(lines) == bool(said), explained.text("en")
    assert len(explained.to_dict("zh")["remarks"]) == len(explained.to_dict("en")["remarks"])  # type: ignore[arg-type]


def test_a_first_level_is_said_to_be_one(policy: Policy) -> None:
    """Nothing is known of earlier levels, so it is not said to hold since then."""
    standing = policy.assign("timed", {"amount": 60}, at=date(2026, 1, 1))
    assert "first assessed on 2026-01-01" in standing.explain().text().splitlines()
    assert "2026-01-01 首次评定" in standing.explain().text("zh").splitlines()


def test_a_level_goes_down_on_the_day_that_it_was_told(policy: Policy) -> None:
    """Whatever the scheme, the level still holds the day before and no longer on the day itself."""
    for scheme in ("timed", "working", "settled"):
        standing = policy.assign(scheme, {"amount": 60}, at=date(2026, 1, 1))
        standing = policy.assign(scheme, {"amount": 20}, at=date(2026, 1, 15), state=standing.state)
        assert standing.lowering is not None
        assert standing.lowering.on is not None
        day = date.fromisoformat(standing.lowering.on)
        before = policy.assign(scheme, {"amount": 20}, at=day - timedelta(days=1), state=standing.state)
        on = policy.assign(scheme, {"amount": 20}, at=day, state=before.state)
        assert (before.level, on.level) == ("high", "middle"), scheme
    state: Any = policy.assign("reviewed", {"amount": 60}, at=date(2026, 1, 1)).state
    told = []
    for month in (2, 7, 13):
        standing = policy.assign(
            "reviewed", {"amount": 20}, at=date(2026 + month // 13, (month - 1) % 12 + 1, 1), state=state
        )
        state = standing.state
        told.append((standing.level, None if standing.lowering is None else standing.lowering.reviews))
    assert told == [("high", 2), ("high", 1), ("middle", 2)]


def test_what_no_policy_assigned_cannot_be_explained(policy: Policy) -> None:
    """A standing that somebody built says so instead of inventing reasons; the teller is no part of what it is."""
    standing = policy.assign("timed", {"amount": 60}, at=date(2026, 1, 1))
    built = replace(standing, teller=None)
    assert built == standing
    with pytest.raises(LookupError):
        built.explain()
