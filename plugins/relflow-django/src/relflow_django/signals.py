"""What other applications of the host may hear."""

from __future__ import annotations

from typing import Final

from django.dispatch import Signal

__all__ = ["before_tick"]

# sent by `relflow_tick` before anything falls due: whoever follows another application's rows catches up first, so that
# what happened in time is not called late
before_tick: Final = Signal()
