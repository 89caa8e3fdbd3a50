"""Begins a new check: module, test and page, entered in the list of checks; `make scaffold NAME=odd-thing`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULE = '''"""`{name}`: say in one line what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program

__all__ = ["check_{id}"]

FOUND = Message.of(
    "{name}",
    Severity.WARNING,
    "the decision `{{decision}}` has a name that says nothing",
    "判定 `{{decision}}` 的名称没有含义",
    "name it after what it decides",
    "请按它所判定的内容命名",
)


def check_{id}(program: Program) -> Iterator[Diagnostic]:
    """Every decision that is called `example_{id}`: put what is meant in its place."""
    for decision in program.decisions.values():
        if decision.id == "example_{id}":
            yield FOUND.at(decision.span, decision=decision.id)
'''
TEST = '''"""The check `{name}`, beyond the examples of its page."""

from __future__ import annotations

from relflow.policy import build
from relflow.reader import read_text


def test_{id}_is_found_at_its_place() -> None:
    """The finding stands at the decision's name."""
    text = "policy: x\\nversion: 1\\ndecisions:\\n  example_{id}: {{expression: 1 + 1, output: {{type: number}}}}\\n"

    found = [one for one in build(*read_text(text)).diagnostics if one.name == "{name}"]

    assert [(one.span.line, one.span.text) for one in found] == [(4, "example_{id}")]
'''
PAGE = """en: >-
  What the finding means, and why it matters.
zh: >-
  这一检查结果的含义和影响。
wrong: |
  policy: example
  version: 1
  decisions:
    example_{id}: {{expression: 1 + 1, output: {{type: number}}}}
right: |
  policy: example
  version: 1
  decisions:
    two: {{expression: 1 + 1, output: {{type: number}}}}
"""
LIST = Path("src/relflow/checks/all.py")


def files(name: str) -> dict[Path, str]:
    """What a new check needs, by place: a check that works, to be changed into the one that is meant."""
    if not re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name):
        raise SystemExit(f"`{name}` is no name of a finding: small letters with hyphens, such as odd-thing")
    id_ = name.replace("-", "_")
    return {
        Path(f"src/relflow/checks/{id_}.py"): MODULE.format(name=name, id=id_),
        Path(f"tests/unit/checks/test_{id_}.py"): TEST.format(name=name, id=id_),
        Path(f"docs/findings/{name}.yaml"): PAGE.format(name=name, id=id_),
    }


def listed(text: str, name: str) -> str:
    """The list of checks with one more at its end; the imports stay in order."""
    id_ = name.replace("-", "_")
    imports = re.findall(r"^from relflow\.checks\..*\n", text, re.MULTILINE)
    ordered = sorted([*imports, f"from relflow.checks.{id_} import check_{id_}\n"])
    text = text.replace("".join(imports), "".join(ordered))
    return re.sub(r"(^CHECKS: .*?)^\)", rf"\1    check_{id_},\n)", text, count=1, flags=re.MULTILINE | re.DOTALL)


def main(name: str, root: Path = ROOT) -> None:
    """Write the files, none that exists, and enter the check in the list."""
    made = files(name)
    taken = [str(path) for path in made if (root / path).exists()]
    if taken:
        raise SystemExit(f"there is already {', '.join(taken)}")
    for path, text in made.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="\n")
    checks = (root / LIST).read_text(encoding="utf-8")
    (root / LIST).write_text(listed(checks, name), encoding="utf-8", newline="\n")
    sys.stdout.write("".join(f"wrote {path}\n" for path in (*made, LIST)) + "next: make pages\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python docs/new_check.py NAME")
    main(sys.argv[1])
