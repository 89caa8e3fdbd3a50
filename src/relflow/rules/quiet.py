"""Which names are answered without running a formula, so that no value can become null by itself on the way."""

from __future__ import annotations

from relflow.feel.tree import Name
from relflow.program import Decision, Fact, Node, Parameter, Scorecard, Table

__all__ = ["is_quiet"]


def is_quiet(node: Node) -> bool:
    """Whether a name's answer is looked up, compared and counted, and nothing else."""
    match node:
        case Fact():
            return True
        case Parameter(code=code):
            return code is None and not node.reads_time
        case Decision(body=Table() | Scorecard() as body):
            return all(isinstance(code.tree, Name) for code in body.codes)
        case _:
            return False
