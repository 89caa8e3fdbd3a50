"""`relflow trace`: clauses to elements, tests and what was done, in each form, and what makes it fail."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from relflow import Actor, Engine, load
from relflow.cli.app import run as relflow

POLICY = """
policy: {name}
version: 1
clauses:
  {prefix}-1: {{text: {{en: Large customers are visited, zh: 拜访大客户}}}}
  {prefix}-2: {{text: {{en: Calls are noted, zh: 记录来电}}}}
  {prefix}-3: {{text: {{en: We are polite, zh: 待人有礼}}, outside: {{en: an attitude, zh: 属于态度要求}}}}
facts:
  amount: {{type: number}}
roles:
  sales: {{label: {{en: Sales, zh: 销售}}}}
decisions:
  large: {{expression: amount >= 100, output: {{type: boolean}}, source: {prefix}-1}}
include: [call.yaml]
"""
CALL = """
workflow: call
version: 1
label: {en: Call, zh: 来电}
initial: heard
states:
  heard:
    label: {en: Heard, zh: 已接听}
    events:
      note: {label: {en: Note, zh: 记录}, to: noted, by: [sales], needs: [text], source: M-2}
  noted: {label: {en: Noted, zh: 已记录}, final: true}
data: {text: {type: string}}
roles: [sales]
"""
TESTS = """
tests:
  - it: finds who is large
    decide: large
    table: |
      | amount || large |
      | 100    || true  |
      | 99     || false |
  - it: notes calls
    case: call
    steps:
      - {open: {}, as: sales}
      - {fire: note, with: {text: hello}, as: sales}
      - {expect: {state: noted}}
"""


def folder(tmp_path: Path, name: str = "small", prefix: str = "M", tests: str = TESTS) -> Path:
    """A policy with three clauses, one of them outside of software, and its tests."""
    path = tmp_path / name
    path.mkdir()
    (path / "policy.yaml").write_text(POLICY.format(name=name, prefix=prefix), "utf-8")
    (path / "call.yaml").write_text(CALL.replace("M-2", f"{prefix}-2"), "utf-8")
    (path / "policy.test.yaml").write_text(tests, "utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """The exit code, and what was printed and noted."""
    code = relflow(words)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_clauses_as_data_have_five_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The id, whether it is carried, by what, proven by which tests, or why software cannot."""
    code, out, _ = run(capsys, "trace", str(folder(tmp_path)), "--format", "json")

    assert code == 0
    assert json.loads(out) == {
        "clauses": [
            {
                "id": "M-1",
                "status": "carried",
                "elements": ["decisions.large"],
                "tests": ["finds who is large"],
                "reason": None,
            },
            {
                "id": "M-2",
                "status": "carried",
                "elements": ["workflows.call.heard.note"],
                "tests": ["notes calls"],
                "reason": None,
            },
            {"id": "M-3", "status": "outside", "elements": [], "tests": [], "reason": "an attitude"},
        ]
    }


def test_the_way_back_leads_from_elements_to_clauses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each element with its clauses and tests, as text and as data."""
    path = str(folder(tmp_path))

    assert "workflows.call.heard.note  M-2" in run(capsys, "trace", path, "--reverse")[1]
    found = json.loads(run(capsys, "trace", path, "--reverse", "--format", "json")[1])
    assert found["elements"][0] == {"id": "decisions.large", "clauses": ["M-1"], "tests": ["finds who is large"]}


def test_several_policies_are_traced_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A count for each, and one for all."""
    code, out, _ = run(capsys, "trace", str(folder(tmp_path)), str(folder(tmp_path, "other", "N")))

    assert code == 0
    assert "other: 3 clauses: 2 carried, 1 outside software, 0 left over" in out
    assert "together: 6 clauses: 4 carried, 2 outside software, 0 left over" in out


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("  M-3:", "  M-4: {text: nobody wrote this}\n  M-3:", "nothing carries clause M-4"),
        ("source: M-1", "source: M-9", "`decisions.large` names a clause that is not listed"),
        (", source: M-1", "", "`decisions.large` names no clause"),
    ],
)
def test_what_is_left_over_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], before: str, after: str, told: str
) -> None:
    """A clause that nothing carries, an element that names a foreign clause or none."""
    path = folder(tmp_path)
    file = path / "policy.yaml"
    file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")
    code, _, err = run(capsys, "trace", str(path))

    assert code == 1
    assert told in err


def test_a_carried_clause_that_no_test_reaches_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The elements that carry it are named, so that somebody can write the test."""
    only_tables = TESTS[: TESTS.index("  - it: notes calls")]
    code, _, err = run(capsys, "trace", str(folder(tmp_path, tests=only_tables)), "--lang", "zh")

    assert code == 1
    assert "条款 M-2 没有测试：workflows.call.heard.note" in err


def test_with_a_store_the_last_decisions_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who did what when under a clause, read from the history of cases."""
    path, store = folder(tmp_path), f"sqlite:///{tmp_path / 'cases.db'}"
    at = datetime(2026, 7, 1, 9, tzinfo=UTC)
    sales = Actor("li", roles=("sales",))
    with Engine(load(path), store=store) as engine:
        case = engine.open("call", account="C-17", actor=sales, key="1", at=at)
        engine.fire(case.id, "note", data={"text": "hello"}, actor=sales, event_id="e", at=at)

    found = json.loads(run(capsys, "trace", str(path), "--store", store, "--format", "json")[1])
    last = found["clauses"][1]["decisions"]
    assert [(one["element"], one["account"], one["actor"]) for one in last] == [
        ("workflows.call.heard.note", "C-17", "li")
    ]
    assert last[0]["what"] == "Call: Note → Noted"
    assert found["clauses"][0]["decisions"] == []
    assert "2026-07-01 C-17 来电: 记录 → 已记录" in run(capsys, "trace", str(path), "--store", store, "--lang", "zh")[1]


def test_the_page_shows_clauses_elements_tests_and_decisions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One HTML page that loads nothing."""
    code, out, _ = run(capsys, "trace", str(folder(tmp_path)), "--format", "html", "--lang", "zh")

    assert code == 0
    assert out.startswith("<!doctype html>")
    for text in ("拜访大客户", "decisions.large", "finds who is large", "属于态度要求", "软件之外"):
        assert text in out
    assert "http" not in out.replace("http://www.w3.org", "")


def test_an_overlay_goes_with_one_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With several it would be unclear whose it is."""
    code, _, err = run(capsys, "trace", "a", "b", "--overlay", "c.yaml")

    assert code == 2
    assert "`--overlay` goes with one policy" in err
