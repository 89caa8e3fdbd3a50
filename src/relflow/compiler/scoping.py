"""The scope in which a compiled policy's expressions were written, for rooms that read them again."""

from __future__ import annotations

from relflow.compiler.forms import Facts, forms
from relflow.feel.scope import Scope
from relflow.program import Program

__all__ = ["scope_of"]


def scope_of(program: Program) -> Scope:
    """Every name of the policy with its type, and the forms; functions of plugins are not among them."""
    facts = Facts({name: category.facts for name, category in program.categories.items()}, frozenset(program.facts))
    return Scope.of({name: node.type for name, node in program.nodes.items()}, (), forms(facts))
