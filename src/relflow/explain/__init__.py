"""Sentences from traces: why an answer is what it is, and what would change it."""

from relflow.explain.blocks import explain
from relflow.explain.explanation import Block, Explanation, Line
from relflow.explain.showing import show

__all__ = ["Block", "Explanation", "Line", "explain", "show"]
