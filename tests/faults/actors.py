"""The processes that are killed: workers that do what is due, and clients that move cases."""

from __future__ import annotations

import random
import time
import zlib
from collections.abc import Callable
from datetime import timedelta

from relflow.engine import Engine
from relflow.errors import ConflictError, NotFoundError, RefusedError, StoreError
from relflow.results import Actor, Case
from tests.faults.clocks import Course
from tests.faults.journal import Journal
from tests.faults.postmen import Postman, Witness, watch_claims
from tests.faults.stage import ACCOUNTS, BOSS, CLERK, INTERN, MANAGER, Customers, Stage

__all__ = ["client", "worker"]

WHO = {"acknowledge": CLERK, "propose": BOSS, "accept": CLERK, "reopen": MANAGER, "note": CLERK, "finish": BOSS}


def worker(stage: Stage, name: str, seed: int) -> None:
    """Do what is due until killed."""
    chance = random.Random(seed)
    journal = Journal(stage.folder, name)
    machine, store = stage.machine_clock(chance), stage.store_clock()
    watch_claims(journal)
    plugins = [
        Customers(chance, 0.01),
        Postman(journal, chance, stage.lease),
        Witness(journal, chance, machine, store),
    ]
    engine = stage.engine(machine, store, plugins)
    while True:
        machine.forget(), store.forget()
        try:
            report = engine.run_due(limit=chance.choice((5, 50)))
        except Exception as error:  # noqa: BLE001 - whatever comes out is evidence
            journal.note("trouble", error=type(error).__name__, reason=getattr(error, "reason", None), text=str(error))
        else:
            journal.note("ran", fired=report.fired, delivered=report.delivered, missed=len(report.missed))
        time.sleep(chance.uniform(0.005, 0.05))


def client(stage: Stage, name: str, seed: int) -> None:
    """Open and move cases until killed, and write down each answer before asking for the next."""
    chance = random.Random(seed)
    journal = Journal(stage.folder, name)
    machine, store = stage.machine_clock(chance), stage.store_clock()
    # a host that projects is in the transaction of each step; without one, most steps need no transaction
    watched = [Witness(journal, chance, machine, store)] if chance.random() < 0.5 else []
    engine = stage.engine(machine, store, [Customers(chance, 0.01), *watched])
    desk = _Desk(engine, journal, chance, (machine, store), stage)
    while True:
        machine.forget(), store.forget()
        desk.act()


