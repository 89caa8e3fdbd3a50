r"""What `\p{…}`, `\d`, `\w`, `\i` and `\c` stand for: categories, blocks and the characters of XML names."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

from relflow.feel.regex.blocks import BLOCKS
from relflow.feel.regex.charsets import CharSet

__all__ = ["escape_set", "property_set"]

_NAME_START: Final = CharSet.of(
    (
        *((ord(char), ord(char)) for char in ":_"),
        (0x41, 0x5A),
        (0x61, 0x7A),
        (0xC0, 0xD6),
        (0xD8, 0xF6),
        (0xF8, 0x2FF),
        (0x370, 0x37D),
        (0x37F, 0x1FFF),
        (0x200C, 0x200D),
        (0x2070, 0x218F),
        (0x2C00, 0x2FEF),
        (0x3001, 0xD7FF),
        (0xF900, 0xFDCF),
        (0xFDF0, 0xFFFD),
        (0x10000, 0xEFFFF),
    )
)
_NAME: Final = _NAME_START | CharSet.of(((0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040)))
_SPACE: Final = CharSet.chars("\t\n\r ")
# assigned characters end here, but for a few tags and the private planes, which are listed whole
_SCANNED: Final = ((0, 0x3FFFF), (0xE0000, 0xE0FFF))
_UNSCANNED: Final = {
    "Cn": ((0x40000, 0xDFFFF), (0xE1000, 0xEFFFF), (0xFFFFE, 0xFFFFF), (0x10FFFE, 0x10FFFF)),
    "Co": ((0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)),
}


@cache
def _categories() -> dict[str, CharSet]:
    """Every general category with its characters."""
    ranges: dict[str, list[tuple[int, int]]] = {name: list(parts) for name, parts in _UNSCANNED.items()}
    category = unicodedata.category
    for first, last in _SCANNED:
        start, current = first, category(chr(first))
        for code in range(first + 1, last + 2):
            name = category(chr(code)) if code <= last else ""
            if name != current:
                ranges.setdefault(current, []).append((start, code - 1))
                start, current = code, name
    return {name: CharSet.of(parts) for name, parts in ranges.items()}


@cache
def property_set(name: str) -> CharSet | None:
    r"""The characters of `\p{name}`: a category (`Lu`), a group of them (`L`), or a block (`IsBasicLatin`)."""
    if name.startswith("Is"):
        block = BLOCKS.get(name[2:])
        return None if block is None else CharSet((block,))
    if not name or len(name) > 2 or name == "Cs":
        return None
    parts = [chars.ranges for category, chars in _categories().items() if category.startswith(name)]
    return CharSet.of(range_ for ranges in parts for range_ in ranges) if parts else None


@cache
def escape_set(letter: str) -> CharSet | None:
    r"""The characters of `\s`, `\d`, `\w`, `\i`, `\c` and of their capital opposites; None for other letters."""
    if letter.isupper():
        chars = escape_set(letter.lower())
        return None if chars is None else ~chars
    match letter:
        case "s":
            return _SPACE
        case "d":
            return property_set("Nd")
        case "w":
            separators = [property_set(group) for group in "PZC"]
            return ~CharSet.of(range_ for group in separators if group for range_ in group.ranges)
        case "i":
            return _NAME_START
        case "c":
            return _NAME
    return None
