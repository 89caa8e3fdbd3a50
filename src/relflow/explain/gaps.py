"""How far a value is from passing a test."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from relflow.explain.phrases import constant
from relflow.explain.showing import number, text_of
from relflow.feel import tree
from relflow.text import Text

__all__ = ["gap"]


def gap(node: tree.Node, value: object) -> Text | None:
    """What is lacking or too much, None where that is no question of distance."""
    match node:
        case tree.Tests(tests=(only,)):
            return gap(only, value)
        case tree.Test(operator=">=" | ">", value=bound):
            return _short(value, constant(bound))
        case tree.Test(operator="<=" | "<", value=bound):
            return _over(value, constant(bound))
        case tree.Range(low=low, high=high):
            below = _short(value, constant(low)) if low else None
            return below or (_over(value, constant(high)) if high else None)
    return None


def _short(value: object, bound: object) -> Text | None:
    distance = _distance(bound, value)
    if distance is None or distance[0] < 0:
        return None
    en, zh = distance[1]
    return text_of(f"{en} short", f"还差 {zh}", f"還差 {zh}")


def _over(value: object, bound: object) -> Text | None:
    distance = _distance(value, bound)
    if distance is None or distance[0] < 0:
        return None
    en, zh = distance[1]
    return text_of(f"{en} too much", f"超出 {zh}")


def _distance(high: object, low: object) -> tuple[Decimal, tuple[str, str]] | None:
    """`high - low` with its words, None where they are no two numbers or days."""
    if isinstance(high, bool) or isinstance(low, bool):
        return None
    if isinstance(high, int | float | Decimal) and isinstance(low, int | float | Decimal):
        exact = _exact(high) - _exact(low)
        return exact, (number(exact), number(exact))
    if isinstance(high, date) and isinstance(low, date) and isinstance(high, datetime) == isinstance(low, datetime):
        days = (high - low).days
        return Decimal(days), (f"{days} days", f"{days} 天")
    return None


def _exact(value: float | Decimal) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
