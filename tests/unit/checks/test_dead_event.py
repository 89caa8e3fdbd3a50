"""The check `dead-event`, beyond the examples of its page."""

from __future__ import annotations

import pytest

from relflow.policy import build
from relflow.reader import read_text

FLOW = """
workflow: example
version: 1
roles: [sales]
data:
  kind: {type: string, one_of: [new, old], required: true}
  size: {type: number, required: true}
initial: received
states:
  received: {events: {hurry: {to: closed, when: '%s'}, finish: working}}
  working: {events: {finish: closed}}
  closed: {final: true}
"""


@pytest.mark.parametrize(
    ("when", "dead"),
    [
        ('state = "working"', True),
        ('state = "received"', False),
        ('state != "received"', True),
        ('state in ("working", "closed")', True),
        ('state in ("working", "received")', False),
        ('size > 3 and state = "working"', True),
        ('size > 3 or state = "working"', False),
        ('state = "working" or state = "closed"', True),
        ('kind = "new"', False),
        ("false", True),
        ("size > 3 or true", False),
        ('not(state = "working")', False),
    ],
)
def test_conditions_that_contradict_their_state(when: str, dead: bool) -> None:
    """Found where the condition is false whatever the data are, and nowhere else."""
    found = build(*read_text(FLOW % when)).diagnostics
    assert [one.span.text for one in found if one.name == "dead-event"] == (["hurry"] if dead else [])


def test_an_event_for_all_states_is_alive_where_one_state_lets_it() -> None:
    """Written once under `everywhere`, it is dead only if no state lets it happen."""
    text = FLOW % "size > 3"
    alive = text + "everywhere:\n  stop: {to: closed, when: 'state = \"working\"'}\n"
    dead = text + "everywhere:\n  stop: {to: closed, when: 'state = \"closed\"'}\n"
    assert [one.name for one in build(*read_text(alive)).diagnostics if one.name == "dead-event"] == []
    assert [one.name for one in build(*read_text(dead)).diagnostics if one.name == "dead-event"] == ["dead-event"]
