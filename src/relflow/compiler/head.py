"""Stage: the policy's head, its zone and working calendar, the clauses, records."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from relflow.calendars import Calendar, PublishedYear, own_days, read_calendar, read_zone
from relflow.compiler.world import World, text
from relflow.diagnostics import Diagnostic, Fragment, Message, Severity
from relflow.model import CalendarSpec, Head, Model, Value
from relflow.program import Clause
from relflow.text import Text
from relflow.values import Refusal

__all__ = ["calendar_of", "compile_clauses", "effective_of"]

NOT_A_DAY = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{text}` is not a day",
    "`{text}` 不是日期",
    "write it as 2026-01-01",
    "写成 2026-01-01",
)
NEVER_IN_FORCE = Message.of(
    "contradiction",
    Severity.ERROR,
    "the policy ends on {until}, before it begins on {since}: it is never in force",
    "制度在 {until} 失效，早于 {since} 生效，永远不会生效",
    "exchange the two days, or correct one of them",
    "对调两个日期，或改正其中一个",
)
NOT_A_YEAR = Message.of(
    "wrong-type", Severity.ERROR, "`{text}` is not a year", "`{text}` 不是年份", "write it as 2027", "写成 2027"
)
_CLOSED = Text((("en", "closed by the company"), ("zh", "企业自定休息日")))
_OPEN = Text((("en", "opened by the company"), ("zh", "企业自定工作日")))


def calendar_of(model: Model, diagnostics: list[Diagnostic]) -> tuple[ZoneInfo, Calendar]:
    """The zone and the working calendar; plain ones, with the findings kept, where the policy's cannot be read."""
    head = model.head
    zone = read_zone(head.timezone.text) if head is not None and head.timezone is not None else None
    if isinstance(zone, Refusal):
        if head is not None and head.timezone is not None:
            diagnostics.append(zone.at(head.timezone.span))
        zone = None
    spec = head.calendar if head is not None else None
    extra = model.overlay.calendar if model.overlay is not None else None
    found = read_calendar(**_settings(spec, extra, zone, diagnostics), known=model.calendars)
    if isinstance(found, Calendar):
        return zone or found.zone, found
    for key, refusal in found.items():
        fragment = _place(key, spec, extra)
        if fragment is not None:
            diagnostics.append(refusal.at(fragment.span))
    return zone or ZoneInfo("UTC"), Calendar(zone=zone or ZoneInfo("UTC"))


def _settings(
    spec: CalendarSpec | None, extra: CalendarSpec | None, zone: ZoneInfo | None, diagnostics: list[Diagnostic]
) -> dict[str, Any]:
    """What the policy says of working time, with what the company's overlay adds."""
    settings: dict[str, Any] = {}
    closed: dict[date, Text] = {}
    opened: dict[date, Text] = {}
    for part in (spec, extra):
        if part is None:
            continue
        if part.country is not None:
            settings["country"] = part.country.text
        if part.hours is not None:
            settings["hours"] = part.hours.text
        closed |= _days(part.holidays, _CLOSED, diagnostics)
        opened |= _days(part.working_days, _OPEN, diagnostics)
    if zone is not None:
        settings["timezone"] = zone.key
    published = [year for part in (spec, extra) if part is not None for year in _years(part.published, diagnostics)]
    if published:
        settings["published"] = [PublishedYear(year, {}, {}) for year in published]
    if closed or opened:
        settings["own"] = own_days(closed=closed, open=opened)
    return settings


def _days(fragments: tuple[Fragment, ...], label: Text, diagnostics: list[Diagnostic]) -> dict[date, Text]:
    found: dict[date, Text] = {}
    for fragment in fragments:
        try:
            found[date.fromisoformat(fragment.text)] = label
        except ValueError:
            diagnostics.append(NOT_A_DAY.at(fragment.span, text=fragment.text))
    return found


def _years(fragments: tuple[Fragment, ...], diagnostics: list[Diagnostic]) -> list[int]:
    found = []
    for fragment in fragments:
        if fragment.text.isdecimal() and len(fragment.text) == 4:
            found.append(int(fragment.text))
        else:
            diagnostics.append(NOT_A_YEAR.at(fragment.span, text=fragment.text))
    return found


def _place(key: str, spec: CalendarSpec | None, extra: CalendarSpec | None) -> Fragment | None:
    for part in (extra, spec):
        fragment = getattr(part, key, None) if part is not None else None
        if isinstance(fragment, Fragment):
            return fragment
    return None


def effective_of(head: Head | None, diagnostics: list[Diagnostic]) -> tuple[date | None, date | None]:
    """From which day to which day the policy holds."""
    if head is None or head.effective is None:
        return (None, None)
    since, until = _day(head.effective.from_, diagnostics), _day(head.effective.until, diagnostics)
    if since is not None and until is not None and since > until and head.effective.until is not None:
        diagnostics.append(NEVER_IN_FORCE.at(head.effective.until.span, since=str(since), until=str(until)))
    return since, until


def _day(value: Value | None, diagnostics: list[Diagnostic]) -> date | None:
    if value is None or value.null:
        return None
    try:
        return date.fromisoformat(value.text.text)
    except ValueError:
        diagnostics.append(NOT_A_DAY.at(value.span, text=value.text.text))
        return None


def compile_clauses(world: World) -> None:
    """The manual's clauses."""
    clauses: dict[str, Clause] = world.parts.setdefault("clauses", {})
    for clause in world.model.clauses:
        clauses[clause.name] = Clause(clause.name, clause.id.span, text(clause.text), text(clause.outside))
