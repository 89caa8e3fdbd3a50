"""The source tree as data, for the contracts: modules, functions and what a package shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "relflow"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of Python source."""

    path: Path

    @property
    def id(self) -> str:
        """Its path inside the checkout."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def name(self) -> str:
        """Its dotted name, for modules of the package."""
        parts = self.path.relative_to(ROOT / "src").with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def is_package(self) -> bool:
        """Whether it is the front of a package."""
        return self.path.name == "__init__.py"

    @cached_property
    def text(self) -> str:
        """The source."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text)

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Every function of the module and of its classes, with its qualified name; inner functions are left out."""
        yield from _functions(self.tree, "")

    def exported(self) -> list[str] | None:
        """`__all__` as it is written, None where there is none."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
                return list(ast.literal_eval(node.value))
        return None

    def visible(self) -> set[str]:
        """The public names that the module defines at its top, or imports from its own package."""
        names: set[str] = set()
        for node in _top(self.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("relflow."):
                names |= {alias.asname or alias.name for alias in node.names}
        return {name for name in names | _defined(self.tree) if not name.startswith("_")}

    @property
    def is_front(self) -> bool:
        """Whether it is a package's front and nothing else: imports and `__all__`."""
        allowed = (ast.Import, ast.ImportFrom, ast.If, ast.Expr)
        rest = [node for node in self.tree.body if not isinstance(node, allowed)]
        return self.is_package and all(
            isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__" for node in rest
        )


def _functions(parent: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, Function]]:
    for node in parent.body:
        if isinstance(node, Function):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")


def _top(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements that run at import, those for type checkers included."""
    for node in tree.body:
        yield from node.body if isinstance(node, ast.If) else (node,)


def _defined(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


def is_public(qualified: str) -> bool:
    """Whether no part of a qualified name is private or special."""
    return not any(part.startswith("_") for part in qualified.split("."))


def is_overload(function: Function) -> bool:
    """Whether the function is only a signature for type checkers."""
    return any("overload" in ast.unparse(decorator) for decorator in function.decorator_list)


def size(function: Function) -> int:
    """Lines of the body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def modules() -> list[Module]:
    """Every module of the package."""
    return [Module(path) for path in sorted(SOURCES.rglob("*.py"))]


def test_modules() -> list[Module]:
    """Every module with tests, the plugins' included."""
    folders = [ROOT / "tests", *ROOT.glob("plugins/*/tests")]
    return [Module(path) for folder in folders for path in sorted(folder.rglob("test_*.py"))]
