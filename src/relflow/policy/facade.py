"""The pure facade: one immutable object that decides, assigns, plans and explains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from relflow.compiler import compile_model
from relflow.diagnostics import Diagnostic, nearest
from relflow.errors import ClockRequiredError, FactError, NotFoundError, RelflowError
from relflow.model import Model
from relflow.policy.columns import ColumnReport, check_columns
from relflow.policy.offers import offered_functions
from relflow.policy.validating import validate
from relflow.program import Program, Run, Scheme, Scorecard, as_day
from relflow.results import Contact, Decision, Failure, Figure, Keeping, Lowering, Standing, Touchpoint
from relflow.rules import (
    Entries,
    as_record,
    assign,
    keeping,
    local_instant,
    lowered,
    made_by_day,
    measure,
    override,
    period_around,
    period_length,
    plan_contacts,
    states_of,
)
from relflow.structs import dataclass
from relflow.text import DEFAULT_LANGUAGE, Text

if TYPE_CHECKING:
    from relflow.explain import Explanation

__all__ = ["Policy"]

Record = Mapping[str, Any]
At = datetime | date | str | None
Day = date | str


@dataclass(frozen=True, slots=True)
class Told:
    """What an assignment read, so that it can be explained later although the host's record has changed."""

    policy: Policy
    scheme: str
    record: Record
    at: At
    states: Mapping[str, Any]
    known: Mapping[str, Any] | None

    def explain(self, standing: Standing, viewer: Sequence[str] | None) -> Explanation:
        """Why the level is in force, for somebody with these roles."""
        decision = self.policy.decide(self.scheme, self.record, self.at, self.states, self.known)
        return self.policy.told(decision, viewer, standing)

    def lowering(self, standing: Standing) -> Lowering | None:
        """What has to happen before the level goes down."""
        program = self.policy.program
        scheme = program.schemes[self.scheme]
        return lowered(program, scheme, self.record, self.at, self.states, self.known, standing)


