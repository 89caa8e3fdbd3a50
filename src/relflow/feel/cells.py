"""What analysts write in cells from habit: thousands commas, bare dates, bare words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from relflow.diagnostics import Diagnostic, Fragment, Message
from relflow.feel import findings, tree
from relflow.feel.scope import Scope
from relflow.feel.tree import Node
from relflow.feel.types import NumberType, StringType, Type
from relflow.text import Text

__all__ = ["cell_findings", "quote_words"]

_TEXTS: Final = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_THOUSANDS: Final = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w.,]\d|\w)")
_DATE: Final = re.compile(r"(?<![\w@-])(?<!\d\.)(\d{4})-(\d{1,2})-(\d{1,2})(?![\w-])(?!\.\d)")
_SLASHED: Final = re.compile(r"(?<![\w@/])(?<!\d\.)(\d{4})/(\d{1,2})/(\d{1,2})(?![\w/])(?!\.\d)")
_SPOKEN: Final = re.compile(r"(?<![\w@])(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_NUMBER: Final = r"\d[\d_]*(?:\.\d+)?\s*[万亿%]?"
_SPAN: Final = re.compile(rf"\s*({_NUMBER})\s*(\.\.|[-~～–—至到])\s*({_NUMBER})\s*")
_SIGN: Final = re.compile(r"(?:[<>]=?|!?=)\s*\Z")


def cell_findings(fragment: Fragment, input: Type | None) -> tuple[Diagnostic, ...]:
    """The habits that FEEL reads as something else; commas are looked at in cells of number columns only."""
    text = _TEXTS.sub(lambda found: " " * len(found[0]), fragment.text)
    found = [_bare_date(fragment, each) for each in _DATE.finditer(text)]
    found += [_other_date(fragment, each, findings.SLASHED_DATE) for each in _SLASHED.finditer(text)]
    found += [_other_date(fragment, each, findings.SPOKEN_DATE) for each in _SPOKEN.finditer(text)]
    if isinstance(input, NumberType):
        found += _span(fragment, text)
        found += [_thousands(fragment, text, each) for each in _THOUSANDS.finditer(text)]
    return tuple(found)


def _bare_date(fragment: Fragment, found: re.Match[str]) -> Diagnostic:
    year, month, day = (int(part) for part in found.groups())
    date = f"{year:04d}-{month:02d}-{day:02d}"
    place = fragment.at(found.start(), found.end())
    return findings.BARE_DATE.at(place, text=found[0], result=str(year - month - day), date=date)


def _other_date(fragment: Fragment, found: re.Match[str], message: Message) -> Diagnostic:
    year, month, day = (int(part) for part in found.groups())
    place = fragment.at(found.start(), found.end())
    return message.at(place, text=found[0], date=f"{year:04d}-{month:02d}-{day:02d}")


def _span(fragment: Fragment, text: str) -> list[Diagnostic]:
    """A cell that is nothing but `5..9`, `5 ~ 9` or `5-9`: the last is a subtraction, which nobody means in a cell."""
    found = _SPAN.fullmatch(text)
    if found is None:
        return []
    low, sign, high = (part.strip() for part in found.groups())
    place = fragment.at(found.start(1), found.end(3))
    written = found[0].strip()
    if sign != "-":
        return [findings.BARE_RANGE.at(place, text=written, low=low, high=high)]
    if not (low.isdecimal() and high.isdecimal()) or int(low) >= int(high):
        return []
    return [findings.SUBTRACTION.at(place, text=written, low=low, high=high, result=str(int(low) - int(high)))]


def _thousands(fragment: Fragment, text: str, found: re.Match[str]) -> Diagnostic:
    first, *rest = found[0].split(",")
    sign = _SIGN.search(text, 0, found.start())
    before = sign[0].strip() + " " if sign else ""
    matches = f"`{before}{first}`", *(f"`{part}`" for part in rest)
    place = fragment.at(found.start(), found.end())
    return findings.THOUSANDS.at(place, matches=findings.either(matches), plain=_plain(found[0].replace(",", "_")))


def _plain(number: str) -> Text:
    """The number as it should be written, also with 万 or 亿 where that is shorter."""
    spellings = [f"`{number}`"]
    value = number.replace("_", "")
    for zeros, letter in ((8, "亿"), (4, "万")):
        if value.endswith("0" * zeros) and value.isdigit():
            spellings.append(f"`{value[:-zeros]}{letter}`")
            break
    return findings.either(tuple(spellings))


def quote_words(node: Node, input: StringType, scope: Scope) -> Node:
    """Bare words that are texts of the input become those texts, where a test compares with them."""
    if isinstance(node, tree.Tests | tree.Not):
        return replace(node, tests=tuple(quote_words(test, input, scope) for test in node.tests))
    if isinstance(node, tree.Test):
        return replace(node, value=quote_words(node.value, input, scope))
    if isinstance(node, tree.List):
        return replace(node, items=tuple(quote_words(item, input, scope) for item in node.items))
    if isinstance(node, tree.Name) and _is_text(node.name, input, scope):
        return tree.String(node.name, start=node.start, end=node.end)
    return node


def _is_text(word: str, input: StringType, scope: Scope) -> bool:
    """One of the input's texts; or a word that nothing else could be, so that the finding lists the texts."""
    return word in (input.allowed or ()) or (word not in scope.names and word != "?")
