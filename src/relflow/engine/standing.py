"""Levels in force: assessed from the facts, kept with their history, read by cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, cast

from relflow.engine.core import Core
from relflow.errors import NotFoundError
from relflow.policy import Policy
from relflow.results import Standing, StandingRecord
from relflow.stores import Link, StoreUnit

__all__ = ["PAGE", "Table", "batches", "facts_of", "reassess", "standings"]

PAGE: Final = 1000
Table = Mapping[str, Mapping[str, object]]


def batches(accounts: Sequence[str]) -> list[Sequence[str]]:
    """Accounts, so many at a time."""
    return [accounts[start : start + PAGE] for start in range(0, len(accounts), PAGE)]


def _policy(core: Core, tenant: str) -> Policy:
    policy = core.policies.get(tenant)
    if isinstance(policy, Policy):
        return policy
    core.program(tenant)
    raise NotFoundError.of(
        "scheme",
        "levels are assessed by a loaded policy: pass what `relflow.load` gives",
        "评定等级需要已加载的制度：请传入 `relflow.load` 的结果",
    )


def facts_of(core: Core, tenant: str, accounts: Sequence[str], at: datetime, link: Link | None) -> Table:
    """The facts that the policy's schemes read, for accounts that the host has."""
    policy = _policy(core, tenant)
    names = sorted({fact for scheme in policy.program.schemes for fact in policy.facts_for(scheme)})
    answer = core.plugins.first(
        "relflow_load_accounts", tenant=tenant, accounts=tuple(accounts), facts=tuple(names), at=at, link=link
    )
    return cast("Table", answer or {})


def reassess(core: Core, unit: StoreUnit, facts: Table, at: datetime, cause: str) -> dict[str, dict[str, Standing]]:
    """Look at accounts under every scheme and keep what changed; the standings by account and scheme.

    Raises ConflictError if somebody else assessed one of them meanwhile.
    """
    policy = _policy(core, unit.tenant)
    found: dict[str, dict[str, Standing]] = {}
    for account, record in facts.items():
        kept = unit.account_standings(account)
        state = {scheme: held.state for scheme, held in kept.items()}
        found[account] = {}
        for scheme in policy.program.schemes:
            standing = policy.assign(scheme, record, at, state)
            found[account][scheme] = standing
            before = kept.get(scheme)
            if standing.state and (before is None or dict(before.state) != dict(standing.state)):
                version = 0 if before is None else before.version
                unit.stand(StandingRecord(account, scheme, standing.state, at, version, cause))
            state[scheme] = standing.state
    return found


def standings(
    core: Core, unit: StoreUnit, scheme: str, accounts: Sequence[str], facts: Table, at: datetime
) -> dict[str, Standing]:
    """Where accounts stand under a scheme today, nothing kept. Raises NotFoundError for an unknown scheme."""
    policy = _policy(core, unit.tenant)
    if scheme not in policy.program.schemes:
        known = tuple(policy.program.schemes)
        raise NotFoundError.of(
            "scheme",
            f"the policy has no scheme `{scheme}` (it has {', '.join(known) or 'none'})",
            f"制度中没有等级方案 `{scheme}`（现有：{'、'.join(known) or '无'}）",
            scheme=scheme,
        )
    found = {}
    for account in accounts:
        if account in facts:
            state = {name: held.state for name, held in unit.account_standings(account).items()}
            found[account] = policy.assign(scheme, facts[account], at, state)
    return found
