"""`relflow diff`: what changed, in which words, and who moves."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from relflow.cli.app import run

Screen = pytest.CaptureFixture[str]
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(oil: Path, capsys: Screen) -> Call:
    """Run a command beside two versions of the policy, `old` and `new`; exit code and what was printed."""
    for name in ("old", "new"):
        (oil / name).mkdir()
        for file in ("policy.yaml", "tiers.yaml"):
            text = (oil / file).read_text("utf-8")
            changed = text.replace("5000万", "6000万").replace("1 month", "2 weeks") if name == "new" else text
            (oil / name / file).write_text(changed, "utf-8")
    rows = "id,amount,years,other\nA,55000000,3,x\nB,70000000,3,\nC,12.50,,\nD,many,3,\nE,-1,1,\n"
    (oil / "accounts.csv").write_text(rows, "utf-8-sig")

    def call_(*words: str) -> tuple[int, str, str]:
        code = run(["diff", "old", "new", *words])
        return code, *capsys.readouterr()

    return call_


def test_changes_are_said_in_the_words_of_the_policy(call: Call) -> None:
    """A cell is named by its fact's label and said as people say it; other things as they are written."""
    assert call()[1].splitlines() == [
        "decision `by_amount`, row 1, Annual amount: at least 50,000,000 is now at least 60,000,000  (tiers.yaml:17)",
        "cadence `contact`, row 1, target: `1 month` is now `2 weeks`  (tiers.yaml:33)",
    ]
    assert call("--lang", "zh")[1].splitlines()[0] == (
        "判定 `by_amount` 第 1 行的年采购额：由“不低于 50,000,000”改为“不低于 60,000,000”  (tiers.yaml:17)"
    )


def test_who_moves_is_counted_level_by_level(call: Call, oil: Path) -> None:
    """The matrix, the contacts of a month, and the accounts; what cannot be read is counted and told."""
    code, out, err = call("--facts", "accounts.csv", "--at", "2026-07-01", "--moves", "moves.csv")

    assert code == 0
    assert out.splitlines()[3:] == [
        "tier: 1 of 5 accounts move",
        "  old \\ new  key  regular  unknown",
        "  key          1        1        0",
        "  regular      0        2        0",
        "  unknown      0        0        1",
        "",
        "contacts a month, as the plans ask for them",
        "         before  after  difference",
        "  visit     2.0    2.2        +0.2",
        "",
        "  account  what  before  after",
        "  A        tier  key     regular",
    ]
    assert [line.partition(" (")[0] for line in err.splitlines()] == [
        "left out in 1 accounts: `amount`: `many` is not a number",
        "left out in 1 accounts: `amount`: `-1` is below the minimum of 0",
    ]
    assert (oil / "moves.csv").read_text("utf-8-sig").splitlines() == [
        "account,what,before,after",
        "A,tier,key,regular",
    ]


def test_json_has_what_the_screen_has(call: Call) -> None:
    """Changes as written and in words, the matrix, the moves and the contacts, under a schema version."""
    _, out, _ = call("--facts", "accounts.csv", "--at", "2026-07-01", "--format", "json")
    found = json.loads(out)

    assert found["schema_version"] == 1
    assert [(one["old"], one["new"]) for one in found["changes"]] == [
        (">= 5000万", ">= 6000万"),
        ("1 month", "2 weeks"),
    ]
    assert found["impact"]["moved"] == {"tier": 1}
    assert found["impact"]["contacts_a_month"] == [{"touchpoint": "contact.visit", "old": 2.0, "new": 2.17}]


class Page(HTMLParser):
    """What a page says and loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.loads: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.loads += [(tag, value or "") for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.said.append(data.strip())


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["Who moves", "tier: 1 of 5 accounts move", "Contacts a month", "at least 60,000,000", "tiers.yaml:17"]),
        ("zh", ["客户变动", "tier：5 家客户中有 1 家变动", "每月联系次数", "不低于 60,000,000", "判定", "拜访"]),
    ],
)
def test_the_page_stands_by_itself(call: Call, lang: str, said: list[str]) -> None:
    """One page with the changes, the matrix, the contacts and the accounts; it loads nothing."""
    _, out, _ = call("--facts", "accounts.csv", "--at", "2026-07-01", "--format", "html", "--lang", lang)
    page = Page(out)

    assert out.startswith("<!doctype html>")
    assert {target[:1] for _, target in page.loads} == {"#"}
    text = "\n".join(page.said)
    assert [one for one in said if one not in text] == []
    assert "new/tiers.yaml" not in text  # places are short where all of them are in one folder


def test_a_pull_request_shows_each_change_at_its_line(call: Call) -> None:
    """As annotations of GitHub, one a change."""
    _, out, _ = call("--format", "github")

    assert [line.split("::")[1] for line in out.splitlines()] == [
        "notice file=new/tiers.yaml,line=17,col=7,title=policy",
        "notice file=new/tiers.yaml,line=33,col=7,title=policy",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '[{"id": "A", "amount": 55000000, "years": 3}, {"id": "B", "amount": "x"}]'),
        ("a.jsonl", '{"id": "A", "amount": 55000000, "years": 3}\n{"id": "B", "amount": "x"}\n'),
    ],
)
def test_accounts_come_from_json_too(call: Call, oil: Path, name: str, text: str) -> None:
    """A list or lines of objects; a bad value is left out and counted as in a CSV."""
    (oil / name).write_text(text, "utf-8")
    _, out, err = call("--facts", name, "--at", "2026-07-01")

    assert "tier: 1 of 2 accounts move" in out
    assert err.startswith("left out in 1 accounts: `amount`: `x` is not a number")


def test_accounts_come_from_standard_input(call: Call, oil: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` reads a CSV from a pipe."""
    lines = io.BufferedReader(io.BytesIO((oil / "accounts.csv").read_bytes()))  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(lines))

    assert "tier: 1 of 5 accounts move" in call("--facts", "-", "--at", "2026-07-01")[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,amount\nA,1,2\n", "accounts.csv:2: this row has 3 cells, the heading has 2"),
        ("id;amount\nA;1\n", "accounts.csv:1: the columns are divided by `;`"),
        ('id,amount\nA,"1\n', "accounts.csv:2: this is not CSV"),
        ("", "`accounts.csv` is empty"),
        ("PK\x03\x04", "`accounts.csv` is a spreadsheet"),
    ],
)
def test_a_bad_file_is_one_line(call: Call, oil: Path, text: str, said: str) -> None:
    """What is wrong with the file is said with its line, and the exit code is 2."""
    (oil / "accounts.csv").write_text(text, "utf-8")
    code, _, err = call("--facts", "accounts.csv", "--at", "2026-07-01")

    assert code == 2
    assert err.startswith(f"error: {said}")


def test_many_accounts_are_read_one_by_one(call: Call, oil: Path) -> None:
    """A file of accounts is a stream: the first is decided before the last is read."""
    from relflow.cli.streaming import Accounts
    from relflow.policy import load

    with (oil / "accounts.csv").open("w", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(["id", "amount"])
        rows.writerows((f"A{n}", n) for n in range(300_000))
    accounts = Accounts("accounts.csv", load("old"), ["amount"])
    stream = iter(accounts)

    assert next(stream) == ("A0", {"amount": 0})
    assert accounts.share is not None
    assert 0 < accounts.share < 0.5
