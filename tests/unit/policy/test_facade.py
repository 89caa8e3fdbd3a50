"""The pure facade: what hosts call, and how it refuses."""

from __future__ import annotations

import pickle
import sys
from collections import UserDict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from relflow.errors import ClockRequiredError, FactError, NotFoundError, PolicyError
from relflow.hooks import hookimpl
from relflow.policy import Policy, build, load
from relflow.reader import read_text
from relflow.results import Contact, Decision, Failure

POLICY = """
policy: facade
version: 2.1
timezone: Asia/Shanghai
records:
  order: {amount: {type: number, min: 0}, on: {type: date}}
categories:
  basic: {steward: keeper, seen_by: [sales]}
facts:
  amount: {type: number, min: 0, max: 1000, label: {en: Amount, zh: 金额}}
  years: {type: number}
  stage: {type: string, one_of: [new, old]}
  name: {type: string, personal: true, category: basic, required: stage = "old"}
  contract_end: {type: date}
  called_at: {type: datetime}
  overdue: {type: duration}
  orders: {type: [order]}
decisions:
  says:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | amount | years || tier  | because           | because.zh   | source |
      | >= 50  | >= 3  || key   | large and settled | 规模大且长久 | C-1    |
      | -      | -     || other |                   |              |        |
  total: {expression: sum(orders.amount)}
  ends_soon: {expression: contract_end < today() + days(30)}
  long_overdue: {expression: 'overdue > duration("P30D")'}
  has_name: {expression: string length(name) > 3}
  greeting: {expression: '"dear " + name'}
  called: {expression: called_at < now()}
tiers:
  tier: {from: says, levels: {key: {en: Key, zh: 重点}, other: {en: Other, zh: 其他}}}
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    """A policy with facts of every type."""
    return build(*read_text(POLICY, name="facade.yaml"))


def test_a_decision_tells_everything_about_itself(policy: Policy) -> None:
    """Value, row with its place, reason in both languages, and the whole as JSON-able data."""
    decision = policy.decide("says", {"amount": 60, "years": 3, "ignored": object()})

    assert (decision.value, decision.unknown, str(decision.because), decision.because.text("zh")) == (
        "key",
        False,
        "large and settled",
        "规模大且长久",
    )
    assert str(decision.rule) == "row 1, facade.yaml:24"
    assert decision.to_dict("zh") == {
        "decision": "says",
        "value": "key",
        "unknown": False,
        "rule": {"number": 1, "place": "facade.yaml:24", "source": ["C-1"], "id": None},
        "because": "规模大且长久",
        "missing": [],
        "provisional": False,
        "reasons": [],
    }


def test_a_decision_has_no_truth_value(policy: Policy) -> None:
    """`if policy.decide(...)` would hide unknown; the error says what to ask instead."""
    with pytest.raises(TypeError, match=r"\.value"):
        bool(policy.decide("says", {}))


def test_missing_facts_say_what_they_are(policy: Policy) -> None:
    """A missing name compares as text and carries its label and kind."""
    (missing,) = policy.decide("says", {"years": 3}).missing

    assert (missing, missing.kind, str(missing.label)) == ("amount", "fact", "Amount")
    assert missing.to_dict("zh")["label"] == "金额"
    assert pickle.loads(pickle.dumps(missing)).kind == "fact"


def test_a_trace_has_every_step_and_every_cell(policy: Policy) -> None:
    """Rows up to the one that decided, each cell with its value and what it answered."""
    trace = policy.decide("tier", {"amount": 60, "years": 1}).trace()

    assert [step.name for step in trace.steps] == ["amount", "years", "says", "tier"]
    says = trace.step("says")
    assert says is not None
    assert [row.result for row in says.rows] == ["no", "hit"]
    assert [(cell.column, cell.test, cell.value, cell.result) for cell in says.rows[0].cells] == [
        ("amount", ">= 50", 60, True),
        ("years", ">= 3", 1, False),
    ]
    assert (trace.policy, trace.version, trace.digest) == ("facade", "2.1", policy.digest)
    assert trace.to_dict()["steps"]


@pytest.mark.parametrize(
    ("name", "record", "reason", "says_en"),
    [
        ("says", {"amount": "60", "years": 3}, "type", "a number is expected"),
        ("says", {"amount": True, "years": 3}, "type", "it is true or false"),
        ("says", {"amount": -1, "years": 3}, "bounds", "below its minimum of 0"),
        ("says", {"amount": Decimal("1000.01"), "years": 3}, "bounds", "above its maximum of 1000"),
        ("says", {"amount": float("inf"), "years": 3}, "bounds", "infinite"),
        ("ends_soon", {"contract_end": "2026-01-01"}, "type", "a date is expected"),
        ("ends_soon", {"contract_end": datetime(2026, 1, 1, tzinfo=UTC)}, "type", "a date is expected"),
        ("called", {"called_at": datetime(2026, 1, 1)}, "naive", "no time zone"),
        ("long_overdue", {"overdue": 30}, "type", "a duration is expected"),
        ("total", {"orders": [{"amount": 1}, {"amount": "2"}]}, "type", "item 2: `amount`"),
        ("total", {"orders": "none"}, "type", "a list is expected"),
    ],
)
def test_a_wrong_fact_is_named_in_both_languages(
    policy: Policy, name: str, record: dict[str, Any], reason: str, says_en: str
) -> None:
    """The fact, what it is and what is expected; its value is not repeated."""
    with pytest.raises(FactError) as caught:
        policy.decide(name, record, at=date(2026, 1, 1))

    fact = next(iter(record))
    assert caught.value.reason == reason
    assert says_en in caught.value.text("en")
    assert f"`{fact}`" in caught.value.text("en")
    assert f"`{fact}`" in caught.value.text("zh")
    assert caught.value.details["fact"] == fact


def test_only_facts_that_are_read_are_looked_at(policy: Policy) -> None:
    """A broken value in another column of a CRM row is nobody's business."""
    assert policy.decide("says", {"amount": 60, "years": 3, "stage": 17, "orders": "broken"}).value == "key"


