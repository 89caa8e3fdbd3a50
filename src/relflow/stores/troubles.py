"""What SQLite's errors mean for the people who run it, with the remedy."""

from __future__ import annotations

import sqlite3
from typing import Final

from relflow.errors import StoreError

__all__ = ["gone", "store_error"]

_OTHER: Final = (
    "broken",
    "the store at `{path}` failed",
    "位于 `{path}` 的存储出错",
)
_TROUBLES: Final = {
    "SQLITE_BUSY": (
        "locked",
        "the store at `{path}` is locked by another process: close what holds it open, or wait longer (`busy=`)",
        "位于 `{path}` 的存储被另一个进程锁定：请关闭占用它的程序，或延长等待时间（`busy=`）",
    ),
    "SQLITE_FULL": (
        "full",
        "there is no space left for the store at `{path}`: free some, nothing was half done",
        "位于 `{path}` 的存储所在磁盘已满：请腾出空间，未留下任何做了一半的更改",
    ),
    "SQLITE_CORRUPT": (
        "corrupt",
        "the store at `{path}` is damaged: restore it from a backup, or save what is readable with `sqlite3 .recover`",
        "位于 `{path}` 的存储已损坏：请用备份恢复，或用 `sqlite3 .recover` 抢救可读部分",
    ),
    "SQLITE_NOTADB": (
        "not-a-store",
        "the file `{path}` is not a SQLite database: check the path, or restore it from a backup",
        "文件 `{path}` 不是 SQLite 数据库：请检查路径，或用备份恢复",
    ),
    "SQLITE_READONLY": (
        "read-only",
        "the store at `{path}` cannot be written: check the permissions of the file and of its folder",
        "无法写入位于 `{path}` 的存储：请检查文件及其所在文件夹的权限",
    ),
    "SQLITE_PERM": (
        "read-only",
        "the store at `{path}` cannot be opened: check the permissions of the file and of its folder",
        "无法打开位于 `{path}` 的存储：请检查文件及其所在文件夹的权限",
    ),
    "SQLITE_CANTOPEN": (
        "cannot-open",
        "the store at `{path}` cannot be opened: check that the folder exists and may be written",
        "无法打开位于 `{path}` 的存储：请检查文件夹是否存在并可写",
    ),
    "SQLITE_IOERR": (
        "io",
        "the disk under the store at `{path}` reports an error: nothing was half done, check the disk",
        "位于 `{path}` 的存储所在磁盘报错：未留下任何做了一半的更改，请检查磁盘",
    ),
}


def gone(path: str) -> StoreError:
    """The StoreError for a file that somebody removed or replaced while the store was open."""
    return StoreError.of(
        "gone",
        f"the file of the store at `{path}` was removed or replaced while it was in use, nothing was written: put it "
        "back, then start again whoever works on it",
        f"位于 `{path}` 的存储文件在使用期间被移走或替换，未写入任何内容：请把它放回原处，再重新启动使用它的程序",
        path=path,
    )


def store_error(error: sqlite3.Error, path: str) -> StoreError:
    """The StoreError for what SQLite reported; the driver's own words stay in `details`."""
    name = getattr(error, "sqlite_errorname", None) or ""
    # SQLITE_READONLY_DBMOVED is a kind of SQLITE_READONLY
    family = "_".join(name.split("_")[:2])
    family = "SQLITE_BUSY" if family == "SQLITE_LOCKED" else family
    reason, en, zh = _TROUBLES.get(family, _OTHER)
    return StoreError.of(
        reason, en.format(path=path), zh.format(path=path), path=path, driver=f"{name} {error}".strip()
    )
