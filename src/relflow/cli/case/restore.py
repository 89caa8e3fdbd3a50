"""`relflow case restore`."""

from __future__ import annotations

from pathlib import Path

from relflow.cli import options
from relflow.cli.case.files import sqlite_file, store_option
from relflow.cli.failures import FINE
from relflow.cli.screen import note
from relflow.cli.session import say
from relflow.cli.words import argument
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "restore",
    en="Make a SQLite store from a backup. A store that is there is never overwritten: move it away first.\n"
    "What was sent after the backup is sent again, under the same keys.",
    zh="用备份建立 SQLite 存储。已有的存储不会被覆盖，请先移走。\n备份之后已发送的消息会以相同编号再次发送。",
)
@argument("file", en="The backup.", zh="备份文件。")
@store_option
@options.lang_option
def command(file: str, store: str) -> int:
    """Copy it back."""
    from relflow.stores.sqlite_backup import restore_backup

    target = sqlite_file(store)
    restore_backup(Path(file), target)
    note(say("restored as {file}", "已恢复为 {file}", file=target))
    return FINE