@pytest.mark.parametrize("number", [60, 60.0, Decimal(60), Decimal("60.0")])
def test_numbers_of_any_class_answer_alike(policy: Policy, number: Any) -> None:
    """int, float and Decimal are one kind of number."""
    assert policy.decide("says", {"amount": number, "years": number}).value == "key"


def test_records_may_be_any_mapping(policy: Policy) -> None:
    """A row of a database answers like a dict; something without names is refused."""
    assert policy.decide("says", UserDict({"amount": 60, "years": 3})).value == "key"
    with pytest.raises(FactError) as caught:
        policy.decide("says", 17)  # type: ignore[arg-type]
    assert caught.value.reason == "record"


def test_an_unknown_name_is_not_found_and_the_likely_one_is_named(policy: Policy) -> None:
    """A misspelt decision is an error of the host, not an empty answer."""
    with pytest.raises(NotFoundError, match="did you mean `says`"):
        policy.decide("say", {})
    with pytest.raises(NotFoundError):
        policy.assign("says", {}, at=date(2026, 1, 1))


def test_time_has_to_be_passed_where_it_is_read(policy: Policy) -> None:
    """Nothing reads a clock: without `at` the answer is refused, and a naive instant too."""
    record = {"contract_end": date(2026, 1, 20)}

    assert policy.decide("ends_soon", record, at=date(2026, 1, 1)).value is True
    assert policy.decide("ends_soon", record, at=datetime(2025, 12, 21, 17, tzinfo=UTC)).value is True
    assert policy.decide("ends_soon", record, at=datetime(2025, 12, 21, 12, tzinfo=UTC)).value is False
    with pytest.raises(ClockRequiredError):
        policy.decide("ends_soon", record)
    with pytest.raises(FactError):
        policy.decide("ends_soon", record, at=datetime(2026, 1, 1))
    assert policy.decide("says", {"amount": 1, "years": 1}).value == "other"


def test_many_records_are_decided_as_they_are_asked_for(policy: Policy) -> None:
    """A bad record is an error in its place; the others are not held up, and nothing is decided ahead."""
    asked: list[int] = []

    def records() -> Any:
        for amount in (60, "many", 5):
            asked.append(len(asked))
            yield {"amount": amount, "years": 3}

    answers = policy.decide_many("says", records())
    first = next(answers)

    assert isinstance(first, Decision)
    assert asked == [0]
    second, third = answers
    assert isinstance(second, Failure)
    assert (second.index, second.error.__class__) == (1, FactError)
    assert "amount" in second.text("zh")
    assert isinstance(third, Decision)
    assert third.value == "other"
    with pytest.raises(TypeError):
        bool(second)


def test_facts_for_names_what_a_decision_may_read(policy: Policy) -> None:
    """Through decisions and schemes, in the order of reading."""
    assert policy.facts_for("tier") == ("amount", "years")
    assert policy.facts_for("greeting") == ("name",)


def test_validate_finds_all_that_is_wrong_with_a_record(policy: Policy) -> None:
    """Types and bounds of every declared fact; then required ones that are missing."""
    wrong = policy.validate({"amount": -1, "stage": "ancient", "years": 3})

    assert [(error.reason, error.details["fact"]) for error in wrong] == [("bounds", "amount"), ("one-of", "stage")]
    assert [error.reason for error in policy.validate({"stage": "old"})] == ["required"]
    assert policy.validate({"stage": "new"}) == ()


