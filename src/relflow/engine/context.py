"""What a step is told from outside: the account's facts, who is who, the levels in force, each asked for once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from relflow.errors import NotFoundError
from relflow.hooks import Plugins
from relflow.program import Program
from relflow.program.workflows import Workflow
from relflow.results import Actor, Roles
from relflow.stores import Link, StoreUnit

__all__ = ["Context"]

Facts = Mapping[str, object]


class Context:
    """The world of one step. Nothing is asked twice, and only what the workflows concerned may read is asked for.

    `link` is the unit's connection while one is open: loaders of a SQL host read in the same transaction.
    """

    def __init__(
        self,
        plugins: Plugins,
        tenant: str,
        program: Program,
        at: datetime,
        link: Link | None = None,
        stand_ins: Mapping[str, str] | None = None,
    ) -> None:
        self._plugins = plugins
        self._tenant = tenant
        self._program = program
        self.at = at
        self.link = link
        self._stand_ins = stand_ins or {}
        self._facts: dict[str, dict[str, object]] = {}
        self._read: dict[tuple[str | None, Workflow], Facts] = {}
        self._nobody: dict[tuple[str | None, Workflow], Roles] = {}
        self._members: dict[tuple[str, str | None], tuple[str, ...] | None] = {}
        self._standings: dict[str, Mapping[str, object]] = {}

    def load(self, account: str | None, workflows: Iterable[Workflow]) -> None:
        """Fetch what steps of these workflows may read. Raises NotFoundError for an account that the host has not."""
        if account is None:
            return
        self._fetch(account, {name for workflow in workflows for name in workflow.reads})

    def load_all(self, accounts: Sequence[str], names: Iterable[str]) -> None:
        """Fetch these facts of up to a thousand accounts in one go.

        One that the host has not is not missed here: whoever asks for it alone is told.
        """
        wanted = self._with_roles(names)
        found = self._ask(tuple(accounts), wanted)
        for account in accounts:
            if found is None or account in found:
                given: Facts = {} if found is None else found[account]
                self._facts.setdefault(account, {}).update({name: given.get(name) for name in wanted})

    def named_facts(self, account: str, names: Iterable[str]) -> Facts:
        """Facts of an account by their names."""
        self._fetch(account, names)
        return self._facts[account]

    def _fetch(self, account: str, wanted: Iterable[str]) -> None:
        known = self._facts.setdefault(account, {})
        missing = [name for name in wanted if name not in known]
        if not missing and known:
            return
        # those that say who holds a role came with the first ones
        missing = [name for name in self._with_roles(missing) if name not in known]
        found = self._ask((account,), missing)
        if found is not None and account not in found:
            del self._facts[account]
            raise NotFoundError.of(
                "account", f"there is no account `{account}`", f"没有客户 `{account}`", account=account
            )
        given: Facts = {} if found is None else found[account]
        known.update({name: given.get(name) for name in missing})

    def _with_roles(self, names: Iterable[str]) -> list[str]:
        """The facts by these names, and those that say who holds a role."""
        return sorted({*names, *(role.from_ for role in self._program.roles.values() if role.from_ is not None)})

    def _ask(self, accounts: Sequence[str], facts: Sequence[str]) -> Mapping[str, Facts] | None:
        """What the host knows of accounts; None where nobody answers for any."""
        answer = self._plugins.first(
            "relflow_load_accounts",
            tenant=self._tenant,
            accounts=accounts,
            facts=tuple(facts),
            at=self.at,
            link=self.link,
        )
        return cast("Mapping[str, Facts] | None", answer)

    def facts(self, account: str | None, workflow: Workflow) -> Facts:
        """The facts that a step of this workflow may read."""
        read = self._read.get((account, workflow))
        if read is None:
            self.load(account, (workflow,))
            known = {} if account is None else self._facts[account]
            read = self._read[account, workflow] = {name: known.get(name) for name in workflow.reads}
        return read

    def roles(self, actor: Actor | None, account: str | None, workflow: Workflow) -> Roles:
        """The actor's roles for the account, and the holders of the roles that a step may want to know."""
        nobody = self._nobody.get((account, workflow))
        if nobody is None:
            members = {role: found for role in workflow.asked if (found := self.members(role, account)) is not None}
            nobody = self._nobody[account, workflow] = Roles(frozenset(), members, self._stand_ins)
        return nobody if actor is None else Roles(self._held(actor, account), nobody.members, self._stand_ins)

    def lent(self, actor: Actor, account: str | None, workflow: Workflow) -> Iterator[tuple[Actor, Roles]]:
        """The actor in the place of each colleague who is away, with that colleague's roles beside the own ones."""
        for absent, person in self._stand_ins.items():
            if person == actor.id:
                own = self.roles(actor, account, workflow)
                held = self._held(Actor(absent, None, actor.facts), account)
                yield replace(actor, acting_for=absent), replace(own, held=own.held | held)

    def _held(self, actor: Actor, account: str | None) -> frozenset[str]:
        if actor.roles is not None:
            return frozenset(actor.roles)
        answer = self._plugins.first(
            "relflow_roles", tenant=self._tenant, actor=actor.id, account=account, at=self.at, link=self.link
        )
        held = set(cast("list[str]", answer or ()))
        for role in self._program.roles.values():
            if role.from_ is not None and account is not None and self._named(account, role.from_) == (actor.id,):
                held.add(role.id)
            if actor.id in role.members:
                held.add(role.id)
        # a body is whoever leads it or is one of its members, and a body may be a member of another
        while added := {role.id for role in self._program.roles.values() if held & {role.lead, *role.members}} - held:
            held |= added
        return frozenset(role for role in held if self._may_hold(actor, role))

    def _may_hold(self, actor: Actor, role: str) -> bool:
        """Whether the host says of the colleague what the role requires; what it does not say, refuses."""
        known = self._program.roles.get(role)
        return known is None or all(actor.facts.get(name) is True for name in known.requires)

    def members(self, role: str, account: str | None, seen: frozenset[str] = frozenset()) -> tuple[str, ...] | None:
        """The users who hold a role for the account; None where nobody can tell."""
        key = (role, account)
        if key not in self._members:
            self._members[key] = self._find_members(role, account, seen | {role})
        return self._members[key]

    def _find_members(self, role: str, account: str | None, seen: frozenset[str]) -> tuple[str, ...] | None:
        answer = self._plugins.first(
            "relflow_members", tenant=self._tenant, role=role, account=account, at=self.at, link=self.link
        )
        if answer is not None:
            return tuple(cast("list[str]", answer))
        declared = self._program.roles.get(role)
        if declared is None:
            return None
        if declared.from_ is not None:
            return self._named(account, declared.from_) if account is not None else None
        found: dict[str, None] = {}
        for member in (declared.lead, *declared.members):
            if member is None or member in seen:
                continue
            if member not in self._program.roles:
                found[member] = None
            else:
                found.update(dict.fromkeys(self.members(member, account, seen) or ()))
        return tuple(found) or None

    def _named(self, account: str, fact: str) -> tuple[str, ...]:
        """Whom the account names in a fact: one user, or several."""
        self.load(account, ())
        value = self._facts[account].get(fact)
        if isinstance(value, str) and value:
            return (value,)
        return tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()

    def standings(self, account: str | None, unit: StoreUnit) -> Mapping[str, object] | None:
        """The account's state under each scheme of the policy that it has one for."""
        if account is None or not self._program.schemes:
            return None
        if account not in self._standings:
            records = unit.account_standings(account)
            self._standings[account] = {
                scheme: record.state for scheme, record in records.items() if scheme in self._program.schemes
            }
        return self._standings[account]

    def all_standings(self, accounts: Sequence[str], unit: StoreUnit) -> None:
        """Read the states of many accounts at once, so that `standings` asks no more."""
        if not self._program.schemes:
            return
        found: dict[str, dict[str, object]] = {account: {} for account in accounts}
        for scheme in self._program.schemes:
            for account, record in unit.standings(scheme, accounts).items():
                found[account][scheme] = record.state
        self._standings |= found
