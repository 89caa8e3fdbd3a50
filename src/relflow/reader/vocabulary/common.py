"""Keys that every part of a policy may have, and short ways to write the vocabulary down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from relflow.diagnostics import Span
from relflow.reader.mappings import Key, OneOrMany, Part
from relflow.reader.reading import Reading, both
from relflow.reader.scalars import Feel, Id, Literal, Plain
from relflow.reader.values import WordingShape

__all__ = ["COMMON", "CONDITION", "IDS", "NAME", "SOURCE", "VALUE", "WORDS", "duration", "part"]

NAME: Final = Id()
IDS: Final = OneOrMany(Id(example="[account_manager]"))
VALUE: Final = Literal(example="10")
WORDS: Final = WordingShape()
CONDITION: Final = Feel()
SOURCE: Final = OneOrMany(Plain(example="S001-2.1-1"))

COMMON: Final[Mapping[str, Key]] = {
    "label": Key(WORDS, "What people call it.", "显示名称。"),
    "because": Key(WORDS, "The reason, as explanations give it.", "理由，会出现在解释中。"),
    "source": Key(SOURCE, "The manual's clause or clauses.", "所依据的手册条款，一条或多条。"),
}


def duration(example: str = "30 days") -> Literal:
    """A duration in words, or `=` and a parameter or an expression."""
    return Literal(example=example)


def part(
    name: str,
    en: str,
    zh: str,
    make: Callable[..., object],
    keys: Mapping[str, Key],
    *,
    common: Mapping[str, Key] = COMMON,
    check: Callable[[AbstractSet[str], Span, Reading], None] | None = None,
    empty: bool = False,
    fillable: bool = False,
    rules: Mapping[str, object] | None = None,
    example: str = "{…}",
) -> Part:
    """A part of the vocabulary: a key of `keys` wins over a common one of the same name."""
    rest = {key: value for key, value in common.items() if key not in keys}
    return Part(
        name,
        both(en, zh),
        make,
        keys,
        rest,
        check=check,
        empty=empty,
        fillable=fillable,
        rules=rules or {},
        example=example,
    )
