"""The file behind `--store`, for commands that are about the file itself."""

from __future__ import annotations

from pathlib import Path

from relflow.cli.session import Problem, say
from relflow.cli.words import option

__all__ = ["sqlite_file", "store_option"]

store_option = option(
    "--store",
    metavar="FILE|URL",
    default="cases.db",
    envvar="RELFLOW_STORE",
    en="Where cases are kept; default: cases.db, or RELFLOW_STORE.",
    zh="工单保存在哪里，默认为 cases.db 或 RELFLOW_STORE。",
)


def sqlite_file(store: str) -> Path:
    """The file of a SQLite store that is named by its path or its address."""
    if "://" not in store:
        return Path(store)
    if not store.startswith("sqlite:///"):
        raise Problem(
            say(
                "`{store}` is no SQLite store: use its database's own tools",
                "`{store}` 不是 SQLite 存储：请用数据库自带的工具",
                store=store,
            )
        )
    return Path(store.removeprefix("sqlite:///").partition("?")[0])
