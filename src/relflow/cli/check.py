"""`relflow check`: every finding of a policy or a workflow, each with its place and remedy."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.failures import FAILED, FINE
from relflow.cli.findings import FORMATS, count_text, is_bad, show_findings
from relflow.cli.remarks import Outcome, show_junit
from relflow.cli.screen import note
from relflow.cli.session import say
from relflow.cli.words import argument
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "check",
    en="Find every mistake, each at its line with the remedy.\nExit 1 where there is an error or a warning.",
    zh="找出所有错误，指明行列并给出改法。\n有错误或警告时退出码为 1。",
)
@argument(
    "path",
    default=".",
    en="A policy's folder, one policy or workflow file, or shipped:NAME.",
    zh="制度文件夹、单个制度或流程文件，或 shipped:名称。",
)
@options.overlay_option
@options.plugin_option
@options.format_option(*FORMATS)
@options.lang_option
def command(path: str, overlay: str | None, plugins: tuple[str, ...], form: str) -> int:
    """Print the findings and their number."""
    from relflow.policy import check

    findings = check(options.policy_source(path), overlay=overlay, plugins=plugins)
    if form == "junit" and not is_bad(findings):
        show_junit([Outcome("check", path, 1)])  # a report without a case would look as if nothing had run
    else:
        show_findings(findings, form)
    if form == "text":
        note(_summary(path, count_text(findings), is_bad(findings)))
    return FAILED if is_bad(findings) else FINE


def _summary(path: str, counts: str, bad: bool) -> str:
    if bad:
        return say("{path}: {counts}", "{path}：{counts}", path=path, counts=counts)
    where = "" if path == "." else f" {path}"
    fine = say("{path}: no mistakes", "{path}：没有错误", path=path)
    rest = say("; {counts}", "；{counts}", counts=counts) if counts else ""
    return fine + rest + say("; next: relflow test{where}", "；下一步：relflow test{where}", where=where)
