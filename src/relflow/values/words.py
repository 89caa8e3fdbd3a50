"""Amounts of time in words: the units in English and Chinese, printed and read, and the spellings to refuse."""

from __future__ import annotations

import enum
import re
import unicodedata
from fractions import Fraction
from typing import Final

from relflow.diagnostics import Message, Severity
from relflow.structs import dataclass
from relflow.text import DEFAULT_LANGUAGE, fallbacks, is_chinese
from relflow.values.refusals import Refusal

__all__ = ["Amount", "Unit", "number_words", "quantity", "read_amounts"]


class Unit(enum.Enum):
    """A unit of time as policies name it: English singular, simplified Chinese, traditional Chinese."""

    YEAR = ("year", "年", "年")
    MONTH = ("month", "个月", "個月")
    WEEK = ("week", "周", "週")
    DAY = ("day", "天", "天")
    HOUR = ("hour", "小时", "小時")
    MINUTE = ("minute", "分钟", "分鐘")
    SECOND = ("second", "秒", "秒")
    WORKING_DAY = ("working day", "个工作日", "個工作日")
    WORKING_HOUR = ("working hour", "个工作小时", "個工作小時")
    WORKING_MINUTE = ("working minute", "个工作分钟", "個工作分鐘")
    WORKING_SECOND = ("working second", "个工作秒", "個工作秒")

    def word(self, lang: str = DEFAULT_LANGUAGE, *, one: bool = False) -> str:
        """The unit's word in `lang`; `one` for the English singular."""
        first = fallbacks(lang)[0]
        if first in {"zh", "zh_TW"}:
            return self.value[1 if first == "zh" else 2]
        return self.value[0] if one else self.value[0] + "s"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of one unit, exact."""

    number: Fraction
    unit: Unit


def number_words(number: Fraction) -> str:
    """A number with a finite decimal expansion in plain digits: `0.5`, `24`."""
    scale = 0
    while (number * 10**scale).denominator != 1:
        scale += 1
    digits = str(int(number * 10**scale)).rjust(scale + 1, "0")
    return f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits


def quantity(number: Fraction | int, unit: Unit, lang: str = DEFAULT_LANGUAGE) -> str:
    """A number of units in words: `1 working day`, `24 hours`, `6 个月`."""
    return f"{number_words(Fraction(number))} {unit.word(lang, one=number == 1)}"


NOT_A_DURATION = Message.of(
    "not-a-duration",
    Severity.ERROR,
    "`{text}` is not a length of time",
    "`{text}` 不是时长",
    "write a number and a unit, e.g. {suggestions}",
    "写成数字加单位，例如 {suggestions}",
)
AMBIGUOUS = Message.of(
    "ambiguous-duration",
    Severity.ERROR,
    "`{unit}` in `{text}` can be read in more than one way",
    "`{text}` 里的 `{unit}` 有不止一种读法",
    "say which: {suggestions}",
    "写明是哪一种：{suggestions}",
)
ABBREVIATED = Message.of(
    "abbreviated-duration",
    Severity.ERROR,
    "`{unit}` in `{text}` is not how a policy names a unit of time",
    "`{text}` 里的 `{unit}` 不是制度中时间单位的写法",
    "write {suggestions}",
    "写成 {suggestions}",
)
UNKNOWN_UNIT = Message.of(
    "not-a-duration",
    Severity.ERROR,
    "`{unit}` in `{text}` is not a unit of time",
    "`{text}` 里的 `{unit}` 不是时间单位",
    "the units are seconds, minutes, hours, days, weeks, months, years, working days, working hours",
    "可用的单位：秒、分钟、小时、天、周、个月、年、个工作日、个工作小时",
)
NUMERALS = Message.of(
    "not-a-duration",
    Severity.ERROR,
    "the number in `{text}` is not written in plain digits",
    "`{text}` 里的数字没有用半角数字书写",
    "write {suggestions}",
    "写成 {suggestions}",
)

_PARTS = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([^0-9.]+)")
_EXAMPLES = ("`3 months`", "`24 hours`", "`1 working day`", "`6 个月`", "`1 个工作日`")


def _spellings() -> dict[str, Unit]:
    """Every spelling that is read, lower-case, one space between words."""
    table: dict[str, Unit] = {}
    for unit in Unit:
        english, simplified, traditional = unit.value
        for word in (english, english + "s", simplified, traditional):
            table[word] = unit
        for chinese in (simplified, traditional):
            if unit.name.startswith("WORKING"):
                table[chinese[1:]] = unit
    table |= {"个小时": Unit.HOUR, "個小時": Unit.HOUR, "个星期": Unit.WEEK, "個星期": Unit.WEEK}
    return table | {"星期": Unit.WEEK, "礼拜": Unit.WEEK, "个礼拜": Unit.WEEK, "工作天": Unit.WORKING_DAY}


_SPELLINGS: Final = _spellings()
# What a refused spelling may have meant: units with the factor that turns its number into theirs.
_MEANT: Final[dict[str, tuple[tuple[Unit, int], ...]]] = {
    "m": ((Unit.MONTH, 1), (Unit.MINUTE, 1)),
    "月": ((Unit.MONTH, 1),),
    "日": ((Unit.DAY, 1), (Unit.WORKING_DAY, 1)),
    "分": ((Unit.MINUTE, 1),),
    **dict.fromkeys(("mo", "mos", "mon", "mth", "mths"), ((Unit.MONTH, 1),)),
    **dict.fromkeys(("min", "mins"), ((Unit.MINUTE, 1),)),
    **dict.fromkeys(("h", "hr", "hrs", "时", "時", "钟头", "个钟头"), ((Unit.HOUR, 1),)),
    **dict.fromkeys(("d", "dy"), ((Unit.DAY, 1),)),
    **dict.fromkeys(("w", "wk", "wks"), ((Unit.WEEK, 1),)),
    **dict.fromkeys(("y", "yr", "yrs", "a"), ((Unit.YEAR, 1),)),
    **dict.fromkeys(("s", "sec", "secs"), ((Unit.SECOND, 1),)),
    **dict.fromkeys(("quarter", "quarters", "季度", "个季度", "季"), ((Unit.MONTH, 3),)),
    **dict.fromkeys(("fortnight", "fortnights"), ((Unit.WEEK, 2),)),
    **dict.fromkeys(
        ("business day", "business days", "workday", "workdays", "work day", "work days", "bd", "wd", "个工作天"),
        ((Unit.WORKING_DAY, 1),),
    ),
    **dict.fromkeys(
        ("business hour", "business hours", "work hour", "work hours", "wh", "bh", "个工时", "工时"),
        ((Unit.WORKING_HOUR, 1),),
    ),
}
_TWO_WAYS: Final = frozenset({"m", "月", "日"})
_DIGITS: Final = {character: digit for digit, character in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2}
_ENGLISH: Final = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
} | {"a": 1, "an": 1}


def read_amounts(text: str) -> tuple[Amount, ...] | Refusal:
    """Numbers with units, `1 year 6 months`, `30 天`, `4 个工作小时`, in the order in which they are written."""
    folded = " ".join(text.lower().split())
    found = _amounts(folded)
    if isinstance(found, tuple):
        return found
    plain = _plain_digits(folded)
    if plain != folded and isinstance(meant := _amounts(plain), tuple):
        lang = _language(plain)
        return _refuse(NUMERALS, text, (" ".join(quantity(one.number, one.unit, lang) for one in meant),))
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", folded):
        number = Fraction(folded)
        return _refuse(NOT_A_DURATION, text, (quantity(number, Unit.DAY), quantity(number, Unit.HOUR)))
    if found is None:
        return Refusal(NOT_A_DURATION, (("text", text), ("suggestions", _EXAMPLES)))
    return _not_a_unit(text, *found)


def _amounts(folded: str) -> tuple[Amount, ...] | list[str] | None:
    """The amounts; or the number and the spelling of the first unit that there is not; or None for another form."""
    parts = _PARTS.findall(folded)
    if not parts or _PARTS.sub("", folded):
        return None
    unknown = next(([number, spelled.strip()] for number, spelled in parts if spelled.strip() not in _SPELLINGS), None)
    return unknown or tuple(Amount(Fraction(number), _SPELLINGS[spelled.strip()]) for number, spelled in parts)


def _not_a_unit(text: str, number: str, spelled: str) -> Refusal:
    meant = _MEANT.get(spelled)
    if meant is None:
        return Refusal(UNKNOWN_UNIT, (("text", text), ("unit", spelled)))
    lang = _language(spelled)
    suggestions = tuple(quantity(Fraction(number) * factor, unit, lang) for unit, factor in meant)
    return _refuse(AMBIGUOUS if spelled in _TWO_WAYS else ABBREVIATED, text, suggestions, spelled)


def _language(text: str) -> str:
    return "zh" if any(map(is_chinese, text)) else "en"


def _refuse(message: Message, text: str, suggestions: tuple[str, ...], unit: str = "") -> Refusal:
    shown = tuple(f"`{suggestion}`" for suggestion in suggestions)
    return Refusal(message, (("text", text), ("unit", unit), ("suggestions", shown)), suggestions)


def _plain_digits(folded: str) -> str:
    """The text with full-width, Chinese and English numerals up to ninety-nine as plain digits."""
    plain = unicodedata.normalize("NFKC", folded)
    plain = re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", plain).replace("半年", "6 个月")
    plain = re.sub(r"^([一二两兩三四五六七八九]?)十([一二三四五六七八九]?)", _tens, plain)
    plain = re.sub(r"^[零一二两兩三四五六七八九]", lambda found: str(_DIGITS[found[0]]), plain)
    return re.sub(r"^([a-z]+) ", lambda found: f"{_ENGLISH.get(found[1], found[1])} ", plain)


def _tens(found: re.Match[str]) -> str:
    return str((_DIGITS[found[1]] if found[1] else 1) * 10 + (_DIGITS[found[2]] if found[2] else 0))
