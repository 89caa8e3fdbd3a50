"""What every module of the package keeps: a docstring, its size, its public names."""

from __future__ import annotations

import ast
from importlib import import_module
from statistics import median, quantiles

import pytest

from tests.contracts.code import ROOT, Module, is_overload, is_public, modules, size
from tests.contracts.code import test_modules as modules_with_tests

MODULES = modules()
TESTS = modules_with_tests()
LONGEST_MODULE = 400


def named(module: Module) -> str:
    """The test id of a module."""
    return module.id


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_module_has_a_docstring_and_is_short(module: Module) -> None:
    """Each module says in its first line what it is, and holds one idea of at most 400 lines."""
    docstring = ast.get_docstring(module.tree)

    assert docstring, f"{module.id} has no docstring"
    assert len(module.text.splitlines()) <= LONGEST_MODULE, f"{module.id}: split it by idea"


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_public_functions_have_docstrings(module: Module) -> None:
    """Whatever can be called from outside a module says what it does."""
    bare = [
        name
        for name, function in module.functions()
        if is_public(name) and not is_overload(function) and not ast.get_docstring(function)
    ]

    assert bare == []


@pytest.mark.parametrize("module", [module for module in MODULES if module.is_package], ids=named)
def test_a_package_exports_what_it_shows(module: Module) -> None:
    """`__all__` of a package is exactly the public names that its front imports, each once; ruff keeps the order.

    A package that defines something itself imports what it needs for that, and exports what it says.
    """
    exported = module.exported() or []

    assert len(exported) == len(set(exported))
    if module.is_front:
        assert set(exported) == module.visible()
    else:
        assert set(exported) - {"__version__"} <= module.visible()


@pytest.mark.parametrize("module", TESTS, ids=named)
def test_every_test_has_a_docstring(module: Module) -> None:
    """Each test says in one sentence which behaviour it pins."""
    bare = [
        name
        for name, function in module.functions()
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]

    assert bare == []


def test_modules_and_functions_stay_small_on_the_whole() -> None:
    """Half of the modules stay within 150 lines, half of the functions within 10, and 95 of 100 within 40."""
    modules_ = [len(module.text.splitlines()) for module in MODULES]
    functions = [size(function) for module in MODULES for _, function in module.functions()]

    assert median(modules_) <= 150
    assert median(functions) <= 10
    assert quantiles(functions, n=20)[-1] <= 40


PLUGINS = [Module(path) for path in sorted(ROOT.glob("plugins/*/src/**/*.py"))]


@pytest.mark.parametrize("module", PLUGINS, ids=named)
def test_plugins_import_public_names_only(module: Module) -> None:
    """A plugin takes from relflow, or from the front of one of its rooms, what stands in `__all__` there."""
    private = [
        f"{node.module}.{alias.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "relflow"
        for alias in node.names
        if alias.name not in import_module(str(node.module)).__all__ or str(node.module).count(".") > 1
    ]

    assert private == []
