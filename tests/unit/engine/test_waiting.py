"""What waits for a plugin that nobody installed does not keep a worker awake; obligations see the policy's names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from relflow.builtins import Accounts
from relflow.engine import Engine
from relflow.hooks import hookimpl
from relflow.policy import build
from relflow.reader import read_text
from relflow.results import Done

POLICY = """
policy: small
version: 1
timezone: UTC
parameters:
  limit: {type: number, value: 10}
facts:
  amount: {type: number}
decisions:
  large: {expression: amount > limit}
obligations:
  restrict:
    of: account
    becomes: large
    do: [{perform: tighten_credit, with: {limit: = limit * 2, large: = large}}]
"""
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Host:
    """A host that carries out actions."""

    def __init__(self):
        self.done = []

    @hookimpl
    def relflow_perform(self, tenant, effect):
        """Remember what was asked for."""
        self.done.append((effect.name, dict(effect.arguments)))
        return Done()


@pytest.fixture(params=["memory:", "sqlite"])
def store(request, tmp_path):
    """Both built-in stores."""
    return request.param if request.param == "memory:" else f"sqlite:///{tmp_path}/cases.db"


def engine(store, *plugins):
    """An engine over one account that is large."""
    accounts = Accounts({"A": {"amount": 50}})
    policy = build(*read_text(POLICY, name="small.yaml"))
    return Engine(policy, store=store, plugins=[accounts, *plugins], clock=lambda: NOW)


def test_an_obligation_uses_parameters_and_decisions_of_its_policy(store):
    """Effects of an obligation are part of the policy: they list no `expects`."""
    host = Host()
    with engine(store, host) as running:
        report = running.run_due()
        running.run_due()

    assert report.errors == ()
    assert host.done == [("tighten_credit", {"limit": 20, "large": True})]


def test_an_action_that_nobody_carries_out_waits_without_waking_anybody(store):
    """The next call is for the next day, not for an instant that has passed."""
    with engine(store) as running:
        running.run_due()
        report = running.run_due()

    assert report.errors == ()
    assert report.next_due > NOW
