"""Who moves, on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from relflow.cli.screen import Table, data
from relflow.cli.session import current, say

if TYPE_CHECKING:
    from relflow.policy import Policy
    from relflow.review import Impact

__all__ = ["heading", "ordered", "show_impact", "signed"]

_SHOWN = 20


def show_impact(policy: Policy, found: Impact) -> None:
    """For each scheme how many move, a matrix old by new; the contacts of a month; the first of those who move."""
    from relflow.review.impact import answer_label

    lang = current().lang
    for name in found.names:
        data()
        data(heading(found, name))
        answers = ordered(policy, name, found.answers(name))
        labels = [answer_label(policy, name, answer, lang) for answer in answers]
        table = Table(say("old \\ new", "旧 \\ 新"), *labels, right=range(1, len(labels) + 1))
        for answer, label in zip(answers, labels, strict=True):
            table.add(label, *(f"{found.matrix[name, answer, other]:,}" for other in answers))
        table.show("  ")
    _contacts(found)
    if found.moves:
        data()
        moves = Table(say("account", "客户"), say("what", "项目"), say("before", "变动前"), say("after", "变动后"))
        for move in found.moves[:_SHOWN]:
            before, after = (answer_label(policy, move.name, answer, lang) for answer in (move.old, move.new))
            moves.add(move.account, move.name, before, after)
        moves.show("  ")
        more = sum(map(found.moved, found.names)) - _SHOWN
        if more > 0:
            data(say("  and {more} more", "  另有 {more} 家", more=f"{more:,}"))


def heading(found: Impact, name: str) -> str:
    """How many of how many accounts get another answer."""
    return say(
        "{name}: {moved} of {all} accounts move",
        "{name}：{all} 家客户中有 {moved} 家变动",
        name=name,
        moved=f"{found.moved(name):,}",
        all=f"{found.accounts:,}",
    )


def _contacts(found: Impact) -> None:
    if not found.contacts:
        return
    lang = current().lang
    data()
    data(say("contacts a month, as the plans ask for them", "每月联系次数（按联系节奏计算）"))
    table = Table("", say("before", "变动前"), say("after", "变动后"), say("difference", "增减"), right=(1, 2, 3))
    for one in found.contacts:
        table.add(one.label.text(lang), f"{one.old:,.1f}", f"{one.new:,.1f}", signed(one.more))
    table.show("  ")


def signed(number: float) -> str:
    """A difference with its sign; nought has none."""
    return f"{number:+,.1f}" if round(number, 1) else "0.0"


def ordered(policy: Policy, name: str, answers: Sequence[str]) -> list[str]:
    """The answers as the scheme ranks them, others behind."""
    levels = policy.levels(name) if name in policy.program.schemes else ()
    return [level for level in levels if level in answers] + [answer for answer in answers if answer not in levels]
