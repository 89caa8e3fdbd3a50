"""`relflow diff`: what changed between two versions of a policy, and who moves."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.changes import show_changes
from relflow.cli.diff.screen import show_impact
from relflow.cli.failures import FINE
from relflow.cli.records import facts_option
from relflow.cli.remarks import Remark, show_remarks
from relflow.cli.screen import data, note, print_json, progress
from relflow.cli.session import current, say
from relflow.cli.streaming import Accounts
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.policy import Policy
    from relflow.review import Change, Impact, Move

__all__ = ["command"]

_PROBLEMS = 10


@make(
    "diff",
    en="Say what changed between two versions of a policy.\n"
    "With --facts also who moves, and what that means for the contacts of a month.",
    zh="说明制度的两个版本有何不同。\n加上 --facts 还会说明哪些客户会变动，以及每月联系次数的增减。",
)
@argument("old", en="The version before: a folder, a file or shipped:NAME.", zh="旧版本：文件夹、文件或 shipped:名称。")
@argument("new", en="The version after.", zh="新版本。")
@facts_option
@option("--name", "names", multiple=True, metavar="NAME", en="Compare only this.", zh="只比较这一项。")
@option(
    "--moves",
    "moves_file",
    metavar="FILE",
    en="Write every account that moves to this CSV file.",
    zh="将所有变动的客户写入此 CSV 文件。",
)
@option("--old-overlay", metavar="FILE", en="Overlay of the old version.", zh="旧版本的企业配置文件。")
@options.at_option
@options.overlay_option
@options.plugin_option
@options.format_option("text", "json", "html", "github")
@options.lang_option
def command(
    old: str,
    new: str,
    facts_file: str | None,
    names: tuple[str, ...],
    moves_file: str | None,
    old_overlay: str | None,
    at: str | None,
    overlay: str | None,
    plugins: tuple[str, ...],
    form: str,
) -> int:
    """Compare, and print changes and moves."""
    from relflow.policy import load
    from relflow.review import compare
    from relflow.review.wording import Wordings

    before, after = (
        load(options.policy_source(source), overlay=over, plugins=plugins)
        for source, over in ((old, old_overlay or overlay), (new, overlay))
    )
    words = Wordings(before.program), Wordings(after.program)
    changes = compare(before.model, after.model, words)
    found = None
    if facts_file:
        found = _impact(before, after, facts_file, names, at, moves_file)
    _show(form, before, after, changes, found)
    return FINE


def _impact(
    old: Policy, new: Policy, file: str, names: Sequence[str], at: str | None, moves_file: str | None
) -> Impact:
    """Who moves; what keeps accounts from being decided is said on standard error."""
    from relflow.review.impact import common_names, impact

    when = options.moment(at, new.program.zone)
    asked = tuple(names) or common_names(old, new)
    accounts = Accounts(file, new, _read(old, asked) | _read(new, asked))
    with _recorded(moves_file) as moved:
        shown = progress(accounts, "deciding", "正在判定", share=lambda: accounts.share)
        found = impact(old, new, shown, asked, at=when, moved=moved)
    for problem, count in accounts.problems.most_common(_PROBLEMS):
        note(
            say(
                "left out in {count} accounts: {problem}",
                "{count} 家客户忽略此项：{problem}",
                count=f"{count:,}",
                problem=problem,
            )
        )
    return found


def _read(policy: Policy, names: Sequence[str]) -> set[str]:
    """The facts that the answers and the contact plans may read."""
    from relflow.rules import plan_reads

    return {fact for name in (*names, *plan_reads(policy.program)) for fact in policy.facts_for(name)}


@contextmanager
def _recorded(file: str | None) -> Iterator[Callable[[Move], None] | None]:
    """What writes each move to the file; nothing where none is wanted."""
    if file is None:
        yield None
        return
    with Path(file).open("w", encoding="utf-8-sig", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(["account", "what", "before", "after"])
        yield lambda move: rows.writerow([move.account, move.name, move.old, move.new]) and None


def _show(form: str, old: Policy, new: Policy, changes: Sequence[Change], found: Impact | None) -> None:
    lang = current().lang
    if form == "json":
        moved = found.to_dict() if found is not None else None
        print_json({"schema_version": 1, "changes": [change.to_dict(lang) for change in changes], "impact": moved})
    elif form == "html":
        from relflow.cli.diff.page import page_of

        data(page_of(old, new, changes, found).rstrip("\n"))
    elif form == "github":
        show_remarks(
            (
                Remark("note", "policy", change.text(lang), place.source.name, place.line, place.column)
                for change in changes
                if (place := change.place) is not None
            ),
            form,
        )
    else:
        show_changes(changes)
        if found is not None:
            show_impact(new, found)
