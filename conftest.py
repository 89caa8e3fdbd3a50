"""Examples in README.md and docs/ run as tests: Python blocks as they stand, `console` blocks with their output."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

ROOT = Path(__file__).parent


def run_console(example: Example) -> str | None:
    """Run each `$ command` of a block at the top of the checkout and compare what it prints with the lines below it.

    A line `...` stands for any number of lines.
    """
    for command, expected in commands(example.parsed):
        words = shlex.split(command)
        if words[0] != "relflow":
            return f"a console block runs relflow only, not `{words[0]}`"
        environment = os.environ | {"NO_COLOR": "1", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}
        environment.pop("RELFLOW_LANG", None)
        done = subprocess.run(
            [sys.executable, "-m", "relflow", *words[1:]],
            cwd=ROOT,
            env=environment | {"LANG": "en_US.UTF-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        if not matches(done.stdout.rstrip().splitlines(), expected):
            return (
                f"$ {command}\nexpected:\n"
                + "\n".join(expected)
                + f"\nprinted (exit {done.returncode}):\n{done.stdout}"
            )
    return None


def commands(block: str) -> list[tuple[str, list[str]]]:
    """The commands of a block, each with the lines that it should print."""
    found: list[tuple[str, list[str]]] = []
    for line in block.rstrip().splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line.rstrip())
    return [(command, expected[:-1] if expected and not expected[-1] else expected) for command, expected in found]


def matches(lines: list[str], expected: list[str]) -> bool:
    """Whether printed lines are the expected ones, where `...` is any number of lines."""
    if not expected:
        return not lines
    if expected[0].strip() == "...":
        return any(matches(lines[start:], expected[1:]) for start in range(len(lines) + 1))
    return bool(lines) and lines[0].rstrip() == expected[0] and matches(lines[1:], expected[1:])


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), CodeBlockParser("console", run_console), SkipParser()],
    patterns=["README.md", "docs/**/*.md"],
    path=str(ROOT),
).pytest()
