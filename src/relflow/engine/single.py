"""What an engine is made of, and one call as one unit of work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from types import TracebackType
from typing import Self, TypeVar

from relflow.builtins import DEFAULT_PLUGINS
from relflow.engine import troubles
from relflow.engine.again import alone
from relflow.engine.core import AnyPolicy, Clock, Core, Mirror
from relflow.engine.delivery import Retry
from relflow.engine.offers import refuse_late_offers
from relflow.engine.storage import store_of
from relflow.engine.unit import Unit
from relflow.hooks import Plugins
from relflow.stores import Store

__all__ = ["Single"]

Answer = TypeVar("Answer")


class Single:
    """Policies, plugins and a store, and how a call becomes a unit of work of its own."""

    def __init__(
        self,
        policy: AnyPolicy | Mapping[str, AnyPolicy],
        *,
        store: str | Store | None = None,
        plugins: Iterable[object] = (),
        clock: Clock | None = None,
        retry: Retry | None = None,
        adopt: bool = False,
        shadow: Mirror | None = None,
        silent: Iterable[str] = (),
    ) -> None:
        policies = policy if isinstance(policy, Mapping) else {"": policy}
        self._retry = retry or Retry()
        known = Plugins((*DEFAULT_PLUGINS, *plugins), silent=silent)
        for one in policies.values():
            troubles.a_policy(one)
            refuse_late_offers(one, known)
        found = store_of(store, known)
        self._core = Core(policies, found, known, clock, adopt=adopt)
        self._core.shadow = shadow

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store; the engine cannot be used afterwards."""
        self._core.store.close()
        if self._core.shadow is not None:
            self._core.shadow.close()

    @property
    def store(self) -> Store:
        """Where the cases live."""
        return self._core.store

    def zone(self, tenant: str = "") -> tzinfo:
        """The time zone of a tenant's policy."""
        found: tzinfo = self._core.program(tenant).zone
        return found

    def now(self, tenant: str = "") -> datetime:
        """The instant by which a step would be dated now."""
        return self._core.instants.stamp(tenant)

    def errand_names(self, tenant: str = "") -> list[str]:
        """Under which names a tenant's obligations and key figures are carried out; they begin with `~`."""
        return self._core.errands(tenant).names()

    def _once(
        self, tenant: str, act: Callable[[Unit], Answer], *, retry: bool = True, one_step: bool = False
    ) -> Answer:
        """One call in one unit of work, taken again where another writer came first."""
        return alone(self._core, tenant, act, races=retry, one_step=one_step)
