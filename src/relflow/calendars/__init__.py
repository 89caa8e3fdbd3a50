"""Working time, festivals, recurrence and the arithmetic of clocks; nothing here reads the time."""

from relflow.calendars.calendar import Calendar, DayRule
from relflow.calendars.festivals import FESTIVALS, festival, festivals_between
from relflow.calendars.hours import Hours, Shift, read_hours
from relflow.calendars.lists import DayList, PublishedYear, read_published
from relflow.calendars.months import add_months, months_between
from relflow.calendars.results import Day, Elapsed, Reached, ReachedDay, Working
from relflow.calendars.settings import build_calendar, own_days, read_calendar, read_zone
from relflow.calendars.tables import DayKind, OwnDay

__all__ = [
    "FESTIVALS",
    "Calendar",
    "Day",
    "DayKind",
    "DayList",
    "DayRule",
    "Elapsed",
    "Hours",
    "OwnDay",
    "PublishedYear",
    "Reached",
    "ReachedDay",
    "Shift",
    "Working",
    "add_months",
    "build_calendar",
    "festival",
    "festivals_between",
    "months_between",
    "own_days",
    "read_calendar",
    "read_hours",
    "read_published",
    "read_zone",
]
