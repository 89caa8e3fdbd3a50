"""Testing policies and what is built on them: YAML tests, the conformance suite of stores."""

from relflow.testing.results import Result
from relflow.testing.runner import Job, jobs, run, run_file

__all__ = ["Job", "Result", "jobs", "run", "run_file"]
