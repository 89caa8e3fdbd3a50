"""Cases that began under a workflow which the policy has changed since."""

from __future__ import annotations

import pytest

from relflow.errors import PolicyError
from relflow.policy import Policy, build, compile_definition
from relflow.reader import read_texts

POLICY = """
policy: p
version: {version}
include: [flow.yaml]
parameters: {{limit: {{type: number, value: {limit}}}}}
roles: {{clerk: {{members: [li]}}}}
"""
FIRST = """
workflow: w
version: 1
roles: [clerk]
expects: {limit: {type: number}}
initial: a
states: {a: {events: {go: {to: b, when: limit > 5}}}, b: {final: true}}
"""
SECOND = FIRST.replace("version: 1", "version: 2").replace("to: b", "to: c").replace("b: {", "c: {")


def policy(flow: str, limit: int, version: str) -> Policy:
    """A policy with one workflow."""
    model, found = read_texts({"policy.yaml": POLICY.format(limit=limit, version=version), "flow.yaml": flow})
    return build(model, found)


def test_an_old_definition_runs_with_the_decisions_of_today() -> None:
    """Its states are the old ones, what it expects is what the policy says now; its hash is what it was."""
    old = policy(FIRST, 1, "1").program.workflows["w"]
    today = policy(SECOND, 9, "2")
    found = compile_definition(today, old.canonical)

    assert (found.digest, found.version, list(found.states)) == (old.digest, "1", ["a", "b"])
    assert found.policy == today.program.digest != old.policy
    assert list(today.program.workflows["w"].states) == ["a", "c"]


def test_a_policy_that_lost_what_the_old_one_needs_says_so() -> None:
    """The findings name what is missing or of another type now."""
    old = policy(FIRST, 1, "1").program.workflows["w"]
    model, found = read_texts(
        {"policy.yaml": POLICY.format(limit=1, version="2").replace("number, value: 1", "string, value: x")
         .replace("include: [flow.yaml]", "")}
    )  # fmt: skip

    with pytest.raises(PolicyError, match="expects `limit` to be a number"):
        compile_definition(build(model, found), old.canonical)


def test_a_source_that_is_no_workflow_is_refused() -> None:
    """Whatever a store returns, it is read like any file."""
    with pytest.raises(PolicyError):
        compile_definition(policy(FIRST, 1, "1"), "tests: []")
