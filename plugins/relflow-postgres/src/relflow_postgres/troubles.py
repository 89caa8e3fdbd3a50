"""What PostgreSQL's errors mean for the people who run it, with the remedy."""

from __future__ import annotations

from typing import Final

import psycopg
from psycopg import errors

from relflow.errors import ConflictError, RelflowError, StoreError

__all__ = ["busy", "store_error"]

_OTHER: Final = ("broken", "the store at `{place}` failed", "位于 `{place}` 的存储出错")
_TROUBLES: Final[tuple[tuple[tuple[str, ...], tuple[str, str, str]], ...]] = (
    (
        ("28",),
        (
            "refused",
            "the server of the store at `{place}` refuses this user: check the name and the password",
            "位于 `{place}` 的存储服务器拒绝该用户：请检查用户名和密码",
        ),
    ),
    (
        ("3D",),
        (
            "no-database",
            "there is no database at `{place}`: create it, or check the address",
            "`{place}` 处没有数据库：请先创建，或检查地址",
        ),
    ),
    (
        ("53",),
        (
            "full",
            "the server of the store at `{place}` has run out of space, memory or connections: nothing was half done",
            "位于 `{place}` 的存储服务器空间、内存或连接数不足：未留下任何做了一半的更改",
        ),
    ),
    (
        ("25006",),
        (
            "read-only",
            "the store at `{place}` is read-only (a standby, perhaps): connect to the server that takes changes",
            "位于 `{place}` 的存储为只读（可能是备机）：请连接可写的服务器",
        ),
    ),
    (
        ("42501",),
        (
            "not-allowed",
            "the user of the store at `{place}` may not do this: grant the rights on relflow's tables",
            "位于 `{place}` 的存储用户没有此权限：请授予 relflow 各表的权限",
        ),
    ),
    (
        ("57014", "55P03"),
        (
            "slow",
            "the store at `{place}` did not answer in time: nothing was half done, try again",
            "位于 `{place}` 的存储未及时响应：未留下任何做了一半的更改，请重试",
        ),
    ),
    (
        ("57", "08"),
        (
            "gone",
            "the store at `{place}` cannot be reached: check that the server runs and that the address is right",
            "无法连接位于 `{place}` 的存储：请检查服务器是否运行、地址是否正确",
        ),
    ),
    (
        ("XX001", "XX002"),
        (
            "corrupt",
            "the store at `{place}` is damaged: restore it from a backup",
            "位于 `{place}` 的存储已损坏：请用备份恢复",
        ),
    ),
)


def busy(error: BaseException) -> bool:
    """Whether the same unit of work can succeed when it is taken again: a deadlock or a serialization failure."""
    return isinstance(error, errors.SerializationFailure | errors.DeadlockDetected)


def store_error(error: psycopg.Error, place: str) -> RelflowError:
    """The error for what PostgreSQL reported; the driver's own words stay in `details`."""
    if busy(error):
        return ConflictError.of(
            "collision",
            "another unit of work was in the way: try again",
            "与另一个工作单元相冲突：请重试",
            place=place,
        )
    state = error.sqlstate or ("08000" if isinstance(error, psycopg.OperationalError) else "")
    found = next((words for starts, words in _TROUBLES if state.startswith(starts)), _OTHER)
    reason, en, zh = found
    # the primary message names tables and constraints; a detail would name values
    words = f"{state} {error.diag.message_primary or type(error).__name__}".strip()
    return StoreError.of(reason, en.format(place=place), zh.format(place=place), place=place, driver=words)
