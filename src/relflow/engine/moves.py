"""What moving cases to another version of their workflow came to, or would come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from relflow.diagnostics import nearest
from relflow.errors import RefusedError
from relflow.program.workflows import Workflow
from relflow.text import DEFAULT_LANGUAGE, fallbacks
from relflow.workflow import Move, Route, Snag

__all__ = ["Migration", "Moved", "check_route"]

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Moved:
    """One case: from where to where; `problems` kept it where it was, `remarks` did not."""

    case: str
    workflow: str
    before: tuple[str, str]
    after: tuple[str, str]
    problems: tuple[Snag, ...] = ()
    remarks: tuple[Snag, ...] = ()

    @classmethod
    def of(cls, move: Move) -> Moved:
        """What a planned move says; pairs are the version and the state."""
        case = move.case
        before, after = (case.workflow_version, case.state), (move.version, move.state)
        return cls(case.id, case.workflow, before, after, move.problems, move.remarks)

    @property
    def fits(self) -> bool:
        """Whether nothing would be lost."""
        return not self.problems

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The case's move, what keeps it back and what to know, a line each."""
        head = f"{self.case}: {' '.join(self.before)} → {' '.join(self.after)}"
        return "\n".join((head, *(f"  {snag.text(lang)}" for snag in (*self.problems, *self.remarks))))


@dataclass(frozen=True, slots=True)
class Migration:
    """All cases that were to move. With `whole`, one that could not move kept every other where it was.

    `done` says that the cases without problems have moved; it is False after a dry run and after a refusal as a whole.
    """

    cases: tuple[Moved, ...]
    done: bool
    dry_run: bool = False
    whole: bool = True

    @property
    def moved(self) -> tuple[Moved, ...]:
        """The cases that moved, or that would."""
        return tuple(one for one in self.cases if one.fits)

    @property
    def refused(self) -> tuple[Moved, ...]:
        """The cases that could not move."""
        return tuple(one for one in self.cases if not one.fits)

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The outcome: how many from where to where, then what keeps the others back."""
        return "\n".join(self._lines(lang, chinese=fallbacks(lang)[0].startswith("zh")))

    def _lines(self, lang: str, *, chinese: bool) -> Iterator[str]:
        moved, refused = len(self.moved), len(self.refused)
        if not self.cases:
            yield "没有需要迁移的工单" if chinese else "no case has to move"
            return
        yield self._headline(moved, refused, chinese=chinese)
        ways = Counter((one.workflow, one.before, one.after) for one in self.moved)
        for (workflow, before, after), count in sorted(ways.items()):
            yield f"  {workflow} {' '.join(before)} → {' '.join(after)}: {count}"
        told = [one for one in self.cases if one.problems or one.remarks]
        for one in told[:SHOWN]:
            yield one.text(lang)
        if len(told) > SHOWN:
            more = len(told) - SHOWN
            yield f"另有 {more} 件" if chinese else f"and {more} more"

    def _headline(self, moved: int, refused: int, *, chinese: bool) -> str:
        if self.dry_run:
            counts = (
                f"可迁移 {moved} 件，不能迁移 {refused} 件" if chinese else f"would move: {moved}, cannot: {refused}"
            )
            return counts + ("（未作更改）" if chinese else " (nothing was changed)")
        if not self.done:
            if chinese:
                return f"全部未迁移：{moved + refused} 件中有 {refused} 件不能迁移"
            return f"nothing was moved: {refused} of {moved + refused} cannot"
        return f"已迁移 {moved} 件，未迁移 {refused} 件" if chinese else f"moved: {moved}, not moved: {refused}"


def check_route(workflow: Workflow, route: Route) -> None:
    """Refuse a route that leads to names which the new version does not have."""
    kinds: tuple[tuple[str, str, Mapping[str, str | None], Mapping[str, object]], ...] = (
        ("state", "状态", {**route.states}, workflow.states),
        ("datum", "数据", route.data, workflow.data),
        ("clock", "计时", route.clocks, workflow.clocks),
        ("event", "事件", route.events, workflow.events),
    )
    for en, zh, mapping, known in kinds:
        for new in mapping.values():
            if new is not None and new not in known:
                near = nearest(new, known) or ""
                raise RefusedError.of(
                    "route",
                    f"`{workflow.id}` {workflow.version} has no {en} `{new}`"
                    + (f"; did you mean `{near}`?" if near else f" (it has {', '.join(known)})"),
                    f"`{workflow.id}` {workflow.version} 没有{zh} `{new}`"
                    + (f"；是否想写 `{near}`？" if near else f"（现有：{'、'.join(known)}）"),
                    name=new,
                )
