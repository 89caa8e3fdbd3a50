"""What administrators ask of an engine: acts on cases, on messages that were given up, on the people responsible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from relflow.engine import troubles
from relflow.engine.absences import Delegation
from relflow.engine.reports import Problem
from relflow.engine.single import Single
from relflow.engine.unit import Unit
from relflow.errors import RelflowError
from relflow.results import Actor, Case, Contact, Touchpoint
from relflow.stores import HELD, Notice, Status
from relflow.text import DEFAULT_LANGUAGE, fallbacks

__all__ = ["Overseeing", "Reassigned"]

PAGE = 500


@dataclass(frozen=True, slots=True)
class Reassigned:
    """The cases that got another owner, and why others did not; in a dry run the cases that would."""

    cases: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    dry_run: bool = False

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The outcome in a few lines."""
        chinese = fallbacks(lang)[0].startswith("zh")
        count = len(self.cases)
        if self.dry_run:
            head = f"将改派工单 {count} 件" if chinese else f"cases that would be reassigned: {count}"
        else:
            head = f"已改派工单 {count} 件" if chinese else f"cases reassigned: {count}"
        return "\n".join((head, *(one.text(lang) for one in self.problems)))


class Overseeing(Single):
    """The administrators' part of an engine."""

    # -- single cases ------------------------------------------------------------------------------------------------

    def adopt_state(
        self,
        case: str | None = None,
        state: str = "",
        *,
        workflow: str | None = None,
        key: str | None = None,
        at: datetime | None = None,
        actor: Actor | None = None,
        because: str = "",
        approver: str = "",
        event_id: str | None = None,
        tenant: str = "",
    ) -> Case:
        """Follow the host, which moved the case behind our back; see `Unit.adopt_state`."""
        return self._once(
            tenant,
            lambda unit: unit.adopt_state(
                case,
                state,
                workflow=workflow,
                key=key,
                at=at,
                actor=actor,
                because=because,
                approver=approver,
                event_id=event_id,
            ),
        )

    def assign(
        self, case: str, owner: str, *, actor: Actor, because: str = "", at: datetime | None = None, tenant: str = ""
    ) -> Case:
        """Give the case to another owner, outside of its events."""
        assign = partial(Unit.assign, case=case, owner=owner, actor=actor, because=because, at=at)
        return self._once(tenant, assign, one_step=True)

    def force(
        self,
        case: str,
        state: str,
        *,
        actor: Actor,
        because: str,
        approver: str,
        at: datetime | None = None,
        tenant: str = "",
    ) -> Case:
        """Put a case into a state without its guards; see `Unit.force`."""
        return self._once(
            tenant, lambda unit: unit.force(case, state, actor=actor, because=because, approver=approver, at=at)
        )

    def cancel(
        self,
        case: str,
        *,
        actor: Actor,
        because: str,
        approver: str,
        state: str | None = None,
        children: bool = True,
        at: datetime | None = None,
        tenant: str = "",
    ) -> Case:
        """End a case without its guards, and the open cases that it opened with it; see `Unit.cancel`."""
        return self._once(
            tenant,
            lambda unit: unit.cancel(
                case, actor=actor, because=because, approver=approver, state=state, children=children, at=at
            ),
        )

    def merge(
        self,
        case: str,
        into: str,
        *,
        actor: Actor,
        because: str,
        state: str | None = None,
        at: datetime | None = None,
        tenant: str = "",
    ) -> Case:
        """Merge an open case into another of the same account and workflow; see `Unit.merge`."""
        return self._once(tenant, lambda unit: unit.merge(case, into, actor=actor, because=because, state=state, at=at))

    # -- many cases --------------------------------------------------------------------------------------------------

    def reassign(
        self,
        owner: str,
        to: str,
        *,
        actor: Actor,
        because: str,
        workflow: str | None = None,
        account: str | None = None,
        dry_run: bool = False,
        at: datetime | None = None,
        tenant: str = "",
    ) -> Reassigned:
        """Give every open case of one owner to another, each in a transaction of its own; todos are cases, too.

        Raises RefusedError (`because`) without a reason. What cannot be moved is reported, and the rest goes on.
        """
        troubles.explained(because)
        troubles.usable_id("to", to)
        moved: list[str] = []
        problems: list[Problem] = []
        # the whole list first: a case that changes hands must not shift the pages
        mine = [one for one in self._open_cases(tenant, workflow, account) if one.owner == owner]
        for case in mine:
            act = partial(Unit.assign, case=case.id, owner=to, actor=actor, because=because, at=at)
            try:
                if not dry_run:
                    self._once(tenant, act, one_step=True)
            except RelflowError as error:
                problems.append(Problem(case.id, error.reason, error.message))
            else:
                moved.append(case.id)
        return Reassigned(tuple(moved), tuple(problems), dry_run)

    def _open_cases(self, tenant: str, workflow: str | None = None, account: str | None = None) -> Iterator[Case]:
        """Every open case, page by page."""
        after: str | None = None
        while True:
            page = self._once(
                tenant,
                partial(Unit.cases, workflow=workflow, account=account, open_only=True, after=after, limit=PAGE),
            )
            if not page:
                return
            yield from page
            after = page[-1].id

    # -- contacts ----------------------------------------------------------------------------------------------------

    def contacted(
        self,
        account: str,
        touchpoint: str,
        *,
        key: str,
        at: datetime | None = None,
        on: date | None = None,
        tenant: str = "",
    ) -> bool:
        """A contact was made: the next ones are planned from it; see `Unit.contacted`."""
        return self._once(tenant, lambda unit: unit.contacted(account, touchpoint, key=key, at=at, on=on))

    def contacts(self, account: str, *, tenant: str = "") -> tuple[Contact, ...]:
        """The contacts that were made with an account, by day."""
        return self._once(tenant, lambda unit: unit.contacts(account))

    def plan_contacts(
        self,
        accounts: Sequence[str],
        *,
        until: date | None = None,
        cadence: str | None = None,
        at: datetime | None = None,
        tenant: str = "",
    ) -> dict[str, tuple[Touchpoint, ...]]:
        """The contacts to come of accounts; see `Unit.plan_contacts`."""
        return self._once(tenant, lambda unit: unit.plan_contacts(accounts, until=until, cadence=cadence, at=at))

    # -- people who are away -----------------------------------------------------------------------------------------

    def delegate(
        self,
        absent: str,
        stand_in: str,
        *,
        start: datetime,
        until: datetime,
        actor: Actor,
        because: str = "",
        tenant: str = "",
    ) -> Delegation:
        """Enter that somebody acts for an absent colleague from `start` until `until`; see `Unit.delegate`."""
        return self._once(
            tenant,
            lambda unit: unit.delegate(absent, stand_in, start=start, until=until, actor=actor, because=because),
        )

    def end_delegation(
        self, absent: str, *, actor: Actor, because: str = "", at: datetime | None = None, tenant: str = ""
    ) -> None:
        """End whatever delegation holds for the colleague now or later: they are back."""
        self._once(tenant, lambda unit: unit.end_delegation(absent, actor=actor, because=because, at=at))

    def delegations(self, *, at: datetime | None = None, tenant: str = "") -> tuple[Delegation, ...]:
        """Who acts for whom; with `at` only what holds at that instant."""
        return self._once(tenant, lambda unit: unit.delegations(at=at))

    # -- messages ----------------------------------------------------------------------------------------------------

    def outbox(
        self,
        *,
        case: str | None = None,
        status: Status | None = None,
        dead: bool = False,
        limit: int = 1000,
        tenant: str = "",
    ) -> list[Notice]:
        """The messages and host actions of a case or of a status; `dead` are those that were given up."""
        with self._core.store.unit(tenant, write=False) as unit:
            return unit.outbox(case=case, status="dead" if dead else status, limit=limit)

    def replay(self, keys: Iterable[str] | None = None, *, tenant: str = "") -> tuple[str, ...]:
        """Have dead messages and host actions tried again from the beginning, all of them without `keys`.

        The keys of those that were dead. What was given up because its personal values were erased stays so.
        """
        return tuple(key for key in self._dead(keys, tenant) if self._settled(key, None, tenant))

    def discard(self, keys: Iterable[str] | None = None, *, because: str, tenant: str = "") -> tuple[str, ...]:
        """Give up dead messages and host actions for good, with the reason; all of them without `keys`.

        They stay in the outbox as `discarded` and no longer count as dead. The keys of those that were dead.
        """
        troubles.explained(because)
        return tuple(key for key in self._dead(keys, tenant) if self._settled(key, because, tenant))

    def held(self, *, tenant: str = "") -> list[Notice]:
        """The messages that wait until somebody releases them."""
        dead = self.outbox(dead=True, limit=1_000_000, tenant=tenant)
        return [notice for notice in dead if (notice.error or "").startswith(HELD)]

    def approve(self, key: str, *, actor: Actor, at: datetime | None = None, tenant: str = "") -> None:
        """Release a held message, which then goes out. Raises RefusedError to whoever has not the role.

        Raises NotFoundError where no such message is held.
        """
        self._once(tenant, lambda unit: unit.judge(key, "released", actor, "", at))

    def refuse(self, key: str, *, actor: Actor, because: str, at: datetime | None = None, tenant: str = "") -> None:
        """Keep a held message back for good, with the reason; see `approve`."""
        troubles.explained(because)
        self._once(tenant, lambda unit: unit.judge(key, "refused", actor, because, at))

    def _dead(self, keys: Iterable[str] | None, tenant: str) -> list[str]:
        if keys is not None:
            return list(dict.fromkeys(keys))
        return [notice.item.key for notice in self.outbox(dead=True, limit=1_000_000, tenant=tenant)]

    def _settled(self, key: str, because: str | None, tenant: str) -> bool:
        """Revive or discard one dead row."""
        with self._core.store.unit(tenant) as unit:
            now = self._core.now(unit)
            if because is not None:
                return unit.discard(key, now, because)
            erased = any(
                notice.item.key == key and notice.error == "erased"
                for notice in unit.outbox(case=key.rsplit(":", 2)[0], status="dead")
            )
            return not erased and unit.revive(key, now)
