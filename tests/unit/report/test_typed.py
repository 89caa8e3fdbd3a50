"""Types for hosts: what `relflow types` writes is a module that means what the policy declares."""

from __future__ import annotations

import importlib
import typing

from relflow.policy import build
from relflow.reader import read_text
from relflow.report.typed import python_types

POLICY = """
policy: small_shop
version: 1
records:
  purchase: {amount: {type: number}, bought_on: {type: date}}
facts:
  name: {type: string}
  segment: {type: string, one_of: [retail, trade]}
  active: {type: boolean}
  purchases: {type: [purchase]}
  年限: {type: number}
decisions:
  size: {expression: 'if 年限 > 3 then "large" else "small"', output: {levels_of: tier}}
tiers:
  tier: {from: size, levels: [large, small]}
"""


def test_the_module_can_be_imported_and_says_what_is_declared(tmp_path, monkeypatch):
    """Hints of every kind of fact, evaluated."""
    source = python_types(build(*read_text(POLICY, name="shop.yaml")).program)
    (tmp_path / "shop_types.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    names = vars(importlib.import_module("shop_types"))

    hints = typing.get_type_hints(names["SmallShopAccount"])

    assert list(hints) == ["name", "segment", "active", "purchases", "年限"]
    assert hints["segment"] == typing.Literal["retail", "trade"] | None
    assert hints["active"] == bool | None
    assert names["TierLevel"] == typing.Literal["large", "small"]
    assert set(typing.get_type_hints(names["Purchase"])) == {"amount", "bought_on"}


def test_names_that_python_refuses_are_written_another_way():
    """A fact called `class` is legal in a policy."""
    policy = build(*read_text(POLICY.replace("  active:", "  class: {type: string}\n  active:"), name="shop.yaml"))

    source = python_types(policy.program)

    exec(compile(source, "types", "exec"), {})
    assert '"class": "str | None"' in source
