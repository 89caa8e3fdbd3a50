"""The public calls of the expression language, and how a host's values come in."""

from __future__ import annotations

import enum
import pickle
import threading
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from types import MappingProxyType
from typing import Any

import pytest

from relflow import feel
from relflow.errors import FeelError
from relflow.feel import HostFunction, Parameter, Scope, Signature
from relflow.values import identical


def test_parse_gives_an_expression_that_evaluates_again_and_again() -> None:
    """One expression serves many contexts."""
    expression = feel.parse("amount * 2", {"amount": feel.NUMBER})

    assert [expression.evaluate({"amount": n}) for n in (1, 2, Decimal("0.1"))] == [2, 4, Decimal("0.2")]
    assert expression(amount=3) == 6
    assert expression.reads == ("amount",)
    assert expression.type == feel.NUMBER


def test_parse_refuses_with_every_finding() -> None:
    """A text with mistakes raises FeelError, which holds them all."""
    with pytest.raises(FeelError) as caught:
        feel.parse("amout > 5 and nam = 1", {"amount": feel.NUMBER, "name": feel.STRING})

    assert [found.name for found in caught.value.diagnostics] == ["unknown-name", "unknown-name"]


def test_expressions_print_compare_and_pickle() -> None:
    """An expression is its tree: equal texts are equal, and it survives pickling."""
    first, second = feel.parse("1+ (2)*x", {"x": feel.NUMBER}), feel.parse("1 + 2 * x", {"x": feel.NUMBER})

    assert first == second
    assert hash(first) == hash(second)
    assert str(first) == "1 + 2 * x"
    assert repr(first) == "Expression('1 + 2 * x')"
    assert pickle.loads(pickle.dumps(first)).evaluate({"x": 3}) == 7
    assert first != "1 + 2 * x"


@pytest.mark.parametrize(
    "text",
    [
        "for x in [1, 2], y in x..3 return x * y",
        "some x in orders satisfies x.amount > 5",
        "if a then b else if c then d else e",
        "(if a then b else c) + 1",
        '{a: 1, "b c": [2, {d: null}]}',
        "function(x: number, y: list<string>) x + 1",
        "(function(x) x)(1)",
        'x in (< 5, [1..2), "a")',
        "(1 < 2) = true",
        "(1 < 2) < 3",
        "not(a) and (b or c)",
        "(a and b) or c",
        "-(-1)",
        "-x ** 2",
        "-(x ** 2)",
        "2 ** (3 ** 4)",
        "(2 ** 3) ** 4",
        "a - (b - c)",
        "a instance of context<x: number, y: list<date and time>>",
        "(-1) instance of number",
        "x[1].y[z > 1]",
        "(a + b).c",
        "(a + b)[1]",
        "[(1)..(2)]",
        "(< 5)",
        "x in ((< 5))",
        "x in ((< 5), >= 7)",
        "[(< 5), (> 6)]",
        "f(a: 1, b: 2)",
        '@"2026-01-01" + @"P1D"',
        '"tab\\t quote \\" line\\n"',
        "x between 1 and 2 and y",
        "(x between 1 and 2) between a and b",
        "every x in 1..3 satisfies (if x > 1 then true else false)",
    ],
)
def test_a_printed_tree_reads_back_the_same(text: str) -> None:
    """`parse(str(parse(x))) == parse(x)`, brackets where they are needed."""
    tree = feel.parse(text)

    assert feel.parse(str(tree)) == tree


def test_now_and_today_answer_what_was_passed() -> None:
    """The clock is an argument: an instant, or a date that knows no time of day, or nothing."""
    instant = datetime(2026, 7, 1, 12, tzinfo=UTC)

    assert feel.evaluate("now()", now=instant) == instant
    assert feel.evaluate("today()", now=instant) == date(2026, 7, 1)
    assert feel.evaluate("today()", now=date(2026, 7, 1)) == date(2026, 7, 1)
    assert feel.evaluate("now()", now=date(2026, 7, 1)) is None
    assert feel.evaluate("today()") is None
    assert feel.parse("today() > x").reads_time
    assert not feel.parse("1 + 1").reads_time


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.1, Decimal("0.1")),
        (1e23, Decimal("1E+23")),
        (True, True),
        ("text", "text"),
        (date(2026, 1, 1), date(2026, 1, 1)),
        (timedelta(days=1), timedelta(days=1)),
        ((1, 2), [1, 2]),
        ([(1,), {"a": (2,)}], [[1], {"a": [2]}]),
        (OrderedDict(a=1), {"a": 1}),
        (MappingProxyType({"a": [1]}), {"a": [1]}),
        ({1: 2}, {"1": 2}),
        (float("nan"), None),
        (float("inf"), None),
        (Decimal("NaN"), None),
        (Decimal("-Infinity"), None),
        ([float("nan"), 1], [None, 1]),
        (object(), None),
        (b"bytes", None),
        ({1, 2}, None),
        (3 + 4j, None),
    ],
)
def test_values_of_a_host(value: Any, expected: Any) -> None:
    """Plain values come in, containers are copied, and what FEEL cannot hold is null."""
    got = feel.evaluate("x", {"x": value})

    assert identical(got, expected)
    assert feel.evaluate("x = y", {"x": value, "y": expected}) is True


