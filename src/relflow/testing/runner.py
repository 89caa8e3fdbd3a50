"""Running the tests of a policy: every `*.test.yaml` beside what it tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from os.path import normpath
from pathlib import Path
from typing import Any

from relflow.diagnostics import Severity
from relflow.errors import NotFoundError, RelflowError
from relflow.model import TestFile, Trial
from relflow.reader import read_tests
from relflow.review import Coverage
from relflow.shipped import PREFIX, resolve
from relflow.testing.categories import run_category
from relflow.testing.decisions import run_findings, run_given, run_table
from relflow.testing.figures import run_kpi
from relflow.testing.given import ProblemError
from relflow.testing.plans import run_plan
from relflow.testing.policies import Policies
from relflow.testing.problems import found, told
from relflow.testing.results import Result
from relflow.testing.scripts import run_script
from relflow.testing.watching import Watch
from relflow.text import Text
from relflow.workflow.watching import watched_by

__all__ = ["Job", "jobs", "run", "run_file", "test_files"]

SUFFIX = ".test.yaml"


def run(
    path: str | Path,
    *,
    overlay: str | Path | None = None,
    plugins: Sequence[Any] = (),
    select: str | None = None,
    coverage: Coverage | None = None,
) -> Iterator[Result]:
    """Run the tests at `path` one by one: a policy's folder, one file of tests, or `shipped:NAME`.

    `overlay` is the company's file for all tests that name none of their own; `select` takes only tests whose name
    holds that text. A `coverage` is filled with what the tests reach; then the tests that stand beside the workflows
    which the policy includes run too. Raises NotFoundError where there is no such path.
    """
    files = test_files(path)
    watch = Watch(coverage) if coverage is not None else None
    # a workflow that is tested by itself knows nothing of the overlay of a policy that includes it
    more = included_tests(path, files, overlay, plugins, watch) if watch is not None else []
    shared: dict[Path, Policies] = {}
    for file, chosen in [*((file, overlay) for file in files), *((file, None) for file in more)]:
        place = tested(file)
        policies = shared[place] = shared.get(place) or Policies(place, plugins, watch)
        for job in jobs(file, overlay=chosen, policies=policies):
            if select is None or select in job.it:
                yield job.run()


def test_files(path: str | Path) -> list[Path]:
    """The files of tests at a path, sorted."""
    place = path_of(path)
    return sorted(place.rglob(f"*{SUFFIX}")) if place.is_dir() else [place]


def path_of(path: str | Path) -> Path:
    """The place that a path or `shipped:NAME` leads to. Raises NotFoundError where there is none."""
    place = resolve(path) if isinstance(path, str) and path.startswith(PREFIX) else Path(path)
    if place is None or not place.exists():
        raise NotFoundError.of("no-path", f"there is no `{path}`", f"找不到 `{path}`", path=str(path))
    return place


test_files.__test__ = False  # type: ignore[attr-defined]


def run_file(
    file: Path, *, overlay: str | Path | None = None, plugins: Sequence[Any] = (), select: str | None = None
) -> Iterator[Result]:
    """Run the tests of one file. A file that cannot be read is one failed test."""
    for job in jobs(file, overlay=overlay, plugins=plugins):
        if select is None or select in job.it:
            yield job.run()


def included_tests(
    path: str | Path, files: Sequence[Path], overlay: str | Path | None, plugins: Sequence[Any], watch: Watch
) -> list[Path]:
    """The files of tests beside the workflows that the tested policies include, further ones only.

    The policies are loaded for it, so that `watch` knows of all that they hold, whatever the tests do.
    """
    more: dict[Path, None] = {}
    default = Path(overlay) if overlay is not None else None
    for place in {tested(file): None for file in files} or {path_of(path): None}:
        try:
            policy = Policies(place, plugins, watch).get(default, ())
        except ProblemError:
            continue  # every test says so
        for source in policy.model.sources:
            beside = Path(normpath(source.name)).with_suffix(SUFFIX)
            if beside.is_file() and beside.resolve() not in {file.resolve() for file in files}:
                more[beside] = None
    return list(more)


def jobs(
    file: Path,
    *,
    overlay: str | Path | None = None,
    plugins: Sequence[Any] = (),
    policies: Policies | None = None,
) -> Iterator[Job]:
    """The tests of one file, not yet run. A file that cannot be read is one job that fails.

    `policies` are those that the tests run against, by default what stands beside the file.
    """
    policies = policies or Policies(tested(file), plugins)
    tests, diagnostics = read_tests(file)
    errors = tuple(found(problem) for problem in diagnostics if problem.severity is Severity.ERROR)
    if tests is None or errors:
        yield Job(file, file.name, 1, lambda _: errors, policies)
        return
    default = Path(overlay) if overlay is not None else None
    for trial in tests.tests:
        gap = trial.known_gap.text if trial.known_gap is not None else None
        problems = partial(_problems, trial, tests, file, default)
        yield Job(
            file,
            trial.it.text,
            trial.it.span.line,
            problems,
            policies,
            gap,
            trial.case is not None or trial.obligation is not None,
        )


@dataclass(frozen=True, slots=True)
class Job:
    """One test that can be run against `policies`; `scripted` says that it plays a case."""

    file: Path
    it: str
    line: int
    problems: Callable[[Policies], Iterable[Text]]
    policies: Policies
    known_gap: str | None = None
    scripted: bool = False

    def run(self) -> Result:
        """Run it; whatever the test or the policy has wrong is a problem of the result, never an exception."""
        start, watch = time.perf_counter(), self.policies.watch
        try:
            with watched_by(watch):
                problems = tuple(self.problems(self.policies))
        except ProblemError as problem:
            problems = problem.problems
        except RelflowError as error:
            problems = (told(error),)
        if watch is not None:
            watch.settle(passed=not problems)
        return Result(self.it, str(self.file), self.line, problems, time.perf_counter() - start, self.known_gap)


def tested(file: Path) -> Path:
    """What a file of tests is about: the policy of its folder or, beside no policy, the workflow of the same name."""
    if (file.parent / "policy.yaml").is_file():
        return file.parent
    return file.with_name(file.name.removesuffix(SUFFIX) + ".yaml")


def _problems(trial: Trial, tests: TestFile, file: Path, overlay: Path | None, policies: Policies) -> Iterator[Text]:
    named = trial.overlay or tests.overlay
    chosen = file.parent / named.text if named is not None else overlay
    settings = [fields for fields in (tests.set, trial.set) if fields is not None]
    if trial.findings:
        yield from run_findings(trial, policies.findings(chosen, settings))
    if trial.findings and not (trial.decide or trial.expect or trial.case or trial.plan):
        return
    policy = policies.get(chosen, settings)
    if trial.case is not None or trial.obligation is not None:
        yield from run_script(trial, policy)
    elif trial.kpi is not None:
        yield from run_kpi(trial, policy)
    elif trial.category is not None:
        yield from run_category(trial, policy)
    elif trial.table is not None:
        yield from run_table(trial, policy)
    elif trial.plan is not None or trial.history is not None:
        yield from run_plan(trial, policy)
    else:
        yield from run_given(trial, policy)
