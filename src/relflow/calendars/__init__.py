"""Working time, festivals, recurrence and the arithmetic of clocks; nothing here reads the time."""

from relflow.calendars.calendar import Calendar, DayRule
from relflow.calendars.clock import ClockRule, ClockState, Run, Status
from relflow.calendars.festivals import FESTIVALS, festival, festivals_between
from relflow.calendars.hours import Hours, Shift, read_hours
from relflow.calendars.ledger import LedgerEntry, ledger_text, total, working_entries
from relflow.calendars.lists import DayList, PublishedYear, read_published
from relflow.calendars.lunar import LunarDay, lunar_day
from relflow.calendars.months import add_months, months_between
from relflow.calendars.recurrence import Every, LunarYearly, MissingDay, Yearly, yearly
from relflow.calendars.results import Day, Elapsed, Reached, ReachedDay, Working
from relflow.calendars.settings import build_calendar, own_days, read_calendar, read_zone
from relflow.calendars.steps import DUE, StepAt, read_step
from relflow.calendars.tables import DayKind, OwnDay

__all__ = [
    "DUE",
    "FESTIVALS",
    "Calendar",
    "ClockRule",
    "ClockState",
    "Day",
    "DayKind",
    "DayList",
    "DayRule",
    "Elapsed",
    "Every",
    "Hours",
    "LedgerEntry",
    "LunarDay",
    "LunarYearly",
    "MissingDay",
    "OwnDay",
    "PublishedYear",
    "Reached",
    "ReachedDay",
    "Run",
    "Shift",
    "Status",
    "StepAt",
    "Working",
    "Yearly",
    "add_months",
    "build_calendar",
    "festival",
    "festivals_between",
    "ledger_text",
    "lunar_day",
    "months_between",
    "own_days",
    "read_calendar",
    "read_hours",
    "read_published",
    "read_step",
    "read_zone",
    "total",
    "working_entries",
    "yearly",
]
