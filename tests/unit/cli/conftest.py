"""A small policy in the current folder, for the commands to work on."""

from __future__ import annotations

from pathlib import Path

import pytest

POLICY = """\
policy: oil
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
"""
TIERS = """\
parameters:
  rhythm: {type: duration, source: M-1}
facts:
  amount: {type: number, min: 0, label: {en: Annual amount, zh: 年采购额}}
  years: {type: number}
  since: {type: date}
  kinds: {type: [string]}
  visits: {type: [visit]}
records:
  visit: {on: {type: date}}
decisions:
  by_amount:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | amount    | years || tier    | because | because.zh |
      | >= 5000万 | >= 3  || key     | large   | 规模大     |
      | -         | -     || regular |         |            |
  visited:
    output: {type: number}
    expression: count(visits[on >= date("2026-01-01")])
tiers:
  tier: {from: by_amount, levels: [key, regular]}
events:
  complained: {data: {loud: {type: boolean}}}
cadences:
  contact:
    touchpoints:
      visit: {channel: visit, label: {en: visit, zh: 拜访}}
      call: {channel: phone, label: {en: call, zh: 电话}}
    plan: |
      | tier || touchpoint | target   |
      | key  || visit      | 1 month  |
      | -    || call       | = rhythm |
"""
TESTS = """\
tests:
  - it: is key from 50 million
    decide: by_amount
    table: |
      | amount | years || tier |
      | 5000万 | 3     || key  |
  - it: is wrong on purpose
    decide: by_amount
    table: |
      | amount | years || tier |
      | 4999万 | 3     || key  |
"""
WORKFLOW = """\
workflow: repair
version: 1
roles: [handler, lead]
data:
  description: {type: string, required: true, label: {en: Description, zh: 描述}}
  cost: {type: number}
initial: received
states:
  received: {label: {en: Received, zh: 已受理}, events: {accept: {to: working, by: [handler]}}}
  working: {events: {finish: {to: closed, by: [handler, lead], needs: [cost]}}}
  closed: {final: true}
clocks:
  response:
    from: received
    until: [working, closed]
    within: 4 working hours
    steps: [{at: due, do: [{notify: lead, message: late}]}]
messages:
  late: {text: {en: too late, zh: 超时}}
"""


@pytest.fixture
def oil(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the policy in it."""
    monkeypatch.chdir(tmp_path)
    files = {"policy.yaml": POLICY, "tiers.yaml": TIERS, "tiers.test.yaml": TESTS, "repair.yaml": WORKFLOW}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path
