"""Policy tests for hosts that run unittest."""

from __future__ import annotations

import unittest
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from relflow.testing.runner import Job, jobs, test_files

__all__ = ["suite"]


def suite(
    path: str | Path, *, overlay: str | Path | None = None, plugins: Sequence[Any] = (), select: str | None = None
) -> unittest.TestSuite:
    """The tests at `path` as a `unittest.TestSuite`, for a `load_tests` function; arguments as for `run`.

    Raises NotFoundError where there is no such path.
    """
    found = unittest.TestSuite()
    for file in test_files(path):
        for job in jobs(file, overlay=overlay, plugins=plugins):
            if select is None or select in job.it:
                found.addTest(_PolicyCase(job))
    return found


class _PolicyCase(unittest.TestCase):
    """One policy test."""

    def __init__(self, job: Job) -> None:
        super().__init__("check")
        self.job = job

    def check(self) -> None:
        """Fail with the problems as the analyst reads them."""
        result = self.job.run()
        if not result.passed:
            raise self.failureException(f"{result.file}:{result.line}: {result.it}\n{result.text()}")

    def id(self) -> str:
        """File, line and name."""
        return f"{self.job.file}:{self.job.line}: {self.job.it}"

    def shortDescription(self) -> str:  # noqa: N802 - unittest's name
        """What the test says."""
        return self.job.it

    def __str__(self) -> str:
        return self.id()
