"""What becomes of history: verified against anchors, handed out without personal values, forgotten in time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from relflow.engine import troubles
from relflow.engine.erasing import Erased
from relflow.engine.exported import ExportedCase, exported
from relflow.engine.retention import Retained, overdue
from relflow.engine.single import Single
from relflow.engine.unit import Unit
from relflow.results import Actor, Case
from relflow.stores import Anchor, Damage, StoreUnit, anchor, verify

__all__ = ["Archiving", "Verification"]

PAGE = 500


@dataclass(frozen=True, slots=True)
class Verification:
    """How many cases were looked at, against how many anchors, and whatever is not as it was written."""

    cases: int
    anchors: int
    damages: tuple[Damage, ...]


class Archiving(Single):
    """The part of an engine that looks after history."""

    def verify(
        self, case: str, *, known: Anchor | None = None, key: bytes | None = None, tenant: str = ""
    ) -> list[Damage]:
        """Whatever of a case and its history is not as it was written; see `relflow.stores.verify`."""
        with self._core.store.unit(tenant, write=False) as unit:
            return verify(unit, case, known=known, key=key)

    def verify_all(self, known: Iterable[Anchor] = (), *, key: bytes | None = None, tenant: str = "") -> Verification:
        """Every case, those of obligations included; with anchors also lost cases, cut tails, chains computed anew.

        `known` are anchors of this tenant, the latest of each case counts; `key` is the secret with which they were
        signed. Memory grows with the number of anchors, not with that of cases.
        """
        latest: dict[str, Anchor] = {}
        for one in known:
            if one.tenant == tenant and (one.case not in latest or one.seq > latest[one.case].seq):
                latest[one.case] = one
        damages: list[Damage] = []
        seen = 0
        left = dict(latest)
        with self._core.store.unit(tenant, write=False) as unit:
            for case in self._every_case(unit):
                seen += 1
                damages += verify(unit, case, known=left.pop(case, None), key=key)
            for case, one in left.items():
                damages += verify(unit, case, known=one, key=key)
        return Verification(seen, len(latest), tuple(damages))

    def anchors(self, key: bytes, *, tenant: str = "") -> Iterator[Anchor]:
        """An anchor at the head of every case's history, signed with the secret `key`: keep them elsewhere."""
        with self._core.store.unit(tenant, write=False) as unit:
            for case in self._every_case(unit):
                made = anchor(unit, case, key)
                if made is not None:
                    yield made

    def _every_case(self, unit: StoreUnit) -> Iterator[str]:
        after: str | None = None
        while page := unit.every(after, PAGE):
            yield from page
            after = page[-1]

    def export(
        self,
        *,
        ids: Collection[str] | None = None,
        workflow: str | None = None,
        account: str | None = None,
        reveal: bool = False,
        tenant: str = "",
    ) -> Iterator[ExportedCase]:
        """Cases with their history, case by case; personal values are masked unless `reveal` is set.

        `relflow.report.exports` writes them as JSON lines or XES.
        """
        after: str | None = None
        while True:
            page = self._once(
                tenant, partial(Unit.cases, ids=ids, workflow=workflow, account=account, after=after, limit=PAGE)
            )
            for case in page:
                yield self._once(tenant, partial(_exported, case=case, reveal=reveal))
            if len(page) < PAGE:
                return
            after = page[-1].id

    def erase(
        self,
        account: str,
        person: str | None = None,
        *,
        actor: Actor,
        because: str,
        at: datetime | None = None,
        tenant: str = "",
    ) -> Erased:
        """Forget the personal values in every case of an account, in the store's logs too; see `Unit.erase`."""
        act = partial(Unit.erase, account=account, person=person, actor=actor, because=because, at=at)
        erased = self._once(tenant, act)
        self._core.store.tidy()
        return erased

    def retain(self, *, dry_run: bool = False, at: datetime | None = None, tenant: str = "") -> Retained:
        """Forget what closed cases hold of facts whose category's `keep_for` is over since they were closed.

        Histories stay valid and read null there. Each case is a transaction of its own; a `dry_run` only counts.
        """
        with self._core.store.unit(tenant, write=False) as unit:
            now = self._core.now(unit) if at is None else troubles.aware(at)
        terms = overdue(self._core.program(tenant), now)
        cases, values = 0, dict.fromkeys(terms, 0)
        after: str | None = None
        while terms:
            page = self._once(tenant, partial(Unit.cases, after=after, limit=PAGE))
            for case in page:
                counts = self._retained(tenant, case, terms, now, dry_run=dry_run)
                cases += any(counts.values())
                for category, count in counts.items():
                    values[category] += count
            if len(page) < PAGE:
                break
            after = page[-1].id
        if not dry_run and cases:
            self._core.store.tidy()
        return Retained(cases, values, dry_run)

    def _retained(
        self,
        tenant: str,
        case: Case,
        terms: Mapping[str, tuple[datetime, frozenset[str]]],
        now: datetime,
        *,
        dry_run: bool,
    ) -> dict[str, int]:
        """How many values of a case were forgotten, by category."""
        closed = case.closed_at
        names = {
            category: names for category, (before, names) in terms.items() if closed is not None and closed <= before
        }
        if not names:
            return {}
        return self._once(tenant, partial(Unit.forget, case=case.id, names=names, at=now, dry_run=dry_run))


def _exported(unit: Unit, case: Case, reveal: bool) -> ExportedCase:
    return exported(unit, case, reveal=reveal)
