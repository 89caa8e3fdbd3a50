"""Changes between two versions of a policy on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from relflow.cli.screen import data
from relflow.cli.session import current, say

if TYPE_CHECKING:
    from relflow.review import Change

__all__ = ["show_changes"]


def show_changes(changes: Sequence[Change]) -> None:
    """One line for each change, with the place where to look."""
    lang = current().lang
    if not changes:
        data(say("no differences", "没有差异"))
    for change in changes:
        place = f"  ({Path(change.place.source.name).name}:{change.place.line})" if change.place is not None else ""
        data(change.text(lang) + place)
