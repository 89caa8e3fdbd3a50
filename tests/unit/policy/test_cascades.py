"""One mistake, one finding: what only follows from a line that cannot be read is not told as well."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from relflow.diagnostics import Diagnostic, render
from relflow.errors import PolicyError
from relflow.policy import build
from relflow.reader import read_text

POLICY = """policy: x
version: 1
facts:
  amount: {type: number, min: 0}
  segment: {type: string, one_of: [oil, gas]}
  ends_on: {type: date}
parameters:
  rhythm: {type: duration, value: 1 month}
decisions:
  size:
    hit_policy: first
    output: {levels_of: tier}
    table: |
      | amount | segment || size |
      | >= 50  | oil     || high |
      | -      | -       || low  |
tiers:
  tier: {from: size, levels: [high, low]}
roles:
  boss: {members: [wang]}
cadences:
  contact:
    touchpoints:
      visit: {channel: visit}
    plan: |
      | tier || touchpoint | target   |
      | high || visit      | = rhythm |
      | low  || visit      | 6 months |
    key_nodes:
      - {before: ends_on, within: 90 days, times_as_often: 2}
obligations:
  renew: {of: account, date: ends_on, before: 30 days, do: [{notify: boss}]}
"""


def findings(text: str) -> tuple[Diagnostic, ...]:
    """Every finding about a policy."""
    model, found = read_text(text)
    try:
        return build(model, found).diagnostics
    except PolicyError as error:
        return error.diagnostics


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("amount: {type: number, min: 0}", "amount: {type: number, min: 0", ["unclosed-bracket"]),
        ("  ends_on: {", "\u3000ends_on: {", ["indentation"]),
        ("  rhythm: {", "   rhythm：{", ["full-width-punctuation", "needs-quotes"]),
        ("facts:", "fakts:", ["unknown-key"]),
        ("    plan: |\n", "", ["table-line"]),
        ("  boss: {members: [wang]}", "  boss: {members: [wang}", ["unclosed-bracket"]),
        ("  tier: {from", "  tier: [from", ["stray-bracket", "unclosed-bracket"]),
    ],
)
def test_names_of_a_broken_line_are_not_called_unknown(right: str, wrong: str, told: list[str]) -> None:
    """They are there for everybody to see; once the line is right, so are they."""
    assert right in POLICY
    names = {found.name for found in findings(POLICY.replace(right, wrong, 1))}

    assert names <= {*told, "unused-fact", "no-source", "open", "missing-key", "wrong-shape"}
    assert names & set(told)


def test_a_file_that_is_not_there_takes_its_names_with_it() -> None:
    """A workflow whose file is misspelt is no unknown workflow as well."""
    text = POLICY.replace("facts:", "include: [welcom.yaml]\nfacts:", 1).replace(
        "[{notify: boss}]", "[{open: welcome}]"
    )

    assert [found.name for found in findings(text) if found.severity.value == "error"] == ["missing-file"]


def swap(line: str, pick: random.Random) -> str:
    """Two letters of a word exchanged."""
    words = list(re.finditer(r"\w{4,}", line))
    at = pick.choice(words).start() + 1
    return line[:at] + line[at + 1] + line[at] + line[at + 2 :]


def cut(line: str, pick: random.Random) -> str:
    """A sign of punctuation lost."""
    places = [found.start() for found in re.finditer(r"[\[\]{}:,|\"]", line)]
    at = pick.choice(places)
    return line[:at] + line[at + 1 :]


def other(line: str, pick: random.Random) -> str:
    """A value that somebody might write."""
    words = [
        ">= 5,000",
        "=> 5",
        "≥ 5",
        "3m",
        "yes",
        "“x”",
        "[1, 2",
        "2026/1/1",
        "１０",
        "~",
        "- -",
        "& a",
        "5..9",
        "'x",
    ]
    places = list(re.finditer(r"[\w.]+(?=[\s,}\]|]|$)", line))
    found = pick.choice(places)
    return line[: found.start()] + pick.choice(words) + line[found.end() :]


def moved(line: str, pick: random.Random) -> str:
    """Another indentation."""
    return pick.choice([" ", "\t", "\u3000", "\u00a0", "    "]) + (line.lstrip() if pick.random() < 0.5 else line)


@pytest.mark.parametrize("change", [swap, cut, other, moved], ids=lambda change: change.__name__)
def test_whatever_is_mistyped_is_answered_in_the_analysts_words(change: Callable[[str, random.Random], str]) -> None:
    """A hundred slips of the hand: never an exception, never the parser's words, every finding at a line there is."""
    pick = random.Random(change.__name__)
    lines = POLICY.split("\n")
    for _ in range(25):
        number = pick.randrange(len(lines) - 1)
        try:
            changed = change(lines[number], pick)
        except (IndexError, ValueError):
            continue
        text = "\n".join([*lines[:number], changed, *lines[number + 1 :]])
        for found in findings(text):
            assert 1 <= found.span.line <= len(lines), (changed, found)
            for lang in ("en", "zh"):
                said = f"{found.text(lang)} {found.help(lang) or ''}"
                assert not re.search(r"Traceback|yaml\.|\bNone\b| object at |scanner|mapping values|\{\w+\}", said), (
                    changed,
                    said,
                )
                assert render(found, lang)
