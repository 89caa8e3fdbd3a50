"""What obligations did in force and in shadow: the cases that they opened, pair by pair, and whom they told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from relflow.engine.duties import MARK
from relflow.engine.engine import Engine
from relflow.errors import NotFoundError
from relflow.results import Case, Message

__all__ = ["Told", "carried_out", "occasioned", "pairs", "subject_in_shadow", "told"]

PAGE = 500
Counterpart = Callable[[Case], Case]
Told = Counter[str]


def occasioned(case: Case) -> bool:
    """Whether an obligation opened the case."""
    return case.element is not None and case.element.startswith(MARK)


def _all(engine: Engine, tenant: str, workflow: str | None = None) -> Iterator[Case]:
    after: str | None = None
    while page := engine.cases(workflow=workflow, after=after, limit=PAGE, tenant=tenant):
        yield from page
        after = page[-1].id


def subject_in_shadow(engine: Engine, case: Case, twin_of: Counterpart, tenant: str) -> str | None:
    """What an obligation's case is about, in the shadow's terms; None where the shadow has no such case.

    Accounts are the same on both sides, cases have ids of their own.
    """
    if case.parent is None or case.parent != case.subject:
        return case.subject
    try:
        return twin_of(engine.case(case.parent, tenant=tenant)).id
    except NotFoundError:
        return None


def pairs(
    engine: Engine, shadow: Engine, twin_of: Counterpart, began: datetime | None, tenant: str
) -> Iterator[tuple[Case | None, Case | None]]:
    """Each case that an obligation opened since the shadow began beside the shadow's; None where one side has none."""
    here: dict[tuple[str | None, str | None], list[Case]] = {}
    for case in filter(occasioned, _all(engine, tenant)):
        if began is not None and case.opened_at >= began:
            key = (case.element, subject_in_shadow(engine, case, twin_of, tenant) or case.subject)
            here.setdefault(key, []).append(case)
    there: dict[tuple[str | None, str | None], list[Case]] = {}
    for case in filter(occasioned, _all(shadow, tenant)):
        there.setdefault((case.element, case.subject), []).append(case)
    for key in sorted(here.keys() | there.keys(), key=str):
        one, other = (sorted(side.get(key, []), key=lambda case: (case.opened_at, case.id)) for side in (here, there))
        for place in range(max(len(one), len(other))):
            yield (one[place] if place < len(one) else None, other[place] if place < len(other) else None)


def carried_out(
    engine: Engine, shadow: Engine, twin_of: Counterpart, began: datetime | None, tenant: str
) -> Iterator[tuple[str, Told, Told]]:
    """Whom each obligation told on each occasion, in force and in shadow, since the shadow began."""
    names = sorted({*engine.errand_names(tenant), *shadow.errand_names(tenant)})
    for name in names:
        theirs = {case.id: case for case in _all(shadow, tenant, name)}
        for case in _all(engine, tenant, name):
            if began is None or case.opened_at < began:
                continue
            subject = subject_in_shadow(engine, case, twin_of, tenant)
            # the id of such a case says what it carries out, about whom and on which occasion
            twin = case.id if subject is None else case.id.replace(f"/{case.subject}/", f"/{subject}/", 1)
            other = theirs.pop(twin, None)
            yield case.id, told(engine, case, tenant), told(shadow, other, tenant) if other is not None else Counter()
        for case in theirs.values():
            yield case.id, Counter(), told(shadow, case, tenant)


def told(engine: Engine, case: Case, tenant: str) -> Told:
    """Who was or would be told what by a case, how often."""
    items = (notice.item for notice in engine.outbox(case=case.id, limit=10_000, tenant=tenant))
    return Counter(f"{one.name} → {one.recipient}" for one in items if isinstance(one, Message))
