"""Ways to call every built-in function: by names, with lists of one item, with too few or too many arguments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from relflow import feel
from relflow.feel import tree
from relflow.feel.builtins import BUILTINS
from relflow.feel.definition import Builtin, Signature
from relflow.values import identical, literal

NOW = datetime(2026, 11, 21, 20, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def calls(applies: Callable[[Builtin], bool] = lambda _builtin: True) -> list[object]:
    """Every example that is nothing but a call of its function with arguments, of the functions that are meant."""
    found: list[object] = []
    for name, builtin in BUILTINS.items():
        for number, example in enumerate(builtin.examples, 1) if applies(builtin) else ():
            node = feel.parse(example.expression).tree
            if isinstance(node, tree.Call) and node.function == name and node.arguments and not node.names:
                found.append(pytest.param(builtin, node, id=f"{name.replace(' ', '_')}-{number}"))
    return found


def fixed(builtin: Builtin) -> tuple[Signature, ...]:
    """The signatures whose arguments all have names of their own."""
    return tuple(each for each in builtin.signatures if not any(parameter.variadic for parameter in each.parameters))


def value(expression: str) -> object:
    """The value at the time of the tests."""
    return feel.evaluate(expression, now=NOW)


@pytest.mark.parametrize(("builtin", "call"), calls(lambda builtin: any(s.parameters for s in fixed(builtin))))
def test_arguments_may_be_named_in_any_order(builtin: Builtin, call: tree.Call) -> None:
    """Some signature has names under which the same arguments give the same value."""
    arguments = [feel.show(argument) for argument in call.arguments]
    wanted = value(feel.show(call))
    signatures = [
        [parameter.name for parameter in signature.parameters]
        for signature in fixed(builtin)
        if len(arguments) <= len(signature.parameters)
    ]
    results = []
    for names in signatures:
        pairs = [f"{name}: {argument}" for name, argument in zip(names, arguments, strict=False)]
        results.append(value(f"{builtin.name}({', '.join(pairs)})"))
        if len(signatures) == 1:
            assert identical(value(f"{builtin.name}({', '.join(reversed(pairs))})"), wanted)

    assert not results or any(identical(result, wanted) for result in results)


@pytest.mark.parametrize(("builtin", "call"), calls())
def test_a_list_of_one_item_stands_for_the_item(builtin: Builtin, call: tree.Call) -> None:
    """Wherever a parameter asks for no list and not for anything at all."""
    arguments = [feel.show(argument) for argument in call.arguments]
    wanted = value(feel.show(call))
    for place, argument in enumerate(arguments):
        types = {
            str(signature.parameters[min(place, len(signature.parameters) - 1)].type)
            for signature in builtin.signatures
        }
        if any(name == "Any" or name.startswith("list") for name in types) or argument == "null":
            continue
        wrapped = [*arguments[:place], f"[{argument}]", *arguments[place + 1 :]]

        result = value(f"{builtin.name}({', '.join(wrapped)})")

        assert identical(result, wanted), literal(result)


@pytest.mark.parametrize(("builtin", "call"), calls(lambda builtin: fixed(builtin) == builtin.signatures))
def test_too_many_arguments_make_the_call_null(builtin: Builtin, call: tree.Call) -> None:
    """Of every function that does not take any number of them."""
    most = max(len(signature.parameters) for signature in builtin.signatures)
    arguments = [feel.show(argument) for argument in call.arguments]
    recording = feel.explain(f"{builtin.name}({', '.join((arguments * (most + 1))[: most + 1])})", now=NOW)

    assert recording.value is None
    assert recording.reasons[-1].reason.message.name == "null-call"


@pytest.mark.parametrize("name", [name for name in BUILTINS if name not in {"now", "today"}])
def test_no_arguments_make_the_call_null(name: str) -> None:
    """Every function but the clock's needs at least one."""
    recording = feel.explain(f"{name}()", now=NOW)

    assert recording.value is None
    assert recording.reasons[-1].reason.message.name == "null-call"
