"""Versions of a policy side by side: which one holds on a day, and a number that was used twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import relflow
from relflow.policy import check

POLICY = """policy: discounts
version: {version}
effective: {{from: {since}}}
facts:
  amount: {{type: number}}
decisions:
  large: {{expression: amount >= {limit}, output: {{type: boolean}}}}
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Two versions, the later one with a higher threshold."""
    for version, since, limit in (("2025", "2025-01-01", 100), ("2026", "2026-04-01", 500)):
        folder = tmp_path / version
        folder.mkdir()
        folder.joinpath("policy.yaml").write_text(POLICY.format(version=version, since=since, limit=limit))
    return tmp_path


@pytest.mark.parametrize(
    ("day", "version", "large"),
    [("2025-01-01", "2025", True), ("2026-03-31", "2025", True), ("2026-04-01", "2026", False)],
)
def test_what_the_policy_of_a_day_would_have_said(shelf: Path, day: str, version: str, large: bool) -> None:
    """One argument chooses the version; a later one supersedes those before it."""
    policy = relflow.load(shelf, as_of=date.fromisoformat(day))

    assert policy.version == version
    assert policy.decide("large", {"amount": 200}).value is large


def said(shelf: Path, day: date | None) -> list[tuple[str, str]]:
    """The findings for which loading is refused, with their Chinese text."""
    with pytest.raises(relflow.PolicyError) as caught:
        relflow.load(shelf, as_of=day)
    return [(one.name, one.text("zh")) for one in caught.value.diagnostics]


def test_a_day_on_which_no_version_held(shelf: Path) -> None:
    """The versions that there are come with the days from which they hold."""
    assert said(shelf, date(2024, 12, 31)) == [
        ("not-in-force", "2024-12-31 没有生效的 `discounts` 版本（2025 (2025-01-01 …)、2026 (2026-04-01 …)）")
    ]
    assert said(shelf / "2026", date(2026, 3, 31))[0][0] == "not-in-force"


def test_several_versions_take_a_day(shelf: Path) -> None:
    """Nothing is guessed where the folder alone does not tell."""
    assert said(shelf, None)[0][0] == "which-version"


def test_a_folder_above_a_policy_is_not_the_policy(tmp_path: Path) -> None:
    """One policy in a folder below leaves no day to choose: what is told is that the policy is not here."""
    folder = tmp_path / "mine"
    folder.mkdir()
    folder.joinpath("policy.yaml").write_text(POLICY.format(version="1", since="2025-01-01", limit=1))

    assert said(tmp_path, None)[0][0] == "missing-file"


def test_a_version_with_two_contents_is_told(shelf: Path) -> None:
    """Loading by a day refuses it; checking one of the folders finds its twin beside it."""
    later = shelf / "2026" / "policy.yaml"
    later.write_text(later.read_text().replace("version: 2026", "version: 2025"))

    assert said(shelf, date(2026, 5, 1)) == [
        ("version-reused", f"`discounts` 的版本 2025 在 {shelf / '2025' / 'policy.yaml'}:1:9 的内容不同")
    ]
    for place in (shelf, shelf / "2026"):
        assert "version-reused" in [one.name for one in check(place)]


def test_the_same_content_twice_is_one_version(shelf: Path) -> None:
    """A copy is no contradiction, and neither is a policy of another name beside it."""
    later = shelf / "2026" / "policy.yaml"
    later.write_text((shelf / "2025" / "policy.yaml").read_text())
    other = shelf / "other"
    other.mkdir()
    other.joinpath("policy.yaml").write_text(later.read_text().replace("discounts", "others").replace("100", "7"))

    assert "version-reused" not in [one.name for one in check(shelf / "2026")]
