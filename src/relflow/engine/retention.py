"""How long personal facts are kept in closed cases: as long as their category says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from relflow.program import Code, Program, Run
from relflow.text import DEFAULT_LANGUAGE, fallbacks
from relflow.values import add

__all__ = ["Retained", "overdue"]


@dataclass(frozen=True, slots=True)
class Retained:
    """How many cases lost values whose time was over, and how many values by category; in a dry run, would lose."""

    cases: int
    values: Mapping[str, int]
    dry_run: bool = False

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The outcome in a few lines."""
        chinese = fallbacks(lang)[0].startswith("zh")
        total = sum(self.values.values())
        if chinese:
            head = f"{'将清除' if self.dry_run else '已清除'} {self.cases} 件工单中的 {total} 个超期数据"
        else:
            head = f"{'would forget' if self.dry_run else 'forgot'} {total} values of {self.cases} cases"
        return "\n".join((head, *(f"  {name}: {count}" for name, count in self.values.items() if count)))


def overdue(program: Program, now: datetime) -> dict[str, tuple[datetime, frozenset[str]]]:
    """For each category with a `keep_for`: the instant up to which closed cases are beyond it, and its facts."""
    run = Run(program, {}, now)
    found: dict[str, tuple[datetime, frozenset[str]]] = {}
    for category in program.categories.values():
        length = run.call(category.keep_for) if isinstance(category.keep_for, Code) else None
        before = None if length is None else add(now, -length)
        if isinstance(before, datetime):
            found[category.id] = (before, frozenset(category.facts))
    return found
