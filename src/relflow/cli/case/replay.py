"""`relflow case replay`."""

from __future__ import annotations

from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.case.settling import chosen, told
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "replay",
    en="Have notifications and host actions that were given up tried again.\n"
    "Exit 1 if one of those named was not dead.",
    zh="将已放弃的通知和系统操作重新投递。\n所列编号中有不属于已放弃的，退出码为 1。",
)
@argument("keys", nargs=-1, metavar="[KEY]...", en="Which, as `relflow case outbox --dead` lists them.",
          zh="编号，见 `relflow case outbox --dead`。")  # fmt: skip
@option("--all", "every", is_flag=True, en="All of them.", zh="全部。")
@at_desk
def command(desk: Desk, keys: tuple[str, ...], every: bool) -> int:
    """Revive and report."""
    return told(chosen(keys, every), desk.engine.replay(chosen(keys, every)), "tried again", "将重新投递")
