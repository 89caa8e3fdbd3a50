"""Contact plans, obligations and key figures as compiled."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from relflow.compiler import compile_model
from relflow.policy import Policy, build
from relflow.program import Broken, Code, Run
from relflow.reader import read_text
from relflow.values import YearsMonthsDuration

POLICY = """
policy: plans
version: 1
parameters:
  rhythm: {type: duration, per: tier, value: {key: 1 month}}
  open_rhythm: {type: duration, source: C-1}
  factor: {type: number, value: 2}
records:
  milestone: {title: {type: string}, due_on: {type: date}}
  person: {name: {type: string, personal: true}, birthday: {type: date, lunar: true}}
facts:
  amount: {type: number}
  stage: {type: string, one_of: [new, old]}
  milestones: {type: [milestone]}
  contacts: {type: [person]}
decisions:
  says: {expression: 'if amount > 5 then "key" else "other"', output: {levels_of: tier}}
tiers:
  tier: {from: says, levels: [key, other]}
cadences:
  contact:
    touchpoints:
      visit: {channel: visit, counts_as: [call]}
      call: {channel: phone, purpose: promotion}
    plan: |
      | tier | stage || touchpoint | target        | at_most  | source |
      | key  | -     || visit      | = rhythm      | 3 months | C-2    |
      | -    | new   || call       | 2 weeks       |          |        |
      | -    | -     || call       | = open_rhythm |          | C-1    |
    key_nodes:
      - {of: milestones, before: due_on, within: 90 days, times_as_often: = factor}
    caps: {promotion: {count: 1, per: 1 month}}
    on_non_working_day: previous
    count_from: plan
events:
  file_changed: {data: {major: {type: boolean}}}
obligations:
  survey: {of: account, every: {target: 6 months, at_most: 1 year}, when: stage = "old", do: [{notify: sales}]}
  greeting: {of: account, festival: spring_festival, before: 7 days, do: [{notify: sales}]}
  birthday: {of: contacts, yearly: birthday, when: item.name != "", do: [{notify: sales}]}
  changed: {of: account, event: file_changed, when: event.major, do: [{notify: sales}]}
  grown: {of: account, becomes: amount > 5, do: [{notify: sales}]}
roles: {sales: {}}
kpis:
  size:
    of: account
    period: 1 month
    value: mean(items.amount)
    goal: ">= 95%"
    misses: [{in_a_row: 2, do: [{notify: sales}]}]
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    """A policy with everything that happens by itself."""
    return build(*read_text(POLICY, name="plans.yaml"))


def test_rows_of_a_plan_say_what_holds_and_what_is_missing(policy: Policy) -> None:
    """All rows in their order; an open one with the names that leave it open."""
    cadence = policy.program.cadences["contact"]
    known = cadence.matches(Run(policy.program, {"amount": 6, "stage": "old"}))
    unknown = cadence.matches(Run(policy.program, {"stage": "new"}))

    assert [(row.number, holds) for row, holds, _ in known] == [(1, True), (3, True)]
    open_ = cadence.matches(Run(policy.program, {"amount": 1}))
    assert [(row.number, holds, missing) for row, holds, missing in open_] == [(2, None, ("stage",)), (3, True, ())]
    assert [row.touchpoint for row, _, _ in unknown] == ["call", "call"]


def test_rhythms_are_literals_or_formulas(policy: Policy) -> None:
    """A parameter's value for the level in force; an unset one names itself."""
    cadence = policy.program.cadences["contact"]
    run = Run(policy.program, {"amount": 6, "stage": "old"})
    first, second, third = cadence.rows

    assert first.target.call(run) == YearsMonthsDuration(1)
    assert first.at_most is not None
    assert first.at_most.call(run) == YearsMonthsDuration(3)
    assert second.target.call(run) == timedelta(days=14)
    assert (third.target.call(run), third.target.missing(run)) == (None, ("open_rhythm",))
    assert (cadence.on_non_working_day, cadence.count_from) == ("previous", "plan")
    assert cadence.key_nodes[0].times_as_often.call(run) == 2
    assert cadence.caps["promotion"].count.call(run) == 1


def test_obligations_know_their_subject_and_occasion(policy: Policy) -> None:
    """Conditions see what the subject has: the item of a list, the data of an event."""
    found = policy.program.obligations

    assert {name: (one.subject, one.trigger) for name, one in found.items()} == {
        "survey": ("account", "every"),
        "greeting": ("account", "festival"),
        "birthday": ("list", "yearly"),
        "changed": ("account", "event"),
        "grown": ("account", "becomes"),
    }
    birthday = found["birthday"]
    assert isinstance(birthday.when, Code)
    assert birthday.when({"item": {"name": "Li", "birthday": date(1980, 1, 1)}}) is True
    changed = found["changed"]
    assert isinstance(changed.when, Code)
    assert changed.when({"event": {"major": False}}) is False
    assert found["greeting"].festivals == ("spring_festival",)


def test_key_figures_are_code_over_items(policy: Policy) -> None:
    """The value over the items of a period, the goal as a test of it."""
    kpi = policy.program.kpis["size"]

    assert isinstance(kpi.value, Code)
    assert kpi.value({"items": [{"amount": 1}, {"amount": 2}]}) == 1.5
    assert isinstance(kpi.goal, Code)
    assert kpi.goal({"?": 1}) is True
    assert kpi.misses[0].in_a_row.value == 2


def test_a_broken_part_leaves_the_rest_compiled() -> None:
    """The compiler is tolerant: what is wrong is Broken in the program, everything else works."""
    model, _ = read_text(
        "policy: x\nversion: 1\nfacts: {a: {type: number}}\n"
        "decisions:\n  good: {expression: a + 1}\n  bad: {expression: b + 1}\n",
        name="x.yaml",
    )
    assert model is not None

    program, findings = compile_model(model)

    assert [found.name for found in findings] == ["unknown-name"]
    assert isinstance(program.decisions["bad"].body, Broken)
    assert Run(program, {"a": 1}).outcome("good").value == 2
    assert Run(program, {"a": 1}).outcome("bad").unknown is True
