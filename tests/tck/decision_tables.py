"""Decision tables as the kit has them, on top of expressions and unary tests alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from relflow import feel

Context = Mapping[str, Any]


def evaluate(table: dict[str, Any], context: Context) -> Any:
    """The table's value by its hit policy (DMN 1.5, clause 8)."""
    inputs = [feel.evaluate(column["expression"], context) for column in table["inputs"]]
    hits = [rule for rule in table["rules"] if _matches(rule["when"], inputs, context)]
    outputs = table["outputs"]
    if not hits:
        return _named([feel.evaluate(o["default"], context) if o["default"] else None for o in outputs], outputs)
    found = [_named([feel.evaluate(cell, context) for cell in rule["then"]], outputs) for rule in hits]
    return _chosen(table, found)


def _matches(cells: list[str | None], inputs: list[Any], context: Context) -> bool:
    return all(
        cell is None or feel.unary_test(cell, value, context) is True for cell, value in zip(cells, inputs, strict=True)
    )


def _named(row: list[Any], outputs: list[dict[str, Any]]) -> Any:
    if len(outputs) == 1:
        return row[0]
    if all(value is None for value in row):
        return None
    return dict(zip((output["name"] for output in outputs), row, strict=True))


def _rank(outputs: list[dict[str, Any]]) -> Callable[[Any], list[int]]:
    """The place of a row's values in the order of the allowed values."""

    def rank(row: Any) -> list[int]:
        cells = [row] if len(outputs) == 1 else list(row.values())
        places = []
        for output, cell in zip(outputs, cells, strict=True):
            allowed = feel.evaluate(f"[{output['allowed']}]") if output["allowed"] else []
            places.append(allowed.index(cell) if cell in allowed else len(allowed))
        return places

    return rank


def _chosen(table: dict[str, Any], found: list[Any]) -> Any:
    match table["hit_policy"].upper():
        case "UNIQUE":
            return found[0] if len(found) == 1 else None
        case "ANY":
            return found[0] if all(each == found[0] for each in found) else None
        case "FIRST":
            return found[0]
        case "PRIORITY":
            return min(found, key=_rank(table["outputs"]))
        case "OUTPUT ORDER":
            return sorted(found, key=_rank(table["outputs"]))
        case "RULE ORDER":
            return found
        case _:
            return {"SUM": sum, "MIN": min, "MAX": max, "COUNT": len}.get(table["aggregation"], list)(found)
