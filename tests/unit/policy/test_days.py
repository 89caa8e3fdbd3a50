"""Days and instants at the API: Python's own values, or the texts that files and people have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

import relflow
from relflow.errors import FactError, NotFoundError
from relflow.policy import Policy, build
from relflow.reader import read_text

POLICY = """
policy: x
version: 1
timezone: Asia/Shanghai
categories: {basic: {fresh_for: 30 days}}
facts:
  amount: {type: number, category: basic}
  vip: {type: boolean}
decisions:
  old: {output: {type: boolean}, expression: stale(amount)}
  hour: {output: {type: number}, expression: now().hour}
  class: {output: {levels_of: tier}, expression: 'if vip then "key" else "plain"'}
tiers: {tier: {from: class, levels: [key, plain]}}
cadences:
  contact:
    touchpoints: {visit: {channel: visit}}
    plan: |
      | vip || touchpoint | target  |
      | -   || visit      | 30 days |
kpis:
  count: {of: account, period: 1 month, value: count(items)}
"""


@pytest.fixture
def policy() -> Policy:
    """A policy that reads the day, the hour and the age of a fact."""
    return build(*read_text(POLICY))


@pytest.mark.parametrize(
    "at",
    ["2026-07-01T09:30", "2026-07-01T01:30+00:00", "2026-07-01T01:30Z", datetime(2026, 7, 1, 1, 30, tzinfo=UTC)],
)
def test_an_instant_may_be_a_text(policy: Policy, at: str) -> None:
    """A text without a zone is of the policy's zone, as on the command line; one with a zone is that instant."""
    assert policy.decide("hour", {}, at).value == 9


def test_days_may_be_texts_wherever_a_day_is_taken(policy: Policy) -> None:
    """`at`, `known`, `until`, days of contacts and of figures; each answers as for the date itself."""
    day = date(2026, 7, 1)
    contacts = (relflow.Contact("visit", "2026-06-20"),)  # type: ignore[arg-type]

    assert policy.decide("old", {"amount": 5}, "2026-07-01", known={"amount": "2026-05-01"}).value is True
    assert policy.decide("old", {"amount": 5}, day, known={"amount": "2026-06-20"}).value is False
    assert policy.plan_contacts({"vip": True}, contacts, "2026-07-01", "2026-08-01") == policy.plan_contacts(
        {"vip": True}, (relflow.Contact("visit", date(2026, 6, 20)),), day, date(2026, 8, 1)
    )
    assert policy.figures("count", [{}], "2026-07-01") == policy.figures("count", [{}], day)
    assert policy.keeping("basic", {"amount": "2026-05-01"}, "2026-07-01").stale == ("amount",)
    by_text = policy.override("tier", "key", reason="r", approver="li", at="2026-07-01", until="2026-12-31")
    assert by_text == policy.override("tier", "key", reason="r", approver="li", at=day, until=date(2026, 12, 31))


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda p: p.decide("hour", {}, "1.7.2026"), "`at` is no day or instant: write `2026-07-01`, or"),
        (lambda p: p.decide("hour", {}, 20260701), "`at` is neither a date nor a datetime: pass a date"),
        (lambda p: p.decide("hour", {}, datetime(2026, 7, 1)), "`at` has no time zone: pass an aware datetime"),
        (
            lambda p: p.decide("hour", {}, datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
            "`at` lies before the year 1 or after 9999 in the policy's time zone",
        ),
        (lambda p: p.decide("old", {"amount": 5}, "2026-07-01", known={"amount": "May"}), "`known[amount]` is no day"),
        (lambda p: p.plan_contacts({}, (), "2026-07-01", "soon"), "`until` is no day or instant"),
        (lambda p: p.plan_contacts({}, [relflow.Contact("visit", "soon")], "2026-07-01"), "`on` is no day or instant"),
        (
            lambda p: p.decide("old", {}, "2026-07-01", known={"amuont": "2026-05-01"}),
            "`known` names `amuont`, which is",
        ),
    ],
)
def test_what_is_no_day_is_refused_with_how_to_write_it(
    policy: Policy, ask: Callable[[Policy], object], told: str
) -> None:
    """A FactError that names what was passed; its Chinese text says the same."""
    with pytest.raises(FactError) as raised:
        ask(policy)

    assert raised.value.text().startswith(told)
    assert raised.value.text("zh") != raised.value.text()


def test_a_contact_of_a_kind_that_no_cadence_has_is_refused(policy: Policy) -> None:
    """A misspelt touchpoint would leave a visit overdue that was made."""
    with pytest.raises(NotFoundError) as raised:
        policy.plan_contacts({}, [relflow.Contact("vist", date(2026, 6, 1))], "2026-07-01")

    assert raised.value.text() == "no cadence declares the touchpoint `vist`; did you mean `visit`?"


def test_the_version_of_a_day_may_be_asked_for_by_a_text(tmp_path: Path) -> None:
    """`as_of` takes a date or its text; anything else is refused in words."""
    for name, since in (("a", "2025-01-01"), ("b", "2026-01-01")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(
            f"policy: x\nversion: {name}\neffective: {{from: {since}}}\n", encoding="utf-8"
        )

    assert relflow.load(tmp_path, as_of="2025-06-01").version == "a"
    assert relflow.load(tmp_path, as_of=date(2026, 6, 1)).version == "b"
    with pytest.raises(FactError, match="`as_of` is no day"):
        relflow.load(tmp_path, as_of="last March")
