"""Our data classes beside those of the standard library: the same in all that a user of them sees."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field, fields, replace
from typing import Any, ClassVar

import pytest

from relflow.structs import dataclass

Decorator = Callable[..., Any]


def family(decorator: Decorator) -> dict[str, Any]:
    """Classes of every kind that we define, made by one of the two decorators."""

    @decorator(frozen=True, slots=True)
    class Point:
        """Frozen, with slots."""

        x: int
        y: int = 2
        kind: ClassVar[str] = "point"

    @decorator(frozen=True, slots=True, kw_only=True)
    class Named(Point):
        """Frozen, more fields, given by name."""

        name: str = "n"
        tags: list[str] = field(default_factory=list, compare=False)
        secret: str = field(default="s", repr=False)

    @decorator(slots=True)
    class Open:
        """One that changes."""

        items: list[int] = field(default_factory=list)
        total: int = field(init=False, default=0)

        def __post_init__(self) -> None:
            self.total = sum(self.items)

    @decorator(frozen=True, slots=True, eq=False)
    class Single:
        """Equal to itself only."""

        x: int

    @decorator(frozen=True)
    class Worn:
        """Without slots, with its own words."""

        x: int

        def __repr__(self) -> str:
            return f"<{self.x}>"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Worn) and self.x % 10 == other.x % 10

        def __hash__(self) -> int:
            return self.x % 10

    @decorator(frozen=True, slots=True)
    class Empty:
        """No fields at all."""

    return {one.__name__: one for one in (Point, Named, Open, Single, Worn, Empty)}


OURS, THEIRS = family(dataclass), family(dataclasses.dataclass)
CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("Point", (1,), {}),
    ("Point", (1, 3), {}),
    ("Point", (), {"y": 5, "x": 4}),
    ("Named", (1,), {"name": "a", "tags": ["t"]}),
    ("Named", (1, 2), {"secret": "x"}),
    ("Open", ([1, 2],), {}),
    ("Open", (), {}),
    ("Single", (1,), {}),
    ("Worn", (11,), {}),
    ("Empty", (), {}),
]


@pytest.mark.parametrize(("name", "args", "named"), CALLS)
def test_an_instance_is_what_the_standard_library_makes(name: str, args: Any, named: Any) -> None:
    """Fields, words, equality, hash, replacing, copying and matching are the same."""
    one, two = OURS[name](*args, **named), THEIRS[name](*args, **named)

    assert [(part.name, getattr(one, part.name)) for part in fields(one)] == [
        (part.name, getattr(two, part.name)) for part in fields(two)
    ]
    assert repr(one) == repr(two)
    assert dataclasses.asdict(one) == dataclasses.asdict(two)
    assert (one == OURS[name](*args, **named)) == (two == THEIRS[name](*args, **named))
    assert one != two
    assert replace(one) == one or name == "Single"
    assert one.__replace__() == one or name == "Single"
    assert copy.deepcopy(one) == one or name == "Single"
    assert OURS[name].__match_args__ == THEIRS[name].__match_args__
    assert (OURS[name].__hash__ is None) == (THEIRS[name].__hash__ is None)
    if OURS[name].__hash__ is not None and name != "Single":
        assert hash(one) == hash(OURS[name](*args, **named))


@pytest.mark.parametrize(("name", "args", "named"), CALLS)
def test_many_instances_are_as_the_first_one(name: str, args: Any, named: Any) -> None:
    """The code that is compiled for a class of many instances fills them as the shared code did before it."""
    cls = family(dataclass)[name]
    before = cls.__init__
    made = [cls(*args, **named) for _ in range(100)]

    assert cls.__init__ is not before
    assert {repr(one) for one in made} == {repr(THEIRS[name](*args, **named))}
    assert (
        inspect.signature(cls.__init__).parameters.keys() == inspect.signature(THEIRS[name].__init__).parameters.keys()
    )


@pytest.mark.parametrize("name", OURS)
def test_a_class_looks_as_the_standard_library_makes_it(name: str) -> None:
    """Its signature, before and after the first instance, its parameters and its slots."""
    ours, theirs = OURS[name], THEIRS[name]

    assert [(p.name, p.kind) for p in inspect.signature(ours).parameters.values()] == [
        (p.name, p.kind) for p in inspect.signature(theirs).parameters.values()
    ]
    assert repr(ours.__dataclass_params__) == repr(theirs.__dataclass_params__)
    assert getattr(ours, "__slots__", None) == getattr(theirs, "__slots__", None)


@pytest.mark.parametrize(
    ("name", "args", "named"),
    [("Point", (), {}), ("Point", (1, 2, 3), {}), ("Named", (1, 2, "x"), {}), ("Point", (1,), {"z": 1})],
)
def test_a_wrong_call_is_refused_in_the_same_words(name: str, args: Any, named: Any) -> None:
    """Missing, superfluous and unknown arguments are a TypeError, at the first call and in compiled code."""
    said = []
    compiled = family(dataclass)
    inspect.signature(compiled[name])  # settles it
    for kinds in (family(dataclass), compiled, THEIRS):
        with pytest.raises(TypeError) as caught:
            kinds[name](*args, **named)
        said.append(str(caught.value).split(".")[-1])
    assert said[0] == said[1] == said[2]


def test_a_field_given_twice_is_refused() -> None:
    """By place and by name: the standard library's words."""
    with pytest.raises(TypeError, match="multiple values for argument 'x'"):
        family(dataclass)["Point"](1, x=1)


def test_bad_definitions_are_refused_as_ever() -> None:
    """A shared mutable default, a mix of frozen and open, a field without a default behind one that has it."""
    with pytest.raises(ValueError, match="mutable default"):

        @dataclass(slots=True)
        class _Shared:
            items: list[int] = []  # noqa: RUF012 - what is refused

    with pytest.raises(TypeError, match="cannot inherit frozen dataclass from a non-frozen one"):
        dataclass(frozen=True)(type("Mixed", (OURS["Open"],), {}))

    @dataclass(frozen=True)
    class Late:
        x: int = 0
        y: int  # type: ignore[misc]

    with pytest.raises(TypeError, match="non-default argument 'y' follows default argument"):
        Late()  # type: ignore[call-arg]


def test_a_frozen_instance_stays_as_it_is() -> None:
    """Neither a field nor anything else is set or deleted."""
    point = OURS["Point"](1)

    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'x'"):
        del point.x
    assert point.x == 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A class that a pickle can find."""

    x: int
    more: tuple[int, ...] = ()


def test_a_frozen_instance_pickles() -> None:
    """With slots and frozen it goes through a pickle and comes back equal."""
    assert pickle.loads(pickle.dumps(Kept(1, (2,)))) == Kept(1, (2,))


def test_a_class_of_the_standard_library_may_inherit() -> None:
    """A host that derives a frozen class from ours, and one of ours from a frozen one, is served."""

    @dataclasses.dataclass(frozen=True)
    class Theirs(Kept):
        y: int = 0

    @dataclass(frozen=True, slots=True)
    class Ours(Theirs):
        z: int = 0

    assert (Theirs(1, (), 2).y, Ours(1, (), 2, 3).z) == (2, 3)
    with pytest.raises(FrozenInstanceError):
        Ours(1).z = 4  # type: ignore[misc]


def test_rare_arguments_are_the_standard_librarys() -> None:
    """What is not made here, such as an order, is handed on."""

    @dataclass(frozen=True, order=True)
    class Ranked:
        x: int

    assert Ranked(1) < Ranked(2)
