"""Contacts: those that were made are remembered, those to come are planned from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, cast

from relflow.engine import troubles
from relflow.engine.duties import MARK
from relflow.engine.looking import Looking
from relflow.engine.standing import Table
from relflow.errors import NotFoundError
from relflow.policy import Policy
from relflow.results import Contact, StandingRecord, Touchpoint
from relflow.rules import unknown_touchpoint
from relflow.stores import StoreUnit

__all__ = ["Contacting"]

CONTACTS: Final = f"{MARK}contacts/"


class Contacting(Looking):
    """The part of a unit that is about contacts."""

    def contacted(
        self, account: str, touchpoint: str, *, key: str, at: datetime | None = None, on: date | None = None
    ) -> bool:
        """A contact was made: the next ones are planned from it. Whether it is news; a `key` counts once.

        `touchpoint` is one that a cadence of the policy declares. The day is that of `at` in the policy's zone, by
        default now, or `on`. Raises NotFoundError for an unknown touchpoint.
        """
        troubles.usable_id("key", key)
        self._known_touchpoint(touchpoint)
        now = self._now(at)
        day = on or now.astimezone(self._core.program(self.tenant).zone).date()
        of = CONTACTS + account
        with self._reading() as unit:
            if key in unit.account_standings(of):
                return False
        record = StandingRecord(of, key, {"touchpoint": touchpoint, "on": day}, now)
        self._do(self._context(now), lambda work: work.unit.stand(record))
        return True

    def contacts(self, account: str) -> tuple[Contact, ...]:
        """The contacts that were made with an account, by day."""
        with self._reading() as unit:
            return _made(unit, account)

    def plan_contacts(
        self,
        accounts: Sequence[str],
        *,
        until: date | None = None,
        cadence: str | None = None,
        at: datetime | None = None,
    ) -> dict[str, tuple[Touchpoint, ...]]:
        """The contacts to come of accounts from now to `until`, from their facts, levels and the contacts made.

        Accounts that the host does not have are left out. Raises NotFoundError for an unknown cadence.
        """
        policy = self._core.policies[self.tenant]
        if not isinstance(policy, Policy):
            raise NotFoundError.of(
                "cadence",
                "contacts are planned by a loaded policy: pass what `relflow.load` gives",
                "联系计划需要已加载的制度：请传入 `relflow.load` 的结果",
            )
        now = self._now(at)
        link = None if self._unit is None else self._unit.link
        with self._core.inside(self._identity()):
            answer = self._core.plugins.first(
                "relflow_load_accounts",
                tenant=self.tenant,
                accounts=tuple(accounts),
                facts=tuple(policy.program.facts),
                at=now,
                link=link,
            )
        facts = cast("Table", answer or {})
        found = {}
        with self._reading() as unit:
            for account, record in facts.items():
                kept = unit.account_standings(account)
                state = {name: one.state for name, one in kept.items() if name in policy.program.schemes}
                # what an older policy called a contact is kept, and plans nothing any more
                made = [one for one in _made(unit, account) if one.touchpoint in policy.program.touchpoints]
                found[account] = policy.plan_contacts(record, made, now, until, state, cadence)
        return found

    def _known_touchpoint(self, touchpoint: str) -> None:
        program = self._core.program(self.tenant)
        if touchpoint not in program.touchpoints:
            raise unknown_touchpoint(program, touchpoint)


def _made(unit: StoreUnit, account: str) -> tuple[Contact, ...]:
    records = unit.account_standings(CONTACTS + account).values()
    found = [Contact(str(one.state["touchpoint"]), cast("date", one.state["on"])) for one in records]
    return tuple(sorted(found, key=lambda one: (one.on, one.touchpoint)))
