"""The refusals that every store words alike."""

from __future__ import annotations

from typing import NoReturn

from relflow.errors import ConflictError, StoreError
from relflow.results import Definition, StandingRecord

__all__ = ["conflict", "moved_standing", "other_content"]


def conflict(case: str) -> NoReturn:
    """Raise ConflictError for a case that somebody else moved."""
    raise ConflictError.of(
        "conflict",
        f"case `{case}` was changed by somebody else in the meantime: read it again",
        f"工单 `{case}` 已被他人更改：请重新读取",
        case=case,
    )


def moved_standing(record: StandingRecord) -> ConflictError:
    """The error for a state that somebody else changed first."""
    return ConflictError.of(
        "standing-conflict",
        f"the level of `{record.scheme}` was changed by somebody else in the meantime: assess it again",
        f"`{record.scheme}` 的等级已被他人更改：请重新评定",
        scheme=record.scheme,
    )


def other_content(definition: Definition) -> StoreError:
    """The error for a definition whose id and version are taken."""
    name = f"{definition.id} {definition.version}"
    return StoreError.of(
        "other-content",
        f"`{name}` is already kept with other content, and cases run under it: raise its `version`",
        f"`{name}` 已以另一内容保存，并有工单在使用：请提高它的 `version`",
        definition=definition.id,
        version=definition.version,
    )
