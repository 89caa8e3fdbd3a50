"""Who acts for whom while somebody is away: kept in the store, asked at every step, remembered for a moment."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from relflow.engine.duties import MARK
from relflow.errors import RefusedError
from relflow.results import Actor, StandingRecord
from relflow.stores import StoreUnit

__all__ = ["Absences", "Delegation", "delegate", "delegations", "present_for"]

ABSENCES: Final = f"{MARK}absences"
# another process hears of a new delegation after so many seconds at the latest
FRESH: Final = 5.0


@dataclass(frozen=True, slots=True)
class Delegation:
    """`stand_in` acts for `absent` from `start` until `until`; `by` entered it, `because` says why."""

    absent: str
    stand_in: str
    start: datetime
    until: datetime
    by: str = ""
    because: str = ""

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at that instant."""
        return self.start <= at < self.until


class Absences:
    """The delegations of a tenant's store as this process last read them."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[float, tuple[Delegation, ...]]] = {}

    def known(self, tenant: str) -> tuple[Delegation, ...] | None:
        """What was read a moment ago; None where it is time to look again."""
        read = self._read.get(tenant)
        return read[1] if read is not None and time.monotonic() - read[0] < FRESH else None

    def learn(self, tenant: str, found: tuple[Delegation, ...]) -> tuple[Delegation, ...]:
        """Remember what was read."""
        self._read[tenant] = (time.monotonic(), found)
        return found

    def forget(self, tenant: str) -> None:
        """Look again at the next step."""
        self._read.pop(tenant, None)


def delegations(unit: StoreUnit) -> tuple[Delegation, ...]:
    """Every delegation that is kept, past ones of people with later ones left aside, in order of person and time."""
    found = [
        Delegation(absent, **period)
        for absent, record in sorted(unit.account_standings(ABSENCES).items())
        for period in _periods(record.state)
    ]
    return tuple(sorted(found, key=lambda one: (one.absent, one.start)))


def _periods(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(state.get("periods", ()))


def delegate(
    unit: StoreUnit,
    absent: str,
    stand_in: str | None,
    start: datetime,
    until: datetime,
    actor: Actor,
    because: str,
    now: datetime,
) -> Delegation | None:
    """Enter who acts for somebody from one instant until another; without a `stand_in`, end what holds then.

    Every earlier state stays in the history of the person's delegations. Raises RefusedError (`delegation`) for a
    period that is none, or in which somebody else stands in already.
    """
    record = unit.standings(absent, [ABSENCES]).get(ABSENCES)
    periods = [] if record is None else _periods(record.state)
    if stand_in is None:
        kept = [_cut(one, start, until) for one in periods]
        periods = [one for one in kept if one["start"] < one["until"]]
    else:
        _refuse(absent, stand_in, start, until, periods)
        entry = {"stand_in": stand_in, "start": start, "until": until, "by": actor.id, "because": because}
        periods = [*(one for one in periods if one["until"] > now), entry]
    version = 0 if record is None else record.version
    unit.stand(StandingRecord(ABSENCES, absent, {"periods": periods, "by": actor.id}, now, version, because))
    return None if stand_in is None else Delegation(absent, **periods[-1])


def _cut(period: dict[str, Any], start: datetime, until: datetime) -> dict[str, Any]:
    """A period without what lies behind `start`, if the two meet."""
    meets = period["start"] < until and start < period["until"]
    return {**period, "until": max(period["start"], start)} if meets else period


def _refuse(absent: str, stand_in: str, start: datetime, until: datetime, periods: Iterable[Mapping[str, Any]]) -> None:
    why: tuple[str, str] | None = None
    if absent == stand_in:
        why = ("nobody stands in for themselves", "不能由本人代理本人")
    elif start >= until:
        why = ("it ends before it begins", "结束时间早于开始时间")
    else:
        for one in periods:
            if one["start"] < until and start < one["until"]:
                who = one["stand_in"]
                why = (f"`{who}` stands in for `{absent}` then already", f"该时段已由 `{who}` 代理 `{absent}`")
    if why is not None:
        raise RefusedError.of(
            "delegation", f"`{stand_in}` cannot stand in for `{absent}`: {why[0]}",
            f"`{stand_in}` 不能代理 `{absent}`：{why[1]}", absent=absent, stand_in=stand_in,
        )  # fmt: skip


def present_for(found: Iterable[Delegation], at: datetime) -> dict[str, str]:
    """Who stands in for each person who is away at that instant; a stand-in who is away passes it on.

    Where everybody in such a chain is away, nobody stands in.
    """
    direct = {one.absent: one.stand_in for one in found if one.holds(at)}
    present: dict[str, str] = {}
    for absent in direct:
        person, seen = absent, {absent}
        while person in direct and direct[person] not in seen:
            person = direct[person]
            seen.add(person)
        if person not in direct:
            present[absent] = person
    return present
