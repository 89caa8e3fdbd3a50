"""Scorecards as sheets: what goes out comes back, what a sheet may change, and what it may not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from relflow.sheets import Returned, Sheet, TableSheet, bring_in, read_sheets, sheets_of, write_csv
from relflow.sheets.workbooks import read_workbook, write_workbook

POLICY = """\
policy: x
version: 1
facts:
  late: {type: boolean}
  amount: {type: number}
  years: {type: number}
parameters:
  bonus: {type: number, value: 5}
decisions:
  risk:
    label: {en: Risk, zh: 风险}
    output: {type: string, one_of: [high, low]}
    scorecard:
      criteria:
        late_payer: {when: late, points: 40}   # page 7
        size: {expression: amount, weight: 30, bands: {">= 5000万": 100, "-": 20}}
        age:
          expression: years
          bands:
            ">= 3": 10
            "< 3": 60
        extra: {when: amount > 5, points: = bonus}
      levels: {high: 70, low: 0}
"""
ROWS = [
    ("late_payer", "late", "", "", "40", ""),
    ("size", "amount", ">= 5000万", "", "100", "30"),
    ("size", "amount", "-", "", "20", ""),
    ("age", "years", ">= 3", "", "10", ""),
    ("age", "years", "< 3", "", "60", ""),
    ("extra", "amount > 5", "", "", "= bonus", ""),
    ("", "", "", "high", "70", ""),
    ("", "", "", "low", "0", ""),
]
Bring = Callable[[list[tuple[str, ...]]], Returned]


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policy with a scorecard, in the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("policy.yaml").write_text(POLICY, "utf-8")
    return tmp_path


def sheet_of(rows: list[tuple[str, ...]]) -> TableSheet:
    """The sheet of the scorecard with these rows."""
    made = sheets_of(".")["risk"]
    return TableSheet("scorecard", "risk", made.left, made.right, tuple((row[:4], row[4:]) for row in rows))


@pytest.fixture(params=["csv", "xlsx"])
def bring(request: pytest.FixtureRequest, policy: Path) -> Bring:
    """Bring rows in by way of a CSV file or of a workbook."""

    def by(rows: list[tuple[str, ...]]) -> Returned:
        sheets: list[Sheet]
        if request.param == "xlsx":
            sheets = read_workbook(write_workbook([sheet_of(rows)]), "risk.xlsx", lambda found: None)
        else:
            Path("risk.csv").write_text(write_csv(sheet_of(rows).cells()), "utf-8", newline="")
            sheets = read_sheets(Path("risk.csv"), lambda found: None)
        return bring_in(".", sheets)

    return by


def changed(rows: dict[int, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows of the scorecard with some of them in another form."""
    return [rows.get(number, row) for number, row in enumerate(ROWS)]


def test_a_scorecard_goes_out_row_by_row(policy: Path) -> None:
    """Criteria, bands and levels each have their row; the label is that of the decision."""
    made = sheets_of(".", lang="zh")["risk"]

    assert (made.kind, made.left, made.right) == (
        "scorecard",
        ("criterion", "reads", "band", "level"),
        ("points", "weight"),
    )
    assert [(*left, *right) for left, right in made.rows] == ROWS
    assert made.labels[0] == "风险"


def test_what_comes_back_unchanged_changes_nothing(bring: Bring) -> None:
    """No file is touched and nothing is found."""
    returned = bring(ROWS)

    assert (dict(returned.texts), returned.findings) == ({}, ())


def test_points_weights_bands_and_thresholds_change_in_place(bring: Bring) -> None:
    """Only what the sheet says otherwise is written otherwise; comments and all other lines stay."""
    returned = bring(
        changed(
            {
                0: ("late_payer", "late", "", "", "45", ""),
                1: ("size", "amount", ">= 6000万", "", "90", "35"),
                4: ("age", "years", "< 3", "", "55", ""),
                6: ("", "", "", "high", "75", ""),
            }
        )
    )

    assert returned.findings == ()
    assert returned.sound
    assert returned.texts["policy.yaml"] == (
        POLICY.replace("points: 40}", "points: 45}")
        .replace('weight: 30, bands: {">= 5000万": 100', 'weight: 35, bands: {">= 6000万": 90')
        .replace('"< 3": 60', '"< 3": 55')
        .replace("high: 70", "high: 75")
    )


def test_bands_come_and_go(bring: Bring) -> None:
    """More bands, or fewer, stand in the manner of those before: in braces, or each on its line."""
    rows = [
        *ROWS[:2],
        ("size", "amount", "[500万..5000万)", "", "60", ""),
        *ROWS[2:4],
        ("age", "years", "[1..3)", "", "30", ""),
        ("age", "years", "< 1", "", "60", ""),
        *ROWS[5:],
    ]
    returned = bring(rows)

    assert returned.findings == ()
    assert returned.texts["policy.yaml"] == POLICY.replace(
        '{">= 5000万": 100, "-": 20}', '{">= 5000万": 100, "[500万..5000万)": 60, "-": 20}'
    ).replace('            "< 3": 60\n', '            "[1..3)": 30\n            "< 1": 60\n')
    fewer = bring([*ROWS[:2], *ROWS[3:]])
    assert fewer.texts["policy.yaml"] == POLICY.replace('{">= 5000万": 100, "-": 20}', '{">= 5000万": 100}')


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (changed({0: ("latepayer", "late", "", "", "40", "")}), "A3"),
        (changed({5: ("extra", "amount > 5", "", "", "7", "")}), "A"),
        (changed({6: ("", "", "", "top", "70", "")}), "A9"),
        (ROWS[1:], "A"),
        ([*ROWS, ("more", "late", "", "", "5", "")], "A"),
    ],
)
def test_criteria_levels_and_formulas_are_the_files(bring: Bring, rows: list[tuple[str, ...]], place: str) -> None:
    """A sheet that says another criterion, level or formula is refused whole, at the row that says so."""
    returned = bring(rows)

    (found,) = returned.findings
    assert dict(returned.texts) == {}
    assert not returned.sound
    assert found.text().startswith("a sheet changes the points, weights and bands of the scorecard `risk`")
    assert f"!{place}" in str(found.span.source.place(found.span.line, found.span.column))


def test_a_mistake_is_told_at_the_cell_that_it_comes_from(bring: Bring) -> None:
    """What the policy would not take is shown where the analyst wrote it."""
    returned = bring(
        changed({1: ("size", "amount", "=> 5000万", "", "100", "30"), 4: ("age", "years", "< 3", "", "many", "")})
    )

    told = {
        str(one.span.source.place(one.span.line, one.span.column)).rpartition("!")[2]: one.name
        for one in returned.findings
    }
    assert told == {"D4": "comparison-arrow", "G7": "wrong-type"}
    assert not returned.sound
