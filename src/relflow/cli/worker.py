"""`relflow worker`: does what is due, again and again, until it is told to stop."""

from __future__ import annotations

import gc
import threading
from datetime import datetime
from typing import TYPE_CHECKING, Final

import click

from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FINE
from relflow.cli.metrics import address, serving
from relflow.cli.screen import data, note
from relflow.cli.session import current, say
from relflow.cli.supervising import ended_with_parent, stop_signals, supervise
from relflow.cli.words import command as make
from relflow.cli.words import option
from relflow.errors import StoreError

if TYPE_CHECKING:
    from relflow.engine import Report

__all__ = ["command"]

# seconds until a store that failed is asked again
AGAIN: Final = 5.0
# objects until garbage is looked for: commands that end soon look seldom, who works for weeks gives back what it can
GARBAGE_AFTER: Final = 10_000


@make(
    "worker",
    en="Do what is due, again and again: clocks, obligations, notifications.\n"
    "Any number may work on one store. Ctrl-C or SIGTERM ends it after the step at hand.",
    zh="持续处理到期的计时、义务和通知。\n可有多个同时处理同一存储；Ctrl-C 或 SIGTERM 会在完成当前步骤后结束。",
)
@option(
    "--processes",
    type=click.IntRange(min=1),
    default=1,
    metavar="N",
    en="Run N workers and start again each that ends by itself; default: 1.",
    zh="同时运行 N 个工作进程，意外退出的会重新启动，默认 1。",
)
@option("--supervised", is_flag=True, hidden=True, en="Started by another worker.", zh="由另一工作进程启动。")
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
def command(desk: Desk, every: float, metrics: str | None, processes: int, supervised: bool) -> int:
    """Work until a signal comes; a store that answered at first and fails later is waited for."""
    stopped = threading.Event()
    if supervised:
        ended_with_parent(stopped)
        with stop_signals(stopped):
            _work(desk, every, stopped)
        return FINE
    with serving(desk.engine, address(metrics) if metrics is not None else None) as port:
        desk.engine.store.version()
        if port is not None:
            note(say("metrics: port {port}", "指标端口：{port}", port=port))
        if processes > 1:
            supervise(current().words, processes)
        else:
            with stop_signals(stopped):
                note(say("working; Ctrl-C ends", "工作中，按 Ctrl-C 结束"))
                _work(desk, every, stopped)
        note(say("stopped", "已停止"))
    return FINE


def _work(desk: Desk, every: float, stopped: threading.Event) -> None:
    """Do what is due until the event is set."""
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)
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
