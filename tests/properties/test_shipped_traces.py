"""The shipped policies: what straight code remembers of a decision is what the recorded run finds."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import relflow
from relflow.testing import accounts

POLICIES = ("petroleum", "petrochemical", "general", "key_accounts", "services")
NOON = datetime(2026, 8, 3, 4, tzinfo=UTC)


@cache
def shipped(name: str) -> relflow.Policy:
    """A shipped policy with its example overlay."""
    return relflow.load(f"shipped:{name}", overlay=f"rules/{name}/example.overlay.yaml")


@pytest.mark.parametrize("name", POLICIES)
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_quick_trace_is_the_recorded_one(name: str, data: st.DataObject) -> None:
    """For generated accounts, each decision, indicator and scheme: steps, missing names, reasons, provisional mark."""
    policy = shipped(name)
    record = data.draw(accounts(policy))
    for asked in (*policy.program.decisions, *policy.program.indicators, *policy.program.schemes):
        decision = policy.decide(asked, record, NOON)
        details = decision.details

        assert decision.trace() == details.trace, asked
        assert decision.missing == details.missing, asked
        assert (decision.reasons, decision.provisional) == (details.reasons, details.provisional), asked
