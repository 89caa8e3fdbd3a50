"""The kit's typed values: from them, to them, conversion to a declared type, and agreement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from relflow import values
from relflow.values import YearsMonthsDuration, kind_of, parse_temporal, to_text

Typed = dict[str, Any]

NULL: Typed = {"t": "null"}
TOLERANCE = Decimal("0.00000001")
_KINDS = {
    "date": "date",
    "time": "time",
    "date and time": "dateTime",
    "days and time duration": "dayTimeDuration",
    "years and months duration": "yearMonthDuration",
}
_MICROSECOND = 1_000


def from_typed(typed: Typed) -> Any:
    """A value of the kit as relflow's."""
    kind, value = typed["t"], typed.get("v")
    if kind == "number":
        return Decimal(value)
    if kind == "list":
        return [from_typed(item) for item in value]
    if kind == "context":
        return {name: from_typed(item) for name, item in value.items()}
    return parse_temporal(value) if kind in _KINDS.values() else value


def to_typed(value: Any) -> Typed:
    """A value of relflow as the kit's."""
    kind = kind_of(value)
    if kind == "null":
        return NULL
    if kind in ("boolean", "string"):
        return {"t": kind, "v": value}
    if kind == "number":
        return {"t": kind, "v": str(value)}
    if kind == "list":
        return {"t": kind, "v": [to_typed(item) for item in value]}
    if kind == "context":
        return {"t": kind, "v": {name: to_typed(item) for name, item in value.items()}}
    return {"t": _KINDS.get(kind, kind), "v": to_text(value)}


def conforms(value: Typed, wanted: Typed | None) -> bool:
    """Whether a value has a declared type; allowed values are not looked at."""
    if wanted is None or value["t"] == "null" or (wanted["base"] == "Any" and not wanted.get("list")):
        return True
    if wanted.get("list"):
        item = wanted.get("of") if wanted["base"] == "list" else {k: v for k, v in wanted.items() if k != "list"}
        return value["t"] == "list" and all(conforms(each, item) for each in value["v"])
    if value["t"] != wanted["base"]:
        return False
    return all(name in value["v"] and conforms(value["v"][name], t) for name, t in wanted.get("fields", {}).items())


def coerced(value: Typed, wanted: Typed | None) -> Typed:
    """The value as the decision's variable of the declared type holds it."""
    if wanted is None or conforms(value, wanted):
        return value
    if wanted.get("list"):
        wrapped = {"t": "list", "v": [value]}
        return wrapped if value["t"] != "list" and conforms(wrapped, wanted) else NULL
    if value["t"] == "list":
        return coerced(value["v"][0], wanted) if len(value["v"]) == 1 else NULL
    if wanted["base"] == "dateTime" and value["t"] == "date":
        return {"t": "dateTime", "v": value["v"] + "T00:00:00Z"}
    return NULL


def agree(expected: Typed, actual: Typed) -> bool:
    """Whether two typed values are the same to the kit."""
    kind = expected["t"]
    if kind != actual["t"]:
        return False
    wanted, got = expected.get("v"), actual.get("v")
    if kind == "list":
        return len(wanted) == len(got) and all(map(agree, wanted, got))
    if kind == "context":
        return wanted.keys() == got.keys() and all(agree(wanted[name], got[name]) for name in wanted)
    if kind == "number":
        return abs(Decimal(wanted) - Decimal(got)) < TOLERANCE
    if kind in _KINDS.values():
        return _same_moment(parse_temporal(wanted), parse_temporal(got))
    return bool(wanted == got)


def _same_moment(first: Any, second: Any) -> bool:
    """The same representation: one zone, and equal to the microsecond."""
    if isinstance(first, YearsMonthsDuration):
        return bool(first == second)
    if kind_of(first) == "days and time duration":
        return abs(values.duration_nanoseconds(first) - values.duration_nanoseconds(second)) < _MICROSECOND
    return _cut(to_text(first)) == _cut(to_text(second))


def _cut(text: str) -> str:
    """A time cut to microseconds, Z and +00:00 alike."""
    head, dot, rest = text.partition(".")
    if dot:
        digits = len(rest) - len(rest.lstrip("0123456789"))
        text = f"{head}.{rest[:digits][:6].ljust(6, '0')}{rest[digits:]}"
    return text.replace("+00:00", "Z").replace("@Etc/UTC", "Z").replace(".000000", "")
