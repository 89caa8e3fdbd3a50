"""What was played, as a case script that `relflow test` runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING

from relflow.errors import RefusedError
from relflow.values import Duration, WorkingDuration, YearsMonthsDuration

if TYPE_CHECKING:
    from relflow.program.workflows import Workflow
    from relflow.results import Case

__all__ = ["Transcript"]


@dataclass(slots=True)
class Transcript:
    """The steps so far, each as a line of YAML."""

    workflow: Workflow
    start: datetime
    facts: Mapping[str, object]
    overlay: str | None = None
    place: Path | None = None
    lines: list[str] = field(default_factory=list)
    last: str = ""

    @property
    def count(self) -> int:
        """How many steps there are."""
        return len(self.lines)

    @contextmanager
    def step(
        self,
        verb: str,
        name: str | None,
        data: Mapping[str, object],
        role: str | None,
        who: str | None,
        at: datetime,
    ) -> Iterator[None]:
        """Note what is done inside the block, and the refusal if it was refused."""
        parts = {"at": _moment(at)}
        parts[verb] = _literal(data) if name is None else name
        if name is not None and data:
            parts["with"] = _literal(data)
        if role is not None:
            parts["as"] = role
        if who is not None:
            parts["who"] = json.dumps(who, ensure_ascii=False)
        try:
            yield
        except RefusedError as refused:
            parts["refused"] = refused.reason
            self._note(parts)
            raise
        self._note(parts)

    def _note(self, parts: Mapping[str, str]) -> None:
        self.lines.append("{" + ", ".join(f"{key}: {value}" for key, value in parts.items()) + "}")

    def now(self, at: datetime, case: Case | None) -> None:
        """Note how the case stands, if that is news."""
        if case is None:
            return
        breached = sorted(clock.name for clock in case.clocks.values() if clock.breached and " " not in clock.name)
        said = f"state: {case.state}, closed: {str(case.closed).lower()}, breached: [{', '.join(breached)}]"
        if said != self.last:
            self.last = said
            self.lines.append(f"{{at: {_moment(at)}, expect: {{{said}}}}}")

    def text(self, file: Path) -> str:
        """The file's text; `file` is where it will stand."""
        lines = ["tests:", f"  - it: {json.dumps(f'simulated from {self.start:%Y-%m-%d %H:%M}')}"]
        lines.append(f"    case: {self.workflow.id}")
        if self.overlay is not None:
            lines.append(f"    overlay: {json.dumps(relpath(self.overlay, file.parent), ensure_ascii=False)}")
        if self.facts:
            lines.append(f"    given: {_literal(self.facts)}")
        lines.append("    steps:")
        lines += [f"      - {line}" for line in self.lines]
        return "\n".join(lines) + "\n"


def _moment(at: datetime) -> str:
    precise = "seconds" if at.second else "minutes"
    return f'"{at.replace(tzinfo=None).isoformat(timespec=precise)}"'


def _literal(value: object) -> str:
    """A value as a literal of a case script, in flow style."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, timedelta | YearsMonthsDuration | WorkingDuration):
        return Duration.of_value(value).text("en")
    if isinstance(value, datetime):
        return f'"{value.isoformat()}"'
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(str(value), ensure_ascii=False)