class Policy:
    """A loaded policy. Immutable, thread-safe, and it pickles (it is compiled again where it is unpickled).

    `program` is what it means, `diagnostics` the findings that do not keep it from loading.
    """

    def __init__(
        self, program: Program, model: Model, diagnostics: tuple[Diagnostic, ...] = (), plugins: tuple[object, ...] = ()
    ) -> None:
        self.program = program
        self.diagnostics = diagnostics
        self._model = model
        self._plugins = plugins
        self._entries = Entries(program)
        self._facts: dict[str, tuple[str, ...]] = {}

    @property
    def id(self) -> str:
        """The policy's name."""
        return self.program.id

    @property
    def version(self) -> str:
        """The policy's version."""
        return self.program.version

    @property
    def digest(self) -> str:
        """The hash of everything that the policy and its overlay say."""
        return self.program.digest

    def decide(
        self,
        name: str,
        record: Record,
        at: At = None,
        state: Mapping[str, Any] | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> Decision:
        """The answer to a decision, an indicator or a scheme (its level in force) for a record of facts.

        Only facts that are read are looked at. `at` is an aware datetime or a date, or the text of one (`2026-07-01`,
        `2026-07-01T09:30`, then in the policy's zone), and needed where the time is read; `state` are the states of
        schemes, `known` the days as of which facts are known. Raises NotFoundError, FactError, ClockRequiredError.
        """
        try:
            entry = self._entries[name]
        except KeyError:
            raise self._not_found(name, self._entries.names) from None
        return entry(record, at, state, known)

    def decide_many(
        self,
        name: str,
        records: Iterable[Record],
        at: At = None,
        states: Iterable[Mapping[str, Any] | None] | None = None,
    ) -> Iterator[Decision | Failure]:
        """The answers for many records, one after the other as they are asked for.

        A record that cannot be decided gives a Failure in its place. `states` runs alongside the records.
        """
        entry = self.decider(name)
        given = iter(states) if states is not None else None
        for index, record in enumerate(records):
            state = next(given, None) if given is not None else None
            try:
                yield entry(record, at, state, None)
            except RelflowError as error:
                yield Failure(index, error)

    def decider(self, name: str) -> Callable[[Record, At, Mapping[str, Any] | None, Record | None], Decision]:
        """The function behind `decide` for one name, positional, for hosts that count microseconds."""
        try:
            return self._entries[name]
        except KeyError:
            raise self._not_found(name, self._entries.names) from None

    def assign(
        self,
        scheme: str,
        record: Record,
        at: At = None,
        state: Mapping[str, Any] | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> Standing:
        """The level of a scheme that is in force for a record, and the state to keep for the next time.

        `state` is what the last assignment gave (or a mapping of schemes to states). Raises as `decide` does.
        """
        node = self.program.schemes.get(scheme)
        if node is None or node.from_ is None:
            raise self._not_found(scheme, tuple(self.program.schemes))
        teller = Told(self, scheme, self._read(scheme, record), at, states_of(node, state), known)
        return assign(self._entries.question(node.from_), node, record, at, state, known, teller)

    def _read(self, scheme: str, record: Record) -> Record:
        """What a scheme may read of a record that the host goes on changing."""
        if scheme not in self._facts:
            self._facts[scheme] = self.facts_for(scheme)
        given = as_record(record)
        return {name: given[name] for name in self._facts[scheme] if name in given}

    def override(
        self,
        scheme: str,
        level: str,
        *,
        reason: str,
        approver: str,
        at: At = None,
        until: Day | None = None,
        state: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Any]:
        """The state to keep so that a level of a scheme holds whatever its rule says: set by hand, for a reason.

        It holds from `at` up to and including `until`, without `until` for good; `state` is the one kept so far. Pass
        the answer to `assign` as the scheme's state; the standing then tells of the override. Raises NotFoundError,
        FactError, ClockRequiredError.
        """
        node = self._scheme(scheme)
        own = (state or {}).get(scheme) if state is not None and "level" not in state else state
        now, last = local_instant(self.program, at), self._day(until, "until")
        return override(node, level, at=now, reason=reason, approver=approver, until=last, state=own)

    def plan_contacts(
        self,
        record: Record,
        history: Sequence[Contact] = (),
        at: At = None,
        until: Day | None = None,
        state: Mapping[str, Any] | None = None,
        cadence: str | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> tuple[Touchpoint, ...]:
        """The contacts that are due for an account from `at` to `until`, by day; of one cadence, or of all.

        `history` are the contacts made so far, of touchpoints that the policy has. Raises as `decide` does.
        """
        cadences = self.program.cadences
        if cadence is not None and cadence not in cadences:
            raise self._not_found(cadence, tuple(cadences))
        now = local_instant(self.program, at)
        day = now.date() if isinstance(now, datetime) else now
        if day is None:
            raise ClockRequiredError.of(
                "clock-required", "a contact plan starts from a day: pass `at=`", "联系计划需要起始日期：请传入 `at=`"
            )
        run = Run(self.program, as_record(record), now, state, known)
        chosen = [cadences[cadence]] if cadence is not None else list(cadences.values())
        made = made_by_day(self.program, history)
        last = self._day(until, "until") or date(min(day.year + 1, date.max.year), day.month, min(day.day, 28))
        return plan_contacts(run, chosen, made, day, last)

    def explain(
        self,
        name: str,
        record: Record,
        at: At = None,
        state: Mapping[str, Any] | None = None,
        known: Mapping[str, Any] | None = None,
        viewer: Sequence[str] | None = None,
    ) -> Explanation:
        """Why `decide` answers what it answers, and what would change it.

        Values of personal facts are shown only where one of the `viewer`'s roles may see their category.
        """
        standing = self.assign(name, record, at, state, known) if (state or {}).get(name) else None
        return self.told(self.decide(name, record, at, state, known), viewer, standing)

    def told(self, decision: Decision, viewer: Sequence[str] | None, standing: Standing | None = None) -> Explanation:
        """The explanation of an answer of this policy, and of the level in force that goes with it."""
        from relflow.compiler.scoping import scope_of  # noqa: PLC0415 - as below
        from relflow.explain import explain  # noqa: PLC0415 - sentences are loaded where they are asked for

        return explain(
            decision,
            labels=self.labels(decision.name),
            hidden=self.hidden(viewer),
            scope=scope_of(self.program),
            cards={one.id: one.body for one in self.program.decisions.values() if isinstance(one.body, Scorecard)},
            standing=standing,
            choices={one: labels for one in self.program.nodes if (labels := self.labels(one))},
            fixed=self._figures_on(decision),
        )

    def _figures_on(self, decision: Decision) -> Mapping[str, object]:
        """What the parameters that do not differ by level were worth on the day of a decision."""
        at = decision.trace().at
        day = date.fromisoformat(at[:10]) if at is not None else None
        plain = [one for one in self.program.parameters.values() if one.per is None and one.code is None]
        return {one.id: value for one in plain if (value := one.value(None, day)) is not None}

    def facts_for(self, name: str) -> tuple[str, ...]:
        """The facts that deciding `name` may read."""
        if name not in self.program.nodes:
            raise self._not_found(name, tuple(self.program.nodes))
        return tuple(found for found in self.program.closure(name) if found in self.program.facts)

    def validate(self, record: Record, at: At = None) -> tuple[FactError, ...]:
        """What is wrong with a record: misspelt names, wrong types, values out of bounds, required ones missing."""
        return tuple(validate(self.program, as_record(record), local_instant(self.program, at)))

    def check_columns(self, names: Iterable[str]) -> ColumnReport:
        """Whether a table with these columns supplies what decisions read; misspelt columns with what was meant."""
        return check_columns(self.program, names)

    def levels(self, scheme: str) -> tuple[str, ...]:
        """The levels of a scheme, highest first."""
        return self._scheme(scheme).levels

    def level_label(self, scheme: str, level: str, lang: str = DEFAULT_LANGUAGE) -> str:
        """What people call a level."""
        label = self._scheme(scheme).labels.get(level)
        return label.text(lang) if label is not None else level

    def labels(self, name: str) -> Mapping[str, Text]:
        """What people call the possible values of a decision or the levels of a scheme."""
        node = self.program.nodes.get(name)
        own = getattr(node, "labels", None) or {}
        scheme = self.program.schemes.get(getattr(node.type, "scheme", None) or "") if node is not None else None
        return {**(scheme.labels if scheme is not None else {}), **own}

    def keeping(self, category: str, known: Record | None = None, at: At = None) -> Keeping:
        """How the facts of a category are kept on a day: what is stale, what has to go, who sees and changes them.

        `known` says since when facts are known. Raises NotFoundError for a category that the policy has not.
        """
        found = self.program.categories.get(category)
        if found is None:
            raise self._not_found(category, tuple(self.program.categories))
        return keeping(Run(self.program, {}, local_instant(self.program, at), None, known), found)

    def figures(
        self,
        kpi: str,
        items: Iterable[Record],
        at: datetime | Day,
        state: Mapping[Any, Mapping[str, Any]] | None = None,
    ) -> tuple[Figure, ...]:
        """A key figure for the last period that is over on the day `at`, one for each group of items.

        `items` are mappings with what the expression reads (a case: its data, `state`, `owner`, `clocks`, `opened_at`,
        `closed_at`); those of other periods are left out. `state` is each group's state after the period before.
        Nothing where the length of a period is unset. Raises NotFoundError for a figure that the policy has not.
        """
        found = self.program.kpis.get(kpi)
        if found is None:
            raise self._not_found(kpi, tuple(self.program.kpis))
        day = self._day(at, "at")
        if day is None:
            raise ClockRequiredError.of(
                "clock-required", "a figure is worked out on a day: pass `at=`", "考核指标按日期计算：请传入 `at=`"
            )
        length = period_length(self.program, found, day)
        if length is None:
            return ()
        before = period_around(length, day)[0] - timedelta(days=1)
        return measure(self.program, found, items, *period_around(length, before), state)

    def hidden(self, viewer: Sequence[str] | None) -> frozenset[str]:
        """The personal facts that somebody with these roles may not see."""
        roles: set[str | None] = set(viewer or ())
        hidden = set()
        for name, fact in self.program.facts.items():
            category = self.program.categories.get(fact.category or "")
            seen_by = (*category.seen_by, category.steward) if category is not None else ()
            if fact.holds_personal and roles.isdisjoint(seen_by):
                hidden.add(name)
        return frozenset(hidden)

    def _day(self, value: datetime | Day | None, what: str) -> date | None:
        return as_day(value, self.program.zone, what)

    def _scheme(self, name: str) -> Scheme:
        scheme = self.program.schemes.get(name)
        if scheme is None:
            raise self._not_found(name, tuple(self.program.schemes))
        return scheme

    def _not_found(self, name: str, known: Sequence[str]) -> NotFoundError:
        near = nearest(name, known)
        en = f"the policy has no `{name}` to decide" + (f": did you mean `{near}`?" if near else "")
        zh = f"制度中没有 `{name}`" + (f"，是否想写 `{near}`？" if near else "")
        return NotFoundError.of("not-found", en, zh, name=name)

    @cached_property
    def model(self) -> Model:
        """The policy as written."""
        return self._model

    @property
    def plugins(self) -> tuple[object, ...]:
        """The plugins that it was loaded with."""
        return self._plugins

    def __getstate__(self) -> tuple[Any, ...]:
        return (self._model, self.diagnostics, self._plugins)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        model, diagnostics, plugins = state
        program, _ = compile_model(model, offered_functions(plugins))
        Policy.__init__(self, program, model, diagnostics, plugins)

    def __repr__(self) -> str:
        return f"<Policy {self.id} {self.version}>"
