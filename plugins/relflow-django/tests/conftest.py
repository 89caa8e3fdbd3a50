"""A project of django-helpdesk with relflow, on SQLite and on a PostgreSQL that the tests start."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from desk.started import start

start()

import time_machine  # noqa: E402 - as above
from desk.databases import DATABASES, Prepared, emptied, on  # noqa: E402 - models need a project that has started
from desk.people import Desk, furnished  # noqa: E402 - as above
from django.core import mail  # noqa: E402 - as above

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """The time of the whole process, which stands still until it is moved."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def at(self, when: str) -> datetime:
        """Move to a time of the policy's zone."""
        moment = datetime.fromisoformat(when).replace(tzinfo=SHANGHAI)
        self._traveller.move_to(moment, tick=False)
        return moment


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Databases that were made once for this process."""
    return Prepared(tmp_path_factory.mktemp("databases"))


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, prepared: Prepared) -> Iterator[str]:
    """Each database in turn as Django's default, emptied afterwards."""
    chosen = prepared.settings(request.param, lambda: request.getfixturevalue("relflow_postgres"))
    mail.outbox = []
    with on(chosen):
        try:
            yield request.param
        finally:
            emptied()


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A Monday morning at nine, and the means to go on from there."""
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI), tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture
def desk(database: str, clock: Clock) -> Desk:
    """A service desk with its people, one queue and nobody's tickets."""
    return furnished(clock)
