"""`relflow case`: open, advance and look at cases in a store, one module a command."""

from __future__ import annotations

import click

from relflow.cli import options
from relflow.cli.words import Group, text

__all__ = ["command"]

# name, module, English, Chinese
_COMMANDS = (
    ("open", "Open a case.", "新建工单。"),
    ("allowed", "List what may happen next, and why the rest may not.", "列出可进行的操作，以及不可进行的原因。"),
    ("fire", "Fire an event of a case.", "触发工单的一个事件。"),
    ("signal", "Tell of something that happened to an account.", "通知客户发生的事情。"),
    ("show", "Show a case with its data and clocks.", "查看工单的数据和计时。"),
    ("list", "List cases.", "列出工单。"),
    ("timeline", "Show everything that happened in a case.", "查看工单的全部经过。"),
    ("ledger", "Show how clocks came to when they are due.", "说明各项时限如何得出。"),
    ("levels", "Show an account's levels in force, and why.", "查看客户的现行等级及理由。"),
    ("figures", "Show key figures, period by period.", "查看各期考核指标。"),
    ("run", "Do what is due: clocks, obligations, notifications.", "处理到期的计时、义务和通知。"),
    ("assign", "Give cases to another owner.", "改派工单。"),
    ("delegate", "Enter who acts for an absent colleague.", "登记缺勤期间由谁代理。"),
    ("force", "Put a case into a state without its rules.", "强制变更工单状态。"),
    ("cancel", "End a case without its rules.", "撤销工单。"),
    ("merge", "Merge a case into another.", "合并工单。"),
    ("adopt", "Put this version of the policy in force.", "采用此版本的制度。"),
    ("migrate", "Move open cases to this version of their workflow.", "将未关闭的工单迁移到此流程版本。"),
    ("compare", "Say what the policy in shadow does otherwise.", "对照试行制度的不同。"),
    ("outbox", "List notifications and what became of them.", "列出通知及其结果。"),
    ("held", "List notifications that wait for approval.", "列出等待批准的通知。"),
    ("approve", "Let held notifications go out.", "批准发送通知。"),
    ("refuse", "Keep held notifications back for good.", "拒绝发送通知。"),
    ("replay", "Have notifications that were given up tried again.", "重新投递已放弃的通知。"),
    ("discard", "Give up dead notifications for good.", "作废已放弃的通知。"),
    ("health", "Say what is late and what was given up.", "查看延误和已放弃的事项。"),
    ("verify", "Find changes behind relflow's back.", "找出绕过 relflow 的改动。"),
    ("anchor", "Print signed anchors to verify against.", "输出供校验的签名锚点。"),
    ("export", "Print cases with their histories.", "输出工单及其历史。"),
    ("tables", "Check or update the tables of a store.", "检查或升级存储的表结构。"),
    ("backup", "Copy a SQLite store while it is in use.", "复制使用中的 SQLite 存储。"),
    ("restore", "Make a SQLite store from a backup.", "用备份建立 SQLite 存储。"),
    ("erase", "Forget an account's personal values.", "清除客户的个人信息。"),
    ("retain", "Forget what is beyond its time.", "清除超过保存期限的信息。"),
)


@click.command(
    "case",
    cls=Group,
    members={name: (f"relflow.cli.case.{name}:command", text(en, zh)) for name, en, zh in _COMMANDS},
    words=text(
        "Open, advance and look at cases.\nCases live in a store: --store, RELFLOW_STORE, or cases.db in this folder.",
        "新建、推进和查看工单。\n工单保存在存储中：--store、RELFLOW_STORE 或当前文件夹的 cases.db。",
    ),
)
@options.lang_option
def command() -> None:
    """Nothing by itself: the commands do the work."""
