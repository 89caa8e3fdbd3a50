"""`relflow calendar`: looking and counting."""

from __future__ import annotations

from pathlib import Path

import pytest

from relflow.cli.app import run

HOURS = ["--hours", "09:00-12:00, 13:30-18:00"]


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a policy, so that the calendar is China's."""
    monkeypatch.chdir(tmp_path)


def test_a_month_marks_what_is_out_of_the_ordinary(capsys: pytest.CaptureFixture[str]) -> None:
    """Days off in the week and worked weekends are marked and named."""
    assert run(["calendar", "2026-02"]) == 0
    assert capsys.readouterr() == (
        "2026-02\n"
        "  Mon   Tue   Wed   Thu   Fri   Sat   Sun\n"
        "                                        1\n"
        "    2     3     4     5     6     7     8\n"
        "    9    10    11    12    13    14+   15\n"
        "   16*   17*   18*   19*   20*   21    22\n"
        "   23*   24    25    26    27    28+\n"
        "16 working days   * closed   + worked weekend\n"
        "  02-14 shifted working day (Spring Festival)\n"
        "  02-16–02-23 Spring Festival\n"
        "  02-28 shifted working day (Spring Festival)\n",
        "",
    )


def test_a_year_counts_its_months(capsys: pytest.CaptureFixture[str]) -> None:
    """A year is a line a month and a sum; 2026 has 248 working days."""
    assert run(["calendar", "2026", "--lang", "zh"]) == 0
    lines = capsys.readouterr().out.splitlines()

    assert len(lines) == 14
    assert lines[2] == "2026-02      16  02-14 春节调休上班、02-16–02-23 春节、02-28 春节调休上班"
    assert lines[-1].split() == ["全年", "248"]


def test_a_day_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    """A single day is one line with its reason."""
    assert run(["calendar", "2026-02-14"]) == 0
    assert capsys.readouterr().out == "2026-02-14  Sat  works  shifted working day (Spring Festival)\n"


def test_a_year_without_a_list_is_provisional(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the official list is missing the answer says so."""
    assert run(["calendar", "2030-10"]) == 0
    assert capsys.readouterr().err == "provisional: the official list of 2030 is not known yet\n"


@pytest.mark.parametrize(
    ("words", "out"),
    [
        (["--from", "2026-02-13T17:30", "--add", "4 working hours"], "2026-02-14 14:00 Sat\n"),
        (["--from", "2026-02-13T17:30", "--add", "1 个工作日"], "2026-02-14 17:30 Sat\n"),
        (["--from", "2026-02-13T17:30", "--to", "2026-02-14T10:00"], "1 h 30 min\n"),
        (["--from", "2026-02-13", "--to", "2026-02-14"], "7 h 30 min\n"),
    ],
)
def test_working_time_is_counted(capsys: pytest.CaptureFixture[str], words: list[str], out: str) -> None:
    """Lunch and closed days do not count, shifted working days do."""
    assert run(["calendar", *HOURS, *words]) == 0
    assert capsys.readouterr().out == out


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["2026-13"], "`2026-13` is no year, month or day"),
        (["next"], "`next` is no year, month or day"),
        (["--from", "2026-02-13"], "give --from with --add, or --from with --to"),
        (["--country", "XX"], "XX"),
        (["--from", "2026-02-13", "--add", "4 workin hours"], "`workin hours`"),
    ],
)
def test_bad_input_is_exit_2(capsys: pytest.CaptureFixture[str], words: list[str], text: str) -> None:
    """What cannot be understood is said in one line."""
    assert run(["calendar", *words]) == 2
    assert text in capsys.readouterr().err
