"""What `relflow test --generate` does and prints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.failures import FINE
from relflow.cli.screen import data, note
from relflow.cli.session import current, say
from relflow.text import join

if TYPE_CHECKING:
    from relflow.policy import Policy

__all__ = ["write_rows"]


def write_rows(path: str, name: str, at: str | None, *, overlay: str | None, plugins: Sequence[str], most: int) -> int:
    """Print a file of tests for `name`; how many rows it has, and what they leave aside, goes to standard error."""
    from relflow.policy import load
    from relflow.testing import generate

    lang = current().lang
    policy = load(path, overlay=overlay, plugins=plugins)
    if name in policy.program.workflows:
        return _write_scripts(policy, name, most)
    day = None
    if at is not None or policy.program.timed & set(policy.program.closure(name)) or name in policy.program.schemes:
        day = options.moment(at, policy.program.zone)
        day = day.date() if at is None and isinstance(day, datetime) else day
    written = generate(policy, name, at=day, most=most, lang=lang)
    data(written.text.rstrip("\n"))
    note(
        say(
            "{rows} rows with today's answers; review them, then keep them in a *.test.yaml beside the policy",
            "共 {rows} 行，已填入现有结果；请复核后存为制度旁的 *.test.yaml",
            rows=written.rows,
        )
    )
    if written.left_out:
        names = join([f"`{fact}`" for fact in written.left_out], lang)
        note(say("not varied, always missing: {names}", "未设定、始终缺失：{names}", names=names))
    return FINE


def _write_scripts(policy: Policy, name: str, most: int) -> int:
    """Print a script for every transition of a workflow that one can reach; the others go to standard error."""
    from relflow.testing import generate_scripts

    lang = current().lang
    written = generate_scripts(policy, name, most=most, lang=lang)
    data(written.text.rstrip("\n"))
    note(
        say(
            "scripts written: {scripts}; review them, then keep them in a *.test.yaml",
            "共 {scripts} 个脚本，已填入现有结果；请复核后存为 *.test.yaml",
            scripts=written.scripts,
        )
    )
    for goal in written.missed:
        note(
            say(
                "{place}: no script reaches {part}; it needs data, facts or closed cases that none was tried with",
                "{place}：没有脚本触及 {part}；它需要未曾试过的数据、数据项或已关闭的工单",
                place=goal.place,
                part=goal.part,
            )
        )
    return FINE
