"""The steps of a trace from what straight code kept and saw: a generated function for each question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from relflow.program import Node
from relflow.results import TraceStep
from relflow.rules.tracing import shape_of

__all__ = ["remembering"]


def remembering(
    nodes: Sequence[Node], facts: Sequence[str], seen: Sequence[tuple[str, str | None]]
) -> Callable[..., tuple[TraceStep, ...]]:
    """The function of (kept, seen, decision) that gives the steps of `nodes` in their order, the decision's own last.

    `facts` are the names behind the kept values, `seen` those behind what was seen: of a value and, where there is
    one, of the row behind it.
    """
    names: dict[str, Any] = {"_Step": TraceStep}
    values = {fact: f"k{index}" for index, fact in enumerate(facts)}
    rows: dict[str, str] = {}
    taken = []
    for index, (name, row) in enumerate(seen):
        values[name] = f"s{index}"
        taken.append(f"s{index}")
        if row is not None:
            rows[name] = f"r{index}"
            taken.append(f"r{index}")
    steps = []
    for index, node in enumerate(nodes):
        names[f"_h{index}"] = shape_of(node)
        if node is nodes[-1]:
            answer = "decision.value, decision.unknown, decision.row"
        else:
            # straight code goes on with None only where it stands for something missing
            answer = f"{values[node.id]}, {values[node.id]} is None, {rows.get(node.id, '-1')}"
        steps.append(f"_Step(_h{index}, {answer}, decision)")
    source = [
        "def steps(kept, seen, decision):",
        f"    ({''.join(f'{values[fact]}, ' for fact in facts)}*_,) = kept",
        f"    ({''.join(f'{name}, ' for name in taken)}) = seen" if taken else "",
        f"    return ({', '.join(steps)},)",
    ]
    exec(compile("\n".join(source), "<steps>", "exec"), names)  # noqa: S102
    made: Callable[..., tuple[TraceStep, ...]] = names["steps"]
    return made
