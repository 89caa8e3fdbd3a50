"""Simulations: a case on a clock that is moved by hand, what it shows, and the test that it becomes."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from relflow.cli.app import run
from relflow.testing import run_file

Screen = pytest.CaptureFixture[str]
Play = Callable[..., list[str]]


@pytest.fixture
def play(oil: Path, capsys: Screen, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Type lines into a simulation of the repair; the lines on the screen."""

    def play_(*lines: str, words: tuple[str, ...] = ("--start", "2026-02-13T17:30")) -> list[str]:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        assert run(["simulate", "repair", *words]) == 0
        return capsys.readouterr().out.splitlines()

    return play_


def test_a_play_shows_what_happens_and_what_may_happen_next(play: Play) -> None:
    """The time, the state, the clocks; history as it grows, messages, numbered buttons with what they need."""
    shown = play("open description=leak", "next", "1 as handler who li", "quit", "never read")

    assert shown[0] == "2026-02-13 17:30  no case yet: `open name=value …`"
    assert "2026-02-13 17:30  Received (received)" in shown
    assert "  response: running, due 2026-02-14 14:00" in shown
    assert "  1  accept  accept  (handler)" in shown
    assert "→ to lead: too late" in shown
    assert "2026-02-14 14:00  accept: Received → working  [li]" in shown
    assert shown[-2:] == ["  1  finish  finish  (handler)  needs cost", "> quit"]


def test_time_passes_by_the_policys_calendar(play: Play) -> None:
    """Working hours leave lunch and the night out; the clock does not run backwards."""
    shown = play(
        "open description=leak", "wait 2 working hours", "until 2026-02-14 13:45", "until 2026-02-01", "等待 1 天"
    )
    assert any(line.startswith("2026-02-14 10:30  Received") for line in shown)
    assert any(line.startswith("2026-02-14 13:45  Received") for line in shown)
    assert "refused: the clock does not run backwards" in shown
    assert any(line.startswith("2026-02-15 13:45  Received") for line in shown)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("accept", "refused: open the case first: `open name=value …`"),
        ("acept", "`acept` is not understood; did you mean `accept`?"),
        ("open descripton=x", "refused: `descripton` is not declared; did you mean `description`?"),
        ("wait", "one word is missing; `help` lists what can be typed"),
        ("next", "nothing falls due"),
        ("open 'x", "No closing quotation"),
        ("ledger response", "refused: open the case first: `open name=value …`"),
        ("# a remark", "> # a remark"),
        ("帮助", "  next                          until the n"),
    ],
)
def test_what_is_not_understood_is_said_and_the_play_goes_on(play: Play, line: str, said: str) -> None:
    """One line each, with the word that was meant."""
    shown = play(line, "open description=x")
    assert any(one.startswith(said) for one in shown)
    assert any("Received (received)" in one for one in shown)


def test_chinese_words_play_as_well(play: Play) -> None:
    """Commands have Chinese names, and so has everything on the screen."""
    shown = play("新建 description=漏油", "触发 accept 以 handler", "经过", "明细 response", "9", "退出",
                 words=("--start", "2026-02-13T17:30", "--lang", "zh"))  # fmt: skip
    assert "2026-02-13 17:30  已受理 (received)" in shown
    assert "  response: 计时中，2026-02-14 14:00 到期" in shown
    assert "没有第 9 项" in shown
    assert any(line.startswith("response：已按时停止") for line in shown)


def test_a_play_becomes_a_test_that_passes(play: Play, oil: Path) -> None:
    """Refusals, texts with quotes, numbers, breaches and who acted are in it; a file that is there is left alone."""
    lines = ('open description=\'say "hi": x, y # z\'', "finish", "until 2026-02-16", "accept",
             "finish cost=1万 as lead who wu", "save story", "save story")  # fmt: skip
    shown = play(*lines, words=("--start", "2026-02-13T17:30:15", "amount=6000万", "years=3"))
    (result,) = run_file(oil / "story.test.yaml")

    assert result.passed, result.text()
    text = (oil / "story.test.yaml").read_text("utf-8")
    assert "given: {amount: 60000000, years: 3}" in text
    assert "fire: finish, as: handler, refused: state}" in text
    assert 'fire: finish, with: {cost: 10000}, as: lead, who: "wu"}' in text
    assert 'at: "2026-02-13T17:30:15"' in text
    assert "breached: [response]" in text
    assert shown[-1] == "`story.test.yaml` exists already"


def test_scripts_of_a_file_are_played(oil: Path, capsys: Screen) -> None:
    """Step by step, with what does not hold and exit 1."""
    (oil / "repair.test.yaml").write_text(
        "tests:\n  - it: runs\n    case: repair\n    steps:\n"
        '      - {at: "2026-02-13T17:30", open: {description: x}, as: handler}\n'
        '      - {at: "2026-02-14T16:00"}\n'
        "      - {expect: {state: working}}\n"
        "  - it: decides\n    decide: by_amount\n    given: {amount: 1}\n    expect: {by_amount: regular}\n",
        encoding="utf-8",
    )
    code = run(["simulate", "--script", "repair.test.yaml"])
    shown = capsys.readouterr().out.splitlines()
    assert code == 1
    assert shown[0] == "== runs"
    assert "2026-02-13 17:30  open" in shown
    assert "  2026-02-14 14:00  response fell due  [by itself]" in shown
    assert shown[-1].startswith("  does not hold: ")
    assert "== decides" not in shown


def test_a_simulation_needs_a_workflow(oil: Path, capsys: Screen) -> None:
    """Those that there are are listed."""
    assert run(["simulate", "repairs"]) == 2
    assert capsys.readouterr().err == "error: say which workflow: repair\n"
