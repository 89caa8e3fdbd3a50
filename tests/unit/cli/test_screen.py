"""Tables, colours and progress on the terminal."""

from __future__ import annotations

import io
import sys

import pytest

from relflow.cli.screen import Table, colours, pad, print_json, progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """As a terminal would."""
        return True


def test_tables_align_wide_characters() -> None:
    """A Chinese character takes two cells, so that columns stand under each other."""
    table = Table("级别", "accounts", right=[1])
    table.add("战略", 12)
    table.add("key", 1234)

    assert list(table.lines()) == ["级别  accounts", "战略        12", "key       1234"]


def test_tables_have_no_trailing_spaces_and_take_short_rows() -> None:
    """An empty last cell leaves nothing behind, a row may be shorter than the heading."""
    table = Table("a", "b", "c")
    table.add("long cell", None, "")
    table.add("x")

    assert list(table.lines("  ")) == ["  a          b  c", "  long cell", "  x"]


def test_pad_counts_cells() -> None:
    """Padding fills to terminal cells, on either side, and never cuts."""
    assert [pad("中", 4), pad("中", 4, right=True), pad("中文字", 4)] == ["中  ", "  中", "中文字"]


@pytest.mark.parametrize(
    ("environment", "terminal", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
    ],
)
def test_colours_are_for_terminals(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], terminal: bool, expected: bool
) -> None:
    """A terminal gets colours unless NO_COLOR is set; a pipe gets none unless they are forced."""
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert colours(Terminal() if terminal else io.StringIO()) is expected


def test_progress_is_silent_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody watches, the items pass through and nothing is drawn."""
    assert list(progress(range(3), "deciding", "判定")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_progress_draws_and_wipes_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal a bar is drawn on standard error and wiped at the end."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)

    assert len(list(progress(list(range(101)), "deciding", "判定"))) == 101
    assert "deciding [###########.............] 50/101" in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_json_keeps_chinese_readable(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON is printed with its characters as they are, sets in order."""
    print_json({"级别": {"b", "a"}})

    assert capsys.readouterr().out == '{\n  "级别": [\n    "a",\n    "b"\n  ]\n}\n'
