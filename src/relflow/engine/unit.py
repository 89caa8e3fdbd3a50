"""A unit of work: the case methods of an engine in one transaction, ours or the host's."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from relflow.engine import troubles
from relflow.engine.context import Context
from relflow.engine.courtesy import APPROVAL, verdict_key
from relflow.engine.duties import MARK, Duty
from relflow.engine.erasing import Erased, erase, sealed_values
from relflow.engine.firings import Firing, present, replayed
from relflow.engine.follows import follow_name
from relflow.engine.inside import Clockwork
from relflow.engine.occasions import Occasion
from relflow.engine.standing import facts_of, reassess
from relflow.engine.subjects import Subject
from relflow.engine.tokens import new_id, read_token
from relflow.engine.work import Work
from relflow.errors import NotFoundError
from relflow.program import Kpi
from relflow.program.workflows import Workflow
from relflow.results import Actor, Case, Figure, Opening, Recorded, Standing, StandingRecord, Step, Trigger
from relflow.stores import HELD, CaseFilter, Held, StoreUnit

__all__ = ["Unit"]


class Unit(Clockwork):
    """All case methods, in one transaction of one tenant.

    An owned unit is a context manager: its transaction begins with the first change, after the facts for it were
    loaded, and commits at the end; an exception rolls everything back. A joined unit takes part in the host's own
    transaction and is used as it is; a step that fails is undone alone, and the host goes on.
    """

    def open(
        self,
        workflow: str,
        *,
        account: str | None = None,
        data: Mapping[str, object] | None = None,
        actor: Actor | None = None,
        key: str | None = None,
        at: datetime | None = None,
        event_id: str | None = None,
        element: str | None = None,
        subject: str | None = None,
    ) -> Case:
        """Open a case and return it.

        `key` is the host's own name for it, unique for the workflow: a second call with the same key returns the case
        that is there. `at` may be past. `element` with `subject` allows one open case for each pair. Raises
        RefusedError for data that do not fit, NotFoundError for an unknown workflow or account.
        """
        for name, value in (("account", account), ("key", key), ("event_id", event_id)):
            troubles.usable_id(name, value)
        troubles.an_actor(actor)
        definition, now = self._core.workflow(self.tenant, workflow), self._now(at)
        context = self._context(now)
        with self._glancing() as unit:
            found = unit.read(keys=((workflow, key),) if key is not None else (), event_id=event_id)
            if found.seen is not None:
                return found.seen.case
            if key is not None and (workflow, key) in found.keys:
                return found.keys[workflow, key].case
            context.standings(account, unit)
        identity = new_id(time.time_ns() // 1_000_000)
        opening = Opening(
            identity, workflow, troubles.named_data(data), account, element=element, subject=subject, key=key
        )
        with self._asking():
            self._load(context, account, definition)
            ahead = Work(self._core, unit, context) if self._unit is None else None
            planned = None if ahead is None else ahead.plan_opening(definition, opening, actor, now, event_id)
        return self._take(context, planned, lambda work: work.open(definition, opening, actor, now, event_id))

    def fire(
        self,
        case: str,
        event: str,
        *,
        actor: Actor | None = None,
        data: Mapping[str, object] | None = None,
        event_id: str | None = None,
        expected_version: int | None = None,
        token: str | None = None,
        at: datetime | None = None,
    ) -> Case:
        """Fire an event and return the case after it.

        An `event_id` that was seen before returns what it led to then and does nothing. `expected_version` is the
        version that the caller saw; `token` comes from `allowed` and carries both. Raises RefusedError (`.reason`:
        role, guard, needs, data, state, event), ConflictError, NotFoundError.
        """
        if token is not None:
            expected_version, event_id = read_token(token, case, event)
        troubles.usable_id("event_id", event_id)
        troubles.an_actor(actor)
        trigger = Trigger("event", event, event_id, actor, troubles.named_data(data))
        return self._fire(Firing(case, trigger, self._now(at), expected_version, at is not None))

    def ring(self, firing: Firing) -> Case:
        """Take the step of a timer that fell due."""
        return self._fire(firing)

    def _fire(self, firing: Firing) -> Case:
        context = self._context(firing.at)
        with self._asking():
            planned = self._plan(firing, context)
        if isinstance(planned, Recorded):
            return planned.case

        return self._take(context, planned, lambda work: work.fire(firing))

    def _load(self, context: Context, account: str | None, workflow: Workflow) -> None:
        """Fetch what a step of this workflow and everything that it may lead to read."""
        flows = self._core.reachable(self.tenant, workflow)
        context.load(account, flows)
        wanted = self._core.watched_facts(self.tenant, flows)
        if account is not None and wanted:
            context.named_facts(account, wanted)

    def look(self, case: str, *, at: datetime) -> Case:
        """Let happen what happens by itself in a case, where its condition has turned true."""
        context = self._context(at)
        with self._reading() as unit:
            held = unit.read((case,)).cases.get(case)
            if held is None:
                raise troubles.no_case(case)
            workflow = self._core.definition(held.case, unit)
        with self._asking():
            self._load(context, held.case.account, workflow)

        def act(work: Work) -> Case:
            found = work.unit.read((case,)).cases[case].case
            work.look(found, max(at, found.updated_at))
            return work.latest(found)

        return self._do(context, act)

    def recompute(self, case: str, *, at: datetime | None = None) -> Case:
        """Derive the clocks of a case anew from today's calendar and durations, as a recorded step."""
        return self._administer(case, "recompute", None, {}, at)

    def _plan(self, firing: Firing, context: Context) -> Step | Recorded | None:
        """What can be done before the transaction: facts are loaded, and the step is computed.

        A case with timers that are due has to be read again inside it: they come first. None says so.
        """
        with self._glancing() as unit:
            found = unit.read((firing.case,), event_id=firing.trigger.event_id)
            if (seen := replayed(firing, found)) is not None:
                return seen
            held = present(firing, found)
            workflow = self._core.definition(held.case, unit)
            context.standings(held.case.account, unit)
        self._load(context, held.case.account, workflow)
        if self._unit is not None or _is_due(held, firing.at):
            return None
        return Work(self._core, unit, context).plan(firing, held.case)

    def oblige(
        self,
        due: Sequence[tuple[Subject, Sequence[tuple[Duty, StandingRecord | None, Occasion]]]],
        now: datetime,
    ) -> int:
        """Carry out the obligations that fell due for subjects, and keep their state; how many cases were opened."""
        context = self._context(now)
        flows = [
            (subject.account, duty.flow)
            for subject, found in due
            for duty, _, occasion in found
            if duty.flow is not None and occasion.name is not None
        ]
        with self._asking():
            self._load_all(context, flows)

        def act(work: Work) -> int:
            for subject, found in due:
                work.steps = 0
                for duty, record, occasion in found:
                    version = 0 if record is None else record.version
                    cause = occasion.name or ""
                    work.unit.stand(StandingRecord(subject.key, duty.name, occasion.state, now, version, cause))
                    if occasion.name is not None:
                        work.carry_out(duty, subject, occasion.name, now)
            return work.opened

        return self._do(context, act)

    def judge(self, key: str, verdict: str, actor: Actor, because: str, at: datetime | None = None) -> None:
        """Release a held message, or refuse it for good; who did it and why is kept beside it."""
        now = self._now(at)
        with self._reading() as unit:
            waiting = unit.outbox(case=key.rsplit(":", 2)[0], status="dead")
            notice = next((one for one in waiting if one.item.key == key and (one.error or "").startswith(HELD)), None)
            if notice is None:
                raise troubles.not_held(key)
            case = unit.read((notice.item.case,)).cases[notice.item.case].case
            workflow = self._core.definition(case, unit)
        role, context = (notice.error or "").removeprefix(HELD), self._context(now)
        with self._core.inside(self._identity()):
            held = context.roles(actor, case.account, workflow).held
        if role not in held:
            raise troubles.not_the_approver(key, role)

        def act(work: Work) -> None:
            state = {"verdict": verdict, "by": actor.id, "because": because}
            work.unit.stand(StandingRecord(verdict_key(key), APPROVAL, state, now, 0, verdict))
            if verdict == "released":
                work.unit.revive(key, now)
            else:
                work.unit.discard(key, now, because)

        self._do(context, act)

    def keep(self, records: Sequence[StandingRecord], now: datetime) -> None:
        """Keep states that changed without anything falling due."""

        def act(work: Work) -> None:
            for record in records:
                work.unit.stand(record)

        self._do(self._context(now), act)

    def appraise(self, kpi: Kpi, figure: Figure, record: StandingRecord) -> int:
        """Keep a group's figure and carry out what follows from it; how many cases were opened."""
        now = record.at
        flows = self._core.errands(self.tenant).follows
        data: dict[str, object] = {"group": figure.group, "value": figure.value}
        data |= {"since": figure.since, "until": figure.until}
        given = {name: value for name, value in data.items() if value is not None}
        subject = Subject(record.account, None, {}, given=given)
        occasion = figure.until.isoformat()

        def act(work: Work) -> int:
            work.unit.stand(record)
            for follow in figure.follows:
                found = flows.get(follow_name(kpi.id, follow).removeprefix(MARK))
                if found is not None and found.flow is not None:
                    work.run_errand(found.flow, subject, occasion, now)
            return work.opened

        return self._do(self._context(now), act)

    def signal(
        self,
        event: str,
        *,
        account: str,
        event_id: str,
        data: Mapping[str, object] | None = None,
        actor: Actor | None = None,
        at: datetime | None = None,
    ) -> tuple[str, ...]:
        """Tell that something happened to an account: its obligations follow, and open cases look again.

        `event` is one that the policy declares under `events`. Returns the keys of the steps that it led to; an
        `event_id` that was seen before returns the same and does nothing. Raises ConflictError (`event-id`) if it was
        seen with another event or account.
        """
        for name, value in (("event_id", event_id), ("account", account)):
            troubles.usable_id(name, value)
        troubles.an_actor(actor)
        data = troubles.named_data(data)
        self._declared(event)
        now = self._now(at)
        context = self._context(now)
        duties = [duty for duty in self._core.duties(self.tenant).values() if duty.obligation.event == event]
        watched = self._core.watching(self.tenant, "account", "account")
        with self._asking():
            flows = [*self._core.program(self.tenant).workflows.values(), *(duty.flow for duty in watched if duty.flow)]
            context.load(account, flows)
            wanted = {name for duty in (*duties, *watched) for name in duty.facts(self._core.loaded(self.tenant))}
            record = context.named_facts(account, wanted)

        def act(work: Work) -> tuple[str, ...]:
            # its data stay out: they may be personal, and a case that they lead to keeps them where they can be erased
            told = {"event": event, "account": account}
            if (seen := work.unit.mark(event_id, now, told)) is not None:
                return _answered(seen, told, event_id)
            for duty in duties:
                if work.applies(duty, account, record, data or {}):
                    work.carry_out(duty, Subject(account, account, record), event_id, now, data or {})
            work.become(watched, Subject(account, account, record), now)
            for case in work.unit.find(CaseFilter(account=account, open_only=True)):
                work.look(work.latest(case), now)
            steps = [recorded.key for recorded in work.recorded]
            if steps:
                work.unit.remark(event_id, {**told, "steps": steps})
            return tuple(steps)

        del actor
        keys = self._do(context, act)
        shadow = self._core.shadow
        if shadow is not None:
            given = dict(data or {})
            self._afterwards(lambda: shadow.signalled(self.tenant, event, account, event_id, given, now))
        return keys

    def reassess(
        self, accounts: Sequence[str], *, at: datetime | None = None, cause: str = ""
    ) -> dict[str, dict[str, Standing]]:
        """Assess accounts under every scheme of the policy; what changed is kept with its history.

        The levels in force by account and scheme; accounts that the host does not have are left out. Whatever reads
        a level afterwards, guards of cases among them, reads what is kept.
        """
        now = self._now(at)
        with self._asking():
            facts = facts_of(self._core, self.tenant, accounts, now, None if self._unit is None else self._unit.link)
        return self._do(self._context(now), lambda work: reassess(self._core, work.unit, facts, now, cause))

    def erase(
        self, account: str, person: str | None = None, *, actor: Actor, because: str, at: datetime | None = None
    ) -> Erased:
        """Forget the personal values in every case of an account; histories stay valid and read null there.

        With a `person` (a name, or whatever else stands in its records) only the values in which the person appears.
        Messages that were not sent are dropped. Who asked and why is kept beside the account's levels.
        """
        now = self._now(at)
        return self._do(
            self._context(now), lambda work: erase(self._core, work.unit, account, person, actor, because, now)
        )

    def forget(
        self,
        case: str,
        names: Mapping[str, frozenset[str]],
        *,
        at: datetime | None = None,
        dry_run: bool = False,
    ) -> dict[str, int]:
        """Forget the personal values of a case under these names, given by category; how many of each category."""
        now = self._now(at)

        def chosen(unit: StoreUnit) -> dict[str, list[str]]:
            values = sealed_values(unit, case)
            return {key: [mark for mark, (name, _) in values.items() if name in some] for key, some in names.items()}

        with self._reading() as unit:
            marks = chosen(unit)
        if dry_run or not any(marks.values()):
            return {key: len(some) for key, some in marks.items()}
        return self._do(
            self._context(now),
            lambda work: {key: work.unit.forget(case, some, now) for key, some in chosen(work.unit).items()},
        )

    def _declared(self, event: str) -> None:
        known = self._core.program(self.tenant).events
        if event not in known:
            names_en, names_zh = ", ".join(known) or "none", "、".join(known) or "无"
            raise NotFoundError.of(
                "event",
                f"the policy declares no event `{event}` (it has {names_en})",
                f"制度没有声明事件 `{event}`（现有：{names_zh}）",
                event=event,
            )


def _answered(seen: Mapping[str, object], told: Mapping[str, str], event_id: str) -> tuple[str, ...]:
    """What a signal led to when it was first seen. Raises ConflictError if the id stands for something else."""
    if any(seen.get(name) != value for name, value in told.items()):
        raise troubles.other_signal(event_id, told["event"], told["account"])
    return tuple(cast("Sequence[str]", seen.get("steps", ())))


def _is_due(held: Held, now: datetime) -> bool:
    return held.next_timer is not None and held.next_timer <= now
