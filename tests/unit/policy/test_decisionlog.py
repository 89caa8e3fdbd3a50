"""The log of decisions: what an entry says, what it hides, which decisions it holds."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, date, datetime

import pytest

from relflow import DecisionLog, FactError, Policy
from relflow.policy import build
from relflow.reader import read_text

POLICY = """
policy: small
version: 3
timezone: Asia/Shanghai
categories:
  basic: {steward: sales, seen_by: [sales]}
roles: {sales: {}}
facts:
  amount: {type: number}
  phone: {type: string, personal: true, category: basic}
  joined: {type: date}
decisions:
  size:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | amount | phone || size  | source |
      | >= 100 | -     || large | M-1    |
      | -      | null  || small |        |
      | >= 0   | -     || small |        |
  age: {expression: today() - joined}
  greeting: {expression: '"call " + phone'}
clauses: {M-1: {text: one}}
tiers:
  tier: {from: size, levels: [large, small]}
"""
TODAY = date(2026, 7, 1)


@pytest.fixture(scope="module")
def policy() -> Policy:
    """A policy with a personal fact."""
    return build(*read_text(POLICY, name="policy.yaml"))


def test_an_entry_says_who_was_decided_about_by_what(policy: Policy) -> None:
    """The digest, the row with its place, and the values; a personal one is masked; all of it is JSON."""
    entries: list[dict[str, object]] = []
    logged = DecisionLog(entries.append, key="id").over(policy)
    logged.decide("size", {"id": "C-17", "amount": 250, "phone": "139 tel 1", "other": 1}, at=TODAY)
    (entry,) = entries

    assert json.loads(json.dumps(entry)) == entry
    assert {name: entry[name] for name in ("policy", "version", "digest", "decision", "account", "at", "value")} == {
        "policy": "small",
        "version": "3",
        "digest": policy.digest,
        "decision": "size",
        "account": "C-17",
        "at": "2026-07-01",
        "value": "large",
    }
    assert entry["read"] == {"amount": 250, "phone": "masked"}
    rule = entry["rule"]
    assert isinstance(rule, dict)
    assert (rule["number"], rule["source"]) == (1, ["M-1"])


def test_a_missing_personal_fact_is_missing_not_masked(policy: Policy) -> None:
    """What is unknown, and for want of what, is said; there is nothing to hide in a value that is not there."""
    entries: list[dict[str, object]] = []
    DecisionLog(entries.append).over(policy).decide("size", {}, at=TODAY)
    (entry,) = entries

    assert (entry["unknown"], entry["read"]) == (True, {"amount": None, "phone": None})
    assert [item["name"] for item in entry["missing"]] == ["amount"]  # type: ignore[index, attr-defined]


def test_an_answer_that_gives_a_personal_value_away_is_masked(policy: Policy) -> None:
    """A text with a telephone number in it goes into the log as little as the number."""
    entries: list[dict[str, object]] = []
    decision = DecisionLog(entries.append).over(policy).decide("greeting", {"phone": "139 tel 1"})

    assert decision.value == "call 139 tel 1"
    assert "139 tel 1" not in json.dumps(entries)


def test_what_the_host_may_show_is_shown(policy: Policy) -> None:
    """A personal fact that the host names in `shown` keeps its value."""
    entries: list[dict[str, object]] = []
    DecisionLog(entries.append, shown=("phone",)).over(policy).decide("size", {"amount": 1, "phone": "139 tel 1"})

    assert entries[0]["read"] == {"amount": 1, "phone": "139 tel 1"}


def test_every_way_to_ask_is_logged(policy: Policy) -> None:
    """Many at once, a decider and an assignment go into the log; the assignment with the level in force."""
    entries: list[dict[str, object]] = []
    logged = DecisionLog(entries.append).over(policy)
    answers = list(logged.decide_many("size", [{"amount": 1}, {"amount": "x"}, {"amount": 200}]))
    logged.decider("size")({"amount": 5}, None, None, None)
    logged.assign("tier", {"amount": 500}, at=TODAY)

    assert [entry["value"] for entry in entries] == ["small", "large", "small", "large"]
    assert isinstance(answers[1], type(answers[1]))
    assert entries[-1]["standing"] == {"scheme": "tier", "level": "large", "since": "2026-07-01", "change": "first"}


def test_answers_are_those_of_the_policy_itself(policy: Policy) -> None:
    """A policy under a log answers the same, has the same digest, and the policy below it logs nothing."""
    entries: list[dict[str, object]] = []
    logged = DecisionLog(entries.append).over(policy)
    record = {"amount": 5, "joined": date(2026, 6, 1)}

    assert logged.digest == policy.digest
    assert logged.decide("age", record, at=TODAY).value == policy.decide("age", record, at=TODAY).value
    assert len(entries) == 1
    at = datetime(2026, 7, 1, 9, tzinfo=UTC)
    logged.decide("age", record, at=at)
    assert entries[1]["at"] == "2026-07-01T09:00:00+00:00"


def test_a_sample_is_the_same_each_time_and_as_large_as_asked(policy: Policy) -> None:
    """A tenth of a thousand accounts is about a hundred, the same ones again; nought logs none and one logs all."""
    runs = []
    for share in (0.1, 0.1, 0.0, 1.0):
        entries: list[dict[str, object]] = []
        logged = DecisionLog(entries.append, sample=share, key="id").over(policy)
        for number in range(1000):
            logged.decide("size", {"id": number, "amount": number}, at=TODAY)
        runs.append([entry["account"] for entry in entries])

    assert runs[0] == runs[1]
    assert 70 < len(runs[0]) < 130
    assert (len(runs[2]), len(runs[3])) == (0, 1000)
    with pytest.raises(FactError, match="between 0 and 1"):
        DecisionLog(print, sample=10)


def test_a_log_that_fails_harms_no_decision(policy: Policy) -> None:
    """The decision stands, the log counts what it lost and keeps the last error."""

    def full(entry: dict[str, object]) -> None:
        raise OSError("no space left")

    log = DecisionLog(full)
    decision = log.over(policy).decide("size", {"amount": 1})

    assert decision.value == "small"
    assert (log.failed, str(log.error)) == (1, "no space left")


def test_it_travels_to_another_process(policy: Policy) -> None:
    """A policy under a log pickles with it."""
    logged = pickle.loads(pickle.dumps(DecisionLog(print, sample=0.0).over(policy)))

    assert logged.decide("size", {"amount": 1}).value == "small"
