"""`relflow worker`: does what is due, again and again, until it is told to stop."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from typing import TYPE_CHECKING, Final

from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FINE
from relflow.cli.metrics import address, serving
from relflow.cli.screen import data, note
from relflow.cli.session import current, say
from relflow.cli.words import command as make
from relflow.cli.words import option
from relflow.errors import StoreError

if TYPE_CHECKING:
    from relflow.engine import Report

__all__ = ["command"]

# seconds until a store that failed is asked again
AGAIN: Final = 5.0


@make(
    "worker",
    en="Do what is due, again and again: clocks, obligations, notifications.\n"
    "Any number may work on one store. Ctrl-C or SIGTERM ends it after the step at hand.",
    zh="持续处理到期的计时、义务和通知。\n可有多个同时处理同一存储；Ctrl-C 或 SIGTERM 会在完成当前步骤后结束。",
)
@option(
    "--every",
    type=float,
    default=60.0,
    metavar="SECONDS",
    en="Look at least this often; default: 60.",
    zh="至少每隔多少秒查看一次，默认 60。",
)
@option(
    "--print",
    "printing",
    is_flag=True,
    en="Print the notifications that no plugin delivers, and count them as delivered.",
    zh="打印没有插件送达的通知，并视为已送达。",
)
@option(
    "--metrics",
    metavar="[HOST:]PORT",
    en="Answer `/metrics` (Prometheus) and `/health` there; without a host, on this machine only.",
    zh="在此提供 `/metrics`（Prometheus）和 `/health`；不写主机时仅限本机。",
)
@at_desk
def command(desk: Desk, every: float, metrics: str | None) -> int:
    """Work until a signal comes; a store that answered at first and fails later is waited for."""
    with serving(desk.engine, address(metrics) if metrics is not None else None) as port:
        if port is not None:
            note(say("metrics: port {port}", "指标端口：{port}", port=port))
        _work(desk, every)
    return FINE


def _work(desk: Desk, every: float) -> None:
    """Do what is due until a signal comes."""
    stopped = threading.Event()
    desk.engine.store.version()
    before = {name: signal.signal(name, lambda *_: stopped.set()) for name in (signal.SIGINT, signal.SIGTERM)}
    note(say("working; Ctrl-C ends", "工作中，按 Ctrl-C 结束"))
    try:
        while not stopped.is_set():
            try:
                report = desk.engine.run_due()
            except StoreError as error:
                note(say("{problem}; tried again", "{problem}；稍后重试", problem=error.text(current().lang)))
                stopped.wait(min(every, AGAIN))
                continue
            _say(report)
            if not report.more:
                stopped.wait(_pause(report, desk, every))
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
    note(say("stopped", "已停止"))


def _say(report: Report) -> None:
    """What was done, with the time; nothing if there was nothing to do."""
    if report.fired or report.delivered or report.performed or report.errors:
        data(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {report.text(current().lang)}")


def _pause(report: Report, desk: Desk, every: float) -> float:
    """Seconds until something falls due, at most `every`, and never none: what nobody delivers stays due."""
    if report.next_due is None:
        return every
    wait = (report.next_due - datetime.now(desk.policy.program.zone)).total_seconds()
    return min(every, max(wait, 1.0))
