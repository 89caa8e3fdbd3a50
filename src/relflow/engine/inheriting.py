"""What a shadow knows of accounts when it begins: levels and the state of obligations, as they stand in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from relflow.engine.core import Core
from relflow.engine.duties import MARK
from relflow.engine.standing import PAGE
from relflow.results import StandingRecord

__all__ = ["inherit"]


def inherit(source: Core, target: Core, tenant: str) -> int:
    """Copy what is kept about each account and the company, where the target has nothing yet; how many states.

    A level that the target's policy does not have, and an obligation that it does not have, are left out.
    """
    schemes = target.program(tenant).schemes
    duties = {duty.name for duty in target.duties(tenant).values()}
    copied = 0
    for page in _pages(source, tenant):
        with source.store.unit(tenant, write=False) as reading:
            kept = {account: reading.account_standings(account) for account in page}
        with target.store.unit(tenant) as unit:
            for account, records in kept.items():
                known = unit.account_standings(account) if records else {}
                for name, record in records.items():
                    fits = name in duties or (name in schemes and _level(record.state) in schemes[name].levels)
                    if fits and name not in known:
                        unit.stand(StandingRecord(account, name, record.state, record.at, 0, "inherited"))
                        copied += 1
    return copied


def _level(state: Mapping[str, Any]) -> object:
    return state.get("level")


def _pages(core: Core, tenant: str) -> Iterator[Sequence[str]]:
    """The company, then every account of the host."""
    yield (MARK,)
    after: str | None = None
    while True:
        answer = core.plugins.first("relflow_accounts", tenant=tenant, after=after, limit=PAGE, link=None)
        page = cast("Sequence[str]", answer or ())
        if not page:
            return
        yield page
        after = page[-1]
