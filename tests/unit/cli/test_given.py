"""What commands are given beside facts: days since when they are known, versions, names that mean nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from relflow.cli.app import run

Answer = tuple[int, str, str]
Call = Callable[..., Answer]


@pytest.fixture
def call(oil: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command in the policy's folder; exit code, standard output and standard error."""

    def call_(*words: str) -> Answer:
        code = run(words)
        return code, *capsys.readouterr()

    return call_


AGED = """\
policy: x
version: 1
categories: {basic: {fresh_for: 30 days}}
facts: {amount: {type: number, category: basic}}
decisions:
  old: {output: {type: boolean}, expression: stale(amount)}
"""


@pytest.mark.parametrize("command", ["decide", "explain"])
def test_known_days_decide_about_the_age_of_data(call: Call, oil: Path, command: str) -> None:
    """`--known FACT=DAY` answers what `stale` asks for."""
    (oil / "aged").mkdir()
    (oil / "aged" / "policy.yaml").write_text(AGED, encoding="utf-8")
    words = (command, "old", "aged", "amount=5", "--at", "2026-07-01", "--known")

    assert "yes" in call(*words, "amount=2026-05-01")[1].split("\n")[0].split()
    assert "no" in call(*words, "amount=2026-06-20")[1].split("\n")[0].split()


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ("amuont=2026-01-01", "`amuont` is no fact of the policy; did you mean `amount`?"),
        ("amount", "`--known amount` has no day: write `--known amount=2026-01-31`"),
        ("amount=May", "`May` is no day; write 2026-07-01"),
    ],
)
def test_known_days_that_are_none_are_refused(call: Call, oil: Path, known: str, told: str) -> None:
    """A misspelt fact, no day and what is no day, each in one line."""
    assert call("decide", "by_amount", "--known", known) == (2, "", f"error: {told}\n")


def test_a_version_is_chosen_by_its_day(call: Call, oil: Path) -> None:
    """`--as-of` takes the version of the day; without it a folder of versions says how to choose."""
    for name, since, level in (("old", "2025-01-01", "5"), ("new", "2026-01-01", "50")):
        (oil / "kept" / name).mkdir(parents=True)
        (oil / "kept" / name / "policy.yaml").write_text(
            f"policy: x\nversion: {name}\neffective: {{from: {since}}}\nfacts: {{amount: {{type: number}}}}\n"
            f"decisions:\n  big: {{output: {{type: boolean}}, expression: amount > {level}}}\n",
            encoding="utf-8",
        )

    assert call("decide", "big", "kept", "amount=20", "--as-of", "2025-06-01")[:2] == (0, "big  yes\n")
    assert call("decide", "big", "kept", "amount=20", "--as-of", "2026-06-01")[:2] == (0, "big  no\n")
    assert (
        call("decide", "big", "kept", "amount=20", "--as-of", "soon")[2]
        == "error: `soon` is no day; write 2026-07-01\n"
    )
    code, _, err = call("decide", "big", "kept", "amount=20")
    assert code == 1
    assert "say the day: `--as-of 2026-07-01`" in err


@pytest.mark.parametrize("words", [("plan",), ("explain", "by_amount"), ("decide", "by_amount")])
def test_a_misspelt_column_is_told_by_every_command_that_takes_facts(
    call: Call, oil: Path, words: tuple[str, ...]
) -> None:
    """The column is named with what was meant; the answer is given all the same, and the exit code says so."""
    (oil / "one.json").write_text(json.dumps({"amuont": 5, "years": 2, "region": "north"}), encoding="utf-8")

    code, out, err = call(*words, "--facts", "one.json", "--at", "2026-07-01")

    assert code == 1
    assert "warning: `amuont` is no fact of the policy: did you mean `amount`?" in err
    assert "region" not in err
    assert out


def test_contacts_that_no_cadence_knows_are_counted(call: Call, oil: Path) -> None:
    """They are left aside with a warning that counts them by kind, and the plan counts the others."""
    rows = "touchpoint,on\nvist,2026-06-01\nvist,2026-06-02\nvisit,2026-06-15\n"
    (oil / "made.csv").write_text(rows, encoding="utf-8")
    words = ("plan", "amount=6000万", "years=5", "--history", "made.csv", "--at", "2026-07-01")

    code, out, err = call(*words)

    assert code == 1
    assert err.splitlines()[0] == (
        "warning: no cadence declares `vist`: left aside, contacts: 2; did you mean `visit`?"
    )
    assert out.splitlines()[1].startswith("2026-07-15")
    assert "警告：没有联系节奏声明 `vist`，已略过 2 条记录，是否想写 `visit`？" in call(*words, "--lang", "zh")[2]
