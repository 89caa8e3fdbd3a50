"""The workflow that needs no include."""

from __future__ import annotations

import pickle

from relflow.policy import Policy, build
from relflow.reader import read_texts

POLICY = """
policy: p
version: 1
include: [flow.yaml]
roles: {clerk: {members: [li]}}
"""
FLOW = """
workflow: w
version: 1
roles: [clerk]
initial: a
states: {a: {events: {go: {to: b, do: [{%s, with: {title: x}}, {assign: clerk}]}}}, b: {final: true}}
"""


def policy(effect: str, **files: str) -> Policy:
    """A policy whose workflow has one effect."""
    includes = "".join(f", {name}.yaml" for name in files)
    texts = {"policy.yaml": POLICY.replace("flow.yaml", f"flow.yaml{includes}"), "flow.yaml": FLOW % effect}
    model, found = read_texts({**texts, **{f"{name}.yaml": text for name, text in files.items()}})
    return build(model, found)


def test_a_task_can_be_opened_without_including_its_workflow() -> None:
    """The shipped one is there as soon as something opens it, also in a policy that was pickled."""
    found = policy("open: todo, assign: clerk")

    assert list(found.program.workflows) == ["w", "todo"]
    assert list(pickle.loads(pickle.dumps(found)).program.workflows) == ["w", "todo"]


def test_a_policy_that_opens_none_has_none() -> None:
    """Nothing is added that nobody asks for."""
    assert list(policy("perform: print").program.workflows) == ["w"]


def test_the_policys_own_wins() -> None:
    """A company may have its own idea of a task."""
    own = "workflow: todo\nversion: 9\ndata: {title: {type: string}}\ninitial: a\nstates: {a: {final: true}}\n"
    found = policy("open: todo, assign: clerk", todo=own)

    assert found.program.workflows["todo"].version == "9"
