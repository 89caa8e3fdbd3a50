"""Examples in README.md and docs/ run as tests: Python blocks as they stand, `console` blocks with their output."""

from __future__ import annotations

import io
import os
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path

import pytest
from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.typing import Evaluator

from relflow.cli.app import run

ROOT = Path(__file__).parent


_RAN = "_ran"  # in a document's namespace: where the Python examples begin that have run


def python_examples(document: Document) -> Iterator[Region]:
    """Python blocks, each of which runs those above it first: xdist may have given them to another process."""
    for region in PythonCodeBlockParser()(document):
        region.evaluator = partial(run_in_order, region.evaluator)
        yield region


def run_in_order(evaluate: Evaluator, example: Example) -> str | None:
    """Run the Python examples of the document down to this one, each of them once."""
    ran = example.namespace.setdefault(_RAN, set())
    for each in example.document.examples():
        above = each.region.start < example.region.start and isinstance(each.region.evaluator, partial)
        if above and each.region.start not in ran:
            ran.add(each.region.start)
            each.region.evaluator.args[0](each)
    if example.region.start in ran:
        return None
    ran.add(example.region.start)
    return evaluate(example)


def run_console(example: Example) -> str | None:
    """Run each `$ relflow …` of a block at the top of the checkout and compare what it prints with the lines below it.

    A line `...` stands for any number of lines.
    """
    for command, expected in commands(example.parsed):
        words = shlex.split(command)
        if words[0] != "relflow":
            return f"a console block runs relflow only, not `{words[0]}`"
        code, printed = run_relflow(words[1:])
        if not matches(printed.rstrip().splitlines(), expected):
            wanted = "\n".join(expected)
            return f"$ {command}\nexpected:\n{wanted}\nprinted (exit {code}):\n{printed}"
    return None


def run_relflow(words: list[str]) -> tuple[int, str]:
    """Run a command line in this process, as a reader with an English terminal and no settings would see it."""
    screen = io.StringIO()
    settings = {"NO_COLOR": "1", "LANG": "en_US.UTF-8"}
    unset = [name for name in os.environ if name.startswith(("RELFLOW_", "LC_"))]
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(screen), redirect_stderr(screen):
        patch.chdir(ROOT)
        for name in unset:
            patch.delenv(name)
        for name, value in settings.items():
            patch.setenv(name, value)
        return run(words), screen.getvalue()


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


EXAMPLES = Sybil(
    parsers=[python_examples, CodeBlockParser("console", run_console), SkipParser()],
    patterns=["README.md", "README.zh.md", "docs/**/*.md", "plugins/*/README.md"],
    path=str(ROOT),
)
pytest_collect_file = EXAMPLES.pytest()
