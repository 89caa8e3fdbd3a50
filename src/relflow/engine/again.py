"""Units of work that are taken again: after a lost race, or where two of them stood in each other's way."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from relflow.engine.core import Core
from relflow.engine.unit import Unit
from relflow.errors import ConflictError

__all__ = ["alone"]

Answer = TypeVar("Answer")
ATTEMPTS: Final = 20
# another writer came first: what the call makes of what is there now may succeed
RACES: Final = frozenset({"conflict", "standing-conflict"})


def alone(
    core: Core, tenant: str, act: Callable[[Unit], Answer], *, races: bool = False, one_step: bool = False
) -> Answer:
    """What one call gives in a unit of work of its own, taken again where that can help.

    A deadlock or a serialization failure (`collision`) says nothing about the case: it is always tried again. A lost
    race is decided anew only with `races`, where the caller did not say which version it saw. `one_step` is as in
    `Transaction`.
    """
    attempt = 0
    while True:
        attempt += 1
        try:
            with Unit(core, tenant, single=True, one_step=one_step) as unit:
                return act(unit)
        except ConflictError as error:
            mine = error.reason == "collision" or (races and error.reason in RACES)
            if not mine or attempt >= ATTEMPTS:
                raise
        # two that collide should not collide again in step
        time.sleep(random.uniform(0, 0.002 * attempt))  # noqa: S311 - nothing secret
