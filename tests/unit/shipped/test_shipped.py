"""Finding shipped files by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from relflow import shipped


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one policy and one workflow, seen from an editable install."""
    (tmp_path / "rules" / "oil").mkdir(parents=True)
    (tmp_path / "rules" / "oil" / "policy.yaml").write_text("policy: oil\n")
    (tmp_path / "rules" / "draft").mkdir()
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "complaint.yaml").write_text("workflow: complaint\n")
    (tmp_path / "workflows" / "complaint.test.yaml").write_text("tests: []\n")
    (tmp_path / "pyproject.toml").write_text("")
    package = tmp_path / "src" / "relflow" / "shipped"
    package.mkdir(parents=True)
    monkeypatch.setattr(shipped, "_PACKAGE", package)
    monkeypatch.setattr(shipped, "_CHECKOUT", tmp_path)
    return tmp_path


def test_names_are_policies_and_workflows(checkout: Path) -> None:
    """A folder without policy.yaml and a file of tests are not offered."""
    assert shipped.names() == ["oil", "workflows/complaint"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("shipped:oil", "rules/oil"),
        ("oil", "rules/oil"),
        ("shipped:oil/", "rules/oil"),
        ("shipped:workflows/complaint", "workflows/complaint.yaml"),
        ("shipped:workflows/complaint.yaml", "workflows/complaint.yaml"),
    ],
)
def test_a_name_resolves_to_its_place(checkout: Path, name: str, found: str) -> None:
    """With and without the prefix, a name leads to the policy's folder or the workflow's file."""
    assert shipped.resolve(name) == checkout / found


@pytest.mark.parametrize("name", ["shipped:gas", "shipped:../oil", "shipped:workflows/../rules/oil/policy", "", "/etc"])
def test_what_is_not_shipped_does_not_resolve(checkout: Path, name: str) -> None:
    """No name leads out of the shipped folders."""
    assert shipped.resolve(name) is None


def test_a_wheel_keeps_its_files_inside_the_package(checkout: Path) -> None:
    """Files beside the module win over a checkout around it."""
    inside = checkout / "src" / "relflow" / "shipped" / "rules"
    inside.mkdir()

    assert shipped.folder("rules") == inside
