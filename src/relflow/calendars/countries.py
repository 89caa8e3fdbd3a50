"""Which calendar a country has: China's own, none, or that of the optional package holidays (its only door)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from relflow.calendars.china import china
from relflow.calendars.lists import PLAIN, DayList
from relflow.diagnostics import Message, Severity, nearest
from relflow.text import Text
from relflow.values.refusals import Refusal

__all__ = ["day_list"]

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2050

UNKNOWN_COUNTRY = Message.of(
    "unknown-country",
    Severity.ERROR,
    "there is no calendar for `{text}`",
    "没有 `{text}` 的日历",
    "write a country as `CN` or `DE`, with a region as `DE-BY`, or `none` for Monday to Friday",
    "国家写成 `CN`、`DE`，带地区写成 `DE-BY`；只按周一到周五计算则写 `none`",
)
NO_PACKAGE = Message.of(
    "unknown-country",
    Severity.ERROR,
    "the calendar of `{text}` needs the package holidays, which is not installed",
    "`{text}` 的日历需要 holidays 包，尚未安装",
    'install it with `pip install "relflow[holidays]"`',
    '用 `pip install "relflow[holidays]"` 安装',
)


def day_list(country: str | None) -> DayList | Refusal:
    """The days off of a country, `CN`, `DE`, or of one of its regions, `DE-BY`; Monday to Friday for `none`."""
    if country is None or country.strip().lower() in {"", "none"}:
        return PLAIN
    code = country.strip().upper()
    if code == "CN":
        return china()
    try:
        return _other(code)
    except ImportError:
        return Refusal(NO_PACKAGE, (("text", country),))
    except (NotImplementedError, KeyError):
        return _unknown(country, code)


@lru_cache(maxsize=64)
def _other(code: str) -> DayList:
    """The days off from 2000 to 2050, taken out now so that a calendar keeps them; estimated years stay provisional."""
    import holidays  # noqa: PLC0415 - 40 ms, and an extra

    name, _, region = code.partition("-")
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    found = holidays.country_holidays(name, subdiv=region or None, years=years)
    english = "en_US" if "en_US" in getattr(found, "supported_languages", ()) else None
    if english:
        found = holidays.country_holidays(name, subdiv=region or None, years=years, language=english)
    closed = {day: Text.of(label) for day, label in sorted(found.items()) if day.year in years}
    makeup: dict[date, Text] = dict.fromkeys(sorted(getattr(found, "weekend_workdays", ())), Text(()))
    estimated = {day.year for day, label in closed.items() if "estimated" in label.text()}
    return DayList(code, closed, makeup, frozenset(years) - estimated, guess=None, weekend=frozenset(found.weekend))


def _unknown(country: str, code: str) -> Refusal:
    from holidays import list_supported_countries  # noqa: PLC0415

    known = list_supported_countries()
    name, _, _ = code.partition("-")
    meant = [f"{name}-{region}" for region in known.get(name, ())] or [*known, "CN"]
    likely = nearest(code, meant)
    return Refusal(UNKNOWN_COUNTRY, (("text", country),), (likely,) if likely else ())
