"""Expressions over a fixed set of facts, as text of a wanted type; and values for the facts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from relflow import feel
from relflow.feel import Scope, Type

ORDER = feel.RecordType((("amount", feel.NUMBER), ("on", feel.DATE), ("product line", feel.STRING)), name="order")
FACTS: dict[str, Type] = {
    "amount": feel.NumberType("CNY"),
    "years": feel.NUMBER,
    "tier": feel.StringType(levels=("strategic", "key", "regular"), scheme="tier"),
    "Full Name": feel.STRING,
    "重要": feel.BOOLEAN,
    "since": feel.DATE,
    "gap": feel.DAYS_DURATION,
    "rhythm": feel.MONTHS_DURATION,
    "orders": feel.ListType(ORDER),
    "tags": feel.ListType(feel.STRING),
    "best order": ORDER,
}
SCOPE = Scope.of(FACTS)

_NUMBERS = ("0", "1", "2", "-1", "0.5", "0.1", "1_000", "5000万", "80%", "12345678901234567890.5", "3", "7", "10")
_TEXTS = ('""', '"a"', '"key"', '"重要客户"', '"a\\nb"', '"quote \\" here"')
_DATES = ('@"2026-01-01"', '@"2025-12-31"', 'date("2026-02-28")', "date(2026, 7, 1)")
_DAYS = ('@"P1D"', '@"PT36H"', 'duration("-P3DT0.5S")')
_MONTHS = ('@"P1M"', '@"P1Y2M"', 'duration("-P3M")')


def _binary(operand: st.SearchStrategy[str], operators: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.tuples(operand, st.sampled_from(operators), operand).map(lambda parts: "({} {} {})".format(*parts))


def _calls(template: str, *arguments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*arguments).map(lambda parts: template.format(*parts))


def _repeated(depth: int) -> st.SearchStrategy[str]:
    """Numbers that are worth computing once where they stand twice."""
    return st.one_of(
        _calls("sum({})", number_lists(depth - 1)),
        _calls("count({})", number_lists(depth - 1)),
        _calls("orders[{}].amount[1]", conditions(0)),
        st.sampled_from(("best order.amount", "max(orders.amount)", "abs(years)")),
    )


def numbers(depth: int) -> st.SearchStrategy[str]:
    """Texts of number expressions."""
    leaves = st.sampled_from((*_NUMBERS, "years", "amount", "best order.amount"))
    if not depth:
        return leaves
    inner = numbers(depth - 1)
    return st.one_of(
        leaves,
        _binary(inner, ("+", "-", "*", "/", "**")),
        inner.map(lambda text: f"-{text}"),
        _calls("(if {} then {} else {})", conditions(depth - 1), inner, inner),
        _calls("(if {0} > {1} then {0} + {0} else -{0})", _repeated(depth), inner),
        _calls("({0} * {1} + {0})", _repeated(depth), inner),
        _calls("abs({})", inner),
        _calls("decimal({}, 2)", inner),
        _calls("modulo({}, {})", inner, inner),
        _calls("sum({})", number_lists(depth - 1)),
        _calls("count({})", number_lists(depth - 1)),
        _calls("{}[{}]", number_lists(depth - 1), st.sampled_from(("1", "-1", "2"))),
        _calls("string length({})", texts(depth - 1)),
        _calls("({}).year", dates(depth - 1)),
        _calls("({} / {})", days(depth - 1), days(depth - 1)),
        _calls("(function(x: number) x + {})({})", leaves, inner),
        _calls("{{a: {}, b: a + 1}}.b", inner),
    )


def texts(depth: int) -> st.SearchStrategy[str]:
    """Texts of text expressions."""
    leaves = st.sampled_from((*_TEXTS, "Full Name", "best order.product line"))
    if not depth:
        return leaves
    inner = texts(depth - 1)
    return st.one_of(
        leaves,
        _calls("({} + {})", inner, inner),
        _calls("upper case({})", inner),
        _calls("substring({}, {})", inner, numbers(depth - 1)),
        _calls("string({})", numbers(depth - 1)),
        _calls("(if {} then {} else {})", conditions(depth - 1), inner, inner),
    )


def dates(depth: int) -> st.SearchStrategy[str]:
    """Texts of date expressions."""
    leaves = st.sampled_from((*_DATES, "since", "best order.on"))
    if not depth:
        return leaves
    return st.one_of(leaves, _calls("({} + {})", dates(depth - 1), st.one_of(days(depth - 1), months(depth - 1))))


def days(depth: int) -> st.SearchStrategy[str]:
    """Texts of expressions for durations in days."""
    leaves = st.sampled_from((*_DAYS, "gap"))
    if not depth:
        return leaves
    inner = days(depth - 1)
    return st.one_of(
        leaves,
        _binary(inner, ("+", "-")),
        _calls("({} - {})", dates(depth - 1), dates(depth - 1)),
        _calls("({} * {})", inner, numbers(0)),
    )


def months(depth: int) -> st.SearchStrategy[str]:
    """Texts of expressions for durations in months."""
    leaves = st.sampled_from((*_MONTHS, "rhythm"))
    return leaves if not depth else st.one_of(leaves, _binary(months(depth - 1), ("+", "-")))


def number_lists(depth: int) -> st.SearchStrategy[str]:
    """Texts of expressions for lists of numbers."""
    leaves = st.sampled_from(("[1, 2, 3]", "[]", "orders.amount", "[years, amount]"))
    if not depth:
        return leaves
    return st.one_of(
        leaves,
        st.lists(numbers(depth - 1), max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        _calls("(for x in {} return x + {})", number_lists(depth - 1), numbers(depth - 1)),
        _calls("(for i in 1..3, x in {} return i * x)", number_lists(depth - 1)),
        _calls("{}[item > {}]", number_lists(depth - 1), numbers(depth - 1)),
        _calls("orders[amount >= {} and on > {}].amount", numbers(depth - 1), dates(depth - 1)),
        _calls("orders[{}].amount", conditions(depth - 1)),
        _calls("sort({}, function(a, b) a < b)", number_lists(depth - 1)),
    )


def conditions(depth: int) -> st.SearchStrategy[str]:
    """Texts of conditions."""
    leaves = st.sampled_from(
        (
            "true",
            "false",
            "重要",
            '(tier = "key")',
            '(tier in ("key", "regular"))',
            "(years = null)",
            "(amount != null)",
        )
    )
    if not depth:
        return leaves
    inner = conditions(depth - 1)
    orders = ("<", "<=", ">", ">=", "=", "!=")
    return st.one_of(
        leaves,
        _binary(inner, ("and", "or", "=", "!=")),
        _calls("not({})", inner),
        _calls("({0} > 3 and {1} or {0} < 2 or not({0} = 5))", _repeated(depth), inner),
        *(_binary(kind(depth - 1), orders) for kind in (numbers, texts, dates, days, months)),
        _calls("({} between {} and {})", numbers(depth - 1), numbers(depth - 1), numbers(depth - 1)),
        _calls("({} in ({}))", numbers(depth - 1), tests(depth - 1)),
        _calls("({} in [{}, 7])", numbers(depth - 1), numbers(depth - 1)),
        _calls("(some x in {} satisfies x > {})", number_lists(depth - 1), numbers(depth - 1)),
        _calls("(every x in orders, y in {} satisfies x.amount > y)", number_lists(depth - 1)),
        _calls("(some o in orders satisfies o.product line = {})", texts(depth - 1)),
        _calls("contains({}, {})", texts(depth - 1), texts(depth - 1)),
        _calls("(({}) instance of number)", numbers(depth - 1)),
        _calls("(if {} then {} else {})", inner, inner, inner),
        _calls("({} = {})", number_lists(depth - 1), number_lists(depth - 1)),
    )


def tests(depth: int) -> st.SearchStrategy[str]:
    """Texts of cells over a number."""
    value = numbers(depth)
    single = st.one_of(
        _calls("{} {}", st.sampled_from(("<", "<=", ">", ">=", "=", "!=")), value),
        value,
        st.sampled_from(("[1..5]", "(0.5..7)", "]0..10[", "null", "? * 2 > years", "[1, 2, 3]", "< 0.1", "[0.1..1)")),
    )
    return st.lists(single, min_size=1, max_size=3).map(", ".join)


def cells(depth: int) -> st.SearchStrategy[str]:
    """Texts of whole cells over a number."""
    return st.one_of(st.just("-"), tests(depth), tests(depth).map(lambda text: f"not({text})"))


def expressions(depth: int = 2) -> st.SearchStrategy[str]:
    """Texts of expressions of any type."""
    kinds = (numbers, texts, dates, days, months, number_lists, conditions)
    return st.one_of(*(kind(depth) for kind in kinds))


number_values: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.integers(-20, 20),
    st.integers(-(10**20), 10**20),
    st.sampled_from((0.1, 0.5, 1e15, 2.5, -0.0, 1e300, float("nan"), float("inf"), 5e-324, 0.30000000000000004)),
    st.floats(-100, 100),
    st.decimals(-1000, 1000, places=2),
    st.sampled_from((Decimal("0.1"), Decimal("NaN"), Decimal("1E+30"), Decimal("0.10"))),
)
text_values = st.one_of(st.none(), st.sampled_from(("", "a", "key", "重要客户", "{}", "A\nB")))
date_values = st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2027, 1, 1)))
day_values = st.one_of(st.none(), st.timedeltas(timedelta(-5), timedelta(5)))
month_values = st.one_of(st.none(), st.integers(-20, 20).map(feel.YearsMonthsDuration))
_order_fields = {"amount": number_values, "on": date_values, "product line": text_values}
order_values = st.one_of(st.none(), st.fixed_dictionaries(_order_fields))

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "amount": number_values,
    "years": number_values,
    "tier": st.sampled_from((None, "strategic", "key", "regular")),
    "Full Name": text_values,
    "重要": st.sampled_from((None, True, False)),
    "since": date_values,
    "gap": day_values,
    "rhythm": month_values,
    "orders": st.one_of(st.none(), st.lists(order_values, max_size=3)),
    "tags": st.lists(text_values, max_size=3),
    "best order": order_values,
}
records = st.fixed_dictionaries(VALUES)
