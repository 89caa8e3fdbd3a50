"""pytest collects the policies' own tests: every `*.test.yaml` with a `tests:` key; and a fixture for PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from relflow.testing.postgres import PostgresServer
    from relflow.testing.runner import Job

__all__ = ["PolicyFile", "PolicyTest", "relflow_postgres"]

_SUFFIX = ".test.yaml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--relflow-overlay FILE` for tests that name no overlay of their own."""
    parser.getgroup("relflow").addoption("--relflow-overlay", metavar="FILE", help="the company's overlay")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A collector for files of policy tests, nothing for other files."""
    if not file_path.name.endswith(_SUFFIX) or "tests:" not in file_path.read_text("utf-8", errors="replace"):
        return None
    return PolicyFile.from_parent(parent, path=file_path)


@pytest.fixture(scope="session")
def relflow_postgres(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> PostgresServer:
    """A PostgreSQL server that all processes of the test session share; skips where none is installed."""
    from relflow.testing import postgres  # noqa: PLC0415 - only tests that ask for a server load it

    if postgres.find_binaries() is None:
        pytest.skip(postgres.MISSING)
    place, owner = tmp_path_factory.getbasetemp(), os.getpid()
    if hasattr(request.config, "workerinput"):
        place, owner = place.parent, os.getppid()
    return postgres.shared(place, owner)


class PolicyFile(pytest.File):
    """One file of policy tests; its tests share compiled policies."""

    def collect(self) -> Iterator[PolicyTest]:
        """One item a test."""
        from relflow.testing.runner import jobs  # noqa: PLC0415 - nothing is loaded where there are no policy tests

        overlay = self.config.getoption("--relflow-overlay")
        seen: dict[str, int] = {}
        for job in jobs(self.path, overlay=overlay):
            seen[job.it] = seen.get(job.it, 0) + 1
            name = job.it if seen[job.it] == 1 else f"{job.it} ({seen[job.it]})"
            yield PolicyTest.from_parent(self, name=name, job=job)


class PolicyFailure(Exception):  # noqa: N818 -- what pytest shows is a failure, not an error
    """A policy test that did not hold."""


class PolicyTest(pytest.Item):
    """One policy test."""

    def __init__(self, job: Job, **others: Any) -> None:
        super().__init__(**others)
        self.job = job

    def runtest(self) -> None:
        """Fail if the test does not hold."""
        result = self.job.run()
        if not result.passed:
            raise PolicyFailure(result.text())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The problems as the analyst reads them, without a traceback."""
        if isinstance(excinfo.value, PolicyFailure):
            return f"{self.job.file}:{self.job.line}: {self.job.it}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the test stands."""
        return self.path, self.job.line - 1, self.job.it
