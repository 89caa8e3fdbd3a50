"""`relflow table`: out to a spreadsheet and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from relflow.cli.app import run

Screen = pytest.CaptureFixture[str]
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(oil: Path, capsys: Screen) -> Call:
    """Run a command in the policy's folder; exit code, standard output and standard error."""

    def call_(*words: str) -> tuple[int, str, str]:
        code = run(words)
        return code, *capsys.readouterr()

    return call_


def test_one_table_goes_to_standard_output(call: Call) -> None:
    """Without a file a table is printed as CSV; labels are in the language of the session."""
    code, out, err = call("table", "export", "by_amount", "--lang", "zh")

    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == ["table,by_amount,hit_policy,first,,,", "label,年采购额,,,,,"]


def test_several_tables_need_a_workbook(call: Call, oil: Path) -> None:
    """A CSV holds one table; a workbook takes all of them, and brings them back unchanged."""
    assert call("table", "export") == (
        2,
        "",
        "error: a CSV holds one table; name one (`by_amount`, `contact`), or write a workbook: --to tables.xlsx\n",
    )
    assert call("table", "export", "--to", "t.xlsx") == (0, "", "t.xlsx: `by_amount`, `contact`\n")
    assert call("table", "import", "t.xlsx") == (0, "no differences\n", "")


def test_a_name_that_is_no_table_is_told(call: Call) -> None:
    """A misspelt table is told with the name that was probably meant."""
    code, _, err = call("table", "export", "by_amont")

    assert (code, err) == (
        2,
        "error: the policy has no table `by_amont` (`by_amount`, `contact`); did you mean `by_amount`?\n",
    )


def test_an_edited_sheet_is_shown_and_written(call: Call, oil: Path) -> None:
    """`--check` shows the change, exits 1 and writes nothing; without it the file changes, a byte order mark stays."""
    rules = oil / "tiers.yaml"
    rules.write_bytes(b"\xef\xbb\xbf" + rules.read_bytes())
    call("table", "export", "by_amount", "--to", "t.csv")
    sheet = (oil / "t.csv").read_text("utf-8-sig")
    (oil / "t.csv").write_text(sheet.replace("5000万", "6000万"), "utf-8")
    before = rules.read_bytes()
    change = "decision `by_amount`, row 1, amount: `>= 5000万` is now `>= 6000万`  (tiers.yaml:17)\n"

    assert call("table", "import", "t.csv", "--check") == (1, change, "")
    assert rules.read_bytes() == before
    assert call("table", "import", "t.csv") == (0, f"{change}written: tiers.yaml\n", "")
    assert rules.read_bytes() == before.replace("5000万".encode(), "6000万".encode())
    assert not list(oil.glob("*.new"))


def test_a_bad_sheet_writes_nothing(call: Call, oil: Path) -> None:
    """A mistake is shown at its cell, exit 1, and the policy stays; JSON has the row and the column."""
    call("table", "export", "by_amount", "--to", "t.csv")
    sheet = (oil / "t.csv").read_text("utf-8-sig")
    (oil / "t.csv").write_text(sheet.replace("5000万", '"50,000,000"').replace('">= "50,000,000""', '">= 50,000,000"'))
    (oil / "t.csv").write_text(sheet.replace(">= 5000万", '">= 50,000,000"'), "utf-8")
    before = (oil / "tiers.yaml").read_bytes()
    code, out, err = call("table", "import", "t.csv")

    assert (code, out) == (1, "")
    assert err.startswith("t.csv!B5: error[thousands-separator]")
    assert err.endswith("t.csv: nothing was written\n")
    code, out, _ = call("table", "import", "t.csv", "--format", "json")
    (found,) = [one for one in json.loads(out)["findings"] if one["severity"] == "error"]
    assert (code, found["file"], found["line"], found["column"]) == (1, "t.csv", 5, 2)
    assert (oil / "tiers.yaml").read_bytes() == before


def test_without_the_extra_it_says_what_to_install(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where openpyxl is not installed a workbook is one line, not a traceback."""
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)

    assert call("table", "export", "--to", "t.xlsx") == (
        2,
        "",
        'error: workbooks need the extra: pip install "relflow[xlsx]"; CSV works without it\n',
    )


def test_what_is_shipped_is_not_written(call: Call, oil: Path) -> None:
    """Importing into a shipped policy is refused before anything is read."""
    (oil / "t.csv").write_text("x,||,y\n", "utf-8")

    assert call("table", "import", "t.csv", "--policy", "shipped:petrochemical") == (
        2,
        "",
        "error: what is shipped is not changed; copy it first\n",
    )
