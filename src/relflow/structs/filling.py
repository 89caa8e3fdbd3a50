"""How instances get their fields: the first ones by shared code, those of a class that has many by a compiled one."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field
from types import MemberDescriptorType
from typing import Any

__all__ = ["Filling"]

# compiling an `__init__` costs as much as filling so many instances field by field
_FEW = 30
_ABSENT: Any = object()
# how a field is set, its default, what makes its default, and whether a call may give it
_Step = tuple[Callable[[Any, Any], None], Any, Any, bool]


class Filling:
    """The `__init__` and the signature of one class; `cls` is set when the class is there."""

    __slots__ = ("_frozen", "_names", "_settled", "_steps", "cls")

    def __init__(self, *, frozen: bool) -> None:
        self.cls: Any = None
        self._frozen = frozen
        self._settled: Any = None
        self._names: tuple[str, ...] = ()
        self._steps: dict[str, _Step] = {}

    def first(self) -> Any:
        """An `__init__` that fills a few instances itself, then puts the compiled one in its place."""
        left = _FEW

        def __init__(self_: object, *args: Any, **named: Any) -> None:  # noqa: N807 - becomes the method
            nonlocal left
            left -= 1
            if left < 0 or not self._filled(self_, args, named):
                self.settled()(self_, *args, **named)

        return __init__

    def settled(self) -> Any:
        """The compiled `__init__`, in its place."""
        if self._settled is None:
            self._settled = self.cls.__init__ = _compiled(self.cls, self._frozen)
        return self._settled

    def _filled(self, instance: object, args: tuple[Any, ...], named: dict[str, Any]) -> bool:
        """Set the fields; False where the call is wrong, which the compiled `__init__` says in Python's own words."""
        steps = self._steps
        if not steps:
            fields = dataclasses.fields(self.cls)
            self._names = tuple(one.name for one in fields if one.init and not one.kw_only)
            steps = self._steps = {one.name: _step(self.cls, one, self._frozen) for one in fields}
        if len(args) > len(self._names):
            return False
        given = dict(zip(self._names, args, strict=False))
        for name, value in named.items():
            if name in given or name not in steps or not steps[name][3]:
                return False
            given[name] = value
        for name, (put, default, new, asked) in steps.items():
            if name in given:
                put(instance, given[name])
            elif new is not MISSING:
                put(instance, new())
            elif default is not MISSING:
                put(instance, default)
            elif asked:
                return False
        if hasattr(instance, "__post_init__"):
            instance.__post_init__()
        return True

    def __get__(self, instance: object, owner: Any) -> inspect.Signature:
        """What `inspect.signature` shows of the class, as its `__signature__`; asking for it settles its `__init__`."""
        if instance is not None or owner is not self.cls:
            raise AttributeError("__signature__")
        signature = inspect.signature(self.settled())
        return signature.replace(parameters=list(signature.parameters.values())[1:])


def _step(cls: Any, one: Field[Any], frozen: bool) -> _Step:
    slot = getattr(cls, one.name, None)
    if isinstance(slot, MemberDescriptorType) and (frozen or cls.__setattr__ is object.__setattr__):
        return slot.__set__, one.default, one.default_factory, one.init
    set_ = object.__setattr__ if frozen else setattr
    return lambda instance, value: set_(instance, one.name, value), one.default, one.default_factory, one.init


def _compiled(cls: Any, frozen: bool) -> Any:
    """The `__init__` that the standard library would have written, setting slots directly where it can."""
    fields = dataclasses.fields(cls)
    known: dict[str, Any] = {"_absent": _ABSENT, "_set": object.__setattr__}
    body = [line for one in fields for line in _line(cls, one, frozen, known)]
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    plain = [one for one in fields if one.init and not one.kw_only]
    named = [one for one in fields if one.init and one.kw_only]
    parameters = ", ".join(
        ["self", *(one.name for one in plain), *(["*"] if named else []), *(one.name for one in named)]
    )
    made: dict[str, Any] = {}
    exec(f"def __init__({parameters}):\n " + "\n ".join(body or ["pass"]), known, made)  # noqa: S102 - our own fields
    init = made["__init__"]
    # set on the function instead of written in its text, which then compiles in two thirds of the time
    init.__defaults__ = _defaults(plain)
    init.__kwdefaults__ = {one.name: _default(one) for one in named if _default(one) is not MISSING}
    init.__annotations__ = {one.name: one.type for one in (*plain, *named)} | {"return": None}
    init.__qualname__, init.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    return init


def _line(cls: Any, one: Field[Any], frozen: bool, known: dict[str, Any]) -> list[str]:
    """The line that sets a field; what it needs goes into `known`."""
    name = value = one.name
    if one.default_factory is not MISSING:
        known[f"_new_{name}"] = one.default_factory
        value = f"_new_{name}() if {name} is _absent else {name}" if one.init else f"_new_{name}()"
    elif not one.init:
        if one.default is MISSING:
            return []
        value = f"_default_{name}"
        known[value] = one.default
    slot = getattr(cls, name, None)
    if not frozen:
        return [f"self.{name} = {value}"]
    if isinstance(slot, MemberDescriptorType):
        known[f"_set_{name}"] = slot.__set__
        return [f"_set_{name}(self, {value})"]
    return [f"_set(self, {name!r}, {value})"]


def _default(one: Field[Any]) -> Any:
    return _ABSENT if one.default_factory is not MISSING else one.default


def _defaults(plain: list[Field[Any]]) -> tuple[Any, ...]:
    """The defaults of the parameters that come last; Python refuses one without a default among them."""
    found: list[Any] = []
    for one in plain:
        default = _default(one)
        if default is not MISSING:
            found.append(default)
        elif found:
            raise TypeError(f"non-default argument {one.name!r} follows default argument")
    return tuple(found)
