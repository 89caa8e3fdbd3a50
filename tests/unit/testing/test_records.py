"""Accounts as Hypothesis makes them: they fit the declarations, stand near thresholds, miss values."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import relflow
from relflow.errors import NotFoundError
from relflow.model import Model
from relflow.policy import build
from relflow.reader import read_text
from relflow.results import Decision
from relflow.testing import accounts

POLICY = """
policy: small
version: 1
timezone: Asia/Shanghai
records:
  order: {on: {type: date}, kind: {type: string, one_of: [oil, gas]}, amount: {type: number, min: 1}}
facts:
  amount: {type: number, min: 0, max: 1000000}
  share: {type: number, min: 0.01, max: 0.99}
  kind: {type: string, one_of: [oil, gas]}
  word: {type: string}
  late: {type: boolean}
  since: {type: date}
  seen: {type: datetime}
  hour: {type: time}
  notice: {type: duration}
  orders: {type: [order]}
  unused: {type: number}
decisions:
  size:
    hit_policy: first
    output: {type: string}
    table: |
      | amount    | kind || size |
      | >= 123456 | gas  || big  |
      | -         | -    || tiny |
  all:
    output: {type: boolean}
    expression: >-
      amount > 5 or share > 0.5 or late or since < today() - days(30) or seen < now() or hour < time("09:00:00")
      or notice > days(7) or count(orders[on > today() and kind = "oil" and amount > 3]) > 0 or word = "x"
"""
AT = datetime(2026, 7, 1, 4, tzinfo=UTC)


def policy_of(text: str) -> relflow.Policy:
    """The policy that a text states."""
    model, findings = read_text(text, "small.yaml")
    assert isinstance(model, Model)
    return build(model, tuple(findings))


SMALL = policy_of(POLICY)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(accounts(SMALL, at=AT))
def test_every_account_fits_the_policy(record):
    """No fact is refused, and every decision has an answer or says that it is unknown."""
    assert SMALL.validate(record, at=AT) == ()
    for name in ("size", "all"):
        assert isinstance(SMALL.decide(name, record, at=AT), Decision)


@settings(max_examples=20, deadline=None)
@given(accounts(SMALL, "size", missing=False))
def test_only_what_the_decision_reads_is_there(record):
    """Of a decision only its facts, all of them where none may be missing."""
    assert record.keys() == {"amount", "kind"}
    assert None not in record.values()


@pytest.mark.parametrize(
    "wanted",
    [
        lambda record: record.get("amount") == 123456 and record.get("kind") == "gas",
        lambda record: record.get("amount") == 123455,
        lambda record: record.get("share") == Decimal("0.51"),
        lambda record: record.get("since") == date(2026, 6, 1),
        lambda record: record.get("amount") is None and "amount" in record,
        lambda record: "amount" not in record,
        lambda record: len(record.get("orders") or ()) > 1,
        lambda record: isinstance(record.get("notice"), timedelta),
    ],
)
def test_what_matters_is_found_soon(wanted):
    """Thresholds, their neighbours and missing values turn up within few examples."""
    soon = settings(max_examples=2000, deadline=None, phases=[Phase.generate])

    assert find(accounts(SMALL, at=AT), wanted, settings=soon) is not None


def test_a_decision_that_is_not_there_is_an_error():
    """The nearest name is said."""
    with pytest.raises(NotFoundError):
        accounts(SMALL, "sizes")


def test_records_of_the_shipped_policies_fit():
    """The strategy works on a whole policy with an overlay, lists of records included."""
    policy = relflow.load("rules/petrochemical", overlay="rules/petrochemical/example.overlay.yaml")

    @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(accounts(policy, "tier_by_purchases", at=AT), st.just(policy))
    def check(record: Mapping[str, object], policy: relflow.Policy) -> None:
        assert {problem.reason for problem in policy.validate(record, at=AT)} <= {"required"}
        assert policy.decide("tier_by_purchases", record, at=AT).value in (None, "key", "general", "prospect")

    check()


def test_without_hypothesis_it_says_what_to_install():
    """Importing the package needs no Hypothesis; asking for accounts says so."""
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import relflow, relflow.testing\n"
        "try:\n"
        "    relflow.testing.accounts(relflow.load('docs/examples/first'))\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    assert (done.stdout, done.stderr) == ("relflow.testing.accounts needs Hypothesis: pip install hypothesis\n", "")
