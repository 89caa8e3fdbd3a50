"""`relflow diagram`: the states of a workflow as a picture, with a case's way through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.failures import FINE
from relflow.cli.screen import data
from relflow.cli.session import Problem, current, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make
from relflow.text import join

if TYPE_CHECKING:
    from relflow.policy import Policy
    from relflow.program.workflows import Workflow
    from relflow.results import HistoryEntry

__all__ = ["command"]


@make(
    "diagram",
    en="Draw the states of a workflow, and with --case where a case stands and has been.\n"
    "Mermaid text is shown by GitHub and GitLab; SVG stands by itself.",
    zh="绘制流程的状态图；用 --case 标出工单所处和经过的状态。\n"
    "Mermaid 文本可在 GitHub、GitLab 中显示；SVG 可独立使用。",
)
@argument(
    "words",
    nargs=-1,
    metavar="[WORKFLOW] [PATH]",
    en="Which workflow, and of which policy or file; default: this folder.",
    zh="哪个流程，属于哪份制度或文件，默认为当前文件夹。",
)
@option("--case", "case", metavar="ID", en="A case whose way is marked.", zh="标出此工单的经过。")
@option(
    "--store",
    metavar="FILE|URL",
    default="cases.db",
    envvar="RELFLOW_STORE",
    en="Where cases are kept; default: cases.db, or RELFLOW_STORE.",
    zh="工单保存在哪里，默认为 cases.db 或 RELFLOW_STORE。",
)
@options.overlay_option
@options.plugin_option
@options.format_option("mermaid", "svg")
@options.lang_option
def command(
    words: tuple[str, ...], case: str | None, store: str, overlay: str | None, plugins: tuple[str, ...], form: str
) -> int:
    """Print the picture."""
    from relflow.policy import load
    from relflow.report.diagrams import mermaid, svg

    name, path, _ = options.target(words)
    policy = load(path, overlay=overlay, plugins=plugins)
    lang = current().lang
    if case is None:
        workflow = _chosen(policy, name)
        data((svg(workflow, lang) if form == "svg" else mermaid(workflow, lang)).rstrip())
        return FINE
    workflow, history = _walked(policy, store, plugins, case)
    states = dict.fromkeys(entry.after for entry in history)
    here = history[-1].after
    if form == "svg":
        ways = {(entry.before, entry.after) for entry in history if entry.before is not None}
        picture = svg(workflow, lang, current=here, passed=states, ways=ways)
    else:
        picture = mermaid(workflow, lang, current=here, passed=states)
    data(picture.rstrip())
    return FINE


def _chosen(policy: Policy, name: str | None) -> Workflow:
    workflows = policy.program.workflows
    if name is None and len(workflows) == 1:
        name = next(iter(workflows))
    if name is None or name not in workflows:
        known = join(list(workflows), current().lang)
        raise Problem(say("say which workflow: {known}", "请写明流程：{known}", known=known))
    found: Workflow = workflows[name]
    return found


def _walked(policy: Policy, store: str, plugins: tuple[str, ...], case: str) -> tuple[Workflow, list[HistoryEntry]]:
    """The definition that a case runs under, and its history."""
    from relflow.cli.case.desk import store_url
    from relflow.engine import Engine

    with Engine(policy, store=store_url(store), plugins=plugins) as engine, engine.unit() as unit:
        return unit.definition(unit.case(case)), unit.history(case)
