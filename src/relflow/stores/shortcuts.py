"""What a store may offer beyond `Store`, because each statement is a journey; without it the ordinary way is taken."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, cast, runtime_checkable

from relflow.results import Recorded, Step
from relflow.stores.protocols import Store, StoreUnit

__all__ = ["Glances", "WritesAlone", "glance", "writes_alone"]


@runtime_checkable
class WritesAlone(Protocol):
    """A unit that can write the one step which is all that it changes without beginning a transaction for it."""

    def write_alone(
        self, step: Step, personal: frozenset[str] = frozenset(), *, under: tuple[str, str] | None = None
    ) -> Recorded | None:
        """Write a step whole, at once and for good, or nothing of it.

        `personal` is as in `write`; `under` is a policy and the digest that has to be in force for it. What is
        returned is kept, whatever becomes of the unit, which takes no other change from then on. None: nothing was
        written, because something stands in the way (the case moved, the event id or key is known, other tables,
        another policy, a unit that has begun), and the unit goes on as if it had not been asked; `write` then says
        what it is. An error of the connection leaves open whether the step was written, as one of a commit does.
        """


@runtime_checkable
class Glances(Protocol):
    """A store whose reading units cost journeys of their own, and that can do without."""

    def glance(self, tenant: str = "") -> AbstractContextManager[StoreUnit]:
        """A unit that only reads, each statement at its own moment: the later one never sees an earlier state.

        For whoever asks for one thing, or for a case whose next step is written from the version that was read.
        """


# `isinstance` compares every name of a protocol and takes longer than many a statement; these are asked at each step


def writes_alone(unit: StoreUnit) -> WritesAlone | None:
    """The unit as one that can write a step alone; None for one that cannot."""
    return cast("WritesAlone", unit) if hasattr(unit, "write_alone") else None


def glance(store: Store, tenant: str = "") -> AbstractContextManager[StoreUnit]:
    """A unit that only reads and need not see one moment, as cheap as the store has it."""
    look: Callable[[str], AbstractContextManager[StoreUnit]] | None = getattr(store, "glance", None)
    return store.unit(tenant, write=False) if look is None else look(tenant)
