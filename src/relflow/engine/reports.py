"""What a run of the engine's clockwork did, and when to call again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from relflow.errors import RelflowError
from relflow.results import Timer
from relflow.text import DEFAULT_LANGUAGE, Text, fallbacks

__all__ = ["Late", "Missed", "Problem", "Report", "length", "raised"]

# after a long time without a worker thousands of timers are late
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Missed:
    """A timer that fired later than it should have, because nothing ran when it fell due."""

    timer: Timer
    fired_at: datetime

    @property
    def late(self) -> timedelta:
        """How late it was."""
        return self.fired_at - self.timer.due_at


@dataclass(frozen=True, slots=True)
class Late:
    """An obligation or key figure that fell due while nothing ran, and was caught up; `subject` is what it is about."""

    what: str
    subject: str
    due_on: date
    at: datetime

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What was late, for people."""
        days = (self.at.date() - self.due_on).days
        if fallbacks(lang)[0].startswith("zh"):
            return f"{self.subject}：`{self.what}` 应于 {self.due_on} 办理，晚了 {days} 天补办"
        return f"{self.subject}: `{self.what}` was due on {self.due_on} and was caught up {days} days late"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that did not work and is tried again or given up; `what` names the case, message or host action."""

    what: str
    reason: str
    message: Text
    final: bool = False

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What went wrong, for people."""
        return f"{self.what}: {self.message.text(lang)}"


def raised(what: str, error: Exception) -> Problem:
    """A problem that keeps only the kind of a stranger's error: its words may hold personal values."""
    if isinstance(error, RelflowError):
        return Problem(what, error.reason, error.message)
    kind = type(error).__name__
    return Problem(what, "plugin", Text((("en", f"a plugin raised {kind}"), ("zh", f"插件抛出 {kind}"))))


@dataclass(frozen=True, slots=True)
class Report:
    """One run: timers fired, cases opened by obligations, messages, actions, what went wrong or late, what is next.

    `next_due` is None when nothing waits; `more` says that the limit was reached and another run finds work at once.
    """

    fired: int = 0
    delivered: int = 0
    performed: int = 0
    opened: int = 0
    figures: int = 0
    next_due: datetime | None = None
    more: bool = False
    errors: tuple[Problem, ...] = ()
    missed: tuple[Missed, ...] = field(default=())
    caught_up: tuple[Late, ...] = ()

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The run in a few lines; of many alike the first ones, and how many more there are."""
        chinese = fallbacks(lang)[0].startswith("zh")
        counts = (self.fired, self.opened, self.delivered, self.performed)
        lines = [
            "到期计时 {} 项，新建工单 {} 件，送达通知 {} 条，执行操作 {} 项".format(*counts)
            if chinese
            else "timers fired: {}, cases opened: {}, messages delivered: {}, actions performed: {}".format(*counts)
        ]
        if self.figures:
            lines.append(f"算出考核指标 {self.figures} 项" if chinese else f"key figures worked out: {self.figures}")
        lines += _first([_late(missed, chinese=chinese) for missed in self.missed], chinese=chinese)
        lines += _first([late.text(lang) for late in self.caught_up], chinese=chinese)
        lines += _first([problem.text(lang) for problem in self.errors], chinese=chinese)
        lines.append(self._next(chinese=chinese))
        return "\n".join(lines)

    def _next(self, *, chinese: bool) -> str:
        if self.more:
            return "还有到期的工作，请立即再次运行" if chinese else "more is due: run again at once"
        if self.next_due is None:
            return "没有等待中的工作" if chinese else "nothing waits"
        at = self.next_due.isoformat(timespec="minutes")
        return f"下次运行时间：{at}" if chinese else f"run again at {at}"


def _first(lines: list[str], *, chinese: bool) -> list[str]:
    """The first lines of many; all of them are in the report's data."""
    rest = len(lines) - SHOWN
    if rest <= 1:
        return lines
    return [*lines[:SHOWN], f"……另有 {rest} 项" if chinese else f"… and {rest} more"]


def _late(missed: Missed, *, chinese: bool) -> str:
    timer = missed.timer
    if chinese:
        return f"{timer.case}：`{timer.clock}` 的 `{timer.step}` 晚了{length(missed.late, chinese=True)}才触发"
    return f"{timer.case}: `{timer.step}` of `{timer.clock}` fired {length(missed.late, chinese=False)} late"


def length(late: timedelta, *, chinese: bool) -> str:
    """How late, in the largest unit of which there are at least two."""
    minutes = int(late.total_seconds() // 60)
    units = ((1440, "days", "天"), (60, "hours", "小时"), (1, "minutes", "分钟"))
    size, en, zh = next(unit for unit in units if minutes >= 2 * unit[0] or unit[0] == 1)
    return f" {minutes // size} {zh}" if chinese else f"{minutes // size} {en}"
