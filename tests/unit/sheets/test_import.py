"""Tables that come back from sheets: what changes, what stays, what is refused and where."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from relflow.diagnostics import Diagnostic
from relflow.review import compare
from relflow.sheets import Returned, Sheet, bring_in, read_sheets, sheets_of, write_csv
from relflow.sheets.workbooks import read_workbook, write_workbook

POLICY = "policy: oil\nversion: 1\ntimezone: Asia/Shanghai\n"
RULES = """\
# page 3 of the manual
facts:
  amount: {type: number, unit: CNY, min: 0, label: {en: Annual amount, zh: 年采购额}}
  years: {type: number}
  since: {type: date}
decisions:
  by_amount:   # settled in March
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | amount    | years || tier    | because | because.zh | source   |
      |-----------|-------||---------|---------|------------|----------|
      | >= 5000万 | >= 3  || key     | large   | 规模大     | M-1, M-2 |
      | -         | -     || regular | a \\| b  |            |          |
    # below the table
  rate:
    output: {type: number}
    table: {file: rates.csv}
tiers:
  tier: {from: by_amount, levels: [key, regular]}
cadences:
  contact:
    touchpoints:
      visit: {channel: visit}
    plan: |
      | tier || touchpoint | target  |
      | -    || visit      | 1 month |
"""
RATES = 'amount,||,rate,because\r\n>= 5,,0.8,"large, settled"\r\n< 5,,1,\r\n'


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policy with a table, a table in a CSV file and a plan, in the current folder."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("policy.yaml", POLICY), ("rules.yaml", RULES), ("rates.csv", RATES)):
        (tmp_path / name).write_text(text, "utf-8", newline="")
    return tmp_path


def sheet_of(name: str) -> list[list[str]]:
    """The cells of a table that went out, to be edited."""
    return [list(row) for row in sheets_of(".")[name].cells()]


def returned(*rows: list[str], name: str | None = None) -> Returned:
    """What a sheet of these rows makes of the policy."""
    return bring_in(".", [Sheet.of("t.csv", rows)], name=name)


def places(result: Returned) -> list[tuple[str, str]]:
    """The findings with their places."""
    return [(str(one.span), one.name) for one in result.findings]


def test_a_table_goes_out_with_its_policy_labels_and_types(policy: Path) -> None:
    """Above the heading stand name, hit policy, labels and types; rows are numbered."""
    assert sheet_of("by_amount") == [
        ["table", "by_amount", "hit_policy", "first"],
        ["label", "Annual amount", "", "", "", "", "", ""],
        ["type", "number, CNY", "number", "", "one of key, regular", "", "", ""],
        ["#", "amount", "years", "||", "tier", "because", "because.zh", "source"],
        ["1", ">= 5000万", ">= 3", "", "key", "large", "规模大", "M-1, M-2"],
        ["2", "-", "-", "", "regular", "a | b", "", ""],
    ]


@pytest.mark.usefixtures("policy")
def test_what_did_not_change_changes_nothing() -> None:
    """Every table of the policy goes out and comes back without any file to write."""
    sheets = [Sheet.of(f"{name}.csv", table.cells()) for name, table in sheets_of(".").items()]
    result = bring_in(".", sheets)

    assert [sheet.name for sheet in sheets] == ["by_amount.csv", "rate.csv", "contact.csv"]
    assert (dict(result.texts), result.findings, result.sound) == ({}, (), True)


@pytest.mark.usefixtures("policy")
def test_only_the_lines_of_the_table_change() -> None:
    """A threshold, a new row and the hit policy change; comments and every other line stay."""
    rows = sheet_of("by_amount")
    rows[0][3] = "priority"
    rows[4][1] = ">= 6000万"
    rows.insert(5, ["", ">= 500万", "-", "", "key", "sizeable", "", ""])
    result = returned(*rows)
    old, new = RULES.splitlines(), result.texts["rules.yaml"].splitlines()

    assert result.findings == ()
    assert new[:7] == old[:7]
    assert new[7:15] == [
        "    hit_policy: priority",
        "    output: {levels_of: tier}",
        "    table: |",
        "      | amount    | years || tier    | because  | because.zh | source   |",
        "      |-----------|-------||---------|----------|------------|----------|",
        "      | >= 6000万 | >= 3  || key     | large    | 规模大     | M-1, M-2 |",
        "      | >= 500万  | -     || key     | sizeable |            |          |",
        "      | -         | -     || regular | a \\| b   |            |          |",
    ]
    assert new[15:] == old[14:]
    assert result.new is not None
    assert next(change.text() for change in compare(result.old, result.new)) == (
        "decision `by_amount`, hit_policy: `first` is now `priority`"
    )


@pytest.mark.usefixtures("policy")
def test_a_hit_policy_that_was_not_written_gets_a_line() -> None:
    """A table without `hit_policy` is unique; another one in the sheet is written below the decision's name."""
    rows = sheet_of("rate")
    assert rows[0] == ["table", "rate", "hit_policy", "unique"]
    rows[0][3] = "first"
    result = returned(*rows)

    assert "  rate:\n    hit_policy: first\n    output: {type: number}\n" in result.texts["rules.yaml"]
    assert list(result.texts) == ["rules.yaml"]