class _Desk:
    """One client at work."""

    def __init__(
        self, engine: Engine, journal: Journal, chance: random.Random, clocks: tuple[Course, Course], stage: Stage
    ) -> None:
        self._engine = engine
        self._journal = journal
        self._chance = chance
        self._machine, self._store = clocks
        self._stage = stage
        self._known: list[tuple[str, str, str]] = []
        self._count = 0

    def act(self) -> None:
        """One thing that a client does."""
        acts = {self._open: 16, self._fire: 50, self._race: 16, self._again: 8, self._signal: 6, self._level: 4}
        self._chance.choices(list(acts), list(acts.values()))[0]()

    def _ask(self, call: Callable[[], object], **said: object) -> object:
        """Ask the engine and write down what it said; a killed client writes nothing."""
        try:
            answer = call()
        except ConflictError as error:
            self._journal.tell("told", **said, answer="conflict", reason=error.reason)
        except (RefusedError, NotFoundError) as error:
            self._journal.tell("told", **said, answer="refused", reason=error.reason)
        except StoreError as error:
            self._journal.tell("told", **said, answer="unknown", reason=error.reason, text=str(error))
        except (ConnectionError, OSError) as error:
            self._journal.tell("told", **said, answer="refused", reason=f"raised {type(error).__name__}")
        except Exception as error:  # noqa: BLE001 - a driver's own error is a finding
            self._journal.tell("told", **said, answer="stray", reason=f"{type(error).__name__}: {error}")
        else:
            case = answer if isinstance(answer, Case) else None
            self._journal.tell("told", **said, answer="done", case=case and case.id, version=case and case.version)
            return answer
        return None

    def _turn(self) -> int:
        """A number that grows with time and that other clients draw too."""
        return int((time.time() - self._stage.began) * 15) + self._chance.randrange(6)

    def _case(self) -> Case | None:
        after = f"{self._chance.randrange(16):x}" if self._chance.random() < 0.3 else None
        try:
            found = self._engine.cases(open_only=self._chance.random() < 0.9, after=after, limit=60)
        except StoreError:
            return None
        return self._chance.choice(found) if found else None

    def _open(self) -> None:
        key = f"k{self._turn()}"
        account = ACCOUNTS[zlib.crc32(key.encode()) % len(ACCOUNTS)]
        data = {"description": "leak", "severity": "general"}
        self._ask(
            lambda: self._engine.open("complaint", account=account, data=data, actor=CLERK, key=key),
            op="open",
            key=key,
        )

    def _event(self, case: Case) -> str:
        if case.workflow == "task":
            return "finish"
        fitting = {"received": "acknowledge", "investigating": "propose", "proposed": "accept", "closed": "reopen"}
        likely = fitting.get(case.state, "note")
        return likely if self._chance.random() < 0.7 else self._chance.choice((*fitting.values(), "note", "note"))

    def _fire(self) -> None:
        """An event whose id other clients use too, for the case as it stands; now and then by somebody who may not."""
        case = self._case()
        if case is None:
            return
        event = self._event(case)
        if self._chance.random() < 0.05:
            self._send(case.id, event, f"intern/{case.id}/{self._fresh()}", actor=INTERN)
            return
        event_id = f"{event}/{case.id}/{case.version}"
        self._known.append((case.id, event, event_id))
        self._send(case.id, event, event_id, late=self._chance.random() < 0.05)
        if self._chance.random() < 0.15:
            self._send(case.id, event, event_id)

    def _race(self) -> None:
        """A note or the next event under an id of its own, from the version that others see too."""
        case = self._case()
        if case is not None:
            event = "note" if case.workflow == "complaint" and self._chance.random() < 0.5 else self._event(case)
            self._send(case.id, event, f"race/{case.id}/{self._fresh()}", expected=case.version)

    def _again(self) -> None:
        """An event that was sent before, long after others followed it."""
        if self._known:
            case, event, event_id = self._chance.choice(self._known)
            self._send(case, event, event_id)

    def _send(
        self,
        case: str,
        event: str,
        event_id: str,
        *,
        actor: Actor | None = None,
        expected: int | None = None,
        late: bool = False,
    ) -> None:
        who = actor or WHO[event]
        data = {"propose": {"solution": "weld"}, "note": {"remark": event_id}}.get(event, {})
        # an instant that the caller names is believed: a caller whose clock lags names an old one
        at = min(self._machine(), self._store()) - timedelta(hours=1) if late else None
        self._ask(
            lambda: self._engine.fire(
                case, event, actor=who, data=data, event_id=event_id, expected_version=expected, at=at
            ),
            op="fire",
            event=event,
            of=case,
            id=event_id,
            expected=expected,
            who=who.id,
        )

    def _fresh(self) -> str:
        self._count += 1
        return f"{id(self):x}-{self._chance.getrandbits(40):x}-{self._count}"

    def _signal(self) -> None:
        turn = self._turn()
        account, big = ACCOUNTS[turn % len(ACCOUNTS)], turn % 2 == 0
        self._ask(
            lambda: self._engine.signal("order_placed", account=account, event_id=f"order-{turn}", data={"big": big}),
            op="signal",
            id=f"order-{turn}",
            account=account,
            big=big,
        )

    def _level(self) -> None:
        accounts = self._chance.sample(ACCOUNTS, 3)
        self._ask(lambda: self._engine.reassess(accounts), op="level")
