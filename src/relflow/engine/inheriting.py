"""What a shadow knows of accounts when it begins: levels and the state of obligations, as they stand in force."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, cast

from relflow.engine.core import Core
from relflow.engine.duties import MARK
from relflow.engine.standing import PAGE
from relflow.engine.subjects import by_subject
from relflow.results import StandingRecord

__all__ = ["inherit"]


def inherit(source: Core, target: Core, tenant: str) -> int:
    """Copy what is kept about the company, accounts and items of lists, where the target has nothing yet; how many.

    A level that the target's policy does not have, and an obligation that it does not have, are left out.
    """
    schemes = target.program(tenant).schemes
    duties = {duty.name for duty in target.duties(tenant).values()}
    copied = 0
    for page in _pages(source, tenant, duties):
        with source.store.unit(tenant, write=False) as reading:
            kept = {key: reading.account_standings(key) for key in page}
        with target.store.unit(tenant) as unit:
            for key, records in kept.items():
                known = unit.account_standings(key) if records else {}
                for name, record in records.items():
                    fits = name in duties or (name in schemes and _level(record.state) in schemes[name].levels)
                    if fits and name not in known:
                        unit.stand(StandingRecord(key, name, record.state, record.at, 0, "inherited"))
                        copied += 1
    return copied


def _level(state: Mapping[str, Any]) -> object:
    return state.get("level")


def _pages(core: Core, tenant: str, duties: Collection[str]) -> Iterator[Sequence[str]]:
    """Under which names something may be kept: the company, every account, every item that a duty is about."""
    yield (MARK,)
    yield from _accounts(core, tenant)
    now = core.instants.stamp(tenant)
    alike = [duty for duty in core.duties(tenant).values() if duty.name in duties and duty.obligation.subject == "list"]
    for items in by_subject(alike):
        after: str | None = None
        while page := items.page(core, tenant, after, now):
            yield [subject.key for subject in page if subject.item is not None]
            after = page[-1].place


def _accounts(core: Core, tenant: str) -> Iterator[Sequence[str]]:
    """Every account of the host, in pages."""
    after: str | None = None
    while True:
        answer = core.plugins.first("relflow_accounts", tenant=tenant, after=after, limit=PAGE, link=None)
        page = cast("Sequence[str]", answer or ())
        if not page:
            return
        yield page
        after = page[-1]
