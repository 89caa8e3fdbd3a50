"""What hosts pass as the history of contacts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import relflow


@pytest.mark.parametrize("contact", [("call", date(2026, 1, 1)), None, {"touchpoint": "call"}])
def test_a_history_of_something_else_is_refused(contact: Any) -> None:
    """Anything but a Contact is a FactError that says what to pass, in both languages."""
    policy = relflow.load("docs/examples/first")
    account = {"annual_amount": 60_000_000, "years_active": 6, "importance": 4}

    with pytest.raises(relflow.FactError) as caught:
        policy.plan_contacts(account, [contact], at=date(2026, 2, 1))

    assert caught.value.reason == "type"
    assert "relflow.Contact(touchpoint, on)" in caught.value.text("en")
    assert "联系记录" in caught.value.text("zh")
