"""The workflow that every policy may open without including it: `todo`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from relflow.model import Effect, Model, Open
from relflow.shipped import resolve

__all__ = ["with_builtin"]

TODO = "todo"


def with_builtin(model: Model) -> Model:
    """The model with the shipped `todo`, if something opens it and the policy has none of its own."""
    if model.head is None or any(one.name == TODO for one in model.workflows) or not _opened(model):
        return model
    path = resolve(f"workflows/{TODO}")
    if path is None:
        return model
    from relflow.reader import read_policy  # noqa: PLC0415 - YAML is loaded where it is used

    shipped, _ = read_policy(path)
    return replace(model, workflows=(*model.workflows, *shipped.workflows)) if shipped is not None else model


def _opened(model: Model) -> bool:
    if any(f'"open":"{TODO}"' in workflow.canonical for workflow in model.workflows):
        return True
    return any(isinstance(effect, Open) and effect.workflow.text == TODO for effect in _effects(model))


def _effects(model: Model) -> Iterator[Effect]:
    for obligation in model.obligations:
        yield from obligation.do
    for kpi in model.kpis:
        for streak in (*kpi.misses, *kpi.meets):
            yield from streak.do