def test_check_columns_tells_misspelt_and_missing_ones(policy: Policy) -> None:
    """Before a million rows are decided with a column that nobody reads."""
    report = policy.check_columns(
        ["amuont", "years", "id", "orders", "contract_end", "called_at", "overdue", "name", "stage"]
    )

    assert report.likely == (("amuont", "amount"),)
    assert report.ignored == ("id",)
    assert report.missing == ()
    assert not report.ok
    assert "amuont" in report.text("zh")
    assert dict(policy.check_columns(["years"]).missing)["amount"] == ("says",)


def test_personal_facts_are_hidden_from_whoever_may_not_see_them(policy: Policy) -> None:
    """Only roles that the category names see a personal fact in an explanation."""
    assert policy.hidden(None) == {"name"}
    assert policy.hidden(["sales"]) == frozenset()
    hidden = policy.explain("has_name", {"name": "Zhang Wei"}, viewer=["marketing"]).text("en")
    assert "Zhang Wei" not in hidden


def test_levels_and_their_labels(policy: Policy) -> None:
    """Highest first, in any language."""
    assert policy.levels("tier") == ("key", "other")
    assert policy.level_label("tier", "key", "zh") == "重点"


def test_a_policy_pickles_and_decides_the_same(policy: Policy) -> None:
    """In another process it is compiled again from what was read."""
    again = pickle.loads(pickle.dumps(policy))

    assert again.digest == policy.digest
    assert (
        again.decide("says", {"amount": 60, "years": 3}).to_dict()
        == policy.decide("says", {"amount": 60, "years": 3}).to_dict()
    )


def test_threads_decide_with_one_policy(policy: Policy) -> None:
    """First uses from many threads make the same answers."""
    fresh = build(*read_text(POLICY, name="facade.yaml"))
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda n: fresh.decide("tier", {"amount": n % 100, "years": 3}).value, range(800)))
    finally:
        sys.setswitchinterval(before)

    assert found == ["key" if n % 100 >= 50 else "other" for n in range(800)]


class Doubling:
    """A plugin with a function for expressions and a check."""

    @hookimpl
    def relflow_functions(self) -> dict[str, Any]:
        """`doubled(x)`."""
        return {"doubled": lambda x: x * 2, "broken": lambda x: 1 // 0}


def test_functions_of_plugins_are_called_and_their_errors_become_null(tmp_path: Path) -> None:
    """What a host's function raises is a reason, not a crash."""
    place = tmp_path / "policy.yaml"
    place.write_text(
        "policy: x\nversion: 1\nfacts: {a: {type: number}}\n"
        "decisions:\n  twice: {expression: doubled(a)}\n  never: {expression: broken(a)}\n",
        "utf-8",
    )

    policy = load(place, plugins=[Doubling()])

    assert policy.decide("twice", {"a": 4}).value == 8
    never = policy.decide("never", {"a": 4})
    assert (never.value, never.unknown, len(never.reasons)) == (None, False, 1)
    with pytest.raises(PolicyError):
        load(place)


def test_a_policy_with_mistakes_is_refused_with_all_of_them(tmp_path: Path) -> None:
    """One pass finds everything."""
    place = tmp_path / "policy.yaml"
    place.write_text(
        "policy: x\nversion: 1\nfacts: {a: {type: numbr}}\ndecisions:\n  b: {expression: c}\n  d: {expression: 1 + }\n",
        "utf-8",
    )

    with pytest.raises(PolicyError) as caught:
        load(place)

    assert [found.name for found in caught.value.diagnostics] == ["unknown-name", "unknown-name", "feel-syntax"]
    assert "错误" in caught.value.text("zh")


VISITS = """
policy: visits
timezone: Asia/Shanghai
facts: {amount: {type: number}}
cadences:
  contact:
    touchpoints: {visit: {channel: visit}}
    plan: |
      | amount || touchpoint | target |
      | -      || visit      | 7 days |
"""


def test_a_contact_made_at_an_instant_counts_on_its_day_in_the_policys_zone() -> None:
    """18:00 in UTC is the next day in Shanghai; without a zone, or without a day, it is refused."""
    policy = build(*read_text(VISITS, name="visits.yaml"))

    def planned(on: Any) -> list[date | None]:
        found = policy.plan_contacts(
            {"amount": 1}, [Contact("visit", on)], at=date(2026, 7, 2), until=date(2026, 7, 10)
        )
        return [touchpoint.on for touchpoint in found]

    assert planned(datetime(2026, 6, 30, 18, tzinfo=UTC)) == planned(date(2026, 7, 1)) == [date(2026, 7, 8)]
    for wrong in (datetime(2026, 7, 1, 9), "the first of July", None):
        with pytest.raises(FactError):
            planned(wrong)
