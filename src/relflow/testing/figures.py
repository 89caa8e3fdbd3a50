"""Tests of key figures: what they come to over given items, whether the goal is met, what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from relflow.feel.types import ANY, NUMBER, ListType, Type
from relflow.model import Content, Effect, Fields, Items, Notify, Open, Perform, Trial
from relflow.policy import Policy
from relflow.program import Kpi
from relflow.results import Figure
from relflow.rules import streak_of
from relflow.testing.given import ProblemError, instant, literal, named, plain
from relflow.testing.problems import said
from relflow.text import Text
from relflow.values import equal

__all__ = ["run_kpi"]

WORDS = ("value", "met", "items", "misses", "meets", "opened", "notified", "performed")


def run_kpi(trial: Trial, policy: Policy) -> Iterator[Text]:
    """The figure of the period that is over on the test's day, group by group, against what the test says."""
    kpi: Kpi = named(trial.kpi, policy.program.kpis, ("key figure", "考核指标"))
    at = instant(trial.today, policy)
    day = at.date() if isinstance(at, datetime) else at
    if day is None or not isinstance(trial.expect, Fields):
        raise ProblemError(
            said(
                f"{trial.it.span}: a test of a key figure needs `today` and a mapping under `expect`",
                f"{trial.it.span}：考核指标的测试需要 `today` 和 `expect` 映射",
            )
        )
    figures = policy.figures(kpi.id, _items(trial.items, kpi.item, policy), day, _state(trial.state, kpi))
    if not figures and kpi.by is None:
        raise ProblemError(
            said(f"{trial.it.span}: the length of its period is unset", f"{trial.it.span}：尚未设定考核期长度")
        )
    by_group = {_name(figure.group): figure for figure in figures}
    if kpi.by is None:
        yield from _compared(figures[0], kpi, trial.expect, policy)
        return
    for key, wanted in trial.expect.entries:
        figure = by_group.get(key.text)
        if figure is None or not isinstance(wanted, Fields):
            known = ", ".join(by_group) or "-"
            yield said(
                f"{key.span}: there is no figure for `{key.text}` (there are: {known})",
                f"{key.span}：没有 `{key.text}` 的指标值（现有：{known}）",
            )
            continue
        yield from _compared(figure, kpi, wanted, policy)


def _items(content: Content | None, type_: Type, policy: Policy) -> list[Mapping[str, Any]]:
    if content is None:
        return []
    if not isinstance(content, Items):
        raise ProblemError(said(f"{content.span}: `items` is a list", f"{content.span}：`items` 应为列表"))
    if type_ == ANY:
        return [plain(item) for item in content.items]
    found: list[Mapping[str, Any]] = literal(content, ListType(type_), policy)
    return found


def _state(fields: Fields | None, kpi: Kpi) -> dict[Any, Mapping[str, Any]]:
    """Each group's state before; without groups the state itself."""
    state = plain(fields) or {}
    return state if kpi.by is not None else {None: state} if state else {}


def _name(group: Any) -> str:
    return "null" if group is None else str(group)


def _compared(figure: Figure, kpi: Kpi, wanted: Fields, policy: Policy) -> Iterator[Text]:
    for key, content in wanted.entries:
        if key.text not in WORDS:
            known = ", ".join(WORDS)
            raise ProblemError(
                said(
                    f"{key.span}: `{key.text}` cannot be expected of a key figure (there are: {known})",
                    f"{key.span}：考核指标不能检查 `{key.text}`（可用：{known}）",
                )
            )
        actual = _actual(figure, kpi, key.text)
        expected = literal(content, NUMBER, policy) if key.text == "value" else _plain(content)
        if equal(actual, expected) is not True and not (actual is None and expected is None):
            yield said(
                f"{key.span}: `{key.text}` is {_shown(actual)}, the test says {_shown(expected)}",
                f"{key.span}：`{key.text}` 得到{_shown(actual)}，测试要求{_shown(expected)}",
            )


def _plain(content: Content) -> Any:
    value = plain(content)
    if isinstance(value, list):
        return sorted(value)
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _actual(figure: Figure, kpi: Kpi, word: str) -> Any:
    effects = [effect for follow in figure.follows for effect in streak_of(kpi, follow).do]
    match word:
        case "opened":
            return sorted(effect.workflow.text for effect in effects if isinstance(effect, Open))
        case "notified":
            return sorted({one for effect in effects for one in _told(effect)})
        case "performed":
            return sorted(effect.action.text for effect in effects if isinstance(effect, Perform))
    return getattr(figure, word)


def _told(effect: Effect) -> list[str]:
    return [one.text.text for one in effect.to] if isinstance(effect, Notify) else []


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return "-" if value is None else str(value)
