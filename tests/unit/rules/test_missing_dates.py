"""What is unknown for want of a day: the fact is there, but nobody says since when."""

from __future__ import annotations

from datetime import date

from relflow.policy import build
from relflow.reader import read_text

POLICY = """
policy: dates
version: 1
categories:
  basic: {fresh_for: 30 days}
facts:
  amount: {type: number, category: basic, label: {en: Annual amount, zh: 年采购额}}
decisions:
  old: {expression: stale(basic), output: {type: boolean}}
"""


def test_an_answer_names_the_fact_whose_day_it_lacks() -> None:
    """`missing` has the fact with the kind `date`, and the explanation says what is wanted, in both languages."""
    policy = build(*read_text(POLICY, name="dates.yaml"))
    record, today = {"amount": 5}, date(2026, 3, 1)

    decision = policy.decide("old", record, today)
    told = policy.explain("old", record, today)

    assert decision.unknown
    assert [(str(one), one.kind) for one in decision.missing] == [("amount", "date")]
    assert "missing: since when Annual amount is known" in told.text("en")
    assert "缺失：“年采购额”的更新日期" in told.text("zh")
    known = policy.decide("old", record, today, known={"amount": date(2026, 1, 1)})
    assert known.value is True
    assert known.missing == ()
