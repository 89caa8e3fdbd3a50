"""Trees to straight Python, for values that a guard has found to be of their declared types."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from relflow.feel.general import General
from relflow.feel.types import Type

__all__ = ["Fast", "guard"]


def guard(type_: Type, source: str, nullable: bool) -> str:
    """The condition that fast code relies on."""
    return "True"


class Fast(General):
    """The general code, with faster forms where types allow."""

    input_type: Type | None = None
    nullable: Collection[str] | None = None
    known: Mapping[str, Any] = {}
