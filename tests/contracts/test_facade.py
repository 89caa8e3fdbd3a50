"""`import relflow`: what it offers, and what it does not load."""

from __future__ import annotations

import ast
import json
import subprocess
import sys

import relflow
from tests.contracts.code import SOURCES, Module

HEAVY = {
    "asyncio",
    "chinese_calendar",
    "click",
    "decimal",
    "holidays",
    "http",
    "hypothesis",
    "importlib.metadata",
    "jsonschema",
    "lunar_python",
    "pluggy",
    "pytest",
    "re2",
    "sqlite3",
    "transitions",
    "typing_extensions",
    "urllib.request",
    "wcwidth",
    "yaml",
}


def loaded(code: str) -> set[str]:
    """The modules that a fresh interpreter holds after running `code`."""
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_import_relflow_is_light() -> None:
    """`import relflow` loads nothing from outside and no room: whoever imports it pays when they use it."""
    modules = loaded("import relflow")

    assert modules & HEAVY == set()
    assert {name for name in modules if name.startswith("relflow.")} == set()


def test_version_loads_nothing() -> None:
    """`relflow --version` is answered without anything from outside."""
    lines = [
        "import sys",
        "sys.argv = ['relflow', '--version']",
        "from relflow.cli import main",
        "try: main()",
        "except SystemExit: pass",
    ]

    assert loaded("\n".join(lines)) & HEAVY == set()


def test_help_needs_only_the_command_line() -> None:
    """The list of commands loads click and no policy, no YAML and no store."""
    code = "from relflow.cli.app import run\nassert run(['--help']) == 0"

    assert loaded(code) & (HEAVY - {"click"}) == set()


def test_every_exported_name_can_be_had() -> None:
    """Each name in `__all__` resolves, and `dir` shows the same names."""
    found = {name: getattr(relflow, name) for name in relflow.__all__}

    assert None not in found.values()
    assert dir(relflow) == sorted(relflow.__all__)


def test_type_checkers_see_the_same_names() -> None:
    """What the facade loads lazily is what it declares to type checkers, name by name and home by home."""
    facade = Module(SOURCES / "__init__.py")
    declared: dict[str, set[str]] = {}
    for node in ast.walk(facade.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("relflow."):
            declared[str(node.module)] = {alias.name for alias in node.names}

    assert {home: set(names) for home, names in relflow._HOMES.items()} == declared


def test_an_unknown_name_is_an_attribute_error() -> None:
    """Asking the facade for what it has not behaves as with any module."""
    assert not hasattr(relflow, "no_such_name")
