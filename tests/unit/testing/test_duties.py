"""Tests of what starts by itself: obligations in scripts, key figures over items, categories of facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from relflow.policy import load
from relflow.review import Coverage
from relflow.review.tracing import trace
from relflow.testing import run

POLICY = """
policy: duties
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
clauses:
  M-1: {text: Everybody is visited}
  M-2: {text: Figures are watched}
  M-3: {text: Files are kept fresh}
parameters:
  visit_every: {type: duration, value: 6 months, source: M-1}
records:
  person: {name: {type: string, personal: true}, birthday: {type: date, lunar: true, personal: true}}
categories:
  basic: {steward: manager, fresh_for: 30 days, keep_for: 2 years, seen_by: [boss], changed_by: [], source: M-3}
facts:
  amount: {type: number, category: basic}
  manager_id: {type: string}
  founded: {type: date}
  contract_end: {type: date}
  contacts: {type: [person]}
roles:
  manager: {from: manager_id}
  boss: {members: [wang]}
events:
  changed: {data: {major: {type: boolean}}}
messages:
  note: {text: {en: "{account.id}: look", zh: "{account.id}：请查看"}}
obligations:
  visit:
    of: account
    every: = visit_every
    when: amount > 10
    do: [{open: todo, with: {title: visit}, assign: boss}]
    source: M-1
  stale_file: {of: account, becomes: stale(basic), do: [{notify: manager, message: note}], source: M-3}
  jubilee: {of: account, yearly: founded, before: 3 days, do: [{notify: boss, message: note}], source: M-1}
  renewal: {of: account, date: contract_end, before: 1 week, do: [{notify: boss, message: note}], source: M-1}
  greeting: {of: account, festival: dragon_boat, do: [{notify: boss, message: note}], source: M-1}
  told: {of: account, event: changed, when: event.major, do: [{notify: boss, message: note}], source: M-1}
  birthday: {of: contacts, yearly: birthday, do: [{notify: boss, message: note}], source: M-1}
  order: {of: company, every: 1 month, do: [{notify: boss, message: note}], source: M-1}
  nag: {of: request, every: 2 days, when: state = "open", do: [{notify: boss, message: note}], source: M-1}
kpis:
  solved:
    of: request
    at: closed_at
    by: owner
    period: 1 month
    value: count(items[clocks.answer.breached = false]) / count(items)
    goal: ">= 50%"
    misses: {in_a_row: 2, do: [{notify: boss, message: note}], source: M-2}
    source: M-2
  volume: {of: account, period: 3 months, value: sum(items.amount), source: M-2}
"""
FLOW = """
workflow: request
version: 1
roles: [manager, boss]
data: {}
initial: open
states:
  open: {events: {close: {to: done, by: [manager, boss]}}}
  done: {final: true}
clocks:
  answer: {from: open, until: done, within: 2 days}
