"""`relflow simulate`: one case on a clock that is moved by hand, interactively or from a file of tests."""

from __future__ import annotations

import sys
from pathlib import Path

from relflow.cli import options
from relflow.cli.failures import FAILED, FINE
from relflow.cli.records import read_records
from relflow.cli.session import Problem, current, say
from relflow.cli.typed import facts as typed_facts
from relflow.cli.words import argument, option
from relflow.cli.words import command as make
from relflow.text import join

__all__ = ["command"]


@make(
    "simulate",
    en="Play a case with a clock that you move: what may happen, what falls due, who is told.\n"
    "Nothing is stored or sent. `help` lists what can be typed; `save FILE` keeps the play as a test.\n"
    "With --script the cases of a file of tests are played and shown step by step.",
    zh="用可拨动的时钟演练一件工单：可做什么、何时到期、通知谁。\n"
    "不保存也不发送任何内容。输入 `help` 查看可用命令；`save 文件` 把过程存为测试。\n"
    "用 --script 可逐步演示测试文件中的工单。",
)
@argument(
    "words",
    nargs=-1,
    metavar="[WORKFLOW] [PATH] [FACT=VALUE]...",
    en="Which workflow, of which policy or file (default: this folder), and facts of the account.",
    zh="哪个流程，属于哪份制度或文件（默认当前文件夹），以及客户的数据项。",
)
@option("--start", metavar="WHEN", en="When it begins; default: now.", zh="开始时刻，默认为现在。")
@option("--facts", "facts_file", metavar="FILE", en="Facts of the account: JSON or CSV with one row.",
        zh="客户的数据项：JSON 或只有一行的 CSV。")  # fmt: skip
@option(
    "--script",
    metavar="FILE",
    en="A file of tests (*.test.yaml) whose cases are played.",
    zh="要演示的测试文件（*.test.yaml）。",
)
@options.overlay_option
@options.plugin_option
@options.lang_option
def command(
    words: tuple[str, ...],
    start: str | None,
    facts_file: str | None,
    script: str | None,
    overlay: str | None,
    plugins: tuple[str, ...],
) -> int:
    """Play."""
    if script is not None:
        from relflow.cli.simulate.playing import play

        return FINE if play(options.source(script), overlay, plugins) else FAILED
    from relflow.cli.simulate.prompt import Prompt
    from relflow.cli.simulate.stage import Stage
    from relflow.policy import load

    name, path, given = options.target(words)
    policy = load(path, overlay=overlay, plugins=plugins)
    workflows = policy.program.workflows
    if name is None and len(workflows) == 1:
        name = next(iter(workflows))
    if name is None or name not in workflows:
        known = join(list(workflows), current().lang)
        raise Problem(say("say which workflow: {known}", "请写明流程：{known}", known=known))
    record = next(iter(read_records(facts_file)[0]), {}) if facts_file else {}
    known_facts = typed_facts(policy, record, given)
    begins = options.moment(start, policy.program.zone)
    place = Path(path) if Path(path).exists() else None
    with Stage(policy, workflows[name], begins, known_facts, overlay=overlay, plugins=plugins, place=place) as stage:
        Prompt(stage).run(sys.stdin, echo=not sys.stdin.isatty())
    return FINE
