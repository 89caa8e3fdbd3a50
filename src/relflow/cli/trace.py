"""`relflow trace`: from the manual's clauses to elements and tests, and what is left over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.failures import FAILED, FINE
from relflow.cli.remarks import FORMS, Outcome, Remark, show_junit, show_remarks
from relflow.cli.screen import Table, data, note, print_json, progress
from relflow.cli.session import current, say
from relflow.cli.words import argument
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.model import Model
    from relflow.review.coverage import Goal
    from relflow.review.tracing import ClauseTrace, Tracing

__all__ = ["command"]


@make(
    "trace",
    en="Trace each clause of the manual to what carries it and to the tests that reach it.\n"
    "Exit 1 if a clause, an element or a test is left over.",
    zh="逐条追溯：制度条款由哪些内容承担、由哪些测试验证。\n有遗漏时退出码为 1。",
)
@argument("path", default=".", en="The policy; default: this folder.", zh="制度，默认为当前文件夹。")
@options.overlay_option
@options.plugin_option
@options.format_option("text", "json", *FORMS)
@options.lang_option
def command(path: str, overlay: str | None, plugins: tuple[str, ...], form: str) -> int:
    """Run the tests, trace, and print."""
    from relflow.policy import load
    from relflow.review import Coverage
    from relflow.review.tracing import trace
    from relflow.testing import run

    source = options.policy_source(path)
    policy = load(source, overlay=overlay, plugins=plugins)
    coverage = Coverage()
    before: dict[Goal, int] = {}
    reached: dict[str, list[Goal]] = {}
    for result in progress(
        run(options.source(path), overlay=overlay, plugins=plugins, coverage=coverage), "testing", "正在测试"
    ):
        reached[result.it] = [goal for goal, times in coverage.goals.items() if times > before.get(goal, 0)]
        before = dict(coverage.goals)
    folder = Path(policy.program.span.source.name).parent
    own = [one.name for one in policy.model.sources if Path(one.name).parent == folder]
    found = trace(policy.model, policy.program, reached, own=own)
    if form == "json":
        lang = current().lang
        print_json(
            {
                "schema_version": 1,
                "clauses": [clause.to_dict(lang) for clause in found.clauses],
                "strangers": [carrier.path for carrier in found.strangers],
                "unmoored": list(found.unmoored),
            }
        )
    elif form == "text":
        _show(found)
    else:
        _reported(policy.model, found, form)
    return FINE if found.whole else FAILED


def _reported(model: Model, found: Tracing, form: str) -> None:
    """What is left over, at the clause or the element; for JUnit each clause is a case."""
    places = {clause.name: clause.id.span for clause in model.clauses}
    problems = {
        clause.id: say("nothing carries clause {id}", "条款 {id} 无人承担", id=clause.id) for clause in found.orphans
    }
    problems |= {clause.id: _untested(clause) for clause in found.untested}
    if form == "junit":
        show_junit(
            Outcome(
                clause.id, places[clause.id].source.name, places[clause.id].line, problem=problems.get(clause.id, "")
            )
            for clause in found.clauses
        )
        return
    remarks = [
        Remark("error", "clause", text, places[name].source.name, places[name].line, places[name].column)
        for name, text in problems.items()
    ]
    whole = model.head.id.span if model.head is not None else next(iter(places.values()))
    remarks += [
        Remark("error", "no-clause", _no_clause(path), whole.source.name, whole.line, whole.column)
        for path in found.unmoored
    ]
    show_remarks(remarks, form)


def _untested(clause: ClauseTrace) -> str:
    return say(
        "no test reaches clause {id}: {elements}",
        "条款 {id} 没有测试：{elements}",
        id=clause.id,
        elements=", ".join(clause.elements),
    )


def _no_clause(path: str) -> str:
    return say("`{path}` names no clause", "`{path}` 没有注明条款", path=path)


def _show(found: Tracing) -> None:
    """A row a clause, then what is left over."""
    lang = current().lang
    words = {
        "carried": say("carried", "已承担"),
        "outside": say("outside software", "软件之外"),
        "orphan": say("NOT CARRIED", "无人承担"),
    }
    table = Table(
        say("clause", "条款"),
        say("status", "状态"),
        say("elements", "内容"),
        say("tests", "测试"),
        say("text", "要点"),
        right=(2, 3),
    )
    for clause in found.clauses:
        text = clause.reason if clause.status == "outside" and clause.reason is not None else clause.text
        counts = (len(clause.elements) or None, len(clause.tests) or None)
        table.add(clause.id, words[clause.status], *counts, text.text(lang) if text is not None else "")
    table.show()
    for clause in found.untested:
        note(_untested(clause))
    for path in found.unmoored:
        note(_no_clause(path))
    for carrier in found.strangers:
        note(
            say(
                "`{path}` names a clause that the policy does not list",
                "`{path}` 注明的条款不在制度的条款清单中",
                path=carrier.path,
            )
        )
    carried = sum(clause.status == "carried" for clause in found.clauses)
    outside = sum(clause.status == "outside" for clause in found.clauses)
    data(
        say(
            "{all} clauses: {carried} carried, {outside} outside software, {orphans} left over",
            "共 {all} 条：已承担 {carried}，软件之外 {outside}，遗漏 {orphans}",
            all=len(found.clauses),
            carried=carried,
            outside=outside,
            orphans=len(found.orphans),
        )
    )