def test_subclasses_come_in_as_what_they_are() -> None:
    """An enumeration of texts is a text, a named tuple a list."""

    class Colour(str, enum.Enum):  # noqa: UP042 - the older way is what hosts have
        RED = "red"

    class Level(enum.IntEnum):
        HIGH = 3

    assert feel.evaluate('x = "red"', {"x": Colour.RED}) is True
    assert feel.evaluate("x + 1", {"x": Level.HIGH}) == 4


def test_objects_have_no_attributes() -> None:
    """Nothing of Python can be reached from an expression."""
    for text in ("x.__class__", "x.real", "x.upper", '"".__class__', "x.__init__.__globals__"):
        assert feel.evaluate(text, {"x": object()}) is None
        assert feel.evaluate(text, {"x": "a"}) is None


def test_a_result_does_not_share_with_what_came_in() -> None:
    """Changing a result changes neither the host's record nor the next result."""
    record = {"items": [1, 2]}
    expression = feel.parse("items", {"items": feel.ListType(feel.NUMBER)})

    expression.evaluate(record).append(3)

    assert expression.evaluate(record) == [1, 2]
    literal = feel.parse("[1, 2]")
    literal.evaluate().append(3)
    assert literal.evaluate() == [1, 2]


def test_the_decimal_context_of_a_host_changes_nothing() -> None:
    """Arithmetic runs in a context of our own."""
    with localcontext() as context:
        context.prec = 3
        assert feel.evaluate("1 / 3 + x", {"x": Decimal(0)}) == Decimal("0." + "3" * 34)
        assert feel.evaluate("12345.678 * 2 + 5000.5万") == Decimal("50029691.356")


def test_explain_tells_why_and_where() -> None:
    """The recording names the part that was null, the reason, and the names that had no value."""
    recording = feel.explain("x + 10 / zero > 5", {"zero": 0})

    assert recording.value is None
    assert recording.missing == ("x",)
    names = [reason.reason.message.name for reason in recording.reasons]
    assert names == ["null-name", "null-division"]
    place = recording.reasons[1].at(feel.expression.Fragment.of("x + 10 / zero > 5"))
    assert (place.span.text, place.text(), place.text("zh")) == ("10 / zero", "division by zero", "除数为零")
    assert feel.explain("1 + 1").reasons == ()


def test_reasons_of_one_thread_do_not_reach_another() -> None:
    """A recording keeps only what happens on its own thread."""
    seen: list[Any] = []
    thread = threading.Thread(target=lambda: seen.append(feel.evaluate("1 / 0")))

    recording = feel.explain("x", {"x": 1})
    thread.start()
    thread.join()

    assert seen == [None]
    assert recording.reasons == ()


def double(value: int) -> int:
    """A host's function."""
    return value * 2


def fails(value: int) -> int:
    """A host's function that raises."""
    raise RuntimeError(value)


ONE_NUMBER = Signature((Parameter("value", feel.NUMBER),), feel.NUMBER)
HOST = Scope.of(
    {"amount": feel.NUMBER},
    [HostFunction("double", ONE_NUMBER, double), HostFunction("the rate", ONE_NUMBER, fails)],
)


def test_functions_of_a_host() -> None:
    """They are typed like built-ins, may have names of several words, and what they raise is null."""
    assert feel.parse("double(amount) + 1", HOST).evaluate({"amount": 4}) == 9
    assert feel.parse("double(value: amount)", HOST).evaluate({"amount": 4}) == 8
    assert feel.parse("the rate(amount)", HOST).evaluate({"amount": 4}) is None
    assert [found.name for found in feel.check('double("x")', HOST)] == ["wrong-type"]
    assert [found.name for found in feel.check("double()", HOST)] == ["wrong-arguments"]
    copy = pickle.loads(pickle.dumps(feel.parse("double(amount)", HOST)))
    assert copy.evaluate({"amount": 2}) == 4
    checked = feel.check_expression("the rate(amount)", HOST)
    assert [r.reason.message.name for r in feel.record(checked, {"amount": 1}).reasons] == ["null-call"]
