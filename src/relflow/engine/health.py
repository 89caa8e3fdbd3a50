"""How a store and its workers are: what is late, what was given up, what rests on a provisional calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from relflow.engine.core import Core
from relflow.engine.reports import length
from relflow.engine.single import Single
from relflow.engine.troubles import aware
from relflow.stores import Gauges
from relflow.text import DEFAULT_LANGUAGE, fallbacks

__all__ = ["Health", "Healthy", "prometheus"]

# a worker that calls every minute is not late
LATE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Health:
    """One tenant's part of a store at one instant.

    `waits` are the store's counts; `retired` open cases run under definitions that the policy no longer has;
    `in_force` says whether this policy is the one that may write; `next_due` is when a worker finds work again.
    """

    at: datetime
    tenant: str
    waits: Gauges
    retired: int
    in_force: bool
    next_due: datetime | None = None

    @property
    def timers_late(self) -> timedelta:
        """By how much the earliest timer that is due is late; nothing if none is."""
        oldest = self.waits.oldest_due
        return timedelta() if oldest is None else max(self.at - oldest, timedelta())

    @property
    def outbox_late(self) -> timedelta:
        """For how long the earliest message or host action that could go out has waited."""
        oldest = self.waits.oldest_ready
        return timedelta() if oldest is None else max(self.at - oldest, timedelta())

    def problems(self, late: timedelta = LATE) -> list[tuple[str, str]]:
        """What somebody should look at, in English and Chinese: nothing if all is well."""
        waits = self.waits
        found = []
        if not self.in_force:
            found.append(("another policy is in force: this one may only read", "正在执行另一版制度：此版本只能读取"))
        if self.timers_late > late:
            found.append((f"timers are {length(self.timers_late, chinese=False)} late: is a worker running?",
                          f"计时已延误{length(self.timers_late, chinese=True)}：工作进程是否在运行？"))  # fmt: skip
        if self.outbox_late > late:
            found.append((f"messages have waited for {length(self.outbox_late, chinese=False)}",
                          f"消息已等待{length(self.outbox_late, chinese=True)}"))  # fmt: skip
        if waits.dead:
            gave_up = "1 message was" if waits.dead == 1 else f"{waits.dead} messages were"
            found.append((f"{gave_up} given up: see `relflow case outbox --dead`",
                          f"{waits.dead} 条消息已放弃：请查看 `relflow case outbox --dead`"))  # fmt: skip
        if waits.held:
            wait = "1 message waits" if waits.held == 1 else f"{waits.held} messages wait"
            found.append((f"{wait} for approval: see `relflow case held`",
                          f"{waits.held} 条消息待批准：请查看 `relflow case held`"))  # fmt: skip
        return found

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The counts a line each, then what somebody should look at."""
        chinese = fallbacks(lang)[0].startswith("zh")
        lines = [f"{zh}：{value}" if chinese else f"{en}: {value}" for en, zh, value in self._counts()]
        lines += [zh if chinese else en for en, zh in self.problems()]
        return "\n".join(lines)

    def _counts(self) -> Iterator[tuple[str, str, object]]:
        waits = self.waits
        yield "open cases", "未关闭工单", waits.open_cases
        yield "on retired versions", "使用已停用版本的工单", self.retired
        yield "provisional", "暂定", waits.provisional
        yield "timers", "计时", waits.timers
        yield "due now", "已到期", waits.due
        yield "outbox", "待发", waits.ready
        yield "dead", "已放弃", waits.dead
        yield "held for approval", "待批准", waits.held

    def to_dict(self) -> dict[str, object]:
        """The same as data; instants in ISO 8601, lengths in seconds."""
        waits = self.waits
        return {
            "at": self.at.isoformat(),
            "tenant": self.tenant,
            "in_force": self.in_force,
            "open_cases": waits.open_cases,
            "cases_on_retired_versions": self.retired,
            "provisional_cases": waits.provisional,
            "timers": waits.timers,
            "timers_due": waits.due,
            "oldest_due_seconds": self.timers_late.total_seconds(),
            "outbox_ready": waits.ready,
            "outbox_oldest_seconds": self.outbox_late.total_seconds(),
            "outbox_dead": waits.dead,
            "outbox_held": waits.held,
            "next_due": None if self.next_due is None else self.next_due.isoformat(),
        }


class Healthy(Single):
    """The part of an engine that says how it is."""

    def health(self, *, tenant: str = "", at: datetime | None = None) -> Health:
        """What waits, what is late, what was given up; reads only."""
        program = self._core.program(tenant)
        with self._core.store.unit(tenant, write=False) as unit:
            now = self._core.now(unit) if at is None else aware(at)
            retired = sum(one.count for one in unit.census() if not _current(self._core, tenant, one.definition))
            in_force = unit.in_force(program.id) in (None, program.digest)
            return Health(now.astimezone(program.zone), tenant, unit.gauges(now), retired, in_force, unit.next_due())


def _current(core: Core, tenant: str, definition: str) -> bool:
    return any(flow.digest == definition for flow in core.program(tenant).workflows.values())


_METRICS: Final = (
    ("open_cases", "Cases that are not closed."),
    ("cases_on_retired_versions", "Open cases under a definition that the policy no longer has."),
    ("provisional_cases", "Open cases with a due instant that rests on an unpublished calendar."),
    ("timers", "Timers that wait."),
    ("timers_due", "Timers that are due and not fired."),
    ("oldest_due_seconds", "How late the earliest timer is that is due."),
    ("outbox_ready", "Messages and host actions that wait."),
    ("outbox_oldest_seconds", "How long the earliest of them has waited that could go out."),
    ("outbox_dead", "Messages and host actions that were given up."),
    ("outbox_held", "Messages that wait for approval."),
    ("in_force", "Whether this process has the policy that is in force."),
)


def prometheus(healths: Iterable[Health]) -> str:
    """The same as metrics in Prometheus' text format, one sample for each tenant."""
    found = [(one.tenant, one.to_dict()) for one in healths]
    lines: list[str] = []
    for name, words in _METRICS:
        lines += [f"# HELP relflow_{name} {words}", f"# TYPE relflow_{name} gauge"]
        for tenant, values in found:
            label = tenant.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
            lines.append(f'relflow_{name}{{tenant="{label}"}} {_number(values[name])}')
    return "\n".join(lines) + "\n"


def _number(value: object) -> str:
    return str(int(value)) if isinstance(value, bool | int) else str(value)
