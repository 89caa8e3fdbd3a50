"""`relflow check`: every finding of a policy or a workflow, each with its place and remedy."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.failures import FAILED, FINE
from relflow.cli.findings import FORMATS, count_text, is_bad, show_findings
from relflow.cli.remarks import Outcome, show_junit
from relflow.cli.screen import Table, data, note, print_json
from relflow.cli.session import Problem, current, say
from relflow.cli.words import argument, option
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
@option(
    "--questions",
    "asking",
    is_flag=True,
    en="What the policy leaves open for the company to decide, by clause; as text, json or html.",
    zh="按条款列出制度留待企业确定的事项；形式为 text、json 或 html。",
)
@options.overlay_option
@options.plugin_option
@options.format_option(*FORMATS, "html")
@options.lang_option
def command(path: str, asking: bool, overlay: str | None, plugins: tuple[str, ...], form: str) -> int:
    """Print the findings and their number, or the questions alone."""
    from relflow.policy import check

    if asking:
        return _ask(path, overlay, plugins, form)
    if form == "html":
        raise Problem(say("`--format html` goes with `--questions`", "`--format html` 须与 `--questions` 一起使用"))
    findings = check(options.policy_source(path), overlay=overlay, plugins=plugins)
    if form == "junit" and not is_bad(findings):
        show_junit([Outcome("check", path, 1)])  # a report without a case would look as if nothing had run
    else:
        show_findings(findings, form)
    if form == "text":
        note(_summary(path, count_text(findings), is_bad(findings)))
    return FAILED if is_bad(findings) else FINE


def _ask(path: str, overlay: str | None, plugins: tuple[str, ...], form: str) -> int:
    """The questions that the manual leaves open; open questions are no failure."""
    from relflow.policy import load
    from relflow.report.questions import questions, questions_page

    program = load(options.policy_source(path), overlay=overlay, plugins=plugins).program
    lang, found = current().lang, questions(program)
    if form == "html":
        data(questions_page(program, lang))
    elif form == "json":
        print_json({"questions": [one.to_dict(lang) for asked in found.values() for one in asked]})
    elif form == "text":
        for clause, asked in found.items():
            known = program.clauses.get(clause)
            text = known.text.text(lang) if known is not None and known.text is not None else ""
            data(f"{clause or say('without a clause', '未注明条款')}  {text}".rstrip())
            table = Table("")
            for one in asked:
                table.add(one.label.text(lang), one.ask.text(lang), one.answer)
            table.show("  ")
        number = sum(len(asked) for asked in found.values())
        note(
            say(
                "{path}: {number} questions under {clauses} clauses; answer them in the company's overlay",
                "{path}：共 {number} 项待定，涉及 {clauses} 条条款；请在企业配置中填写",
                path=path,
                number=number,
                clauses=len(found),
            )
        )
    else:
        raise Problem(say("`--questions` is text, json or html", "`--questions` 的形式只能是 text、json 或 html"))
    return FINE


def _summary(path: str, counts: str, bad: bool) -> str:
    if bad:
        return say("{path}: {counts}", "{path}：{counts}", path=path, counts=counts)
    where = "" if path == "." else f" {path}"
    fine = say("{path}: no mistakes", "{path}：没有错误", path=path)
    rest = say("; {counts}", "；{counts}", counts=counts) if counts else ""
    return fine + rest + say("; next: relflow test{where}", "；下一步：relflow test{where}", where=where)
