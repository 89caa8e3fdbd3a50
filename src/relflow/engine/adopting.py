"""Another version of the policy put in force: which cases run on under older definitions, what breaks, who moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import cast

from relflow.diagnostics import Diagnostic
from relflow.engine.core import AnyPolicy, Core
from relflow.engine.single import Single
from relflow.engine.standing import PAGE
from relflow.errors import PolicyError, RefusedError
from relflow.policy import Policy, compile_definition
from relflow.program import Program
from relflow.program.workflows import Workflow
from relflow.stores import Population, StoreUnit
from relflow.text import DEFAULT_LANGUAGE, fallbacks

__all__ = ["Adopting", "Adoption", "Broken"]


@dataclass(frozen=True, slots=True)
class Broken:
    """A definition with open cases to which the policy no longer gives what it expects.

    `lost` are expectations that the policy in force answers and this one leaves open: clocks of those cases show a due
    that is unknown, decisions an answer that is. A `stuck` one cannot run at all; `diagnostics` say why.
    """

    workflow: str
    version: str
    cases: int
    lost: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    stuck: bool = False

    def lines(self, lang: str, *, chinese: bool) -> Iterator[str]:
        """What breaks, and why."""
        if self.stuck and chinese:
            yield f"  {self.workflow} {self.version}：{self.cases} 件无法在此制度下运行"
        elif self.stuck:
            yield f"  {self.workflow} {self.version}: {self.cases} cannot run under this policy"
        yield from (f"    {one.text(lang)}" for one in self.diagnostics)
        for name in self.lost:
            if chinese:
                yield f"  {self.workflow} {self.version}：此制度不再给出 `{name}`"
            else:
                yield f"  {self.workflow} {self.version}: the policy no longer gives `{name}`"


@dataclass(frozen=True)
class Adoption:
    """What putting a policy in force means, or would mean.

    `before` is the digest that was in force. `cases_by_version` counts open cases by workflow and version; `retired`
    are those of them that the policy no longer has. `broken_expects` are definitions that it cannot run. `moved`
    counts accounts for each scheme by the level that is in force and the one that the policy would give today; nothing
    is moved by adopting.
    """

    digest: str
    before: str | None
    cases_by_version: Mapping[tuple[str, str], int]
    broken_expects: tuple[Broken, ...] = ()
    moved: Mapping[str, Mapping[tuple[str, str], int]] = field(default_factory=dict)
    retired: frozenset[tuple[str, str]] = frozenset()
    dry_run: bool = False

    @cached_property
    def on_retired(self) -> int:
        """How many open cases run under definitions that the policy no longer has."""
        return sum(count for key, count in self.cases_by_version.items() if key in self.retired)

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The adoption in a few lines."""
        return "\n".join(self._lines(lang, chinese=fallbacks(lang)[0].startswith("zh")))

    def _lines(self, lang: str, *, chinese: bool) -> Iterator[str]:
        if self.dry_run:
            yield "试算：未作更改" if chinese else "dry run: nothing was changed"
        elif self.before == self.digest:
            yield "该版本已在执行" if chinese else "this version is in force already"
        else:
            yield "已采用新版本" if chinese else "the new version is in force"
        for (workflow, version), count in self.cases_by_version.items():
            retired = (workflow, version) in self.retired
            mark = ("（制度中已无此版本）" if chinese else " (no longer in the policy)") if retired else ""
            yield f"  {workflow} {version}: " + (f"未关闭 {count} 件" if chinese else f"{count} open") + mark
        for broken in self.broken_expects:
            yield from broken.lines(lang, chinese=chinese)
        for scheme, ways in self.moved.items():
            for (before, after), count in ways.items():
                yield f"  {scheme}: {before} → {after}: {count}"


class Adopting(Single):
    """The part of an engine that puts policies in force."""

    def adopt(
        self,
        policy: AnyPolicy,
        *,
        tenant: str = "",
        dry_run: bool = False,
        accept_broken: bool = False,
        levels: bool = True,
        at: datetime | None = None,
    ) -> Adoption:
        """Put a policy in force for the store, and say what that means; a `dry_run` only says it.

        Open cases stay under their own definitions (`migrate` moves them) and see the decisions, durations and calendar
        of the new policy. Every process with another digest may read and not write from then on. With `levels` each
        account of the host is looked at, to count whose level would change. Raises RefusedError (`broken-expects`)
        where open cases could not run any more, unless `accept_broken`: they then stand still until they are migrated.
        """
        program = policy if isinstance(policy, Program) else policy.program
        self._core.program(tenant)
        with self._core.store.unit(tenant, write=False) as unit:
            before, census = unit.in_force(program.id), unit.census()
            broken = tuple(_broken(policy, self._core.policies[tenant], unit, census))
            now = self._core.now(unit) if at is None else at
        moved = self._moved(policy, tenant, now) if levels else {}
        stuck = [one for one in broken if one.stuck]
        if stuck and not accept_broken and not dry_run:
            raise _refused(stuck)
        if not dry_run:
            with self._core.store.unit(tenant) as unit:
                unit.in_force(program.id, program.digest)
            self._core.swap(tenant, policy)
        counts: Counter[tuple[str, str]] = Counter()
        for one in census:
            counts[one.workflow, one.version] += one.count
        retired = frozenset((one.workflow, one.version) for one in census if not _current(program, one))
        return Adoption(program.digest, before, dict(counts), broken, moved, retired, dry_run)

    def _moved(self, policy: AnyPolicy, tenant: str, at: datetime) -> dict[str, dict[tuple[str, str], int]]:
        """Accounts by scheme, the level in force and the level that the policy gives them."""
        if not isinstance(policy, Policy) or not policy.program.schemes:
            return {}
        found: dict[str, Counter[tuple[str, str]]] = {scheme: Counter() for scheme in policy.program.schemes}
        for page in _pages(self._core, tenant):
            _compare(self._core, policy, tenant, page, at, found)
        return {scheme: dict(ways) for scheme, ways in found.items() if ways}