"""
TESTS = """
tests:
  - it: visits twice a year, whoever buys enough
    obligation: visit
    today: 2026-01-05
    given: {amount: 50}
    steps:
      - {at: 2026-07-04, expect: {times: 0}}
      - {at: 2026-07-06, expect: {times: 1, opened: [todo]}}
      - {at: 2026-12-01, given: {amount: 5}}
      - {at: 2027-02-01, expect: {times: 0}}
  - it: tells the manager of a file that has grown old
    obligation: stale_file
    today: 2026-01-05
    given: {amount: 50, manager_id: li}
    known: {amount: 2026-01-01}
    steps:
      - {at: 2026-01-31, expect: {times: 0}}
      - {at: 2026-02-01, expect: {times: 1, notified: [manager]}}
      - {at: 2026-02-10, known: {amount: 2026-02-10}, expect: {times: 0}}
      - {at: 2026-03-15, expect: {times: 1}}
  - it: thinks of the founding day
    obligation: jubilee
    today: 2026-05-01
    given: {founded: 1999-05-20}
    steps:
      - {at: 2026-05-16, expect: {times: 0}}
      - {at: 2026-05-17, expect: {times: 1, notified: [boss]}}
  - it: renews in time
    obligation: renewal
    today: 2026-05-01
    given: {contract_end: 2026-05-20}
    steps:
      - {at: 2026-05-13, expect: {times: 1}}
  - it: greets at the festival
    obligation: greeting
    today: 2026-06-10
    steps:
      - {at: 2026-06-19, expect: {times: 1}}
  - it: tells of a major change only
    obligation: told
    today: 2026-06-10
    steps:
      - {signal: changed, with: {major: false}, expect: {times: 0}}
      - {signal: changed, with: {major: true}, expect: {times: 1, notified: [boss]}}
  - it: keeps birthdays by the Chinese calendar
    obligation: birthday
    today: 2026-03-01
    given: {contacts: [{name: Wu, birthday: 1980-05-01}]}
    steps:
      - {at: 2026-12-31, expect: {times: 1}}
  - it: looks after itself every month
    obligation: order
    today: 2026-03-01
    steps:
      - {at: 2026-04-01, expect: {times: 1}}
  - it: asks every two days what became of a request
    case: request
    obligation: nag
    today: 2026-03-02
    given: {manager_id: li}
    steps:
      - {open: {}, as: manager, who: li}
      - {at: 2026-03-04, expect: {times: 1, state: open, notified: [boss]}}
      - {fire: close, as: manager, who: li}
      - {at: 2026-03-10, expect: {times: 0, state: done}}
  - it: counts what was answered in time
    kpi: solved
    today: 2026-02-10
    state: {li: {misses: 1}}
    items:
      - {owner: li, closed_at: 2026-01-05T10:00, clocks: {answer: {breached: true}}}
      - {owner: wu, closed_at: 2026-01-31T23:59, clocks: {answer: {breached: false}}}
      - {owner: wu, closed_at: 2026-02-01T00:00, clocks: {answer: {breached: true}}}
    expect:
      li: {value: 0%, met: false, misses: 2, notified: [boss], items: 1}
      wu: {value: 100%, met: true, misses: 0, meets: 1, notified: [], opened: []}
  - it: adds up what customers buy
    kpi: volume
    today: 2026-04-01
    items: [{amount: 5}, {amount: 7}]
    expect: {value: 12}
  - it: keeps the basic file
    category: basic
    today: 2026-02-01
    known: {amount: 2026-01-01}
    expect: {stale: [amount], expired: [], sees: [boss, manager], changes: [manager], fresh_for: 30 days}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The policy with its workflow and its tests."""
    (tmp_path / "policy.yaml").write_text(POLICY, "utf-8")
    (tmp_path / "request.yaml").write_text(FLOW, "utf-8")
    (tmp_path / "all.test.yaml").write_text(TESTS, "utf-8")
    return tmp_path


def test_everything_that_starts_by_itself_can_be_tested(folder: Path) -> None:
    """Six triggers, five kinds of subject, figures and categories: every test passes, and each goal is reached."""
    coverage = Coverage()
    results = list(run(folder, coverage=coverage))
    assert {result.it: [text.text() for text in result.problems] for result in results if not result.passed} == {}
    assert [goal.text() for goal in coverage.missed if goal.kind in ("obligation", "kpi", "streak", "category")] == []


def test_clauses_that_rest_on_them_count_as_tested(folder: Path) -> None:
    """A clause that only an obligation, a figure or a category carries has its tests."""
    coverage = Coverage()
    reached = {}
    for result in run(folder, coverage=coverage):
        reached[result.it] = [goal for goal, times in coverage.goals.items() if times]
    policy = load(folder)
    assert trace(policy.model, policy.program, reached).untested == ()


@pytest.mark.parametrize(
    ("test", "says"),
    [
        ("{it: x, obligation: vsit, steps: [{expect: {}}]}", "there is no obligation `vsit`; did you mean `visit`?"),
        ("{it: x, obligation: visit, steps: [{expect: {tims: 0}}]}", "`tims` cannot be expected of an obligation"),
        (
            "{it: x, obligation: order, today: 2026-03-01, steps: [{at: 2026-04-01, expect: {times: 2}}]}",
            "`times` is 1, the test says 2",
        ),
        ("{it: x, kpi: solvd, today: 2026-02-01, expect: {}}", "no key figure `solvd`; did you mean `solved`?"),
        ("{it: x, kpi: volume, expect: {value: 1}}", "needs `today` and a mapping"),
        (
            "{it: x, kpi: volume, today: 2026-04-01, items: [{amount: 5}], expect: {value: 6}}",
            "`value` is 5, the test says 6",
        ),
        ("{it: x, kpi: volume, today: 2026-04-01, items: [{amunt: 5}], expect: {value: 5}}", "amunt"),
        ("{it: x, kpi: volume, today: 2026-04-01, expect: {vale: 5}}", "`vale` cannot be expected of a key figure"),
        ("{it: x, kpi: solved, today: 2026-02-01, expect: {li: {met: true}}}", "there is no figure for `li`"),
        ("{it: x, category: basik, expect: {sees: []}}", "there is no category `basik`; did you mean `basic`?"),
        ("{it: x, category: basic, expect: {sees: [boss]}}", "`sees` is [boss, manager], the test says [boss]"),
        ("{it: x, category: basic, known: {amunt: 2026-01-01}, expect: {sees: []}}", "`amunt` is no fact"),
        ("{it: x, category: basic, expect: {seen: [boss]}}", "`seen` cannot be expected of a category"),
    ],
)  # fmt: skip
def test_a_test_that_does_not_hold_says_why(folder: Path, test: str, says: str) -> None:
    """Misspelt names with what was meant, and what came out instead."""
    (folder / "all.test.yaml").write_text(f"tests:\n  - {test}\n", "utf-8")
    (result,) = run(folder)
    assert not result.passed
    assert says in " ".join(text.text() for text in result.problems)
