"""Cases that are scripts in data files: tests/cases/workflows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.strategies.scripts import ROOT, perform, scripts

SCRIPTS = scripts(ROOT / "tests" / "cases" / "workflows")


@pytest.mark.parametrize("script", [script for _, script in SCRIPTS], ids=[name for name, _ in SCRIPTS])
def test_script(script: dict[str, Any]) -> None:
    """The case does at each instant what its script says."""
    perform(script)
