"""A policy in shadow: it meets everything that the one in force meets, records what it would do, and sends nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, TypeVar

from relflow.engine.comparison import Comparison, compared
from relflow.engine.core import AnyPolicy, Clock
from relflow.engine.duties import MARK
from relflow.engine.engine import Engine
from relflow.engine.inheriting import inherit
from relflow.engine.occasioned import occasioned
from relflow.errors import NotFoundError, RefusedError, RelflowError
from relflow.results import Actor, Case, Recorded, StandingRecord, Trigger
from relflow.stores import Store

__all__ = ["Shadow"]

REFUSALS: Final = f"{MARK}shadow"
BEGAN: Final = f"{MARK}began"
# what goes out, and what belongs to the host's own database
SILENT: Final = (
    "relflow_deliver",
    "relflow_perform",
    "relflow_project",
    "relflow_observe",
    "relflow_connect",
    "relflow_link",
)
Answer = TypeVar("Answer")

_log = logging.getLogger("relflow.engine")


class Shadow:
    """Runs a candidate beside the policy in force: `Engine(policy, shadow=Shadow(candidate, store=…, plugins=…))`.

    What people and the host do to cases is done to the shadow's cases as well, at the same instants; timers, conditions
    and obligations it runs by itself. `plugins` tell it about accounts and roles; whatever they would send, perform,
    project or observe is left alone. `store` is the shadow's own. Nothing that goes wrong here disturbs the engine in
    force: it is recorded, and `compare` tells.
    """

    def __init__(
        self,
        policy: AnyPolicy | Mapping[str, AnyPolicy],
        *,
        store: str | Store = "memory:",
        plugins: Iterable[object] = (),
        clock: Clock | None = None,
    ) -> None:
        self.engine = Engine(policy, store=store, plugins=plugins, clock=clock, adopt=True, silent=SILENT)
        self._begun: set[str] = set()

    def close(self) -> None:
        """Let go of the shadow's store."""
        self.engine.close()

    def inherit(self, engine: Engine, *, tenant: str = "") -> int:
        """Begin with what is kept in force about accounts: levels, and when obligations were last carried out.

        Without it the shadow begins as a company would that has never worked with the policy: every rhythm begins anew,
        and a level is what its rule says. Only what the shadow does not know yet is copied; how many states.
        """
        copied = inherit(engine._core, self.engine._core, tenant)  # noqa: SLF001 - what both engines are made of
        self.begin(tenant)
        return copied

    def has_begun(self, *, tenant: str = "") -> bool:
        """Whether the shadow has met anything yet."""
        with self.engine.store.unit(tenant, write=False) as unit:
            return REFUSALS in unit.standings(BEGAN, [REFUSALS])

    # -- what the engine in force tells ------------------------------------------------------------------------------

    def begin(self, tenant: str, at: datetime | None = None) -> None:
        """Note when the shadow began to work, once: what was there before cannot be compared."""
        if tenant not in self._begun:
            self._try(tenant, "begin", lambda: self._begin(tenant, at))

    def _begin(self, tenant: str, at: datetime | None) -> None:
        began = self.engine.now(tenant) if at is None else at
        with self.engine.store.unit(tenant) as unit:
            if REFUSALS not in unit.standings(BEGAN, [REFUSALS]):
                unit.stand(StandingRecord(REFUSALS, BEGAN, {}, began))
        self._begun.add(tenant)

    def mirror(self, tenant: str, recorded: Recorded, find: Callable[[str], Case]) -> None:
        """Do what somebody did; `find` reads cases of the engine in force."""
        case, entry = recorded.case, recorded.entry
        trigger = entry.trigger
        if case.workflow.startswith(MARK) or trigger.kind in ("timer", "condition", "child"):
            return
        if trigger.kind == "open" and (case.parent is not None or occasioned(case)):
            return
        self.begin(tenant, entry.at)
        self._try(tenant, f"{case.id}:{entry.seq}", lambda: self._do(tenant, case, trigger, entry.at, entry.seq, find))

    def signalled(
        self, tenant: str, event: str, account: str, event_id: str, data: Mapping[str, object], at: datetime
    ) -> None:
        """Hear of what happened to an account."""
        engine = self.engine
        self.begin(tenant, at)
        self._try(
            tenant,
            f"signal:{event_id}",
            lambda: engine.signal(event, account=account, event_id=event_id, data=data, at=at, tenant=tenant),
        )

    def run_due(self, tenant: str) -> None:
        """Fire its own timers and obligations; what it would send waits in its outbox for good."""
        self._try(tenant, "run", lambda: self.engine.run_due(tenant=tenant))

    # -- what it makes of it -----------------------------------------------------------------------------------------

    def _do(
        self, tenant: str, case: Case, trigger: Trigger, at: datetime, seq: int, find: Callable[[str], Case]
    ) -> None:
        engine, event_id = self.engine, f"{case.id}:{seq}"
        if trigger.kind == "open":
            with engine.unit(tenant) as unit:
                unit.open(
                    case.workflow,
                    account=case.account,
                    data=trigger.data,
                    actor=trigger.actor,
                    key=case.id,
                    at=at,
                    element=case.element,
                    subject=case.subject,
                )
            return
        mine = self.counterpart(tenant, case, find)
        if trigger.kind == "event":
            actor = None if trigger.actor is None else Actor(trigger.actor.id, trigger.actor.roles, trigger.actor.facts)
            engine.fire(mine.id, trigger.name, actor=actor, data=trigger.data, event_id=event_id, at=at, tenant=tenant)
        elif trigger.name == "assign" and trigger.actor is not None:
            engine.assign(mine.id, str(trigger.data["owner"]), actor=trigger.actor, at=at, tenant=tenant)
        else:
            # moved from outside its events: the shadow follows to the same place
            engine.adopt_state(
                mine.id, case.state, actor=trigger.actor, because=trigger.name, event_id=event_id, at=at, tenant=tenant
            )

    def counterpart(self, tenant: str, case: Case, find: Callable[[str], Case]) -> Case:
        """The shadow's case for one of the engine in force. Raises NotFoundError for one from before its time."""
        if occasioned(case):
            return self._occasioned(tenant, case, find)
        if case.parent is None:
            return self.engine.case(workflow=case.workflow, key=case.id, tenant=tenant)
        parent = find(case.parent)
        alike = [child.id for child in parent.children if child.workflow == case.workflow]
        mine = self.counterpart(tenant, parent, find)
        children = [child.id for child in mine.children if child.workflow == case.workflow]
        place = alike.index(case.id) if case.id in alike else len(children)
        if place >= len(children):
            raise NotFoundError.of(
                "case", f"the shadow opened no `{case.workflow}`", f"试行版本没有新建 `{case.workflow}`"
            )
        return self.engine.case(children[place], tenant=tenant)

    def _occasioned(self, tenant: str, case: Case, find: Callable[[str], Case]) -> Case:
        """The shadow's case of the same obligation about the same subject: the open one, else the latest."""
        subject = case.subject
        if case.parent is not None and case.parent == case.subject:
            subject = self.counterpart(tenant, find(case.parent), find).id
        found: list[Case] = []
        after: str | None = None
        while page := self.engine.cases(workflow=case.workflow, account=case.account, after=after, tenant=tenant):
            found += (one for one in page if (one.element, one.subject) == (case.element, subject))
            after = page[-1].id
        if not found:
            raise NotFoundError.of(
                "case", f"the shadow opened no `{case.workflow}`", f"试行版本没有新建 `{case.workflow}`"
            )
        return max(found, key=lambda one: (not one.closed, one.opened_at, one.id))

    def _try(self, tenant: str, what: str, act: Callable[[], object]) -> None:
        """Do it; what is refused or goes wrong is recorded and harms nobody."""
        try:
            act()
        except RefusedError as refused:
            self._record(tenant, what, refused.reason, refused)
        except NotFoundError as missing:
            if missing.reason != "case":
                self._record(tenant, what, missing.reason, missing)
        except RelflowError as error:
            self._record(tenant, what, error.reason, error)
        except Exception as error:  # noqa: BLE001 - the engine in force goes on whatever happens to its shadow
            _log.warning("the shadow raised %s", type(error).__name__)
            self._record(tenant, what, "raised", None)

    def _record(self, tenant: str, what: str, reason: str, error: RelflowError | None) -> None:
        texts = {lang: error.text(lang) if error is not None else reason for lang in ("en", "zh")}
        try:
            with self.engine.store.unit(tenant) as unit:
                before = unit.standings(what, [REFUSALS]).get(REFUSALS)
                version = 0 if before is None else before.version
                state = {"reason": reason, **texts}
                unit.stand(StandingRecord(REFUSALS, what, state, unit.now(), version, reason))
        except RelflowError as broken:
            _log.warning("the shadow could not record: %s", broken.reason)

    # -- what came of it ---------------------------------------------------------------------------------------------

    def compare(self, engine: Engine, *, tenant: str = "", limit: int = 1000) -> Comparison:
        """How the shadow's cases differ from those of the engine in force: states, clocks, messages, refusals.

        At most `limit` differences are listed; all are counted. Cases from before the shadow began are left aside.
        """
        with self.engine.store.unit(tenant, write=False) as unit:
            kept = unit.account_standings(REFUSALS)
        began = kept.pop(BEGAN, None)
        refused = {name: record.state for name, record in kept.items()}

        def mine(case: Case) -> Case:
            return self.counterpart(tenant, case, lambda id_: engine.case(id_, tenant=tenant))

        since = None if began is None else began.at
        return compared(engine, self.engine, refused, mine, since, tenant, limit)
