"""Looking at cases: by id, by key, in pages, in words, and who may do what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

from relflow.engine import troubles
from relflow.engine.kept import figures
from relflow.engine.standing import facts_of, standings
from relflow.engine.tokens import token_for
from relflow.engine.transaction import Transaction
from relflow.program.workflows import Workflow
from relflow.results import Actor, Case, Figure, HistoryEntry, Standing
from relflow.stores import CaseFilter
from relflow.stores import Line as LineOfHistory
from relflow.workflow import Allowed, Form, Ledger, Line, allowed, ledger, parse, timeline

__all__ = ["Looking"]


class Looking(Transaction):
    """The part of a unit that changes nothing."""

    def case(self, case: str | None = None, *, workflow: str | None = None, key: str | None = None) -> Case:
        """A case by its id, or by its workflow and key. Raises NotFoundError."""
        with self._glancing() as unit:
            if case is not None:
                held = unit.read((case,)).cases.get(case)
            elif workflow is not None and key is not None:
                held = unit.read(keys=((workflow, key),)).keys.get((workflow, key))
            else:
                raise TypeError("case() needs an id, or workflow= and key=")
        if held is None:
            raise troubles.no_case(case or f"{workflow} {key}")
        return held.case

    def cases(
        self,
        *,
        ids: Collection[str] | None = None,
        keys: Collection[str] | None = None,
        account: str | None = None,
        workflow: str | None = None,
        parent: str | None = None,
        open_only: bool = False,
        after: str | None = None,
        limit: int = 1000,
    ) -> list[Case]:
        """A page of cases in order of id; `after` is the last id of the page before.

        `keys` are the host's own, of the `workflow` that they belong to.
        """
        with self._reading() as unit:
            if keys is not None:
                if workflow is None:
                    raise TypeError("cases(keys=) needs workflow=")
                held = unit.read(keys=tuple((workflow, key) for key in keys)).keys.values()
                named = {one.case.id for one in held}
                ids = named if ids is None else named & set(ids)
            return unit.find(CaseFilter(ids, account, workflow, parent, open_only, after, limit))

    def history(self, case: str) -> list[HistoryEntry]:
        """Everything that happened to a case, in order. Raises NotFoundError."""
        return [line.entry for line in self.lines(case)]

    def lines(self, case: str) -> list[LineOfHistory]:
        """The case's lines of history with their hashes, in order. Raises NotFoundError."""
        found: list[LineOfHistory] = []
        with self._reading() as unit:
            if case not in unit.read((case,)).cases:
                raise troubles.no_case(case)
            while page := unit.history(case, found[-1].seq if found else 0):
                found += page
        return found

    def personal(self, workflow: Workflow) -> frozenset[str]:
        """The names of data and facts whose values are kept apart and do not leave unmasked."""
        return self._core.personal(self.tenant, workflow)

    def timeline(self, case: str, *, viewer: Actor | None = None, reveal: bool = False) -> tuple[Line, ...]:
        """The case's history in words, oldest first; personal data are masked unless the viewer may see them.

        Those are seen whose category has a role of the viewer's under `seen_by` or as its steward; data of no category
        by the case's owner and by whoever holds a role that the workflow names. `reveal` shows everything.
        """
        found = self.case(case)
        definition = self.definition(found)
        seen = True if reveal else self._visible(found, definition, viewer)
        return timeline(definition, self.history(case), reveal=seen)

    def _visible(self, case: Case, definition: Workflow, viewer: Actor | None) -> frozenset[str]:
        """The names of the personal data that somebody may see in a case."""
        if viewer is None:
            return frozenset()
        context = self._context(self._now(None))
        with self._core.inside(self._identity()):
            held = context.roles(viewer, case.account, definition).held
        works_on_it = viewer.id == case.owner or not held.isdisjoint(definition.roles)
        categories = self._core.program(self.tenant).categories.values()
        of = {fact: category for category in categories for fact in category.facts}
        return frozenset(
            name
            for name in definition.data
            if (works_on_it if name not in of else not held.isdisjoint((*of[name].seen_by, of[name].steward)))
        )

    def ledger(self, case: str, clock: str, *, at: datetime | None = None) -> Ledger | None:
        """The account of a clock's present lap up to now; None if it never ran."""
        found = self.case(case)
        return ledger(self.definition(found), found, clock, max(self._now(at), found.updated_at))

    def allowed(self, case: str, actor: Actor, *, at: datetime | None = None) -> tuple[Allowed, ...]:
        """The events of the case's state, each open to this person or refused with the reason, and a token for each."""
        troubles.an_actor(actor)
        with self._glancing() as unit:
            held = unit.read((case,)).cases.get(case)
            if held is None:
                raise troubles.no_case(case)
            now = max(self._now(at), held.case.updated_at)
            context = self._context(now)
            standings = context.standings(held.case.account, unit)
            workflow = self._core.definition(held.case, unit)
        with self._asking():
            facts = context.facts(held.case.account, workflow)
            roles = context.roles(actor, held.case.account, workflow)
            lent = list(context.lent(actor, held.case.account, workflow))
        look = partial(allowed, workflow, held.case, facts=facts, now=now, standings=standings)
        found = look(actor, roles=roles)
        for person, others in lent:
            found = tuple(map(_open_one, found, look(person, roles=others)))
        return tuple(_with_token(one, held.case) for one in found)

    def definition(self, case: Case) -> Workflow:
        """The definition that a case runs under, an older one from the store."""
        with self._glancing() as unit:
            return self._core.definition(case, unit)

    def standings(self, scheme: str, accounts: Sequence[str], *, at: datetime | None = None) -> dict[str, Standing]:
        """Where accounts stand under a scheme now, from the facts and what `reassess` kept; nothing is written."""
        now = self._now(at)
        link = None if self._unit is None else self._unit.link
        with self._asking():
            facts = facts_of(self._core, self.tenant, accounts, now, link)
        with self._reading() as unit:
            return standings(self._core, unit, scheme, accounts, facts, now)

    def figures(self, kpi: str) -> tuple[Figure, ...]:
        """What a key figure came to in every period that was worked out, oldest first. Raises NotFoundError."""
        with self._reading() as unit:
            return figures(self._core, unit, kpi)

    def parse(self, workflow: str, texts: Mapping[str, str | list[str]], event: str | None = None) -> Form:
        """The data that a form's texts stand for, by the workflow's declarations: `.data`, and `.problems` by field.

        With an `event` a field that it does not take is a problem.
        """
        return parse(self._core.workflow(self.tenant, workflow), texts, event)


def _open_one(own: Allowed, lent: Allowed) -> Allowed:
    """The button as a stand-in has it, where the person alone lacks the role."""
    return lent if own.refused is not None and own.refused.reason == "role" and lent.refused is None else own


def _with_token(button: Allowed, case: Case) -> Allowed:
    token = None if button.refused is not None else token_for(case.id, button.event, case.version)
    return Allowed(button.event, button.text, button.needs, button.refused, token)
