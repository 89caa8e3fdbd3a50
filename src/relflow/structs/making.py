"""The decorator: a class with its fields and with the methods of a data class, none of them compiled for it."""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

from relflow.structs.fields import fields_of, params, with_defaults, with_slots
from relflow.structs.filling import Filling

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, eq=True, slots=False, kw_only=False, **rare):
        """As `dataclasses.dataclass`; with arguments beyond these four it is that."""

        def wrap(found):
            if rare:
                return dataclasses.dataclass(frozen=frozen, eq=eq, slots=slots, kw_only=kw_only, **rare)(found)
            return _made(found, frozen=frozen, eq=eq, slots=slots, kw_only=kw_only)

        return wrap if cls is None else wrap(cls)


def _made(cls: type, *, frozen: bool, eq: bool, slots: bool, kw_only: bool) -> Any:
    """The class as `dataclasses.dataclass` would return it."""
    own = dict(vars(cls))
    if any(_frozen(base) is not frozen for base in cls.__mro__[1:] if "__dataclass_fields__" in vars(base)):
        one, other = ("frozen", "non-frozen") if frozen else ("non-frozen", "frozen")
        raise TypeError(f"cannot inherit {one} dataclass from a {other} one")
    fields, filling = fields_of(cls, kw_only=kw_only), Filling(frozen=frozen)
    key = _key(tuple(one.name for one in fields.values() if one.compare))
    more: dict[str, Any] = {
        "__dataclass_fields__": fields,
        "__dataclass_params__": params(frozen=frozen, eq=eq, slots=slots, kw_only=kw_only),
        "__match_args__": tuple(one.name for one in fields.values() if one.init and not one.kw_only),
        "__init__": filling.first(),
        "__signature__": filling,
        "__repr__": _repr,
        "__replace__": _replace,
    }
    if eq:
        more["__eq__"] = _eq(key)
    if frozen:
        more |= {"__setattr__": _refuse_set, "__delattr__": _refuse_delete}
        if slots:
            more |= {"__getstate__": _state, "__setstate__": _restore}
    more = {name: value for name, value in more.items() if name not in own or name.startswith("__dataclass")}
    if eq and own.get("__hash__") is None:
        more["__hash__"] = _hash(key) if frozen else None
    filling.cls = with_slots(cls, tuple(fields), more) if slots else with_defaults(cls, fields, more)
    return filling.cls


def _frozen(cls: type) -> bool:
    return bool(vars(cls)["__dataclass_params__"].frozen)


def _key(names: tuple[str, ...]) -> Any:
    """What instances are compared by."""
    if not names:
        return lambda _: ()
    if len(names) == 1:
        return lambda one, get=attrgetter(names[0]): (get(one),)
    return attrgetter(*names)


def _eq(key: Any) -> Any:
    def __eq__(self: object, other: object) -> Any:  # noqa: N807 - becomes the method
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hash(key: Any) -> Any:
    def __hash__(self: object) -> int:  # noqa: N807 - becomes the method
        return hash(key(self))

    return __hash__


@recursive_repr()
def _repr(self: Any) -> str:
    shown = [f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr]
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _replace(self: Any, /, **changes: Any) -> Any:
    """What `copy.replace` of Python 3.13 asks for."""
    return dataclasses.replace(self, **changes)


def _refuse_set(_self: object, name: str, _value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(_self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
