"""A condition as a sentence: "Channel is Mail and Important is yes"; nothing where only the formula says it well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from relflow.explain.phrases import constant, phrase
from relflow.explain.showing import text_of
from relflow.feel import tree
from relflow.text import Text, spaced

__all__ = ["Called", "sentence"]

_LANGUAGES: Final = ("zh", "zh_TW")
_AND: Final = (" and ", "，且", "，且")
_OR: Final = (" or ", "，或", "，或")


@dataclass(frozen=True, slots=True)
class Called:
    """What people call things: a name, None where it has no label; the values of a name."""

    label: Callable[[str], Text | None]
    values: Callable[[str], Mapping[str, Text]]


def sentence(condition: tree.Node, source: str, called: Called) -> Text | None:
    """What a condition asks, `source` being its formula; None where a part of it has no plain words."""
    match condition:
        case tree.And(
            left=tree.Comparison(operator="!=", left=tree.Name(name=name), right=tree.Null()), right=right
        ) if _about(right) == name:
            return sentence(right, source, called)  # what is compared is there
        case tree.And(left=left, right=right):
            return _joined(left, right, _AND, source, called)
        case tree.Or(left=left, right=right):
            return _joined(left, right, _OR, source, called)
        case tree.Name(name=name):
            return _whether(called.label(name), yes=True)
        case tree.Call(function="not", arguments=(tree.Name(name=name),)):
            return _whether(called.label(name), yes=False)
        case tree.Comparison(operator=operator, left=tree.Name(name=name), right=right):
            return _compared(operator, name, right, source, called)
        case tree.Comparison(
            operator=">=" | ">" as operator,
            left=tree.Arithmetic(operator="-", left=tree.Call(function="today"), right=tree.Name(name=name)),
            right=right,
        ):
            return _ago(operator, name, right, source, called)
        case tree.In(value=tree.Name(name=name), tests=tests):
            return _is(called.label(name), phrase(tree.Tests(tests), source, called.values(name)))
        case tree.Quantified(
            kind="every",
            iterators=(tree.Loop(name=one, source=tree.Name(name="children"), high=None),),
            condition=tree.Path(target=tree.Name(name=other), name="closed"),
        ) if one == other:
            return text_of("all cases that it opened are closed", "由它新建的工单均已关闭", "由它建立的工單均已關閉")
    return None


def _about(node: tree.Node) -> str | None:
    """The name whose value a condition is about."""
    match node:
        case tree.Name(name=name) | tree.Comparison(left=tree.Name(name=name)) | tree.In(value=tree.Name(name=name)):
            return name
    return None


def _joined(left: tree.Node, right: tree.Node, words: tuple[str, str, str], source: str, called: Called) -> Text | None:
    parts = [sentence(part, source, called) for part in (left, right)]
    if parts[0] is None or parts[1] is None:
        return None
    whole = [_bracketed(text, part, words) for text, part in zip((parts[0], parts[1]), (left, right), strict=True)]
    return text_of(
        *(word.join(one.text(lang) for one in whole) for word, lang in zip(words, ("en", *_LANGUAGES), strict=True))
    )


def _bracketed(said: Text, part: tree.Node, words: tuple[str, str, str]) -> Text:
    """Brackets where "or" stands inside of "and", or the other way round."""
    if not isinstance(part, tree.And | tree.Or) or isinstance(part, tree.And) == (words is _AND):
        return said
    return text_of(f"({said.text('en')})", *(f"（{said.text(lang)}）" for lang in _LANGUAGES))


def _whether(label: Text | None, *, yes: bool) -> Text | None:
    return _is(label, text_of("yes", "“是”", "「是」") if yes else text_of("no", "“否”", "「否」"))


def _is(label: Text | None, value: Text) -> Text | None:
    if label is None:
        return None
    chinese = [spaced(label.text(lang), word, value.text(lang)) for lang, word in zip(_LANGUAGES, "为為", strict=True)]
    return text_of(f"{label.text('en')} is {value.text('en')}", *chinese)


def _compared(operator: str, name: str, right: tree.Node, source: str, called: Called) -> Text | None:
    label = called.label(name)
    if label is None:
        return None
    if isinstance(right, tree.Null):
        return _given(label, given=operator == "!=") if operator in ("=", "!=") else None
    asked = _asked(operator, right, source, called, called.values(name))
    if asked is None:
        return None
    figure = isinstance(constant(right), Decimal)
    if operator == "=" and not figure:
        return _is(label, asked)
    is_ = " is" if operator in ("=", "!=") else ""
    return text_of(
        f"{label.text('en')}{is_} {asked.text('en')}",
        *(spaced(label.text(lang), asked.text(lang)) for lang in _LANGUAGES),
    )


def _asked(operator: str, right: tree.Node, source: str, called: Called, names: Mapping[str, Text]) -> Text | None:
    """What is asked of a value: by a literal, or by another name, which stands in quotes."""
    if isinstance(right, tree.Name):
        other = called.label(right.name)
        if other is None:
            return None
        quoted = text_of(f"“{other.text('en')}”", f"“{other.text('zh')}”", f"「{other.text('zh_TW')}」")
        names = {right.name: quoted}
    elif constant(right) is None:
        return None
    return phrase(tree.Test(operator, right), source, names)  # type: ignore[arg-type]


def _ago(operator: str, name: str, right: tree.Node, source: str, called: Called) -> Text | None:
    label, asked = called.label(name), _asked(operator, right, source, called, {})
    if label is None or asked is None:
        return None
    return text_of(
        f"{label.text('en')} {asked.text('en')} ago",
        *(spaced(label.text(lang), "距今", asked.text(lang).replace("不低", "不少")) for lang in _LANGUAGES),
    )


def _given(label: Text, *, given: bool) -> Text:
    if given:
        return text_of(f"{label.text('en')} is given", f"已填写{label.text('zh')}", f"已填寫{label.text('zh_TW')}")
    return text_of(f"{label.text('en')} is not given", f"未填写{label.text('zh')}", f"未填寫{label.text('zh_TW')}")
