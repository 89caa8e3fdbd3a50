"""What tests of a policy reach: rows, bands, criteria, signs, plan rows, transitions, clock steps, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from os.path import normpath
from typing import Literal

from relflow.diagnostics import Span
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["KINDS", "Coverage", "Goal", "Kind"]

Kind = Literal[
    "row",
    "criterion",
    "band",
    "indicator",
    "expression",
    "plan_row",
    "transition",
    "clock_step",
    "obligation",
    "kpi",
    "streak",
    "category",
]

KINDS: dict[Kind, Text] = {
    "row": Text((("en", "table rows"), ("zh", "决策表行"))),
    "criterion": Text((("en", "criteria, true and false"), ("zh", "评分条件（真、假）"))),
    "band": Text((("en", "bands"), ("zh", "评分区间"))),
    "indicator": Text((("en", "indicators, true and false"), ("zh", "风险指标（真、假）"))),
    "expression": Text((("en", "expressions"), ("zh", "表达式"))),
    "plan_row": Text((("en", "plan rows"), ("zh", "联系计划行"))),
    "transition": Text((("en", "transitions"), ("zh", "流转分支"))),
    "clock_step": Text((("en", "clock steps"), ("zh", "计时节点"))),
    "obligation": Text((("en", "obligations"), ("zh", "义务"))),
    "kpi": Text((("en", "key figures"), ("zh", "考核指标"))),
    "streak": Text((("en", "what follows from key figures"), ("zh", "指标后续措施"))),
    "category": Text((("en", "categories"), ("zh", "数据类别"))),
}

_WHAT: dict[Kind, tuple[str, str]] = {
    "row": ("decision `{owner}`, row {part}", "判定 `{owner}` 第 {part} 行"),
    "criterion": ("scorecard `{owner}`, criterion `{part}`", "评分卡 `{owner}` 的条件 `{part}`"),
    "band": ("scorecard `{owner}`, band {part}", "评分卡 `{owner}` 的区间 {part}"),
    "indicator": ("indicator `{owner}`", "风险指标 `{owner}`"),
    "expression": ("decision `{owner}`", "判定 `{owner}`"),
    "plan_row": ("plan of `{owner}`, row {part}", "`{owner}` 联系计划第 {part} 行"),
    "transition": ("workflow `{owner}`, {part}", "流程 `{owner}`：{part}"),
    "obligation": ("obligation `{owner}`", "义务 `{owner}`"),
    "kpi": ("key figure `{owner}`", "考核指标 `{owner}`"),
    "streak": ("key figure `{owner}`, {part}", "考核指标 `{owner}` 的 {part}"),
    "category": ("category `{owner}`", "类别 `{owner}`"),
    "clock_step": ("workflow `{owner}`, clock step {part}", "流程 `{owner}` 的计时节点 {part}"),
}
_ANSWERS = {
    "true": ("is never true", "从未为真"),
    "false": ("is never false", "从未为假"),
    "known": ("is never answered", "从未得出结果"),
    "": ("is never reached", "从未触及"),
}


@dataclass(frozen=True, slots=True)
class Goal:
    """Something that a test can reach: of `owner` (a decision, cadence or workflow) the `part` that stands at `place`.

    `answer` is `true` or `false` for what has to come out both ways, `known` for an expression that has to answer.
    """

    kind: Kind
    owner: str
    place: str
    answer: Literal["true", "false", "known", ""] = ""
    part: str = field(default="", compare=False)

    @classmethod
    def at(
        cls, kind: Kind, owner: str, span: Span, part: str = "", answer: Literal["true", "false", "known", ""] = ""
    ) -> Goal:
        """The goal of what stands there."""
        place = f"{normpath(span.source.name)}:{span.line}:{span.column}"
        return cls(kind, owner, place, answer, part)

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The goal as something that no test reaches, in one sentence without its place."""
        return _sentence(self).text(lang)

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """The goal as JSON-able data."""
        return {
            "kind": self.kind,
            "of": self.owner,
            "part": self.part,
            "answer": self.answer or None,
            "place": self.place,
            "text": self.text(lang),
        }


def _sentence(goal: Goal) -> Text:
    what, answer = _WHAT[goal.kind], _ANSWERS[goal.answer]
    en, zh = (words.format(owner=goal.owner, part=goal.part) for words in what)
    return Text((("en", f"{en} {answer[0]}"), ("zh", f"{zh}{answer[1]}")))


@dataclass(slots=True)
class Coverage:
    """All goals, each with the number of tests that reached it; a test that fails reaches nothing."""

    goals: dict[Goal, int] = field(default_factory=dict)

    def expect(self, goals: Iterable[Goal]) -> None:
        """There are these goals too."""
        for goal in goals:
            self.goals.setdefault(goal, 0)

    def reach(self, goals: Iterable[Goal]) -> None:
        """One test reached these; those that are no goals (such as rows of the shipped task) do not count."""
        for goal in set(goals) & self.goals.keys():
            self.goals[goal] += 1

    @property
    def reached(self) -> int:
        """How many goals some test reached."""
        return sum(times > 0 for times in self.goals.values())

    @property
    def percent(self) -> Decimal:
        """The share that is reached, with one digit, rounded down: it is 100 only where everything is reached."""
        return share(self.reached, len(self.goals))

    @property
    def missed(self) -> tuple[Goal, ...]:
        """What no test reaches, file by file from top to bottom."""
        return tuple(sorted((goal for goal, times in self.goals.items() if not times), key=_position))

    def counts(self) -> dict[Kind, tuple[int, int]]:
        """For each kind that there is: how many are reached, of how many."""
        found: dict[Kind, tuple[int, int]] = {}
        for kind in KINDS:
            times = [times for goal, times in self.goals.items() if goal.kind == kind]
            if times:
                found[kind] = sum(map(bool, times)), len(times)
        return found

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """The coverage as JSON-able data."""
        return {
            "percent": float(self.percent),
            "reached": self.reached,
            "of": len(self.goals),
            "kinds": {kind: {"reached": reached, "of": of} for kind, (reached, of) in self.counts().items()},
            "missed": [goal.to_dict(lang) for goal in self.missed],
        }


def share(part: int, whole: int) -> Decimal:
    """`part` of `whole` in percent with one digit, rounded down; all of nothing is 100."""
    return Decimal(part * 1000 // whole if whole else 1000).scaleb(-1)


def _position(goal: Goal) -> tuple[str, int, int, str]:
    name, line, column = goal.place.rsplit(":", 2)
    return name, int(line), int(column), goal.answer
