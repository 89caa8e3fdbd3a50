"""Straight Python for one question: what is ordinary is decided here, everything else by the general run."""

from relflow.rules.fast.entry import fast_entry

__all__ = ["fast_entry"]
