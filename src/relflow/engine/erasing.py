"""Erasure: what is personal about an account is forgotten, and that it was is on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from relflow.engine.core import Core
from relflow.engine.duties import MARK
from relflow.results import Actor, StandingRecord
from relflow.stores import CaseFilter, StoreUnit

__all__ = ["Erased", "erase"]

ERASURE: Final = f"{MARK}erasure"


@dataclass(frozen=True, slots=True)
class Erased:
    """How many personal values were replaced by nothing and how many unsent messages were dropped.

    `left_with_host` names the personal facts of the policy: the account's own are still in the host's records.
    """

    replaced: int
    messages_dropped: int
    left_with_host: tuple[str, ...]


def erase(core: Core, unit: StoreUnit, account: str, actor: Actor, because: str, now: datetime) -> Erased:
    """Erase in every case of an account, closed ones and those of obligations included."""
    cases: list[str] = []
    flows: list[str | None] = [None, *core.errands(unit.tenant).names()]
    for flow in flows:
        after: str | None = None
        while page := unit.find(CaseFilter(account=account, workflow=flow, after=after)):
            cases += [case.id for case in page]
            after = page[-1].id
    replaced, dropped = unit.erase(cases, now)
    before = unit.standings(ERASURE, [account]).get(account)
    state = {"by": actor.id, "because": because, "replaced": replaced, "messages_dropped": dropped}
    unit.stand(StandingRecord(account, ERASURE, state, now, 0 if before is None else before.version, because))
    facts = core.program(unit.tenant).facts
    return Erased(replaced, dropped, tuple(sorted(name for name, fact in facts.items() if fact.personal)))
