"""Which version of the tables this relflow reads and writes, and what it says about any other."""

from __future__ import annotations

from typing import Final

from relflow.errors import StoreError

__all__ = ["SCHEMA_VERSION", "refuse_other_version"]

SCHEMA_VERSION: Final = 2


def refuse_other_version(version: int) -> None:
    """Raise StoreError unless `version` is the one that this relflow reads and writes."""
    if version == SCHEMA_VERSION:
        return
    if version > SCHEMA_VERSION:
        raise StoreError.of(
            "newer-schema",
            f"the store was written by a newer relflow (schema {version}, this one knows {SCHEMA_VERSION}): "
            "update relflow on this machine",
            f"存储由更新版本的 relflow 写成（结构版本 {version}，本机支持到 {SCHEMA_VERSION}）：请升级本机的 relflow",
            version=version,
        )
    if version == 0:
        raise StoreError.of(
            "no-schema",
            "the store has no relflow tables yet: call `migrate()` once",
            "存储里还没有 relflow 的表：请先调用一次 `migrate()`",
            version=version,
        )
    raise StoreError.of(
        "older-schema",
        f"the store has schema {version}, this relflow needs {SCHEMA_VERSION}: call `migrate()`, after a backup",
        f"存储的结构版本是 {version}，当前 relflow 需要 {SCHEMA_VERSION}：请先备份，再调用 `migrate()`",
        version=version,
    )
