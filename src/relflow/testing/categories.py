"""Tests of categories: which facts are stale or have to go on a day, who sees and changes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from relflow.model import Content, Fields, Trial, Value
from relflow.policy import Policy
from relflow.program import DURATION
from relflow.results import Keeping
from relflow.testing.given import ProblemError, instant, known_days, literal, named, plain
from relflow.testing.problems import said
from relflow.text import Text

__all__ = ["run_category"]

_LISTS = ("facts", "stale", "expired", "unsure", "sees", "changes", "purposes", "shared_with")
_LENGTHS = ("fresh_for", "keep_for")
WORDS = ("steward", *_LENGTHS, *_LISTS)


def run_category(trial: Trial, policy: Policy) -> Iterator[Text]:
    """How the category's facts are kept on the test's day, against what the test says."""
    category = named(trial.category, policy.program.categories, ("category", "类别"))
    if not isinstance(trial.expect, Fields):
        raise ProblemError(
            said(
                f"{trial.it.span}: a test of a category needs a mapping under `expect`",
                f"{trial.it.span}：类别的测试需要 `expect` 映射",
            )
        )
    kept = policy.keeping(category.id, known_days(trial.known, policy), instant(trial.today, policy))
    for key, content in trial.expect.entries:
        if key.text not in WORDS:
            known = ", ".join(WORDS)
            raise ProblemError(
                said(
                    f"{key.span}: `{key.text}` cannot be expected of a category (there are: {known})",
                    f"{key.span}：类别不能检查 `{key.text}`（可用：{known}）",
                )
            )
        actual, expected = _actual(kept, key.text), _expected(content, key.text, policy)
        if actual != expected:
            yield said(
                f"{key.span}: `{key.text}` is {_shown(actual)}, the test says {_shown(expected)}",
                f"{key.span}：`{key.text}` 是{_shown(actual)}，测试要求{_shown(expected)}",
            )


def _actual(kept: Keeping, word: str) -> Any:
    value = getattr(kept, word)
    return sorted(value) if word in _LISTS else value


def _expected(content: Content, word: str, policy: Policy) -> Any:
    if isinstance(content, Value) and content.null:
        return [] if word in _LISTS else None
    if word in _LENGTHS:
        return literal(content, DURATION, policy)
    value = plain(content)
    return (sorted(map(str, value)) if isinstance(value, list) else [str(value)]) if word in _LISTS else value


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return "-" if value is None else str(value)
