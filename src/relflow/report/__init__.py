"""Pages and pictures: self-contained HTML from data, diagrams from workflows."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relflow.report.questions import open_questions

__all__ = ["open_questions"]


def __getattr__(name: str) -> object:
    """Load the questions only for whoever asks for what is in it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("relflow.report.questions"), name)
