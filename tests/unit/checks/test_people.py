"""The check `too-few-people` where a policy's roles meet the signatures of a workflow."""

from __future__ import annotations

from pathlib import Path

import pytest

from relflow.policy import load

FLOW = """
workflow: offer
version: 1
roles: [lead, auditor, seller]
initial: draft
states:
  draft: {events: {send: {to: sent, by: [lead]}}}
  sent: {events: {accept: {to: closed, %s}}}
  closed: {final: true}
"""


@pytest.mark.parametrize(
    ("roles", "by", "says"),
    [
        ("lead: {members: [wang]}, auditor: {members: [wang]}", "by: {all: [lead, auditor]}", ["asks for 2 different"]),
        ("lead: {members: [wang]}, auditor: {members: [zhao]}", "by: {all: [lead, auditor]}", []),
        ("lead: {members: [wang]}, auditor: {from: auditor_id}", "by: {all: [lead, auditor]}", []),
        ("lead: {members: [wang]}, auditor: {members: [lead]}", "by: {all: [lead, auditor]}", ["asks for 2 different"]),
        ("lead: {members: [wang, li]}", "by: {at_least: 3, of: [lead]}", ["asks for 3 different"]),
        ("lead: {members: [wang, li]}", "by: {at_least: 2, of: [lead]}", []),
        ("lead: {members: [wang]}", "by: [lead], not_by: [send]", ["is not for whoever fires `send`"]),
        ("lead: {members: [wang, li]}", "by: [lead], not_by: [send]", []),
        ("lead: {members: [wang]}, auditor: {members: [zhao]}", "by: [auditor], not_by: [send]", []),
        ("lead: {lead: auditor}, auditor: {lead: lead}", "by: [seller]", ["nobody can hold", "nobody can hold"]),
    ],
)
def test_people_are_counted(tmp_path: Path, roles: str, by: str, says: list[str]) -> None:
    """Only where the policy names everybody; who holds two roles counts once."""
    head = f"policy: x\nversion: 1\nfacts: {{auditor_id: {{type: string}}}}\nroles: {{{roles}}}\n"
    (tmp_path / "policy.yaml").write_text(head, "utf-8")
    (tmp_path / "offer.yaml").write_text(FLOW % by, "utf-8")
    found = [one for one in load(tmp_path).diagnostics if one.name == "too-few-people"]
    assert len(found) == len(says)
    assert all(words in one.text() for words, one in zip(says, found, strict=True))
