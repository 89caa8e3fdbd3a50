"""The policy that options choose, and what of the given data it does not know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from relflow.cli.screen import note
from relflow.cli.session import Problem, current, say
from relflow.diagnostics import nearest

if TYPE_CHECKING:
    from relflow.policy import Policy

__all__ = ["columns_fit", "day_of", "known_days", "load_policy", "names_fit"]


def load_policy(path: str, overlay: str | None, plugins: Sequence[str], as_of: str | None) -> Policy:
    """The policy at a path, as `--overlay`, `--plugin` and `--as-of` say."""
    from relflow.policy import load

    return load(path, overlay=overlay, plugins=plugins, as_of=None if as_of is None else day_of(as_of))


def day_of(text: str) -> date:
    """A day of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem(
            say("`{text}` is no day; write 2026-07-01", "`{text}` 不是日期；请写成 2026-07-01", text=text)
        ) from None


def known_days(words: Sequence[str], policy: Policy) -> dict[str, date]:
    """The days of `--known FACT=DAY`."""
    found: dict[str, date] = {}
    for word in words:
        name, equals, day = (part.strip() for part in word.partition("="))
        if not equals:
            raise Problem(
                say(
                    "`--known {word}` has no day: write `--known {word}=2026-01-31`",
                    "`--known {word}` 缺少日期：请写成 `--known {word}=2026-01-31`",
                    word=word,
                )
            )
        if name not in policy.program.facts:
            raise Problem(
                say("`{name}` is no fact of the policy", "`{name}` 不是本制度的数据项", name=name)
                + _meant(name, policy)
            )
        found[name] = day_of(day)
    return found


def _meant(name: str, policy: Policy) -> str:
    near = nearest(name, policy.program.facts)
    return say("; did you mean `{near}`?", "，是否想写 `{near}`？", near=near) if near else ""


def columns_fit(policy: Policy, names: Sequence[str], columns: Collection[str]) -> bool:
    """Warn of columns that some decisions read and a file lacks, and of misspelt ones; whether there are none."""
    needed = {fact for name in names for fact in policy.facts_for(name)}
    report = policy.check_columns(columns)
    likely = tuple((column, near) for column, near in report.likely if near in needed)
    missing = tuple((name, readers) for name, readers in report.missing if name in needed)
    for line in replace(report, likely=likely, missing=missing).text(current().lang).splitlines():
        _warn(line)
    return not likely and not missing


def names_fit(known: Collection[str], given: Iterable[str]) -> bool:
    """Warn of names that are not known and resemble one that is not given; whether there are none."""
    from relflow.policy import misspelt

    found = dict(misspelt(known, dict.fromkeys(given)))
    for name, near in found.items():
        _warn(
            say(
                "`{name}` is no fact of the policy: did you mean `{near}`?",
                "`{name}` 不是本制度的数据项，是否想写 `{near}`？",
                name=name,
                near=near,
            )
        )
    return not found


def _warn(text: str) -> None:
    note(say("warning: {text}", "警告：{text}", text=text))
