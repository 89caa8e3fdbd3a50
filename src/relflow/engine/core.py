"""What every unit of work of an engine shares: policies by tenant, plugins, the store, the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Protocol

from relflow.engine import troubles
from relflow.engine.absences import Absences, Delegation, delegations
from relflow.engine.duties import MARK, Duty
from relflow.engine.errands import Errands, errands_of
from relflow.engine.instants import Clock, Instants
from relflow.errors import NotFoundError
from relflow.feel.types import ListType, RecordType, Type
from relflow.hooks import Plugins
from relflow.policy import Policy, compile_definition
from relflow.program import MessageTemplate, Program
from relflow.program.workflows import Action, Template, Workflow
from relflow.results import Case, Recorded
from relflow.stores import Store, StoreUnit, glance

__all__ = ["AnyPolicy", "Clock", "Core", "HasProgram", "Mirror"]


class HasProgram(Protocol):
    """A policy: whatever `relflow.load` gives."""

    program: Program


AnyPolicy = HasProgram | Program


class Mirror(Protocol):
    """Whoever does beside an engine what was done to its cases; see `Shadow`."""

    def begin(self, tenant: str) -> None:
        """The clockwork is about to run."""

    def mirror(self, tenant: str, recorded: Recorded, find: Callable[[str], Case]) -> None:
        """A step was committed."""

    def signalled(
        self, tenant: str, event: str, account: str, event_id: str, data: Mapping[str, object], at: datetime
    ) -> None:
        """Something happened to an account."""

    def run_due(self, tenant: str) -> None:
        """The clockwork ran."""

    def close(self) -> None:
        """The engine is closed."""


class Core:
    """The immutable part of an engine, and which units this thread is inside of."""

    def __init__(
        self, policies: Mapping[str, AnyPolicy], store: Store, plugins: Plugins, clock: Clock | None, *, adopt: bool
    ) -> None:
        self.policies = dict(policies)
        self.store = store
        self.plugins = plugins
        self.instants = Instants(store, clock)
        self.adopt = adopt
        self.defined: set[tuple[str, str]] = set()
        self.absences = Absences()
        self.shadow: Mirror | None = None
        self._personal: dict[tuple[str, str], frozenset[str]] = {}
        self._courteous: dict[str, bool] = {}
        self._errands: dict[str, Errands] = {}
        self._older: dict[tuple[str, str], Workflow] = {}
        self._reachable: dict[tuple[str, Workflow], list[Workflow]] = {}
        self._local = threading.local()

    def program(self, tenant: str) -> Program:
        """The tenant's policy. Raises NotFoundError for a tenant that the engine does not serve."""
        found = self.policies.get(tenant)
        if found is None:
            raise NotFoundError.of(
                "tenant",
                f"this engine serves no tenant `{tenant}`: name one of its tenants",
                f"此引擎不服务于租户 `{tenant}`：请指明它的某个租户",
                tenant=tenant,
            )
        return found if isinstance(found, Program) else found.program

    def swap(self, tenant: str, policy: AnyPolicy) -> None:
        """Run the tenant's cases under another policy from now on."""
        self.policies[tenant] = policy
        self._older.clear()
        self._reachable.clear()
        self._personal.clear()
        self._errands.pop(tenant, None)
        self._courteous.pop(tenant, None)

    def workflow(self, tenant: str, name: str) -> Workflow:
        """A workflow of the tenant's policy. Raises NotFoundError with the nearest name."""
        workflows = self.program(tenant).workflows
        if name not in workflows:
            raise troubles.no_workflow(name, sorted(workflows))
        found: Workflow = workflows[name]
        return found

    def definition(self, case: Case, unit: StoreUnit) -> Workflow:
        """The definition that a case runs under: the policy's, or an older one that the store kept.

        Raises StoreError if nobody has it, PolicyError if the policy of today no longer has what it expects.
        """
        if case.workflow.startswith(MARK):
            carrying = self.errands(case.tenant).flow(case.workflow)
            if carrying is None:
                raise troubles.old_definition(case.id, case.workflow, case.workflow_version)
            return carrying
        workflow: Workflow | None = self.program(case.tenant).workflows.get(case.workflow)
        if workflow is not None and workflow.digest == case.definition:
            return workflow
        known = (case.tenant, case.definition)
        if known not in self._older:
            kept = unit.definition(case.definition)
            policy = self.policies[case.tenant]
            if kept is None or not isinstance(policy, Policy):
                raise troubles.old_definition(case.id, case.workflow, case.workflow_version)
            self._older[known] = compile_definition(policy, kept.source, f"{kept.id} {kept.version}")
        return self._older[known]

    def away(self, tenant: str, unit: StoreUnit | None) -> tuple[Delegation, ...]:
        """Who stands in for whom, as it was read at most a few seconds ago."""
        known = self.absences.known(tenant)
        if known is not None:
            return known
        if unit is not None:
            return self.absences.learn(tenant, delegations(unit))
        with glance(self.store, tenant) as reading:
            return self.absences.learn(tenant, delegations(reading))

    def loaded(self, tenant: str) -> Policy:
        """The tenant's policy, where it was loaded and not built by hand."""
        policy = self.policies[tenant]
        assert isinstance(policy, Policy)
        return policy

    def duties(self, tenant: str) -> Mapping[str, Duty]:
        """The obligations of the tenant's policy, ready to run."""
        return self.errands(tenant).duties

    def errands(self, tenant: str) -> Errands:
        """What the tenant's policy does by itself, made ready when first asked for."""
        if tenant not in self._errands:
            policy = self.policies.get(tenant)
            self._errands[tenant] = errands_of(policy) if isinstance(policy, Policy) else Errands()
        return self._errands[tenant]

    def personal(self, tenant: str, workflow: Workflow) -> frozenset[str]:
        """The names of data and facts whose values are kept where they can be erased."""
        known = (tenant, workflow.digest)
        if known not in self._personal:
            records = self._personal_records(tenant)
            data = {name for name, datum in workflow.data.items() if datum.personal or _named(datum.type) in records}
            self._personal[known] = frozenset(data | self.personal_facts(tenant))
        return self._personal[known]

    def personal_facts(self, tenant: str) -> frozenset[str]:
        """The facts that are personal, or records with a personal field."""
        return frozenset(name for name, fact in self.program(tenant).facts.items() if fact.holds_personal)

    def _personal_records(self, tenant: str) -> frozenset[str]:
        """The declared records that have a personal field, the policy's and those of its workflows."""
        policy = self.policies[tenant]
        if not isinstance(policy, Policy):
            return frozenset()
        declared = [*policy.model.records, *(one for flow in policy.model.workflows for one in flow.records)]
        return frozenset(one.name for one in declared if any(field.personal for field in one.fields))

    def reachable(self, tenant: str, workflow: Workflow) -> list[Workflow]:
        """The workflow, what its cases may open and what watches them, so that facts are loaded in one go."""
        known = (tenant, workflow)
        if known not in self._reachable:
            self._reachable[known] = self._reached(tenant, workflow)
        return self._reachable[known]

    def _reached(self, tenant: str, workflow: Workflow) -> list[Workflow]:
        workflows = self.program(tenant).workflows
        found = {workflow.id: workflow}
        waiting = [workflow]
        while waiting:
            flow = waiting.pop()
            for duty in self.watching(tenant, "case", flow.id):
                if duty.flow is not None and duty.flow.id not in found:
                    found[duty.flow.id] = duty.flow
                    waiting.append(duty.flow)
            for action in _actions(flow):
                if action.verb == "open" and action.target in workflows and action.target not in found:
                    found[action.target] = workflows[action.target]
                    waiting.append(workflows[action.target])
        return list(found.values())

    def watching(self, tenant: str, subject: str, of: str) -> Sequence[Duty]:
        """The obligations about such a subject that begin when a condition turns true."""
        return self.errands(tenant).watching.get((subject, of), ())

    def courteous(self, tenant: str) -> bool:
        """Whether the tenant's policy says anything about how messages go out; nobody's says nothing."""
        if tenant not in self.policies:
            return False
        known = self._courteous.get(tenant)
        if known is None:
            program = self.program(tenant)
            told = any(one.approval or one.personal for one in _told(program))
            known = self._courteous[tenant] = bool(program.channels) or told
        return known

    @cached_property
    def knows_accounts(self) -> bool:
        """Whether some plugin can list the host's accounts."""
        return bool(self.plugins.names("relflow_accounts"))

    def now(self, unit: StoreUnit) -> datetime:
        """The instant by which whatever is done in this unit is dated."""
        return self.instants.stamp(unit.tenant, unit)

    @contextmanager
    def inside(self, identity: object) -> Iterator[None]:
        """A step on this connection. Raises ReentryError if a hook of that step comes back here."""
        stack: list[object] = self._stack()
        if any(one is identity for one in stack):
            raise troubles.reentry()
        stack.append(identity)
        try:
            yield
        finally:
            stack.pop()

    def watched_facts(self, tenant: str, flows: Iterable[Workflow]) -> set[str]:
        """The facts that obligations about cases of these workflows read."""
        if not self.duties(tenant):
            return set()
        policy = self.loaded(tenant)
        return {
            name for flow in flows for duty in self.watching(tenant, "case", flow.id) for name in duty.facts(policy)
        }

    def _stack(self) -> list[object]:
        if not hasattr(self._local, "stack"):
            self._local.stack = []
        found: list[object] = self._local.stack
        return found

    @property
    def busy(self) -> bool:
        """Whether this thread is inside a step of this engine."""
        return bool(self._stack())


def _named(type_: Type) -> str | None:
    """The name of a record's type, or of that of a list's items."""
    inner = type_.item if isinstance(type_, ListType) else type_
    return inner.name if isinstance(inner, RecordType) else None


def _told(program: Program) -> Iterator[Template | MessageTemplate]:
    """Every message, with those that workflows bring along."""
    yield from program.messages.values()
    for workflow in program.workflows.values():
        yield from (action.message for action in _actions(workflow) if action.message is not None)


def _actions(workflow: Workflow) -> Iterator[Action]:
    for state in workflow.states.values():
        for event in state.events.values():
            for alternative in event.alternatives:
                yield from alternative.actions
    for clock in workflow.clocks.values():
        for step in clock.steps:
            yield from step.actions
