"""Lengths of time as a policy states them: days and less, months, or working time; three kinds that never compare."""

from __future__ import annotations

import enum
import re
from dataclasses import field
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from relflow.diagnostics import Message, Severity
from relflow.errors import FactError
from relflow.structs import dataclass
from relflow.text import DEFAULT_LANGUAGE
from relflow.values.months import YearsMonthsDuration
from relflow.values.refusals import Refusal
from relflow.values.words import Amount, Unit, quantity, read_amounts

__all__ = ["Duration", "DurationKind", "WorkingDuration", "read_duration"]

MAX_YEARS: Final = 1000
MAX_WORKING_YEARS: Final = 100
_MICROSECOND: Final = timedelta(microseconds=1)
# a millionth of a working day is 27 ms of an eight-hour day: products are rounded to it, so that they stay printable
_DAY_DIGITS: Final = 10**6


class DurationKind(enum.Enum):
    """What a duration counts: exact time, calendar months, or working time."""

    DAYS = "days"
    MONTHS = "months"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class WorkingDuration:
    """Working time as a value of expressions: working days, then open hours on top of them (`time`).

    How many hours a working day has is the calendar's, so one working day neither equals nor compares with eight
    working hours.
    """

    days: Decimal = Decimal(0)
    time: timedelta = timedelta()

    def compare(self, other: WorkingDuration) -> int | None:
        """-1, 0 or 1; None where one has more days and the other more hours."""
        days, time = _sign(self.days, other.days), _sign(self.time, other.time)
        return None if days * time < 0 else days or time

    def times(self, number: Decimal | float) -> WorkingDuration:
        """The duration `number` times over. Raises FactError for a negative or infinite number."""
        factor = _factor(number)
        days = Fraction(round(Fraction(self.days) * factor * _DAY_DIGITS), _DAY_DIGITS)
        return WorkingDuration(_decimal(days), _times(self.time, factor))

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """In words: `1 working day`, `4 个工作小时`."""
        return Duration.of_value(self).text(lang)

    def __bool__(self) -> bool:
        return bool(self.days or self.time)

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as written in a policy; never negative.

    `months` is used by kind MONTHS; `time` by DAYS (exact elapsed time, a day is 24 hours) and by WORKING (open
    hours); `working_days` by WORKING. `unit` is the largest unit in which it was written: it shapes the words and is
    no part of the value, `24 hours` equals `1 day`.
    """

    kind: DurationKind
    months: int = 0
    time: timedelta = timedelta()
    working_days: Decimal = Decimal(0)
    unit: Unit | None = field(default=None, compare=False)

    @classmethod
    def of(cls, text: str) -> Duration:
        """The duration that `text` says, in words or ISO 8601. Raises FactError with the remedy if it says none."""
        found = read_duration(text)
        if isinstance(found, Refusal):
            raise found.error()
        return found

    @classmethod
    def of_value(cls, value: object) -> Duration:
        """The duration of an expression's value: timedelta, YearsMonthsDuration or WorkingDuration.

        Raises FactError for a negative one, and for any other value.
        """
        if isinstance(value, WorkingDuration):
            return cls(DurationKind.WORKING, time=value.time, working_days=value.days)
        if isinstance(value, YearsMonthsDuration):
            return cls(DurationKind.MONTHS, months=_not_negative(value.months))
        if isinstance(value, timedelta):
            _not_negative(value // _MICROSECOND)
            return cls(DurationKind.DAYS, time=value)
        raise FactError.of("duration", f"{value} is not a length of time", f"{value} 不是时长")

    def value(self) -> timedelta | YearsMonthsDuration | WorkingDuration:
        """The duration as expressions see it."""
        if self.kind is DurationKind.MONTHS:
            return YearsMonthsDuration(self.months)
        if self.kind is DurationKind.DAYS:
            return self.time
        return WorkingDuration(self.working_days, self.time)

    def times(self, number: Decimal | float) -> Duration:
        """The duration `number` times over.

        Raises FactError for a negative or infinite number, and for months that would not be whole.
        """
        if type(number) is int and number > 0 and self.kind is not DurationKind.WORKING:
            return Duration(self.kind, self.months * number, self.time * number, self.working_days, self.unit)
        factor = _factor(number)
        if self.kind is DurationKind.WORKING:
            product = WorkingDuration(self.working_days, self.time).times(number)
            return Duration(self.kind, time=product.time, working_days=product.days, unit=self.unit)
        months = self.months * factor
        if months.denominator != 1:
            raise FactError.of(
                "duration", f"{self} times {number} is no whole month", f"{self.text('zh')}的 {number} 倍不是整月"
            )
        return Duration(self.kind, months=int(months), time=_times(self.time, factor), unit=self.unit)

    def compare(self, other: Duration) -> int | None:
        """-1, 0 or 1; None between kinds, and between working days and working hours that outweigh each other."""
        if self.kind is not other.kind:
            return None
        mine, others = (WorkingDuration(one.working_days, one.time) for one in (self, other))
        return _sign(self.months, other.months) or mine.compare(others)

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """In words, so that `read_duration` gives it back: `24 hours`, `1 working day`, `6 个月`."""
        return _text(self.kind, self.months, self.time, self.working_days, self.unit, lang)

    def __bool__(self) -> bool:
        return bool(self.months or self.time or self.working_days)

    def __str__(self) -> str:
        return self.text()


@lru_cache(maxsize=1024)
def _text(kind: DurationKind, months: int, time: timedelta, working_days: Decimal, unit: Unit | None, lang: str) -> str:
    """A duration in words; a plan says the same few hundreds of times."""
    duration = Duration(kind, months, time, working_days, unit)
    said = [quantity(number, name, lang) for number, name in _amounts(duration) if number]
    return " ".join(said) or quantity(0, unit or _UNITS[kind][-1], lang)


def _amounts(of: Duration) -> list[tuple[Fraction, Unit]]:
    """The numbers and units that say it, largest first, zeros included."""
    if of.kind is DurationKind.MONTHS:
        years = of.unit is Unit.YEAR or (of.unit is None and of.months % 12 == 0)
        whole, rest = divmod(of.months, 12) if years else (0, of.months)
        return [(Fraction(whole), Unit.YEAR), (Fraction(rest), Unit.MONTH)]
    amounts = [(Fraction(of.working_days), Unit.WORKING_DAY)]
    units = _UNITS[of.kind]
    first = units.index(of.unit) if of.unit in units else units.index(_PLAIN[of.kind])
    rest_ = Fraction(of.time // _MICROSECOND)
    for unit in units[first:]:
        number = rest_ // _LENGTHS[unit] if unit is not units[-1] else rest_ / _LENGTHS[unit]
        rest_ -= number * _LENGTHS[unit]
        amounts.append((Fraction(number), unit))
    return amounts


_UNITS: Final = {
    DurationKind.DAYS: (Unit.WEEK, Unit.DAY, Unit.HOUR, Unit.MINUTE, Unit.SECOND),
    DurationKind.MONTHS: (Unit.YEAR, Unit.MONTH),
    DurationKind.WORKING: (Unit.WORKING_HOUR, Unit.WORKING_MINUTE, Unit.WORKING_SECOND),
}
# the unit to begin with where none was written
_PLAIN: Final = {DurationKind.DAYS: Unit.DAY, DurationKind.WORKING: Unit.WORKING_HOUR}
# in microseconds
_LENGTHS: Final = {
    Unit.WEEK: 604_800_000_000,
    Unit.DAY: 86_400_000_000,
    Unit.HOUR: 3_600_000_000,
    Unit.MINUTE: 60_000_000,
    Unit.SECOND: 1_000_000,
    Unit.WORKING_HOUR: 3_600_000_000,
    Unit.WORKING_MINUTE: 60_000_000,
    Unit.WORKING_SECOND: 1_000_000,
}

MIXED = Message.of(
    "mixed-duration",
    Severity.ERROR,
    "`{text}` mixes days, months or working time, which have no common length",
    "`{text}` 混用了天、月或工作时间，它们之间没有固定的换算",
    "use one of them: days and less, months and years, or working days and hours",
    "只用其中一种：天及以下、月和年、或工作日和工作小时",
)
FRACTION = Message.of(
    "not-a-duration",
    Severity.ERROR,
    "`{text}` is no whole number of months",
    "`{text}` 不是整数个月",
    "write whole months, or days or weeks",
    "写整数个月，或者改用天、周",
)
TOO_LONG = Message.of(
    "not-a-duration",
    Severity.ERROR,
    "`{text}` is longer than {years} years",
    "`{text}` 超过 {years} 年",
    "check the number and the unit",
    "检查数字和单位",
)

_ISO = re.compile(
    r"P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)W)?(?:([0-9]+)D)?"
    r"(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?)?",
    re.ASCII,
)
_ISO_UNITS: Final = (Unit.YEAR, Unit.MONTH, Unit.WEEK, Unit.DAY, Unit.HOUR, Unit.MINUTE, Unit.SECOND)
_LONGEST_TEXT: Final = 200


def read_duration(text: str) -> Duration | Refusal:
    """A duration from words, `2 weeks`, `1 个工作日`, or from ISO 8601, `P3M`, `PT24H`; else why not."""
    if len(text) > _LONGEST_TEXT:
        return read_duration(text[:20] + "…")
    iso = _ISO.fullmatch(text.strip())
    amounts = (_iso_amounts(iso) if iso else ()) or read_amounts(text)
    return amounts if isinstance(amounts, Refusal) else _composed(text, amounts)


def _iso_amounts(found: re.Match[str]) -> tuple[Amount, ...]:
    if found[0].endswith("T"):
        return ()
    return tuple(Amount(Fraction(part), unit) for part, unit in zip(found.groups(), _ISO_UNITS, strict=True) if part)


def _composed(text: str, amounts: tuple[Amount, ...]) -> Duration | Refusal:
    kinds = {_kind(amount.unit) for amount in amounts}
    if len(kinds) > 1:
        return Refusal(MIXED, (("text", text),))
    numbers = {unit: sum((one.number for one in amounts if one.unit is unit), Fraction()) for unit in Unit}
    months = numbers[Unit.YEAR] * 12 + numbers[Unit.MONTH]
    time = round(sum(numbers[unit] * length for unit, length in _LENGTHS.items()))
    days = Fraction(round(numbers[Unit.WORKING_DAY] * _DAY_DIGITS), _DAY_DIGITS)
    years = MAX_WORKING_YEARS if DurationKind.WORKING in kinds else MAX_YEARS
    if max(months / 12, Fraction(time, _LENGTHS[Unit.DAY]) / 366, days / 366) > years:
        return Refusal(TOO_LONG, (("text", text), ("years", years)))
    if months.denominator != 1:
        return Refusal(FRACTION, (("text", text),))
    largest = min((amount.unit for amount in amounts), key=list(Unit).index)
    return Duration(kinds.pop(), int(months), time * _MICROSECOND, _decimal(days), largest)


def _kind(unit: Unit) -> DurationKind:
    if unit in {Unit.YEAR, Unit.MONTH}:
        return DurationKind.MONTHS
    return DurationKind.WORKING if unit.name.startswith("WORKING") else DurationKind.DAYS


def _decimal(number: Fraction) -> Decimal:
    """A fraction of at most six decimals as a Decimal, without rounding by anybody's context."""
    units = int(number * _DAY_DIGITS)
    digits = str(units).rjust(7, "0")
    return Decimal(f"{digits[:-6]}.{digits[-6:]}".rstrip("0").rstrip("."))


def _factor(number: Decimal | float) -> Fraction:
    try:
        factor = Fraction(str(number))
    except ValueError:
        factor = Fraction(-1)
    if factor < 0:
        raise FactError.of("duration", f"a duration cannot be taken {number} times", f"时长不能乘以 {number}")
    return factor


def _times(time: timedelta, factor: Fraction) -> timedelta:
    return round((time // _MICROSECOND) * factor) * _MICROSECOND


def _not_negative(amount: int) -> int:
    if amount < 0:
        raise FactError.of("duration", "a duration in a policy cannot be negative", "制度里的时长不能为负")
    return amount


def _sign(mine: Decimal | timedelta | int, others: Decimal | timedelta | int) -> int:
    return (mine > others) - (mine < others)  # type: ignore[operator]
