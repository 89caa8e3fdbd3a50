"""The difference between two versions as one HTML page: the hand-over of a change for review."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from relflow.cli.diff.screen import heading, ordered, signed
from relflow.cli.session import current, say
from relflow.report.html import Markup, page, section, table, tag
from relflow.review.impact import answer_label

if TYPE_CHECKING:
    from relflow.diagnostics import Span
    from relflow.policy import Policy
    from relflow.review import Change, Impact

__all__ = ["page_of"]

_SHOWN = 200
_Section = tuple[str, str, Markup]


def page_of(old: Policy, new: Policy, changes: Sequence[Change], found: Impact | None) -> str:
    """A page without anything from elsewhere, in the session's language."""
    lang = current().lang
    sections: list[_Section | None] = [_changes(changes)]
    if found is not None:
        sections += [_moves(new, found), _contacts(found), _accounts(new, found)]
    lead = say(
        "{old} beside {new}: {count} changes",
        "{old} 与 {new} 对比：{count} 处变化",
        old=_name(old),
        new=_name(new),
        count=len(changes),
    )
    title = say("What changes in {policy}", "{policy} 的变化", policy=new.id)
    foot = say("digest before {old}, after {new}", "摘要：旧 {old}，新 {new}", old=old.digest[:12], new=new.digest[:12])
    return page(title, lead, [one for one in sections if one is not None], foot, lang)


def _name(policy: Policy) -> str:
    return f"{policy.id} {policy.version}"


def _changes(changes: Sequence[Change]) -> _Section:
    lang = current().lang
    folder = _folder(changes)
    rows = [
        [
            Markup(f"{tag('span', change.element(lang), class_='soft').html} {tag('b', change.name).html}"),
            change.subject(lang),
            tag("del", change.shown_old(lang)) if change.shown_old(lang) else "",
            tag("b", change.shown_new(lang)) if change.shown_new(lang) else "",
            tag("span", _place(change.place, folder), class_="clause") if change.place is not None else "",
        ]
        for change in changes
    ]
    headings = [
        say("element", "项目"),
        say("what", "内容"),
        say("before", "变动前"),
        say("after", "变动后"),
        say("place", "位置"),
    ]
    content = table(headings, rows) if rows else tag("p", say("no differences", "没有差异"))
    return section("changes", say("What changes", "变化内容"), content)


def _folder(changes: Sequence[Change]) -> str:
    """The folder in which all files are that changes name."""
    names = [PurePath(change.place.source.name).parent for change in changes if change.place is not None]
    return os.path.commonpath(names) if names and len({name.is_absolute() for name in names}) == 1 else ""


def _place(place: Span, folder: str) -> str:
    """A place without what all of them have in common."""
    name = PurePath(place.source.name)
    short = name.relative_to(folder) if folder and name.is_relative_to(folder) else name
    return f"{short}:{place.line}"


def _moves(policy: Policy, found: Impact) -> _Section:
    lang = current().lang
    parts = []
    for name in found.names:
        answers = ordered(policy, name, found.answers(name))
        labels = [answer_label(policy, name, answer, lang) for answer in answers]
        rows: list[list[Markup | str]] = []
        for answer, label in zip(answers, labels, strict=True):
            counts = [found.matrix[name, answer, other] for other in answers]
            rows.append(
                [
                    label,
                    *(_count(count, moves=other != answer) for count, other in zip(counts, answers, strict=True)),
                ]
            )
        parts.append(tag("h3", heading(found, name)))
        parts.append(table([say("old \\ new", "旧 \\ 新"), *labels], rows, numbers=range(1, len(labels) + 1)))
    return section("moves", say("Who moves", "客户变动"), *parts)


def _count(count: int, *, moves: bool) -> Markup:
    """A number of accounts: those that move stand out, none is hardly there."""
    return tag("b", f"{count:,}") if count and moves else tag("span", f"{count:,}" if count else "·", class_="soft")


def _contacts(found: Impact) -> _Section | None:
    if not found.contacts:
        return None
    lang = current().lang
    rows = [[one.label.text(lang), f"{one.old:,.1f}", f"{one.new:,.1f}", signed(one.more)] for one in found.contacts]
    headings = ["", say("before", "变动前"), say("after", "变动后"), say("difference", "增减")]
    remark = say(
        "As the rhythms of the contact plans ask for them; key dates and caps are left aside.",
        "按联系计划的节奏计算，未计关键节点和次数上限。",
    )
    return section(
        "contacts",
        say("Contacts a month", "每月联系次数"),
        table(headings, rows, numbers=(1, 2, 3)),
        tag("p", remark, class_="soft"),
    )


def _accounts(policy: Policy, found: Impact) -> _Section | None:
    if not found.moves:
        return None
    lang = current().lang
    rows = [
        [
            move.account,
            move.name,
            answer_label(policy, move.name, move.old, lang),
            answer_label(policy, move.name, move.new, lang),
        ]
        for move in found.moves[:_SHOWN]
    ]
    headings = [say("account", "客户"), say("what", "项目"), say("before", "变动前"), say("after", "变动后")]
    more = sum(map(found.moved, found.names)) - _SHOWN
    rest = [tag("p", say("and {more} more", "另有 {more} 家", more=f"{more:,}"), class_="soft")] if more > 0 else []
    return section("accounts", say("Accounts", "变动客户"), table(headings, rows), *rest)
