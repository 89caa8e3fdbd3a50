"""The policies that tests run against: one for each overlay and each set of parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from relflow.compiler import compile_model
from relflow.diagnostics import Diagnostic, Severity
from relflow.errors import PolicyError
from relflow.model import Fields, Model, Parameter, Value
from relflow.policy import Policy, build, check
from relflow.policy.builtin import with_builtin
from relflow.policy.offers import offered_functions
from relflow.reader import read_policy, set_parameters
from relflow.testing.given import ProblemError
from relflow.testing.problems import found
from relflow.testing.watching import Watch

__all__ = ["Policies"]


class Policies:
    """Reads the policy at `path` once for each overlay and compiles it once for each set of parameters.

    `watch` is told what tests reach in the policies; `change` makes of what was read what is compiled, and `refused`
    says that what it made is no policy.
    """

    def __init__(
        self,
        path: Path,
        plugins: Sequence[Any] = (),
        watch: Watch | None = None,
        change: Callable[[Model], Model] | None = None,
    ) -> None:
        self.path = path
        self.plugins = plugins
        self.watch = watch
        self.change = change
        self.refused = False
        self._whole = True
        self._models: dict[Path | None, Model] = {}
        self._built: dict[tuple[Path | None, str], Policy] = {}

    def changed(self, change: Callable[[Model], Model], *, whole: bool = True) -> Policies:
        """The same policies with a change; what was read is not read again.

        Unless `whole` they are compiled without workflows and what starts by itself, where that is possible.
        """
        other = Policies(self.path, self.plugins, change=change)
        other._models = self._models
        other._whole = whole
        return other

    def models(self) -> list[Model]:
        """What was read so far, one for each overlay."""
        return list(self._models.values())

    def get(self, overlay: Path | None, settings: Sequence[Fields]) -> Policy:
        """The policy under an overlay with parameters set by the test. Raises ProblemError where it does not load."""
        key = overlay, repr([(name.text, _text(content)) for fields in settings for name, content in fields.entries])
        policy = self._built.get(key)
        if policy is None:
            model = self._model(overlay)
            for fields in settings:
                model, problems = set_parameters(_expected(model, fields), fields)
                if problems:
                    raise ProblemError(*(found(problem) for problem in problems))
            policy = self._built[key] = self._build(model)
        return policy

    def findings(self, overlay: Path | None, settings: Sequence[Fields]) -> tuple[Diagnostic, ...]:
        """What checking the policy reports under an overlay, with parameters set by the test."""
        if not settings:
            return check(self.path, overlay=overlay, plugins=self.plugins)
        model = self._model(overlay)
        diagnostics: list[Diagnostic] = []
        for fields in settings:
            model, problems = set_parameters(_expected(model, fields), fields)
            diagnostics += problems
        try:
            return build(model, diagnostics, self.plugins).diagnostics
        except PolicyError as error:
            return tuple(error.diagnostics)

    def _model(self, overlay: Path | None) -> Model:
        if overlay not in self._models:
            model, diagnostics = read_policy(self.path, overlay)
            errors = [problem for problem in diagnostics if problem.severity is Severity.ERROR]
            if model is None or errors:
                raise ProblemError(*(found(problem) for problem in errors))
            self._models[overlay] = model
        return self._models[overlay]

    def _build(self, model: Model) -> Policy:
        if self.change is not None:
            return self._compiled(self.change(model))
        try:
            policy = build(model, plugins=self.plugins)
            return self.watch.policy(policy) if self.watch else policy
        except PolicyError as error:
            errors = [problem for problem in error.diagnostics if problem.severity is Severity.ERROR]
            raise ProblemError(*(found(problem) for problem in errors)) from None

    def _compiled(self, model: Model) -> Policy:
        """The changed policy without the checks, which say nothing about what tests notice."""
        few = replace(model, workflows=(), obligations=(), kpis=())
        errors: list[Diagnostic] = []
        for chosen in [with_builtin(model)] if self._whole else [few, with_builtin(model)]:
            program, findings = compile_model(chosen, offered_functions(self.plugins))
            errors = [problem for problem in findings if problem.severity is Severity.ERROR]
            if not errors:
                return Policy(program, chosen, (), tuple(self.plugins))
        self.refused = True
        raise ProblemError(*(found(problem) for problem in errors))


def _text(content: Any) -> str:
    if isinstance(content, Fields):
        return repr([(name.text, _text(item)) for name, item in content.entries])
    if isinstance(content, Value):
        return content.text.text
    return repr([_text(item) for item in content.items])


def _expected(model: Model, fields: Fields) -> Model:
    """The model in which what its workflows expect, and a test sets, is a parameter, as it is in a policy."""
    known = {parameter.name for parameter in model.parameters}
    wanted = {name.text for name in fields.names()} - known
    added = {
        declared.name: Parameter(
            id=declared.id, span=declared.span, type=declared.type, one_of=declared.one_of, source=declared.source
        )
        for workflow in model.workflows
        for declared in workflow.expects
        if declared.name in wanted
    }
    return replace(model, parameters=(*model.parameters, *added.values()))
