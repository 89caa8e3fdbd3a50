"""The page about hooks is about the hooks that there are."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from relflow.hooks import specs

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "hooks.md"
HOOKS = {name: spec for name, spec in vars(specs).items() if name.startswith("relflow_")}


def test_each_hook_has_a_heading_with_its_signature() -> None:
    """Name and arguments stand there exactly, and nothing else does."""
    headings = re.findall(r"^### (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    signatures = [f"{name}({', '.join(inspect.signature(spec).parameters)})" for name, spec in HOOKS.items()]

    assert sorted(headings) == sorted(signatures)


def test_the_page_says_how_often_a_hook_is_asked() -> None:
    """First answer or every plugin, as the specification has it."""
    parts = PAGE.read_text(encoding="utf-8").split("\n### ")[1:]
    for part in parts:
        name = part.partition("(")[0]
        first = bool(getattr(HOOKS[name], "relflow_spec", {}).get("firstresult"))
        assert part.splitlines()[2].startswith("*First answer" if first else "*Every plugin"), name
