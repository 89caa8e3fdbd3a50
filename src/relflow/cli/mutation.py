"""What `relflow test --mutate` does and prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relflow.cli.failures import FAILED, FINE
from relflow.cli.screen import data, note, print_json, progress
from relflow.cli.session import current, say

if TYPE_CHECKING:
    from relflow.testing import Mutations

__all__ = ["try_changes"]


def try_changes(path: str, form: str, **chosen: Any) -> int:
    """Try the changes and list those that no test notices; fails only where a test fails without any change."""
    from relflow.testing import Mutations

    mutations = Mutations(path, **chosen)
    failed = [result for result in mutations.results if not result.passed]
    for result in failed:
        note(f"{result.file}:{result.line}: {say('failed', '失败')}: {result.it}")
    for _ in progress(mutations, "changing", "正在改动"):
        pass
    if form == "json":
        print_json({"schema_version": 1, "mutation": mutations.to_dict(current().lang)})
    else:
        _show(mutations)
    return FAILED if failed or not mutations.results else FINE


def _show(mutations: Mutations) -> None:
    lang, figures = current().lang, mutations.to_dict()
    data(
        say(
            "{noticed} of {tried} changes noticed ({percent}%)",
            "{tried} 处改动中有 {noticed} 处被测试发现（{percent}%）",
            **figures,
        )
    )
    if len(mutations.chosen) < len(mutations.all):
        left = len(mutations.all) - len(mutations.chosen)
        data(say("{left} further changes were not tried", "另有 {left} 处改动未尝试", left=left))
    for mutant in mutations.unnoticed:
        data(f"{mutant.place}: {mutant.text(lang)}")
