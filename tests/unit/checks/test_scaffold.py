"""What `make scaffold` writes is a check that works, with a test and a page."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def scaffold() -> ModuleType:
    """The script, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("new_check", ROOT / "docs" / "new_check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_new_check_passes_its_tests(scaffold: ModuleType, tmp_path: Path) -> None:
    """In a copy of the checkout: the check is in the list, its own test passes, and so does that of its page."""
    (tmp_path / "tests" / "unit" / "checks").mkdir(parents=True)
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "tests" / "unit" / "checks" / "test_pages.py", tmp_path / "tests" / "unit" / "checks")

    scaffold.main("odd-thing", tmp_path)

    tests = ["tests/unit/checks/test_odd_thing.py", "tests/unit/checks/test_pages.py"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:relflow", "-k", "odd", *tests],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_what_exists_is_not_touched(scaffold: ModuleType, tmp_path: Path) -> None:
    """A second check of the same name is refused before anything is written, and so is a name that is none."""
    page = tmp_path / "docs" / "findings" / "odd-thing.yaml"
    page.parent.mkdir(parents=True)
    page.write_text("mine", "utf-8")

    with pytest.raises(SystemExit, match="there is already"):
        scaffold.main("odd-thing", tmp_path)
    with pytest.raises(SystemExit, match="no name of a finding"):
        scaffold.main("Odd Thing", tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["odd-thing.yaml"]
