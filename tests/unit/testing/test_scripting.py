"""Generated scripts: every transition that can be reached has one, and each holds when it is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from relflow.errors import NotFoundError
from relflow.policy import load
from relflow.testing import generate_scripts, run

POLICY = """
policy: shop
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
facts: {credit: {type: number}}
roles: {seller: {members: [li]}, lead: {members: [wang]}}
decisions: {trusted: {expression: credit >= 100}}
"""
FLOW = """
workflow: offer
version: 1
expects: {trusted: {type: boolean}}
roles: [seller, lead]
data:
  price: {type: number, required: true}
  kind: {type: string, one_of: [new, renewal]}
  objection: {type: string}
  gone: {type: boolean}
initial: draft
states:
  draft:
    events:
      send:
        - {when: price >= 1000, to: sent, by: {all: [seller, lead]}}
        - {when: trusted, to: sent, by: [seller]}
        - {to: checked, by: [seller]}
  checked: {events: {release: {to: sent, by: [seller, lead], not_by: [send]}}}
  sent:
    events:
      accept: {to: accepted, needs: [kind]}
      reject: {to: draft, needs: [objection], by: [seller]}
      lapse: {after: 3 working days, to: lapsed}
      never: {to: lapsed, when: 'objection = "no such words"', by: [lead]}
  accepted:
    events:
      file: {to: filed, when: kind = "renewal", by: system}
      ship: {to: filed, by: [lead]}
  filed: {final: true}
  lapsed: {final: true}
everywhere:
  cancel: {to: lapsed, by: [lead]}
clocks:
  answer: {from: sent, until: [accepted, draft], within: 1 working day, steps: [{at: due, do: [{notify: lead}]}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A policy whose workflow has guards over data and decisions, signatures, a timer and an event by itself."""
    (tmp_path / "policy.yaml").write_text(POLICY, "utf-8")
    (tmp_path / "offer.yaml").write_text(FLOW, "utf-8")
    return tmp_path


def test_every_transition_has_a_script_and_what_has_none_is_named(folder: Path) -> None:
    """Bounds of numbers, both signatures, another person, a lapse of time; only the guard on a text is left over."""
    written = generate_scripts(load(folder), "offer")
    assert [goal.part for goal in written.missed] == ["`sent.never`"]
    (folder / "offer.test.yaml").write_text(written.text, "utf-8")
    results = list(run(folder))
    assert len(results) == written.scripts > 5
    assert [result.it for result in results if not result.passed] == []


def test_the_same_scripts_come_every_time(folder: Path) -> None:
    """Nothing about them is random, and `most` takes the first of them."""
    policy = load(folder)
    whole = generate_scripts(policy, "offer").text
    assert generate_scripts(policy, "offer").text == whole
    assert whole.startswith(generate_scripts(policy, "offer", most=2).text)
    assert "自动生成，请复核" in generate_scripts(policy, "offer", most=1, lang="zh").text


def test_a_workflow_that_is_not_there(folder: Path) -> None:
    """The name is told."""
    with pytest.raises(NotFoundError, match="offr"):
        generate_scripts(load(folder), "offr")
