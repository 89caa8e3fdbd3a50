"""Values as JSON has them and as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum

from relflow.cli.session import current, say
from relflow.text import Text, join

__all__ = ["plain", "shown"]


def plain(value: object) -> object:
    """A value as JSON data: dates as ISO text, decimals as numbers where JSON's keep every digit, data by field."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Text):
        return value.text(current().lang)
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    if is_dataclass(value) and not _speaks(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return str(value)


def _speaks(value: object) -> bool:
    """Whether a type has a text of its own (a duration), not the generated one."""
    return type(value).__str__ is not object.__str__


def _number(value: Decimal) -> int | float | str:
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else str(value)


def shown(value: object) -> str:
    """A value for a person: numbers with commas, yes and no, a list in one line, nothing as a dash."""
    lang = current().lang
    if value is None:
        return "—"
    if isinstance(value, bool):
        return say("yes", "是") if value else say("no", "否")
    if isinstance(value, int | Decimal):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):,}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Mapping):
        return "{" + join([f"{name}: {shown(item)}" for name, item in value.items()], lang) + "}"
    if isinstance(value, list | tuple):
        return join([shown(item) for item in value], lang)
    speaks = getattr(value, "text", None)
    return str(speaks(lang)) if callable(speaks) else str(value)
