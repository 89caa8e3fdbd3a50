"""Testing policies and what is built on them: YAML tests, the conformance suite of stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relflow.testing.results import Result
    from relflow.testing.runner import Job, jobs, run, run_file

__all__ = ["Job", "Result", "jobs", "run", "run_file"]


def __getattr__(name: str) -> object:
    """Load the runner when it is asked for: pytest imports this package in every run, for its plugin."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from relflow.testing import results, runner  # noqa: PLC0415 - the reason stands above

    return getattr(results if name == "Result" else runner, name)
