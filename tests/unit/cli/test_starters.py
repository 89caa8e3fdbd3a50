"""`relflow init` and `relflow new`: files to begin with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from relflow.cli.app import run
from relflow.cli.session import Problem
from relflow.cli.starters import identifier


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Oil & Gas", "oil_gas"), ("tier", "tier"), ("客户分级", "客户分级"), ("a-b", "a_b"), ("_x_", "x")],
)
def test_names_become_ids(name: str, expected: str) -> None:
    """Capitals, blanks and hyphens are turned into what an id may hold."""
    assert identifier(name) == expected


@pytest.mark.parametrize("name", ["", "2026", "&"])
def test_names_without_a_letter_are_refused(name: str) -> None:
    """An id begins with a letter."""
    with pytest.raises(Problem):
        identifier(name)


def test_init_never_overwrites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """If one of the files exists nothing is written at all."""
    monkeypatch.chdir(tmp_path)
    Path("tiers.yaml").write_text("mine")

    assert run(["init", "--name", "oil"]) == 2
    assert capsys.readouterr().err == "error: `tiers.yaml`: it exists already\n"
    assert [path.name for path in tmp_path.iterdir()] == ["tiers.yaml"]


def test_init_takes_its_name_from_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The policy is called like its folder, and the next step is named."""
    folder = tmp_path / "Oil Gas"

    assert run(["init", str(folder)]) == 0
    assert "policy: oil_gas\n" in (folder / "policy.yaml").read_text(encoding="utf-8")
    assert capsys.readouterr().err.splitlines()[-1] == f"next: relflow check {folder}"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_begun_checks_and_tests_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    """A new policy with a new decision and a new workflow has no mistakes, and all its tests pass."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELFLOW_LANG", lang)
    codes = [
        run(["init", "--name", "oil"]),
        run(["new", "decision", "urgency"]),
        run(["new", "workflow", "repair"]),
        run(["check"]),
        run(["test", "--format", "json"]),
    ]

    tests = json.loads(capsys.readouterr().out)["tests"]
    assert codes == [0, 0, 0, 0, 0]
    assert [(test["file"], test["passed"]) for test in tests] == [
        ("repair.test.yaml", True),
        ("tiers.test.yaml", True),
        ("urgency.test.yaml", True),
    ]


def test_new_tables_are_aligned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the id is, `relflow fmt` has nothing to do."""
    monkeypatch.chdir(tmp_path)
    assert run(["init", "--name", "oil"]) == 0
    assert run(["new", "decision", "urgency_of_repair"]) == 0

    assert run(["fmt", "--check"]) == 0


def test_fmt_says_which_file_is_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file in another encoding is named, not a Python error."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_bytes("x: 名称\n".encode("gbk"))

    assert run(["fmt"]) == 2
    assert capsys.readouterr().err == "error: `a.yaml` is not UTF-8; `relflow check` says more\n"


def test_new_refuses_a_name_that_the_policy_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written, and the place of the first one is named."""
    monkeypatch.chdir(tmp_path)
    assert run(["init"]) == 0
    before = sorted(path.name for path in tmp_path.iterdir())

    assert run(["new", "decision", "tier_by_criteria"]) == 2

    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert "`tier_by_criteria` is there already, at tiers.yaml:" in capsys.readouterr().err
