"""A test in words: the same FEEL, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from relflow.explain.showing import MISSING, both, show, text_of
from relflow.feel import tree
from relflow.text import Text, spaced
from relflow.values import parse_temporal

__all__ = ["constant", "either", "phrase"]

Names = Mapping[str, Text]
_NO_NAMES: Names = {}

_WORDS = {
    ">=": ("at least {}", "不低于 {}", "不低於 {}"),
    ">": ("more than {}", "高于 {}", "高於 {}"),
    "<=": ("at most {}", "不超过 {}", "不超過 {}"),
    "<": ("less than {}", "低于 {}", "低於 {}"),
    "=": ("{}", "{}", "{}"),
    "!=": ("not {}", "不是 {}", "不是 {}"),
}
_DATES = {
    ">=": ("on {} or later", "{} 当日或之后", "{} 當日或之後"),
    ">": ("after {}", "晚于 {}", "晚於 {}"),
    "<=": ("on {} or earlier", "{} 当日或之前", "{} 當日或之前"),
    "<": ("before {}", "早于 {}", "早於 {}"),
}


_THERE = text_of("has to be there", "须有数据", "須有資料")


def constant(node: tree.Node) -> object | None:
    """The value that a node stands for by itself, None where that takes facts; a bare word is its own text."""
    match node:
        case tree.Number(value=value) | tree.String(value=value) | tree.Boolean(value=value):
            return value
        case tree.Constant(value=value):
            return value  # type: ignore[no-any-return]
        case tree.Name(name=name) if name != "?":
            return name
        case tree.Negation(operand=tree.Number(value=value)):
            return -value
        case tree.AtLiteral(text=text):
            return _temporal(text)
    return None


def _temporal(text: str) -> object | None:
    try:
        return parse_temporal(text)
    except ValueError:
        return None


def phrase(node: tree.Node, source: str, names: Names = _NO_NAMES) -> Text:
    """What a unary test asks for; `source` is the text it was parsed from, used where words would say no more.

    `names` are what people call the values that are compared.
    """
    match node:
        case tree.Dash():
            return text_of("anything", "不限")
        case tree.Tests(tests=tests):
            return either([phrase(test, source, names) for test in tests])
        case tree.Not(tests=tests):
            inner = either([phrase(test, source, names) for test in tests])
            return text_of(f"not {inner.text('en')}", *(spaced("不是", inner.text(lang)) for lang in ("zh", "zh_TW")))
        case tree.Test(operator=operator, value=value):
            return _compared(operator, value, source, names)
        case tree.Range():
            return _range(node, source)
        case tree.Null():
            return MISSING
        case tree.List(items=items):
            return either([phrase(item, source, names) for item in items])
    return _equal(node, source, names)


def _equal(node: tree.Node, source: str, names: Names) -> Text:
    """A bare number is an exact one; texts and yes or no speak for themselves."""
    shown, value = _shown(node, source, names), constant(node)
    if isinstance(node, tree.Null):
        return MISSING
    if isinstance(value, Decimal):
        return text_of(
            f"exactly {shown.text('en')}", _filled("等于 {}", shown, "zh"), _filled("等於 {}", shown, "zh_TW")
        )
    return shown


def either(phrases: list[Text]) -> Text:
    """One of several demands."""
    chinese = ["或".join(t.text(lang) for t in phrases) for lang in ("zh", "zh_TW")]
    return text_of(" or ".join(t.text("en") for t in phrases), *chinese)


def _compared(operator: str, value: tree.Node, source: str, names: Names = _NO_NAMES) -> Text:
    if operator == "!=" and isinstance(value, tree.Null):
        return _THERE
    known = constant(value)
    words = _DATES if operator in _DATES and hasattr(known, "isoformat") else _WORDS
    en, zh, tw = words[operator]
    shown = _equal(value, source, names) if operator == "=" else _shown(value, source, names)
    return text_of(en.format(shown.text("en")), _filled(zh, shown, "zh"), _filled(tw, shown, "zh_TW"))


def _filled(wording: str, shown: Text, lang: str) -> str:
    """A Chinese wording with a value in it, a space between them only beside figures and Latin letters."""
    before, after = wording.split("{}")
    return spaced(before.strip(), shown.text(lang), after.strip())


def _range(node: tree.Range, source: str) -> Text:
    """From and to, saying which end does not count."""
    low = _compared(">=" if node.low_included else ">", node.low, source) if node.low else None
    high = _compared("<=" if node.high_included else "<", node.high, source) if node.high else None
    if low and high:
        chinese = [spaced(low.text(lang), "且", high.text(lang)) for lang in ("zh", "zh_TW")]
        return text_of(f"{low.text('en')} and {high.text('en')}", *chinese)
    return low or high or both(source[node.start : node.end])


def _shown(node: tree.Node, source: str, names: Names) -> Text:
    value = constant(node)
    if value is not None:
        return names.get(value) or show(value) if isinstance(value, str) else show(value)
    return both(source[node.start : node.end] or source)
