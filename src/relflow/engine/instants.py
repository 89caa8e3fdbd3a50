"""What time it is: by the host's clock where it gave one, else by the store's clock and by this machine's."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from relflow.engine import troubles
from relflow.stores import Store, StoreUnit, glance

__all__ = ["Clock", "Instants"]

Clock = Callable[[], datetime]

# for so many seconds an answer of the store is carried on by a count that no clock of this machine can disturb
FRESH: Final = 10.0


class Instants:
    """The clocks of an engine. Machines disagree, and one that is days ahead must neither date steps nor fire timers.

    Steps, leases and retries are dated by `stamp`, the clock that all workers of a store share. Whatever must not
    happen too early waits until it is due by `sure`, the earlier of that clock and this machine's.
    """

    def __init__(self, store: Store, clock: Clock | None) -> None:
        self._store = store
        self.clock = clock
        self._known: tuple[datetime, float] | None = None

    def stamp(self, tenant: str, unit: StoreUnit | None = None) -> datetime:
        """The instant by the host's clock, else by the store's; asked of the store if a `unit` is at hand."""
        if self.clock is not None:
            return troubles.aware(self.clock())
        if unit is not None:
            return self._ask(unit)
        if self._known is not None:
            at, count = self._known
            passed = time.monotonic() - count
            if passed < FRESH:
                return at + timedelta(seconds=passed)
        with glance(self._store, tenant) as fresh:
            return self._ask(fresh)

    def sure(self, tenant: str, unit: StoreUnit | None = None) -> datetime:
        """The instant that has come by every clock: nothing that is due by it is early."""
        at = self.stamp(tenant, unit)
        return at if self.clock is not None else min(at, datetime.now(UTC))

    def _ask(self, unit: StoreUnit) -> datetime:
        at = unit.now()
        self._known = at, time.monotonic()
        return at