@pytest.mark.usefixtures("policy")
def test_a_table_in_a_csv_file_changes_there() -> None:
    """The plain CSV that the policy names is written, with its line ends; the YAML stays."""
    rows = sheet_of("rate")
    rows[-1][1], rows[-1][4] = "< 5", 'one "more", or less'
    result = returned(*rows)

    assert dict(result.texts) == {
        "rates.csv": 'amount,||,rate,because\r\n>= 5,,0.8,"large, settled"\r\n< 5,,1,"one ""more"", or less"\r\n'
    }


@pytest.mark.usefixtures("policy")
def test_a_plain_sheet_is_named_by_the_caller() -> None:
    """A sheet without a name of its own is the table that the caller says; without that it is asked for."""
    rows = [["tier", "||", "touchpoint", "target"], ["-", "", "visit", "2 months"]]

    assert "| -    || visit      | 2 months |" in returned(*rows, name="contact").texts["rules.yaml"]
    assert places(returned(*rows)) == [("t.csv!A1", "sheet")]


Edit = Callable[[list[list[str]]], Any]
BAD: dict[str, tuple[Edit, list[tuple[str, str]]]] = {
    "a thousands comma": (lambda rows: rows[4].__setitem__(1, ">= 6,000,000"), [("t.csv!B5", "thousands-separator")]),
    "an empty condition": (lambda rows: rows[5].__setitem__(2, ""), [("t.csv!C6", "empty-cell")]),
    "a level that is none": (lambda rows: rows[4].__setitem__(4, "kay"), [("t.csv!E5", "unknown-name")]),
    "a line break": (lambda rows: rows[4].__setitem__(5, "a\nb"), [("t.csv!F5", "sheet-cell")]),
    "a cell beyond the heading": (lambda rows: rows[4].append("x"), [("t.csv!I5", "sheet-cell")]),
    "something under the divider": (lambda rows: rows[4].__setitem__(3, "x"), [("t.csv!D5", "sheet-cell")]),
    "quotation marks that pair across cells": (
        lambda rows: (rows[4].__setitem__(5, '6" pipe'), rows[4].__setitem__(6, '8" pipe')),
        [("t.csv!A5", "sheet-cell")],
    ),
    "an unknown hit policy": (lambda rows: rows[0].__setitem__(3, "frst"), [("t.csv!D1", "unknown-name")]),
    "an unknown setting": (lambda rows: rows[0].__setitem__(2, "hits"), [("t.csv!A1", "sheet")]),
    "no table of the policy": (lambda rows: rows[0].__setitem__(1, "by_amont"), [("t.csv!A1", "sheet")]),
    "no heading": (lambda rows: rows.pop(3), [("t.csv!A1", "sheet")]),
    "two dividers": (lambda rows: rows[3].__setitem__(5, "||"), [("t.csv!F4", "sheet")]),
    "a heading twice": (lambda rows: rows[3].__setitem__(2, "amount"), [("t.csv!C4", "table-heading")]),
}


@pytest.mark.parametrize(("edit", "expected"), BAD.values(), ids=BAD)
@pytest.mark.usefixtures("policy")
def test_what_is_wrong_is_said_at_its_cell(edit: Edit, expected: list[tuple[str, str]]) -> None:
    """Whatever is wrong with a sheet is a finding at the row and column where the user sees it."""
    rows = sheet_of("by_amount")
    edit(rows)
    result = returned(*rows)

    assert set(expected) <= set(places(result))
    assert not result.sound


