"""`relflow table export`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.failures import FINE
from relflow.cli.screen import data, note
from relflow.cli.session import Problem, current, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make
from relflow.text import join

if TYPE_CHECKING:
    from relflow.sheets import TableSheet

__all__ = ["command"]


@make(
    "export",
    en="Write tables and scorecards as CSV or as a workbook.\n"
    "NAMES are decisions or cadences; without them all tables. A workbook holds a sheet for each.",
    zh="将表格和评分卡导出为 CSV 或工作簿。\n名称为判定或联系节奏，不写则导出全部表格。工作簿中每张表一页。",
)
@argument("names", nargs=-1, metavar="[NAME]...", en="Which tables.", zh="要导出的表格。")
@option(
    "--to",
    "file",
    metavar="FILE",
    en="A .csv or .xlsx file to write; without it one table goes to standard output as CSV.",
    zh="要写入的 .csv 或 .xlsx 文件；不写则以 CSV 输出一张表。",
)
@options.policy_option
@options.overlay_option
@options.plugin_option
@options.lang_option
def command(
    names: tuple[str, ...], file: str | None, policy: str, overlay: str | None, plugins: tuple[str, ...]
) -> int:
    """Write them, and say where."""
    from relflow.sheets import sheets_of
    from relflow.sheets.files import is_workbook, write_csv

    chosen = _chosen(sheets_of(options.policy_source(policy), overlay, plugins, current().lang), names)
    if file is not None and is_workbook(Path(file)):
        from relflow.sheets.workbooks import write_workbook

        Path(file).write_bytes(write_workbook(chosen))
    elif len(chosen) > 1:
        known = join([f"`{one.name}`" for one in chosen], current().lang)
        raise Problem(
            say(
                "a CSV holds one table; name one ({known}), or write a workbook: --to tables.xlsx",
                "CSV 只能放一张表；请指定其一（{known}），或导出为工作簿：--to tables.xlsx",
                known=known,
            )
        )
    elif file is None:
        data(write_csv(chosen[0].cells()).replace("\r\n", "\n").rstrip("\n"))
        return FINE
    else:
        # the mark without which spreadsheets do not take a CSV for UTF-8
        Path(file).write_bytes(write_csv(chosen[0].cells()).encode("utf-8-sig"))
    names_ = join([f"`{one.name}`" for one in chosen], current().lang)
    note(say("{file}: {names}", "{file}：{names}", file=file, names=names_))
    return FINE


def _chosen(every: Mapping[str, TableSheet], names: Sequence[str]) -> list[TableSheet]:
    """The named sheets, or all."""
    from relflow.diagnostics import nearest

    for name in names:
        if name not in every:
            near = nearest(name, every)
            known = join([f"`{one}`" for one in every], current().lang) or say("none", "无")
            text = say(
                "the policy has no table `{name}` ({known})",
                "制度中没有表格 `{name}`（现有：{known}）",
                name=name,
                known=known,
            )
            raise Problem(text + (say("; did you mean `{near}`?", "，是否想写 `{near}`？", near=near) if near else ""))
    if not every:
        raise Problem(say("this policy has no tables", "该制度没有表格"))
    return [sheet for name, sheet in every.items() if not names or name in names]
