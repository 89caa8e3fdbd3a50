"""The fields of a class, its slots and its marks, such as the standard library would find and leave them."""

from __future__ import annotations

import abc
import copy
import dataclasses
import inspect
from dataclasses import MISSING, Field
from functools import lru_cache
from types import MemberDescriptorType
from typing import Any

__all__ = ["fields_of", "params", "with_defaults", "with_slots"]


@dataclasses.dataclass(init=False, repr=False, eq=False)
class _Sample:
    """One of the standard library's own, to take its marks from."""

    field: int


_PARAMS: Any = vars(_Sample)["__dataclass_params__"]
_FIELD: Any = dataclasses.fields(_Sample)[0]


@lru_cache(maxsize=16)
def params(*, frozen: bool, eq: bool, slots: bool, kw_only: bool) -> Any:
    """What the decorator was told, as classes keep it; which arguments are kept depends on the Python."""
    kept = copy.copy(_PARAMS)
    told = {"init": True, "repr": True, "eq": eq, "frozen": frozen, "slots": slots, "kw_only": kw_only}
    for name, value in told.items():
        if hasattr(kept, name):
            setattr(kept, name, value)
    return kept


def fields_of(cls: type, *, kw_only: bool) -> dict[str, Field[Any]]:
    """The fields by name, those of the bases first."""
    found: dict[str, Field[Any]] = {}
    for base in cls.__mro__[-1:0:-1]:
        found.update(vars(base).get("__dataclass_fields__", ()))
    for name, annotation in inspect.get_annotations(cls).items():
        if annotation.startswith(("ClassVar", "typing.ClassVar")):
            continue
        default: Any = getattr(cls, name, MISSING)
        if isinstance(default, MemberDescriptorType):
            default = MISSING  # the slot of a base that has the field too
        one: Field[Any] = default if isinstance(default, Field) else dataclasses.field(default=default)
        _mark(one, name, annotation, kw_only)
        found[name] = one
    return found


def _mark(one: Any, name: str, annotation: str, kw_only: bool) -> None:
    one.name, one.type, one._field_type = name, annotation, _FIELD._field_type  # noqa: SLF001 - the standard's mark
    if one.kw_only is MISSING:
        one.kw_only = kw_only
    if one.default is not MISSING and type(one.default).__hash__ is None:
        raise ValueError(f"mutable default {type(one.default)} for field {name} is not allowed: use default_factory")


def with_slots(cls: type, names: tuple[str, ...], more: dict[str, Any]) -> type:
    """The class once more, with slots for its fields and with `more` attributes."""
    bases = [vars(base).get("__slots__", ()) for base in cls.__mro__[1:-1]]
    taken = {slot for slots in bases for slot in ((slots,) if isinstance(slots, str) else slots)}
    gone = {*names, "__dict__", "__weakref__"}
    body = {name: value for name, value in vars(cls).items() if name not in gone}
    body |= more
    body["__slots__"] = tuple(name for name in names if name not in taken)
    again = type(cls)(cls.__name__, cls.__bases__, body)
    again.__qualname__ = cls.__qualname__
    return again


def with_defaults(cls: type, fields: dict[str, Field[Any]], more: dict[str, Any]) -> type:
    """The class itself, with `more` attributes, and with plain values where `dataclasses.field` stood."""
    for name, value in list(vars(cls).items()):
        if not isinstance(value, Field):
            continue
        if fields[name].default is MISSING:
            delattr(cls, name)
        else:
            setattr(cls, name, fields[name].default)
    for name, value in more.items():
        setattr(cls, name, value)
    return abc.update_abstractmethods(cls)
