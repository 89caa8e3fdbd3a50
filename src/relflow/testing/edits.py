"""Small changes of a text: a number or a day moved by one, a bound that counts or not, `and` for `or`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from relflow.compiler.literals import number

__all__ = ["conditions", "literals"]

_DAY = r"\d{4}-\d\d-\d\d"
_TOKEN = re.compile(
    rf'(?P<day>(?:(?<=date\()|(?<=@))"{_DAY}")'
    r'|(?P<text>"(?:[^"\\]|\\.)*")'
    rf"|(?P<bare>(?<![\w.-]){_DAY}(?![\w-]))"
    r"|(?P<number>(?<!\w)(?:(?<!\.)|(?<=\.\.))\d[\d_]*(?:\.\d+)?(?:万|亿|%)?(?![\w(]))"
    r"|(?P<bound>>=|<=|(?<!-)>|<)"
    r"|(?P<open>[\[(](?=[^\[\]()]*\.\.))"
    r"|(?P<close>(?<=[\w\"万亿%])[\])])"
    r"|(?P<word>(?<!\w)(?:and|or)(?!\w))",
    re.ASCII,
)
_OTHER = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "[": "(", "(": "[", "]": ")", ")": "]", "and": "or", "or": "and"}


def conditions(text: str) -> Iterator[str]:
    """The texts that differ from a FEEL condition by one bound: moved by one either way, or just counted or not."""
    in_range = False
    for found in _TOKEN.finditer(text):
        kind, token = found.lastgroup, found.group()
        if kind == "text":
            continue
        if kind == "day":
            others = [f'"{other}"' for other in _moved(token.strip('"'))]
        elif kind in ("number", "bare"):
            others = list(_moved(token))
        elif kind == "close" and not in_range:
            continue
        else:
            others = [_OTHER[token]]
            in_range = kind == "open" or (in_range and kind != "close")
        for other in others:
            yield text[: found.start()] + other + text[found.end() :]


def literals(text: str) -> Iterator[str]:
    """The texts that differ from a literal by one: a number, a day, a duration in words, true and false."""
    stripped = text.strip()
    if stripped in ("true", "false"):
        yield "false" if stripped == "true" else "true"
        return
    found = re.search(rf"{_DAY}|\d[\d_]*(?:\.\d+)?(?:万|亿|%)?", text, re.ASCII)
    if found is None or stripped[:1] in ('"', "P"):
        return
    amount = found.group() == stripped.lstrip("+-")
    for other in _moved(found.group()):
        if amount or other != "0":  # a rhythm of no months is no policy
            yield text[: found.start()] + other + text[found.end() :]


def _moved(token: str) -> Iterator[str]:
    """One more and one less, in the last digit that is written; nothing below nought."""
    if re.fullmatch(_DAY, token):
        try:
            day = date.fromisoformat(token)
        except ValueError:
            return
        yield from (str(day + timedelta(days=days)) for days in (1, -1))
        return
    value = number(token)
    if value is None:
        return
    if token.endswith("%"):
        yield from (f"{Decimal(token[:-1].replace('_', '')) + step}%" for step in (1, -1))
        return
    exact = Decimal(value)
    exponent = exact.as_tuple().exponent
    step = Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)
    yield from (f"{other:f}" for other in (exact + step, exact - step) if other >= 0 or value == 0)
