"""`relflow diagram`: the states of a workflow as a picture."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.failures import FINE
from relflow.cli.screen import data
from relflow.cli.session import Problem, current, say
from relflow.cli.words import argument
from relflow.cli.words import command as make
from relflow.text import join

__all__ = ["command"]


@make(
    "diagram",
    en="Draw the states of a workflow.\nMermaid text is shown by GitHub and GitLab; SVG stands by itself.",
    zh="绘制流程的状态图。\nMermaid 文本可在 GitHub、GitLab 中显示；SVG 可独立使用。",
)
@argument(
    "words",
    nargs=-1,
    metavar="[WORKFLOW] [PATH]",
    en="Which workflow, and of which policy or file; default: this folder.",
    zh="哪个流程，属于哪份制度或文件，默认为当前文件夹。",
)
@options.overlay_option
@options.plugin_option
@options.format_option("mermaid", "svg")
@options.lang_option
def command(words: tuple[str, ...], overlay: str | None, plugins: tuple[str, ...], form: str) -> int:
    """Print the picture."""
    from relflow.policy import load
    from relflow.report.diagrams import mermaid, svg

    name, path, _ = options.target(words)
    workflows = load(path, overlay=overlay, plugins=plugins).program.workflows
    if name is None and len(workflows) == 1:
        name = next(iter(workflows))
    if name is None or name not in workflows:
        known = join(list(workflows), current().lang)
        raise Problem(say("say which workflow: {known}", "请写明流程：{known}", known=known))
    draw = svg if form == "svg" else mermaid
    data(draw(workflows[name], current().lang).rstrip())
    return FINE
