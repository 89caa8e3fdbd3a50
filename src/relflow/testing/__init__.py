"""Testing policies and what is built on them: YAML tests, what they reach and notice, stores that conform."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relflow.testing.delivering import deliver
    from relflow.testing.generating import Generated, generate
    from relflow.testing.mutation import Mutation, Mutations
    from relflow.testing.records import accounts
    from relflow.testing.results import Result
    from relflow.testing.runner import Job, jobs, run, run_file
    from relflow.testing.scripting import Scripts, generate_scripts
    from relflow.testing.unittests import suite

__all__ = [
    "Generated",
    "Job",
    "Mutation",
    "Mutations",
    "Result",
    "Scripts",
    "accounts",
    "deliver",
    "generate",
    "generate_scripts",
    "jobs",
    "run",
    "run_file",
    "suite",
]

_HOMES = {
    "Generated": "generating",
    "generate": "generating",
    "Scripts": "scripting",
    "generate_scripts": "scripting",
    "Mutation": "mutation",
    "Mutations": "mutation",
    "Result": "results",
    "accounts": "records",
    "deliver": "delivering",
    "suite": "unittests",
}


def __getattr__(name: str) -> object:
    """Load what is asked for: pytest imports this package in every run, for its plugin."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"relflow.testing.{_HOMES.get(name, 'runner')}"), name)
