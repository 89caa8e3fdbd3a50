"""Values as JSON has them and as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from relflow.cli.session import current
from relflow.results import jsonable
from relflow.text import Text

__all__ = ["plain", "shown"]


def plain(value: object) -> object:
    """A value as JSON data; data classes become objects, unless they have a text of their own (a duration)."""
    if isinstance(value, Text):
        return value.text(current().lang)
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return [plain(item) for item in sorted(value, key=str)]
    if is_dataclass(value) and not isinstance(value, type) and type(value).__str__ is object.__str__:
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return jsonable(value)


def shown(value: object) -> str:
    """A value for a person, in the session's language."""
    from relflow.explain import show

    return "—" if value is None else show(value).text(current().lang)
