"""Traces of decisions over records of people: what is personal stays out of their data."""

from __future__ import annotations

import json

from relflow.policy import build
from relflow.reader import read_text

POLICY = """
policy: people
version: 1
records:
  contact: {phone: {type: string, personal: true}, kind: {type: string}}
  visit: {with: {type: contact}, long: {type: boolean}}
facts:
  contacts: {type: [contact]}
  last_visit: {type: visit}
  size: {type: number}
decisions:
  reachable: {expression: count(contacts) > 0 and last_visit.long and size > 1}
"""
RECORD = {
    "contacts": [{"phone": "138 tel 2", "kind": "buyer"}],
    "last_visit": {"with": {"phone": "139 tel 1", "kind": "boss"}, "long": True},
    "size": 3,
}


def test_records_with_a_personal_field_stay_out_of_a_trace() -> None:
    """Lists of such records and records inside records too; what is not personal is there, and all of it on request."""
    decision = build(*read_text(POLICY, name="people.yaml")).decide("reachable", RECORD)
    shown = {step["name"]: step for step in decision.trace().to_dict()["steps"]}  # type: ignore[attr-defined]

    assert decision.value is True
    assert {name for name, step in shown.items() if step["personal"]} == {"contacts", "last_visit"}
    assert shown["contacts"]["value"] is None
    assert shown["size"]["value"] == 3
    assert "tel" not in json.dumps(shown)
    assert "tel" not in repr(decision.trace())
    assert "139 tel 1" in json.dumps(decision.trace().to_dict(personal=True))
