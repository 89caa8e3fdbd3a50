"""Scripts for the transitions of a workflow, with what happens today filled in for the analyst to review."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from relflow.errors import NotFoundError
from relflow.policy import Policy
from relflow.program.workflows import Workflow
from relflow.reader import read_tests
from relflow.review import Coverage, Goal, goals
from relflow.testing.boundaries import boundaries
from relflow.testing.given import ProblemError
from relflow.testing.scripts import run_script
from relflow.testing.walking import Move, Walk, walks
from relflow.testing.watching import Watch
from relflow.text import DEFAULT_LANGUAGE, Text
from relflow.values import Duration, YearsMonthsDuration
from relflow.workflow.watching import watched_by

__all__ = ["Scripts", "generate_scripts"]

_IT = Text(
    (
        ("en", "{path} (generated, review it)"),
        ("zh", "{path}（自动生成，请复核）"),
    )
)
BEGIN: Final = datetime.combine(date(2026, 1, 5), time(9))
FACTS: Final = 8
_PLAIN = re.compile(r"[^\W\d][\w]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


class Scripts:
    """The text of a file of tests with so many `scripts`; `missed` are the transitions that none of them makes."""

    def __init__(self, text: str, scripts: int, missed: tuple[Goal, ...]) -> None:
        self.text = text
        self.scripts = scripts
        self.missed = missed


def generate_scripts(policy: Policy, name: str, *, most: int = 40, lang: str = DEFAULT_LANGUAGE) -> Scripts:
    """A script for every transition of the workflow that some way reaches, at most so many, shortest ways first.

    Each was played on an engine before it is given; one that does not come out as it was found is left out. Raises
    NotFoundError where the policy has no such workflow.
    """
    workflow = policy.program.workflows.get(name)
    if workflow is None:
        raise NotFoundError.of("workflow", f"there is no workflow `{name}`", f"没有流程 `{name}`", name=name)
    coverage = Coverage()
    watched = Watch(coverage).policy(policy)
    wanted = {goal for goal in goals(policy.program, [workflow]) if goal.kind == "transition" and goal.owner == name}
    open_ones, texts = set(wanted), list[str]()
    begin = BEGIN.replace(tzinfo=policy.program.zone)
    for facts in _accounts(policy, workflow, begin):
        for walk in walks(workflow, facts, begin):
            if len(texts) >= most or not walk.goals & open_ones:
                continue
            text = _script(workflow, walk, facts, lang)
            made = _played(watched, text)
            if made & open_ones:
                open_ones -= made
                texts.append(text)
    body = "tests:\n" + "".join(texts)
    if len(texts) >= most:
        open_ones = set()  # nothing is known of those that were not tried
    return Scripts(body, len(texts), tuple(sorted(open_ones, key=lambda goal: (goal.place, goal.part))))


def _accounts(policy: Policy, workflow: Workflow, at: datetime) -> list[dict[str, Any]]:
    """Accounts that make the policy answer differently where the workflow asks it; one without any fact first."""
    found: list[dict[str, Any]] = [{}]
    for expected in workflow.expects.values():
        if expected.origin == "policy" and expected.id in policy.program.nodes:
            facts = boundaries(policy, expected.id, at)
            found += [
                {fact: values[number % len(values)] for fact, values in facts.items() if values}
                for number in range(FACTS)
            ]
    return [facts for place, facts in enumerate(found) if facts not in found[:place]]


def _played(policy: Policy, text: str) -> set[Goal]:
    """The transitions that the script makes on an engine; none where it does not hold."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "generated.test.yaml"
        file.write_text("tests:\n" + text, "utf-8")
        tests, _ = read_tests(file)
    if tests is None:
        return set()
    coverage = Coverage()
    watch = Watch(coverage)
    coverage.expect(goals(policy.program, policy.program.workflows.values()))
    try:
        with watched_by(watch):
            problems = [problem for trial in tests.tests for problem in run_script(trial, policy)]
    except ProblemError:
        return set()
    watch.settle(passed=not problems)
    return {goal for goal, times in coverage.goals.items() if times and goal.kind == "transition"}


def _script(workflow: Workflow, walk: Walk, facts: Mapping[str, Any], lang: str) -> str:
    path = " ".join((workflow.initial, *walk.path))
    lines = [f"  - it: {json.dumps(_IT.text(lang).format(path=path), ensure_ascii=False)}", f"    case: {workflow.id}"]
    lines.append(f"    today: {BEGIN.isoformat(timespec='minutes')}")
    if facts:
        lines.append(f"    given: {_text({name: value for name, value in facts.items() if value is not None})}")
    lines.append("    steps:")
    lines += [f"      - {_move(move)}" for move in walk.moves]
    lines.append(f"      - {{expect: {{state: {_text(walk.case.state)}}}}}")
    return "\n".join(lines) + "\n"


def _move(move: Move) -> str:
    if move.at is not None:
        # timers fire at the instant or before it; a script says minutes
        at = move.at.replace(second=0, microsecond=0)
        at = at if at == move.at else at + timedelta(minutes=1)
        return f'{{at: "{at:%Y-%m-%dT%H:%M}"}}'
    parts = [f"open: {_text(move.data)}"] if move.event is None else [f"fire: {move.event}"]
    if move.event is not None and move.data:
        parts.append(f"with: {_text(move.data)}")
    parts += [f"as: {move.role}"] if move.role else []
    parts += [f"who: {_text(move.who)}"] if move.who else []
    return f"{{{', '.join(parts)}}}"


def _text(value: Any) -> str:
    """A value as a test file says it."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | Decimal():
            return str(value)
        case datetime():
            return f'"{value:%Y-%m-%dT%H:%M}"'
        case date():
            return value.isoformat()
        case timedelta() | YearsMonthsDuration():
            return str(Duration.of_value(value))
        case list() | tuple():
            return f"[{', '.join(map(_text, value))}]"
        case Mapping():
            return f"{{{', '.join(f'{name}: {_text(one)}' for name, one in value.items())}}}"
    text = str(value)
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)
