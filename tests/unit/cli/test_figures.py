"""`relflow case figures`: what key figures came to, as people and programs read it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from relflow.cli.app import run

POLICY = """\
policy: team
version: 1
timezone: Asia/Shanghai
calendar: {country: CN, hours: "09:00-12:00, 13:30-18:00"}
include: [request.yaml]
roles: {clerk: {members: [li]}}
kpis:
  done:
    label: {en: Requests done, zh: 已办请求}
    of: request
    at: closed_at
    by: owner
    period: 1 month
    value: count(items)
    goal: ">= 2"
"""
FLOW = """\
workflow: request
version: 1
roles: [clerk]
owner: clerk
initial: open
states:
  open: {events: {end: {to: done, by: [clerk]}}}
  done: {final: true}
"""


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; exit code, standard output and standard error."""

    def call_(*words: str) -> tuple[int, str, str]:
        code = run(words)
        return code, *capsys.readouterr()

    return call_


def test_figures_are_shown_period_by_period(call: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    """None before a period is over; then a line for each group, in both languages and as JSON."""
    folder = tmp_path / "team"
    folder.mkdir()
    (folder / "policy.yaml").write_text(POLICY, "utf-8")
    (folder / "request.yaml").write_text(FLOW, "utf-8")
    words = ("--policy", str(folder), "--store", str(folder / "cases.db"))
    call("case", "run", *words, "--at", "2026-01-05T09:00")
    _, out, _ = call("case", "open", "request", *words, "--at", "2026-01-05T10:00", "--format", "json")
    case = json.loads(out)["id"]
    call("case", "fire", case, "end", "--as", "clerk", "--who", "li", *words, "--at", "2026-01-06T10:00")
    assert "no period is over yet" in call("case", "figures", *words)[2]

    call("case", "run", *words, "--at", "2026-02-01T09:00")
    code, out, _ = call("case", "figures", *words)
    _, chinese, _ = call("case", "figures", "done", *words, "--lang", "zh")
    _, data, _ = call("case", "figures", "done", *words, "--format", "json")

    assert code == 0
    assert "Requests done" in out
    assert "2026-01-01 – 2026-01-31" in out
    assert "missed" in out
    assert "已办请求" in chinese
    assert "未达标" in chinese
    (figure,) = json.loads(data)
    assert (figure["group"], figure["value"], figure["met"], figure["misses"]) == ("li", 1, False, 1)
    assert "there" not in call("case", "figures", "dune", *words)[1]
    assert "did you mean `done`?" in call("case", "figures", "dune", *words)[2]
