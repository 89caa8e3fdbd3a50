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


ITEMS = """\
{"owner": "li", "closed_at": "2026-01-05T10:00", "more": 1}
{"owner": "li", "closed_at": "2026-01-31T23:59"}
{"owner": "wu", "closed_at": "2026-01-31T23:59"}
{"owner": "wu", "closed_at": "2026-02-01T00:00"}
"""


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The policy in the current folder, with items in a file beside it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.yaml").write_text(POLICY, "utf-8")
    (tmp_path / "request.yaml").write_text(FLOW, "utf-8")
    (tmp_path / "items.jsonl").write_text(ITEMS, "utf-8")
    return tmp_path


def test_a_figure_is_worked_out_over_a_file(call: Callable[..., tuple[int, str, str]], team: Path) -> None:
    """For the last period that is over, by group, without a store; exit 1 where a goal is missed."""
    code, out, err = call("figures", "--items", "items.jsonl", "--at", "2026-02-10")
    _, data, _ = call("figures", "done", ".", "--items", "items.jsonl", "--at", "2026-02-10", "--format", "json")
    chinese = call("figures", "done", "--items", "items.jsonl", "--at", "2026-03-01", "--lang", "zh")

    assert (code, err) == (1, "")
    assert [line.split()[-4:] for line in out.splitlines()[1:]] == [["2", "2", "met", "1"], ["1", "1", "missed", "1"]]
    assert [(one["group"], one["value"], one["met"]) for one in json.loads(data)] == [("li", 2, True), ("wu", 1, False)]
    assert "未达标" in chinese[1]
    assert not list(team.glob("*.db"))


def test_items_that_cannot_be_read_are_all_named(call: Callable[..., tuple[int, str, str]], team: Path) -> None:
    """With the file and the item; so is a figure that there is not, and facts on the line."""
    (team / "bad.csv").write_text("id,owner,closed_at\nR-1,li,soon\nR-2,wu,2026-01-05\n,li,31/1/2026\n", "utf-8")
    bad = call("figures", "done", "--items", "bad.csv", "--at", "2026-02-10")
    assert bad[0] == 2
    assert [line.partition(": `closed_at`")[0] for line in bad[2].splitlines()] == [
        "error: bad.csv: R-1",
        "bad.csv: item 3",
    ]
    assert call("figures", "dune", "--items", "items.jsonl", "--at", "2026-02-10")[2] == (
        "error: say which key figure: done\n"
    )
    assert "stand in `--items`" in call("figures", "done", "x=1", "--items", "items.jsonl")[2]
    assert "`--items` is missing" in call("figures", "done")[2]