def _current(program: Program, one: Population) -> bool:
    """Whether the policy has the definition under which these cases run."""
    flow = program.workflows.get(one.workflow)
    return flow is not None and flow.digest == one.definition


def _broken(policy: AnyPolicy, present: AnyPolicy, unit: StoreUnit, census: list[Population]) -> Iterator[Broken]:
    """What open cases expect and `policy` no longer gives."""
    for one in census:
        try:
            flow = _definition(policy, unit, one)
        except PolicyError as error:
            yield Broken(one.workflow, one.version, one.count, diagnostics=error.diagnostics, stuck=True)
            continue
        if flow is None:
            yield Broken(one.workflow, one.version, one.count, stuck=True)
        elif lost := _lost(flow, present, unit, one):
            yield Broken(one.workflow, one.version, one.count, lost)


def _definition(policy: AnyPolicy, unit: StoreUnit, one: Population) -> Workflow | None:
    """A definition under a policy; None where nobody has it. Raises PolicyError where it does not fit the policy."""
    program = policy if isinstance(policy, Program) else policy.program
    if _current(program, one):
        found: Workflow = program.workflows[one.workflow]
        return found
    kept = unit.definition(one.definition)
    if kept is None or not isinstance(policy, Policy):
        return None
    return compile_definition(policy, kept.source, f"{kept.id} {kept.version}")


def _lost(flow: Workflow, present: AnyPolicy, unit: StoreUnit, one: Population) -> tuple[str, ...]:
    """What the present policy answers and the other leaves open."""
    try:
        before = _definition(present, unit, one)
    except PolicyError:
        return ()
    answered = {} if before is None else before.expects
    return tuple(
        name
        for name, expected in flow.expects.items()
        if expected.origin == "open" and name in answered and answered[name].origin != "open"
    )


def _refused(broken: Sequence[Broken]) -> RefusedError:
    named = [f"{one.workflow} {one.version}" for one in broken]
    cases = sum(one.cases for one in broken)
    return RefusedError.of(
        "broken-expects",
        f"{cases} open cases of {', '.join(named)} cannot run under this policy: give it what they expect, "
        "or adopt it with `accept_broken` and migrate them",
        f"{'、'.join(named)} 的 {cases} 件未关闭工单无法在此制度下运行：请补上所需内容，"
        "或以 `accept_broken` 采用后再迁移",
        workflows=named,
    )


def _pages(core: Core, tenant: str) -> Iterator[Sequence[str]]:
    """Every account of the host, page by page."""
    after: str | None = None
    while core.plugins.names("relflow_accounts"):
        answer = core.plugins.first("relflow_accounts", tenant=tenant, after=after, limit=PAGE, link=None)
        page = cast("Sequence[str]", answer or ())
        if not page:
            return
        yield page
        after = page[-1]


def _compare(
    core: Core,
    policy: Policy,
    tenant: str,
    page: Sequence[str],
    at: datetime,
    found: Mapping[str, Counter[tuple[str, str]]],
) -> None:
    names = tuple(sorted({fact for scheme in found for fact in policy.facts_for(scheme)}))
    answer = core.plugins.first(
        "relflow_load_accounts", tenant=tenant, accounts=tuple(page), facts=names, at=at, link=None
    )
    facts = cast("Mapping[str, Mapping[str, object]]", answer or {})
    with core.store.unit(tenant, write=False) as unit:
        kept = {account: unit.account_standings(account) for account in facts}
    for account, record in facts.items():
        state = {scheme: held.state for scheme, held in kept[account].items() if scheme in found}
        for scheme, ways in found.items():
            before = state.get(scheme, {}).get("level")
            after = policy.assign(scheme, record, at, state).level
            if before is not None and after is not None and before != after:
                ways[str(before), str(after)] += 1
