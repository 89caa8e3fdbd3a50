"""A Hypothesis strategy of accounts, from what a policy declares and compares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from relflow.feel.types import ListType, NumberType, RecordType, ScalarType, StringType, Type
from relflow.policy import Policy
from relflow.program import DurationType
from relflow.testing.boundaries import around, thresholds

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["accounts"]

_FIRST, _LAST = date(1990, 1, 1), date(2040, 12, 31)
_MOST = 10**12
_ITEMS = 5
At = date | datetime | None


def accounts(
    policy: Policy, decision: str | None = None, *, at: At = None, missing: bool = True
) -> SearchStrategy[dict[str, Any]]:
    """Records of an account as a CRM might hold them: every value fits its declaration, bounds and choices included.

    With `decision` only facts that it may read. Half of the values of a fact that is compared with something stand at
    that threshold or right beside it. Unless `missing` is false a fact may be None or absent. `at` is the day that
    `today()` stands for in thresholds.

    Raises ImportError where Hypothesis is not installed, NotFoundError where the policy has no such decision.
    """
    try:
        from hypothesis import strategies as st  # noqa: PLC0415 - a test tool, needed by whoever calls this
    except ImportError as error:
        raise ImportError("relflow.testing.accounts needs Hypothesis: pip install hypothesis") from error
    names = policy.facts_for(decision) if decision is not None else tuple(policy.program.facts)
    found: dict[str, set[Any]] = {}
    for name in [decision] if decision is not None else _decided(policy):
        for fact, values in thresholds(policy, name, at).items():
            found.setdefault(fact, set()).update(near for value in values for near in around(value))
    fields = {name: _fact(policy.program.facts[name].type, found.get(name, set())) for name in names}
    if not missing:
        return st.fixed_dictionaries(fields)
    return st.fixed_dictionaries({}, optional={name: st.none() | field for name, field in fields.items()})


def _decided(policy: Policy) -> list[str]:
    program = policy.program
    return [*program.decisions, *program.indicators]


def _fact(type_: Type, near: set[Any]) -> SearchStrategy[Any]:
    """Values of a declared type; where there are thresholds, as often one of those near them."""
    from hypothesis import strategies as st  # noqa: PLC0415 - as above

    values = of_type(type_)
    fitting = sorted((value for value in near if _fits(value, type_)), key=lambda value: (str(type(value)), str(value)))
    return st.sampled_from(fitting) | values if fitting else values


def _fits(value: Any, type_: Type) -> bool:
    match type_:
        case NumberType(minimum=low, maximum=high):
            if isinstance(value, bool) or not isinstance(value, int | Decimal):
                return False
            return (low is None or value >= low) and (high is None or value <= high)
        case StringType():
            return isinstance(value, str) and (type_.allowed is None or value in type_.allowed)
        case ScalarType(name="date"):
            return isinstance(value, date) and not isinstance(value, datetime)
        case ScalarType(name="date and time"):
            return isinstance(value, datetime)
    return False


def of_type(type_: Type) -> SearchStrategy[Any]:
    """Values of a declared type, lists and records of them included."""
    from hypothesis import strategies as st  # noqa: PLC0415 - as above

    match type_:
        case NumberType():
            return _numbers(type_)
        case StringType():
            return st.sampled_from(type_.allowed) if type_.allowed else st.text(max_size=20)
        case ListType(item=item):
            return st.lists(of_type(item), max_size=_ITEMS)
        case RecordType(fields=fields):
            return st.fixed_dictionaries({}, optional={name: st.none() | of_type(field) for name, field in fields})
        case DurationType():
            return st.timedeltas(timedelta(0), timedelta(days=3650))
        case ScalarType(name=name):
            return _scalars().get(name, st.none())
    return st.none()


def _numbers(type_: NumberType) -> SearchStrategy[Any]:
    """Whole numbers, and some with two digits behind the point."""
    from hypothesis import strategies as st  # noqa: PLC0415 - as above

    low = Decimal(type_.minimum) if type_.minimum is not None else Decimal(-_MOST)
    high = Decimal(type_.maximum) if type_.maximum is not None else max(low, Decimal()) + _MOST
    whole = st.integers(int(low.to_integral_value("ROUND_CEILING")), int(high.to_integral_value("ROUND_FLOOR")))
    exact = st.decimals(low, high, places=2, allow_nan=False, allow_infinity=False)
    return whole | exact if low.to_integral_value("ROUND_CEILING") <= high else exact


def _scalars() -> Mapping[str, SearchStrategy[Any]]:
    """The strategies of types that have no further declaration; instants are aware."""
    from hypothesis import strategies as st  # noqa: PLC0415 - as above

    first, last = (datetime.combine(day, time()) for day in (_FIRST, _LAST))
    return {
        "boolean": st.booleans(),
        "date": st.dates(_FIRST, _LAST),
        "date and time": st.datetimes(first, last, timezones=st.just(UTC)),
        "time": st.times(),
    }
