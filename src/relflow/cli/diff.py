"""`relflow diff`: what changed between two versions of a policy, and who moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relflow.cli import options
from relflow.cli.changes import show_changes
from relflow.cli.failures import FINE
from relflow.cli.records import facts_option, read_records
from relflow.cli.screen import Table, data, print_json, progress
from relflow.cli.session import current, say
from relflow.cli.typed import facts
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.policy import Policy
    from relflow.review import Impact

__all__ = ["command"]

_SHOWN = 20


@make(
    "diff",
    en="Say what changed between two versions of a policy.\nWith --facts also who moves.",
    zh="说明制度的两个版本有何不同。\n加上 --facts 还会说明哪些客户会变动。",
)
@argument("old", en="The version before: a folder, a file or shipped:NAME.", zh="旧版本：文件夹、文件或 shipped:名称。")
@argument("new", en="The version after.", zh="新版本。")
@facts_option
@option("--name", "names", multiple=True, metavar="NAME", en="Compare only this.", zh="只比较这一项。")
@option("--old-overlay", metavar="FILE", en="Overlay of the old version.", zh="旧版本的企业配置文件。")
@options.at_option
@options.overlay_option
@options.format_option("text", "json")
@options.lang_option
def command(
    old: str,
    new: str,
    facts_file: str | None,
    names: tuple[str, ...],
    old_overlay: str | None,
    at: str | None,
    overlay: str | None,
    form: str,
) -> int:
    """Compare, and print changes and moves."""
    from relflow.policy import load
    from relflow.reader import read_policy
    from relflow.review import compare, impact

    sources = (options.policy_source(old), options.policy_source(new))
    overlays = (old_overlay or overlay, overlay)
    policies = [load(source, overlay=over) for source, over in zip(sources, overlays, strict=True)]
    models = [read_policy(source, over)[0] for source, over in zip(sources, overlays, strict=True)]
    if models[0] is None or models[1] is None:
        raise AssertionError("a policy that loads has a model")
    changes = compare(models[0], models[1])
    found = None
    if facts_file:
        when = options.moment(at, policies[1].program.zone)
        rows = list(_accounts(policies[1], facts_file))
        found = impact(policies[0], policies[1], progress(rows, "deciding", "正在判定"), names or None, at=when)
    if form == "json":
        lang = current().lang
        moved: Mapping[str, object] | None = found.to_dict() if found is not None else None
        print_json({"schema_version": 1, "changes": [change.to_dict(lang) for change in changes], "impact": moved})
    else:
        show_changes(changes)
        if found is not None:
            _show_impact(policies[1], found)
    return FINE


def _accounts(policy: Policy, file: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The accounts of the file, each under its `id`, or its number where it has none."""
    records, _ = read_records(file)
    for number, record in enumerate(records, 1):
        yield str(record.get("id", number)), facts(policy, record)


def _show_impact(policy: Policy, found: Impact) -> None:
    """For each scheme how many move, a matrix old by new, and the first of those who move."""
    from relflow.review.impact import answer_label

    lang = current().lang
    for name in found.names:
        data()
        data(
            say(
                "{name}: {moved} of {all} accounts move",
                "{name}：{all} 家客户中有 {moved} 家变动",
                name=name,
                moved=f"{found.moved(name):,}",
                all=f"{found.accounts:,}",
            )
        )
        answers = _ordered(policy, name, found.answers(name))
        labels = [answer_label(policy, name, answer, lang) for answer in answers]
        table = Table(say("old \\ new", "旧 \\ 新"), *labels, right=range(1, len(labels) + 1))
        for answer, label in zip(answers, labels, strict=True):
            table.add(label, *(f"{found.matrix[name, answer, other]:,}" for other in answers))
        table.show("  ")
    if found.moves:
        data()
        moves = Table(say("account", "客户"), say("what", "项目"), say("before", "变动前"), say("after", "变动后"))
        for move in found.moves[:_SHOWN]:
            before, after = (answer_label(policy, move.name, answer, lang) for answer in (move.old, move.new))
            moves.add(move.account, move.name, before, after)
        moves.show("  ")
        if len(found.moves) > _SHOWN:
            data(say("  and {more} more", "  另有 {more} 家", more=f"{sum(map(found.moved, found.names)) - _SHOWN:,}"))


def _ordered(policy: Policy, name: str, answers: Sequence[str]) -> list[str]:
    """The answers as the scheme ranks them, others behind."""
    levels = policy.levels(name) if name in policy.program.schemes else ()
    return [level for level in levels if level in answers] + [answer for answer in answers if answer not in levels]
