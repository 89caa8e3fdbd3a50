"""A copy of a SQLite store while it is in use, and a store from such a copy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from relflow.errors import StoreError
from relflow.stores.schema import schema_version
from relflow.stores.sqlite import SqliteLink
from relflow.stores.troubles import store_error
from relflow.stores.versions import refuse_other_version

__all__ = ["back_up", "restore_backup"]


def back_up(source: Path, target: Path) -> None:
    """Copy a store as it stands at one moment into a new file; writers go on meanwhile.

    Raises StoreError for a source that is no store of this relflow, FileExistsError where the target is there already.
    """
    _copy(source, target)


def restore_backup(backup: Path, target: Path) -> None:
    """Make a store from a backup; the target must not be there, so that nothing is overwritten.

    Raises StoreError for a backup that is damaged or of another version, FileExistsError.
    """
    _copy(backup, target)


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise StoreError.of("no-store", f"there is no store `{source}`", f"没有存储 `{source}`", file=str(source))
    # reserves the name: whoever comes second does not write into the same file
    with target.open("xb"):
        pass
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            _refuse_damage(old, source)
            old.backup(new, pages=1000)
            _refuse_damage(new, target)
    except sqlite3.Error as error:
        target.unlink()
        raise store_error(error, str(source)) from error
    except BaseException:
        target.unlink()
        raise


def _refuse_damage(connection: sqlite3.Connection, file: Path) -> None:
    refuse_other_version(schema_version(SqliteLink(connection)))
    (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise StoreError.of("corrupt", f"`{file}` is damaged: {said}", f"`{file}` 已损坏：{said}", file=str(file))
