"""`relflow table import`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.changes import show_changes
from relflow.cli.failures import FAILED, FINE
from relflow.cli.findings import FORMATS, show_findings
from relflow.cli.screen import data, note, print_json
from relflow.cli.session import Problem, current, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make
from relflow.shipped import PREFIX

if TYPE_CHECKING:
    from relflow.diagnostics import Diagnostic
    from relflow.review import Change
    from relflow.sheets import Returned

__all__ = ["command"]

_BOM = b"\xef\xbb\xbf"


@make(
    "import",
    en="Bring tables back from CSV or a workbook.\n"
    "Only the tables' own lines change; what changes is shown. Nothing is written where something is wrong.",
    zh="从 CSV 或工作簿导回表格。\n只改动表格所在的行，并列出变化；有错误时不写入任何内容。",
)
@argument("file", en="A .csv or .xlsx file.", zh=".csv 或 .xlsx 文件。")
@option(
    "--name",
    metavar="NAME",
    en="Which table the sheet is, where it does not say so itself.",
    zh="工作表未注明名称时，指定它是哪张表。",
)
@option(
    "--check",
    is_flag=True,
    en="Write nothing; exit 1 if something would change.",
    zh="不写入，仅检查；会有变化时退出码为 1。",
)
@options.policy_option
@options.overlay_option
@options.plugin_option
@options.format_option(*FORMATS)
@options.lang_option
def command(
    file: str,
    name: str | None,
    check: bool,
    policy: str,
    overlay: str | None,
    plugins: tuple[str, ...],
    form: str,
) -> int:
    """Judge what it becomes, show it, write it."""
    from relflow.review import compare
    from relflow.sheets import bring_in, read_sheets

    if policy.startswith(PREFIX) and not check:
        raise Problem(say("what is shipped is not changed; copy it first", "随附的制度不可修改；请先复制一份"))
    found: list[Diagnostic] = []
    sheets = read_sheets(Path(file), found.append)
    returned = bring_in(options.policy_source(policy), sheets, name=name, overlay=overlay, plugins=plugins, found=found)
    changes = compare(returned.old, returned.new) if returned.new is not None else ()
    _show(returned, changes, form)
    if not returned.sound:
        if form == "text":
            note(say("{file}: nothing was written", "{file}：未写入任何内容", file=file))
        return FAILED
    if not check:
        _write(returned.texts, quiet=form != "text")
    return FAILED if check and returned.texts else FINE


def _show(returned: Returned, changes: Sequence[Change], form: str) -> None:
    """Findings, then what changes."""
    lang = current().lang
    if form == "json":
        findings = [one.to_dict(lang) for one in returned.findings]
        listed = [change.to_dict(lang) for change in changes]
        print_json({"schema_version": 1, "findings": findings, "changes": listed, "files": list(returned.texts)})
        return
    show_findings(returned.findings, form)
    if form == "text" and returned.sound:
        show_changes(changes)


def _write(texts: Mapping[str, str], *, quiet: bool) -> None:
    """Put the new texts in place of the old, whole or not at all; a byte order mark stays."""
    for name, text in texts.items():
        path = Path(name)
        mark = _BOM if path.read_bytes().startswith(_BOM) else b""
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_bytes(mark + text.encode("utf-8"))
        fresh.replace(path)
        if not quiet:
            data(say("written: {file}", "已写入：{file}", file=name))
