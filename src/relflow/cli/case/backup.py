"""`relflow case backup`."""

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
    "backup",
    en="Copy a SQLite store into a new file while it is in use.\nPostgreSQL has its own tools (`pg_dump`).",
    zh="在使用过程中将 SQLite 存储复制到新文件。\nPostgreSQL 请用其自带工具（`pg_dump`）。",
)
@argument("file", en="The new file.", zh="新文件。")
@store_option
@options.lang_option
def command(file: str, store: str) -> int:
    """Copy it."""
    from relflow.stores.sqlite_backup import back_up

    back_up(sqlite_file(store), Path(file))
    note(say("copied to {file}; check it with `relflow case verify --store {file}`",
             "已复制到 {file}；可用 `relflow case verify --store {file}` 校验", file=file))  # fmt: skip
    return FINE
