"""Facts from words and files."""

from __future__ import annotations

import io
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from relflow.cli.options import moment, source, split_words
from relflow.cli.records import read_records
from relflow.cli.session import Problem

SHANGHAI = ZoneInfo("Asia/Shanghai")


def write(folder: Path, name: str, content: str | bytes) -> str:
    """A file with this content; its path."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_csv_rows_are_records_and_empty_cells_missing(tmp_path: Path) -> None:
    """A CSV from a spreadsheet, with its byte order mark, gives one record a row without the empty cells."""
    name = write(tmp_path, "a.csv", '\ufeffid, 年采购额 ,note\r\nC1,4800万,"a, b"\r\nC2,,\r\n\r\n')

    assert read_records(name) == ([{"id": "C1", "年采购额": "4800万", "note": "a, b"}, {"id": "C2"}], True)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.json", '{"amount": 0.1}', ([{"amount": Decimal("0.1")}], False)),
        ("a.json", '[{"a": 1}, {"a": null}]', ([{"a": 1}, {"a": None}], True)),
        ("a.jsonl", '{"a": 1}\n\n{"a": 2}\n', ([{"a": 1}, {"a": 2}], True)),
        ("a.txt", ' {"a": 1}', ([{"a": 1}], False)),
        ("a.txt", "a\n1\n", ([{"a": "1"}], True)),
    ],
)
def test_json_is_told_by_name_or_look(tmp_path: Path, name: str, content: str, expected: object) -> None:
    """Objects, lists of them and JSON lines are read; fractions keep their decimal text."""
    assert read_records(write(tmp_path, name, content)) == expected


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.json", "{\n1}", "a.json:2:1: this is not JSON"),
        ("a.json", "[1]", 'a.json` has to hold objects, {"name": value}'),
        ("a.json", "[" * 200_000, "is nested too deeply"),
        ("a.csv", "a,b\n1,2,3\n", "a.csv:2: this row has 3 cells, the heading has 2"),
        ("a.csv", "a,a\n1,2\n", "a.csv:1: column `a` stands twice"),
        ("a.csv", 'a\n"x\n', "a.csv:2: this is not CSV"),
        ("a.csv", "", "is empty; a CSV starts with column names"),
        ("a.csv", "名称\n".encode("gbk"), "is not UTF-8"),
        ("a.csv", "a;b\n1;2\n", "a.csv:1: the columns are divided by `;`; save the file with commas"),
        ("a.csv", "a\tb\n1\t2\n", "a.csv:1: the columns are divided by `Tab`"),
        ("a.xlsx", b"PK\x03\x04rest", "a.xlsx` is a spreadsheet; save it as CSV"),
    ],
)
def test_bad_files_say_where(tmp_path: Path, name: str, content: str | bytes, text: str) -> None:
    """What cannot be read names its file and, where there is one, its line."""
    with pytest.raises(Problem) as problem:
        read_records(write(tmp_path, name, content))

    assert text in problem.value.message


def test_standard_input_is_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` reads the records from standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"a": true}')))

    assert read_records("-") == ([{"a": True}], False)


def test_words_split_into_names_and_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word with `=` is a fact unless it is a path."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a=b").mkdir()

    assert split_words(["tier", "a=b", "x = 1=2", "x/y=z"], 3) == (["tier", "a=b", "x/y=z"], {"x": "1=2"})


@pytest.mark.parametrize(
    ("words", "text"),
    [(["a", "b"], "`b` is one word too many; facts are written name=value"), (["a=1", "a=2"], "`a` is given twice")],
)
def test_words_that_fit_nowhere(words: list[str], text: str) -> None:
    """A word too many and a fact given twice are refused."""
    with pytest.raises(Problem) as problem:
        split_words(words, 1)

    assert problem.value.message == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07-01", date(2026, 7, 1)),
        ("2026-07-01T09:30", datetime(2026, 7, 1, 9, 30, tzinfo=SHANGHAI)),
        ("2026-07-01T09:30+00:00", datetime.fromisoformat("2026-07-01T09:30+00:00")),
    ],
)
def test_moments_are_days_or_instants_of_the_policy(text: str, expected: object) -> None:
    """A date stays a date; a local time is the policy's; an offset is kept."""
    assert moment(text, SHANGHAI) == expected


def test_no_moment_is_now() -> None:
    """Without a text the command line reads the clock, in the policy's zone."""
    now = moment(None, SHANGHAI)

    assert isinstance(now, datetime)
    assert now.tzinfo is SHANGHAI


def test_a_bad_moment_says_how_to_write_one() -> None:
    """A day in another notation is refused with the notation that works."""
    with pytest.raises(Problem, match="write 2026-07-01"):
        moment("1.7.2026", SHANGHAI)


def test_a_source_has_to_exist(tmp_path: Path) -> None:
    """A path that leads nowhere is an error of the file system; shipped names are looked up elsewhere."""
    assert source("shipped:petrochemical") == "shipped:petrochemical"
    assert source(str(tmp_path)) == str(tmp_path)
    with pytest.raises(FileNotFoundError):
        source(str(tmp_path / "no"))
