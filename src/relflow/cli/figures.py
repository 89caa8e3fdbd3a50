"""`relflow figures`: key figures worked out over a file of items, without a store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from relflow.cli import options
from relflow.cli.failures import FAILED, FINE
from relflow.cli.ratings import show_figures
from relflow.cli.records import read_records
from relflow.cli.screen import note
from relflow.cli.session import Problem, current, say
from relflow.cli.typed import typed
from relflow.cli.words import argument, option
from relflow.cli.words import command as make
from relflow.errors import FactError

if TYPE_CHECKING:
    from relflow.policy import Policy
    from relflow.program import Kpi

__all__ = ["command"]


@make(
    "figures",
    en="Work a key figure out over a file of items: cases, accounts, or what a list holds.\n"
    "NAME is the figure, PATH the policy, default: this folder. It is worked out for the last period that is over on "
    "the day of --at; items of other periods are left out. Exit 1 if a goal is missed.",
    zh="用文件中的对象（工单、客户或列表中的项目）计算考核指标。\n"
    "NAME 为指标，PATH 为制度，默认为当前文件夹。按 --at 当日已结束的最近一期计算，不属于该期的对象不计入。"
    "有指标未达标时退出码为 1。",
)
@argument("words", nargs=-1, metavar="NAME [PATH]", en="Which figure of which policy.", zh="哪份制度的哪项指标。")
@option(
    "--items",
    "items_file",
    metavar="FILE",
    required=True,
    en="The items: JSON, JSON lines or CSV; `-` is standard input.",
    zh="对象：JSON、JSON Lines 或 CSV，`-` 表示标准输入。",
)
@options.at_option
@options.overlay_option
@options.plugin_option
@options.format_option("text", "json")
@options.lang_option
def command(
    words: tuple[str, ...], items_file: str, at: str | None, overlay: str | None, plugins: tuple[str, ...], form: str
) -> int:
    """Read the items, work the figure out and print it, a line a group."""
    from relflow.policy import load

    name, path, others = options.target(words)
    if others:
        raise Problem(say("items stand in `--items`, not on the line", "对象应放在 `--items` 文件中"))
    policy = load(path, overlay=overlay, plugins=plugins)
    kpi = _chosen(policy, name)
    moment = options.moment(at, policy.program.zone)
    day = moment.date() if isinstance(moment, datetime) else moment
    records, _ = read_records(items_file)
    found = policy.figures(kpi.id, _items(policy, kpi, records, items_file), day)
    if not found:
        note(say("the length of a period is unset", "考核期长度尚未规定"))
        return FINE
    show_figures(policy.program.kpis, found, form)
    return FAILED if any(one.met is False for one in found) else FINE


def _chosen(policy: Policy, name: str | None) -> Kpi:
    kpis = policy.program.kpis
    if name is None and len(kpis) == 1:
        return next(iter(kpis.values()))
    if name is not None and name in kpis:
        return kpis[name]
    raise Problem(
        say(
            "say which key figure: {known}",
            "请写明考核指标：{known}",
            known=(", " if current().lang == "en" else "、").join(kpis) or say("the policy has none", "制度中没有"),
        )
    )


def _items(policy: Policy, kpi: Kpi, records: list[dict[str, object]], file: str) -> list[Mapping[str, Any]]:
    """The records with values of the types that an item has; columns that it does not know are left aside."""
    from relflow.feel import RecordType

    fields = dict(kpi.item.fields) if isinstance(kpi.item, RecordType) else {}
    found: list[Mapping[str, Any]] = []
    problems: list[str] = []
    for number, record in enumerate(records, 1):
        known = {name: value for name, value in record.items() if name in fields}
        try:
            found.append(typed(fields, known, policy.program.zone))
        except FactError as error:
            where = record.get("id") or say("item {number}", "第 {number} 个对象", number=number)
            problems.append(f"{file}: {where}: {error.text(current().lang)}")
    if problems:
        raise Problem("\n".join(problems))
    return found
