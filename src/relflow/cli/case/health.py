"""`relflow case health`."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FAILED, FINE
from relflow.cli.screen import data, print_json
from relflow.cli.session import current
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "health",
    en="Say how the store and its workers are: what is late, what was given up.\n"
    "Exit 1 if somebody should look at it. `prometheus` prints the same as metrics.",
    zh="查看存储和工作进程的状况：哪些延误，哪些已放弃。\n需要处理时退出码为 1。`prometheus` 以指标形式输出。",
)
@options.format_option("text", "json", "prometheus")
@at_desk
def command(desk: Desk, form: str) -> int:
    """Print it."""
    from relflow.engine.health import prometheus

    health = desk.engine.health()
    if form == "json":
        print_json(health.to_dict())
    else:
        data((prometheus([health]) if form == "prometheus" else health.text(current().lang)).rstrip("\n"))
    return FAILED if health.problems() else FINE
