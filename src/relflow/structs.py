"""Data classes as the standard library makes them, at a fraction of what defining one costs.

The standard decorator compiles six functions for each class when its module is imported: a third of a second for a
command that loads the whole package. Here `__init__` is compiled when the first instance is made, and what compares,
shows and guards an instance is shared code over its fields. `dataclasses.fields`, `replace`, `match`, pickling and
copying work as ever.
"""

from __future__ import annotations

import dataclasses
import inspect
from operator import attrgetter
from reprlib import recursive_repr
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

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
    """The class with its fields as the standard library finds them, and with the methods from here."""
    own = dict(vars(cls))
    bases = [base for base in cls.__mro__[1:] if "__dataclass_params__" in vars(base)]
    frozen_bases = [base for base in bases if _params(base).frozen]
    for base in frozen_bases:
        _params(base).frozen = False  # for the moment, so that it takes a class that it does not freeze itself
    try:
        found: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
    finally:
        for base in frozen_bases:
            _params(base).frozen = True
    _params(found).frozen, _params(found).eq, _params(found).init, _params(found).repr = frozen, eq, True, True
    methods = {"__init__": _first_init(found, frozen), "__repr__": _repr, "__signature__": _Signature(found)}
    names = tuple(one.name for one in dataclasses.fields(found) if one.compare)
    key = _key(names)
    if eq:
        methods["__eq__"] = _eq(key)
    if frozen:
        methods |= {"__setattr__": _refuse_set, "__delattr__": _refuse_delete}
        if slots:
            methods |= {"__getstate__": _state, "__setstate__": _restore}
    for name, method in methods.items():
        if name not in own:
            setattr(found, name, method)
    explicit = own.get("__hash__") is not None
    if eq and not explicit:
        found.__hash__ = _hash(key) if frozen else None
    return found


def _params(cls: type) -> Any:
    """What the decorator was told."""
    return cls.__dict__["__dataclass_params__"]


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


def _refuse_set(_self: object, name: str, _value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(_self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)


def _first_init(cls: type, frozen: bool) -> Any:
    """An `__init__` that makes the real one, puts it in its place and calls it."""

    def __init__(self: object, *args: Any, **named: Any) -> None:  # noqa: N807 - becomes the method
        _settle(cls, frozen)(self, *args, **named)

    __init__.unsettled = True  # type: ignore[attr-defined]
    return __init__


def _settle(cls: Any, frozen: bool) -> Any:
    """The real `__init__`, in its place."""
    if getattr(cls.__init__, "unsettled", False):
        cls.__init__ = _compiled(cls, frozen)
    return cls.__init__


class _Signature:
    """What `inspect.signature` shows of a class; asking for it settles its `__init__`."""

    def __init__(self, cls: type) -> None:
        self.cls = cls

    def __get__(self, instance: object, owner: Any) -> inspect.Signature:
        if instance is not None or owner is not self.cls:
            raise AttributeError("__signature__")
        signature = inspect.signature(_settle(owner, _params(owner).frozen))
        return signature.replace(parameters=list(signature.parameters.values())[1:])


_MISSING = object()


def _compiled(cls: Any, frozen: bool) -> Any:
    """The `__init__` that the standard library would have written, setting slots directly where it can."""
    names: dict[str, Any] = {"_missing": _MISSING, "_set": object.__setattr__}
    plain: list[str] = []
    named: list[str] = []
    body: list[str] = []
    for one in dataclasses.fields(cls):
        name = one.name
        value = name
        if one.default_factory is not dataclasses.MISSING:
            names[f"_new_{name}"] = one.default_factory
            value = f"_new_{name}() if {name} is _missing else {name}" if one.init else f"_new_{name}()"
            default = "=_missing"
        elif one.default is not dataclasses.MISSING:
            names[f"_default_{name}"] = one.default
            value = name if one.init else f"_default_{name}"
            default = f"=_default_{name}"
        elif not one.init:
            continue
        else:
            default = ""
        if one.init:
            names[f"_type_{name}"] = one.type
            (named if one.kw_only else plain).append(f"{name}: _type_{name}{default}")
        slot = getattr(cls, name, None)
        if not frozen:
            body.append(f"self.{name} = {value}")
        elif isinstance(slot, MemberDescriptorType):
            names[f"_set_{name}"] = slot.__set__
            body.append(f"_set_{name}(self, {value})")
        else:
            body.append(f"_set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join(["self", *plain, *(["*", *named] if named else [])])
    text = f"def __init__({parameters}):\n " + "\n ".join(body or ["pass"])
    made: dict[str, Any] = {}
    exec(text, names, made)  # noqa: S102 - as the standard library does, of our own fields
    made["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    made["__init__"].__module__ = cls.__module__
    return made["__init__"]
