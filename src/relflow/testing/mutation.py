"""Which small changes of a policy its tests would not notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from relflow.compiler import compile_model
from relflow.model import Model
from relflow.policy.offers import offered_functions
from relflow.review import Coverage
from relflow.review.coverage import share
from relflow.testing.given import ProblemError
from relflow.testing.mutants import Mutant, mutants
from relflow.testing.policies import Policies
from relflow.testing.results import Result
from relflow.testing.runner import Job, jobs, path_of, test_files, tested
from relflow.testing.watching import Watch
from relflow.text import DEFAULT_LANGUAGE

__all__ = ["Mutation", "Mutations"]


@dataclass(frozen=True, slots=True)
class Mutation:
    """What became of a change: the test that noticed it, if one did; `refused` says that it is no policy at all."""

    mutant: Mutant
    noticed_by: Result | None = None
    refused: bool = False


class Mutations:
    """The changes of the policies that the tests at `path` are about, tried one after the other.

    `overlay`, `plugins` and `select` are as for `run`. `most` bounds the number of changes; they are then taken evenly
    from all of them, the same ones each time. `results` are the tests without a change, `found` what was tried so far.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        overlay: str | Path | None = None,
        plugins: Sequence[Any] = (),
        select: str | None = None,
        most: int | None = None,
    ) -> None:
        self.results: list[Result] = []
        self.found: list[Mutation] = []
        self._jobs: list[tuple[Job, frozenset[str]]] = []
        self._policies: dict[Path, Policies] = {}
        self._plugins = plugins
        watch = Watch(Coverage())
        for file in test_files(path):
            place = tested(file)
            policies = self._policies.setdefault(place, Policies(place, plugins, watch))
            for job in jobs(file, overlay=overlay, policies=policies):
                if select is None or select in job.it:
                    self._run(job, watch)
        default = Path(overlay) if overlay is not None else None
        place = path_of(path)
        if place.is_dir() and place in self._policies:
            self._get(self._policies[place], default)
        self.all = self._mutants()
        self.chosen = self.all if most is None or most >= len(self.all) else _evenly(self.all, most)

    def __len__(self) -> int:
        return len(self.chosen)

    def __iter__(self) -> Iterator[Mutation]:
        """Try the chosen changes; each is tried once, however often this is gone through."""
        for number, (place, mutant) in enumerate(self.chosen):
            if number == len(self.found):
                self.found.append(self._tried(self._policies[place], mutant))
            yield self.found[number]

    @property
    def unnoticed(self) -> tuple[Mutant, ...]:
        """The changes that no test noticed."""
        return tuple(one.mutant for one in self.found if one.noticed_by is None and not one.refused)

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """What was tried as JSON-able data."""
        refused = sum(one.refused for one in self.found)
        tried = len(self.found) - refused
        noticed = tried - len(self.unnoticed)
        return {
            "changes": len(self.all),
            "tried": tried,
            "refused": refused,
            "noticed": noticed,
            "percent": float(share(noticed, tried)),
            "unnoticed": [mutant.to_dict(lang) for mutant in self.unnoticed],
        }

    def _run(self, job: Job, watch: Watch) -> None:
        """Run a test without a change; one that holds is used, with the names that it looks at."""
        watch.names = set()
        result = job.run()
        self.results.append(result)
        if not result.problems:
            self._jobs.append((job, frozenset(watch.names)))

    def _get(self, policies: Policies, overlay: Path | None) -> None:
        try:
            policies.get(overlay, ())
        except ProblemError:
            return  # then there is nothing to change; the tests have said why

    def _mutants(self) -> list[tuple[Path, Mutant]]:
        found: dict[tuple[str, str], tuple[Path, Mutant]] = {}
        for place, policies in self._policies.items():
            for model in policies.models():
                for mutant in mutants(model, self._program(model)):
                    found.setdefault((str(mutant.place), mutant.said.text("en")), (place, mutant))
        return list(found.values())

    def _program(self, model: Model) -> Any:
        return compile_model(model, offered_functions(self._plugins))[0]

    def _tried(self, policies: Policies, mutant: Mutant) -> Mutation:
        """Run the tests that may notice a change until one does, those first that look at what was changed."""
        changed = {whole: policies.changed(mutant.apply, whole=whole) for whole in (False, True)}
        for job in self._likely(policies, mutant):
            against = changed[job.scripted]
            result = replace(job, policies=against).run()
            if against.refused:
                return Mutation(mutant, refused=True)
            if result.problems:
                return Mutation(mutant, result)
        return Mutation(mutant)

    def _likely(self, policies: Policies, mutant: Mutant) -> list[Job]:
        """The tests that look at the element, cases last; all cases count, for what they start is not all seen."""
        mine = [(job, mutant.name in names) for job, names in self._jobs if job.policies is policies]
        found = [(job.scripted, not looks, job) for job, looks in mine if looks or job.scripted]
        return [job for *_, job in sorted(found, key=lambda one: one[:2])]


def _evenly(found: list[tuple[Path, Mutant]], most: int) -> list[tuple[Path, Mutant]]:
    return [found[number * len(found) // most] for number in range(max(most, 0))]
