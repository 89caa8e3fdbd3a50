"""Which texts count when a policy is asked whether it speaks both languages."""

from __future__ import annotations

from pathlib import Path

from relflow.policy import check

POLICY = """policy: 投诉
version: 1
calendar: {country: CN, hours: "09:00-18:00"}
roles:
  客服: {label: {zh: 客服}}
include: [投诉.yaml]
"""
WORKFLOW = """workflow: 处理
version: 1
label: {zh: 投诉处理}
roles: [客服]
initial: 受理
states:
  受理: {label: {zh: 受理}, events: {办结: {label: {zh: 办结}, to: 关闭}}}
  关闭: {label: {zh: 关闭}, final: true}
"""


def test_a_policy_in_one_language_is_not_asked_for_the_other(tmp_path: Path) -> None:
    """Its calendar brings the names of holidays in both, which nobody wrote here and which say nothing."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "投诉.yaml").write_text(WORKFLOW, encoding="utf-8")

    assert "missing-translation" not in {found.name for found in check(tmp_path)}
