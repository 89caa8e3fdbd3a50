"""Years-and-months durations: whole months, apart from durations in days because no month has a fixed length."""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, Decimal
from typing import Final

from relflow.structs import dataclass
from relflow.values.decimals import CONTEXT, Number, exact_decimal

__all__ = ["MAX_MONTHS", "YearsMonthsDuration"]

MAX_MONTHS: Final = 10**18 - 1
_TEXT = re.compile(r"(-?)P(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class YearsMonthsDuration:
    """A duration of whole months, negative ones included: `YearsMonthsDuration(14)` is one year and two months.

    Raises ValueError beyond 10^18 months.
    """

    months: int

    def __post_init__(self) -> None:
        if not -MAX_MONTHS <= self.months <= MAX_MONTHS:
            raise ValueError("years and months duration out of range")

    @classmethod
    def parse(cls, text: str) -> YearsMonthsDuration:
        """A duration from ISO text, `P1Y2M`, `-P3M`. Raises ValueError for any other text."""
        match = _TEXT.fullmatch(text)
        if match is None or (match[2] is None and match[3] is None):
            raise ValueError(f"not a years and months duration: {text[:40]}")
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return cls(-months if match[1] else months)

    def __add__(self, other: YearsMonthsDuration) -> YearsMonthsDuration:
        if not isinstance(other, YearsMonthsDuration):
            return NotImplemented
        return YearsMonthsDuration(self.months + other.months)

    def __sub__(self, other: YearsMonthsDuration) -> YearsMonthsDuration:
        if not isinstance(other, YearsMonthsDuration):
            return NotImplemented
        return YearsMonthsDuration(self.months - other.months)

    def __neg__(self) -> YearsMonthsDuration:
        return YearsMonthsDuration(-self.months)

    def __abs__(self) -> YearsMonthsDuration:
        return YearsMonthsDuration(abs(self.months))

    def __bool__(self) -> bool:
        return self.months != 0

    def __mul__(self, factor: Number) -> YearsMonthsDuration:
        if isinstance(factor, int):
            return YearsMonthsDuration(self.months * factor)
        return YearsMonthsDuration(_cut(CONTEXT.multiply(Decimal(self.months), exact_decimal(factor))))

    __rmul__ = __mul__

    def __truediv__(self, divisor: Number) -> YearsMonthsDuration:
        return YearsMonthsDuration(_cut(CONTEXT.divide(Decimal(self.months), exact_decimal(divisor))))

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        body = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return ("-P" if self.months < 0 else "P") + body


def _cut(months: Decimal) -> int:
    """Whole months: what is left of a month counts for nothing."""
    return int(months.to_integral_value(ROUND_DOWN))
