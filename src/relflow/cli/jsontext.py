"""JSON as it comes from outside: bounded in depth and in its numbers, each name once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

__all__ = ["JsonTextError", "parse"]

MAX_DEPTH = 60
"""Lists and objects within each other; facts are records in lists, a few levels."""
MAX_DIGITS = 6_200
"""More than the largest number has that an expression knows."""


class JsonTextError(Exception):
    """Why a text is no JSON that is read; `line` and `column` where that is known, else 0."""

    def __init__(self, en: str, zh: str, line: int = 0, column: int = 0) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh
        self.line = line
        self.column = column


def parse(text: str) -> object:
    """The content, decimals exact. Raises JsonTextError."""
    try:
        content = json.loads(text, parse_float=_decimal, parse_int=_integer, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise JsonTextError("this is not JSON", "这里不是 JSON", error.lineno, error.colno) from None
    except RecursionError:
        raise _TOO_DEEP from None
    if _depth(content) > MAX_DEPTH:
        raise _TOO_DEEP
    return content


_TOO_DEEP = JsonTextError("it is nested too deeply", "嵌套过深")


def _integer(digits: str) -> int:
    return int(_bounded(digits))


def _decimal(digits: str) -> Decimal:
    whole, _, exponent = _bounded(digits).lower().partition("e")
    if len(exponent.lstrip("+-0")) > 4:
        raise _too_large(digits)
    return Decimal(f"{whole}e{exponent}" if exponent else whole)


def _bounded(digits: str) -> str:
    if len(digits) > MAX_DIGITS:
        raise _too_large(digits)
    return digits


def _too_large(digits: str) -> JsonTextError:
    shown = digits if len(digits) <= 24 else f"{digits[:24]}…"
    return JsonTextError(f"`{shown}` is larger than any number can be", f"`{shown}` 超出数字的范围")


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise JsonTextError(f"`{twice}` stands twice in one object", f"`{twice}` 在同一个对象中出现了两次")
    return found


def _depth(content: object) -> int:
    """How deep a content goes, a plain value 1; counted up to the first level that is too many."""
    level, depth = [content], 0
    while level and depth <= MAX_DEPTH:
        inner: list[object] = []
        for one in level:
            if isinstance(one, dict):
                inner += one.values()
            elif isinstance(one, list):
                inner += one
        level = inner
        depth += 1
    return depth
