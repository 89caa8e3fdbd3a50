"""`relflow case`: open, advance and look at cases in a store, one module a command."""

from __future__ import annotations

import click

from relflow.cli import options
from relflow.cli.words import Group, text

__all__ = ["command"]

# name, module, English, Chinese
_COMMANDS = (
    ("open", "Open a case.", "发起工单。"),
    ("allowed", "List what may happen next, and why the rest may not.", "列出可进行的操作，以及不可进行的原因。"),
    ("fire", "Fire an event of a case.", "触发工单的一个事件。"),
    ("signal", "Tell of something that happened to an account.", "通知客户发生的事情。"),
    ("show", "Show a case with its data and clocks.", "查看工单的数据和计时。"),
    ("list", "List cases.", "列出工单。"),
    ("timeline", "Show everything that happened in a case.", "查看工单的全部经过。"),
    ("run", "Do what is due: clocks, obligations, notifications.", "处理到期的计时、义务和通知。"),
)


@click.command(
    "case",
    cls=Group,
    members={name: (f"relflow.cli.case.{name}:command", text(en, zh)) for name, en, zh in _COMMANDS},
    words=text(
        "Open, advance and look at cases.\nCases live in a store: --store, RELFLOW_STORE, or cases.db in this folder.",
        "发起、推进和查看工单。\n工单保存在存储中：--store、RELFLOW_STORE 或当前文件夹的 cases.db。",
    ),
)
@options.lang_option
def command() -> None:
    """Nothing by itself: the commands do the work."""