@pytest.mark.usefixtures("policy")
def test_types_are_shown_and_not_taken_over() -> None:
    """Another type in the sheet is a warning; the rest of the sheet counts."""
    rows = sheet_of("by_amount")
    rows[2][2] = "string"
    result = returned(*rows)

    assert [(str(one.span), one.text()) for one in result.findings] == [
        ("t.csv!C3", "the type of `years` is `number` in the policy; `string` is not taken over")
    ]
    assert result.sound


@pytest.mark.usefixtures("policy")
def test_two_sheets_about_one_table_are_refused() -> None:
    """Nobody has to guess which of two sheets wins."""
    rows = sheet_of("by_amount")
    rows[4][1] = ">= 1"
    result = bring_in(".", [Sheet.of("a.csv", rows), Sheet.of("b.csv", rows)])

    assert places(result) == [("b.csv!A1", "sheet")]


def book(*rows: list[object], merge: str | None = None) -> list[tuple[Sheet, list[Diagnostic]]]:
    """A workbook as a user may leave it, read."""
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = "客户"
    for row in rows:
        page.append(row)
    page["A2"].number_format = "0%"
    if merge:
        page.merge_cells(merge)
    written = io.BytesIO()
    made.save(written)
    found: list[Diagnostic] = []
    return [(sheet, found) for sheet in read_workbook(written.getvalue(), "t.xlsx", found.append)]


def test_cells_that_a_spreadsheet_typed_are_read_as_the_policy_writes_them() -> None:
    """Numbers, percentages, days and truth values come back as texts of the policy's own language."""
    ((sheet, found),) = book(["x", "||"], [0.8, 50_000_000, 0.1, date(2026, 1, 1), True, None, "万"])

    assert (sheet.name, found) == ("t.xlsx[客户]", [])
    assert sheet.cells[1] == ("80%", "50000000", "0.1", "2026-01-01", "true", "", "万")


def test_formulas_errors_and_merged_cells_are_findings() -> None:
    """What a spreadsheet works out or hides is said at its cell and not taken for a value."""
    ((_, found),) = book(["x", "||", "y"], ["=A1*2", None, "#REF!"], merge="A1:B1")

    assert [(str(one.span), one.text()) for one in found] == [
        ("t.xlsx[客户]!A2", "this cell holds a formula of the spreadsheet: `=A1*2`"),
        ("t.xlsx[客户]!C2", "the spreadsheet shows an error here: `#REF!`"),
        ("t.xlsx[客户]!A1", "the cells A1:B1 are merged; only the first of them has a value"),
    ]


@pytest.mark.parametrize("data", [b"PK\x03\x04 no workbook", b"PK\x03\x04"], ids=["cut", "empty"])
def test_a_damaged_workbook_is_a_finding(data: bytes) -> None:
    """A file that only begins like a workbook is one finding."""
    found: list[Diagnostic] = []

    assert read_workbook(data, "t.xlsx", found.append) == []
    assert [one.text() for one in found] == ["this is no workbook that can be read"]


def test_values_that_are_worked_out_stay_text_in_a_workbook(policy: Path) -> None:
    """`= rhythm` in a cell is the policy's formula, not the spreadsheet's."""
    rules = RULES.replace("1 month |", "= rhythm |").replace(
        "facts:", "parameters:\n  rhythm: {type: duration}\nfacts:"
    )
    (policy / "rules.yaml").write_text(rules, "utf-8")
    data = write_workbook(sheets_of(".").values())
    found: list[Diagnostic] = []
    sheets = read_workbook(data, "t.xlsx", found.append)

    assert found == []
    assert sheets[2].cells[-1] == ("1", "-", "", "visit", "= rhythm")
    assert dict(bring_in(".", sheets).texts) == {}


def test_a_csv_saved_with_semicolons_or_in_gbk(policy: Path) -> None:
    """Semicolons are what some spreadsheets write; an encoding that is not UTF-8 is a finding that says which."""
    rows = sheet_of("by_amount")
    found: list[Diagnostic] = []
    text = write_csv(tuple(map(tuple, rows)))
    (policy / "s.csv").write_text("\n".join(";".join(row) for row in rows), "utf-8")
    (policy / "g.csv").write_bytes(text.encode("gbk"))
    (sheet,) = read_sheets(Path("s.csv"), found.append)

    assert dict(bring_in(".", [sheet]).texts) == {}
    assert read_sheets(Path("g.csv"), found.append) == []
    assert [one.text() for one in found] == ["the file is not UTF-8 text; it looks like GBK"]
