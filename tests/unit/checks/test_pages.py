"""Every check has a page with a wrong and a right example, and both are what they are said to be."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
import yaml

import relflow.checks
from relflow.diagnostics import Diagnostic, Message
from relflow.errors import PolicyError
from relflow.policy import build, check, silencing
from relflow.policy.versions import TWIN
from relflow.reader import allowing, read_text

PAGES = sorted((Path(__file__).parents[3] / "docs" / "findings").glob("*.yaml"))


def found_in(example: str | dict[str, str], folder: Path) -> tuple[Diagnostic, ...]:
    """Every finding about a policy or a workflow; of several files, about each of the policies among them."""
    if isinstance(example, dict):
        for name, text in example.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return tuple(one for name in example for one in check((folder / name).parent))
    return found_in_text(example)


def found_in_text(text: str) -> tuple[Diagnostic, ...]:
    """Every finding about one file."""
    model, found = read_text(text)
    try:
        return build(model, found).diagnostics
    except PolicyError as error:
        return error.diagnostics


def names() -> set[str]:
    """The names of all findings that checks and the comments that allow them give."""
    modules = [import_module(f"relflow.checks.{one.name}") for one in iter_modules(relflow.checks.__path__)]
    found = [value for module in (*modules, silencing, allowing) for value in vars(module).values()]
    return {value.name for value in (*found, TWIN) if isinstance(value, Message)}


def test_every_finding_of_a_check_has_a_page() -> None:
    """No check without a page, and no page without a check."""
    assert {page.stem for page in PAGES} == names()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.stem))
def test_the_wrong_example_is_found_and_the_right_one_is_not(page: Path, tmp_path: Path) -> None:
    """The wrong example gives the finding in both languages and no other; the right one gives none at all."""
    said = yaml.safe_load(page.read_text("utf-8"))

    assert set(said) == {"en", "zh", "wrong", "right"}
    assert {found.name for found in found_in(said["wrong"], tmp_path / "wrong")} == {page.stem}
    assert [found.text() for found in found_in(said["right"], tmp_path / "right")] == []
