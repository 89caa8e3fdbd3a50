"""What every process of the harness shares: the policy, the accounts, the settings, an engine to work with."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from relflow.engine import Engine, Retry
from relflow.hooks import hookimpl
from relflow.policy import Policy, load
from relflow.results import Actor
from relflow.stores import Link
from tests.faults.clocks import Course, jumps, keep_time

__all__ = ["ACCOUNTS", "BOSS", "CLERK", "INTERN", "MANAGER", "Stage"]

CLERK = Actor("zhang", ("clerk",))
BOSS = Actor("wang", ("boss",))
MANAGER = Actor("li", ("account_manager",))
INTERN = Actor("mallory", ("intern",))
START = datetime.fromisoformat("2026-03-02T08:30:00+08:00")
ACCOUNTS = tuple(f"C-{number}" for number in range(12))


@dataclass(frozen=True)
class Stage:
    """The settings of one run; `lease` is in real seconds, `rate` says how much faster the clocks run."""

    folder: Path
    store: str
    seed: int
    seconds: float
    began: float
    rate: float = 1800.0
    lease: float = 1.5
    plugins: tuple[str, ...] = ()
    start: datetime = START
    policy: Policy = field(default_factory=lambda: load(Path(__file__).parent / "policy"))

    def store_clock(self) -> Course:
        """The clock that the store goes by, the same for every process; it jumps by up to 40 minutes."""
        chance = random.Random(self.seed)
        moves = jumps(chance, self.seconds, 8, timedelta(minutes=40))
        return Course(self.began, self.start, self.rate, moves)

    def machine_clock(self, chance: random.Random) -> Course:
        """The clock of one process: right, a little off, or wrong by days, and jumping."""
        off = chance.choice((0, 0, 0.2, -0.2, 3, -3, 60, -60)) * timedelta(days=chance.uniform(0.5, 1))
        return Course(self.began, self.start, self.rate, jumps(chance, self.seconds, 5, timedelta(days=2)), off)

    def engine(self, machine: Course, store: Course, plugins: Iterable[object] = ()) -> Engine:
        """An engine on these clocks, in a process of its own."""
        keep_time(machine, store)
        return self.opened(plugins)

    def opened(self, plugins: Iterable[object] = ()) -> Engine:
        """An engine on whatever clocks this process has."""
        lease = timedelta(seconds=self.lease * self.rate)
        retry = Retry(attempts=40, first=timedelta(seconds=self.rate / 4), longest=4 * lease, lease=lease)
        return Engine(self.policy, store=self.store, plugins=[*self.plugins, *plugins], retry=retry)


class Customers:
    """Facts that change with the day; `fails` is how often the host does not answer."""

    def __init__(self, chance: random.Random, fails: float) -> None:
        self._chance = chance
        self._fails = fails

    @hookimpl
    def relflow_load_accounts(
        self, tenant: str, accounts: Sequence[str], facts: Sequence[str], at: datetime, link: Link | None
    ) -> Mapping[str, Mapping[str, object]]:
        """The facts of an account on a day."""
        if self._chance.random() < self._fails:
            raise ConnectionError("the host is down")
        return {account: facts_on(account, at) for account in accounts if account in ACCOUNTS}

    @hookimpl
    def relflow_accounts(self, tenant: str, after: str | None, limit: int, link: Link | None) -> list[str]:
        """A page of accounts."""
        return [account for account in sorted(ACCOUNTS) if after is None or account > after][:limit]


def facts_on(account: str, at: datetime) -> Mapping[str, object]:
    """What the host knows: the same for whoever asks about the same day."""
    day = at.toordinal()
    place = zlib.crc32(account.encode())
    return {"manager": "li", "amount": (place + 331 * day) % 1000, "late": (place + day) % 3 == 0}
