"""`relflow trace`: from the manual's clauses to elements, tests and what was last done, and back; what is left over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.failures import FAILED, FINE
from relflow.cli.remarks import FORMS, Outcome, Remark, show_junit, show_remarks
from relflow.cli.screen import Table, data, note, print_json, progress
from relflow.cli.session import Problem, current, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.model import Model
    from relflow.policy import Policy
    from relflow.results.tracing import ClauseTrace, Done, Tracing
    from relflow.review.coverage import Goal

__all__ = ["command"]

Traced = list[tuple["Policy", "Tracing", "Mapping[str, Sequence[Done]]"]]


@make(
    "trace",
    en="Trace each clause of the manual to what carries it and to the tests that reach it.\n"
    "Exit 1 if a clause, an element or a test is left over.",
    zh="逐条追溯：制度条款由哪些内容落实、由哪些测试验证。\n有遗漏时退出码为 1。",
)
@argument(
    "paths",
    nargs=-1,
    metavar="[PATH]...",
    en="Policies: folders, files or shipped:NAME; default: this folder.",
    zh="制度：文件夹、文件或 shipped:名称，默认为当前文件夹。",
)
@option("--reverse", is_flag=True, en="From elements to clauses.", zh="由内容反查条款。")
@option(
    "--store",
    metavar="URL",
    en="A store of cases, sqlite:///cases.db for example: show what was last done under each clause.",
    zh="工单存储，如 sqlite:///cases.db：显示每条条款最近的执行情况。",
)
@options.overlay_option
@options.plugin_option
@options.format_option("text", "json", "html", *FORMS)
@options.lang_option
def command(
    paths: tuple[str, ...], reverse: bool, store: str | None, overlay: str | None, plugins: tuple[str, ...], form: str
) -> int:
    """Run the tests, trace, and print."""
    if overlay is not None and len(paths) > 1:
        raise Problem(say("`--overlay` goes with one policy", "`--overlay` 只能用于一个制度"))
    traced = [_trace(path, overlay, plugins, store) for path in paths or (".",)]
    if form == "json":
        print_json(_json(traced, reverse=reverse, stored=store is not None))
    elif form == "html":
        from relflow.report.tracing import trace_page

        lang = current().lang
        data(trace_page([(policy.program, found, done) for policy, found, done in traced], lang))
    elif form == "text":
        _show(traced, reverse=reverse)
    else:
        for policy, found, _ in traced:
            _reported(policy.model, found, form)
    if form not in FORMS:
        for _, found, _ in traced:
            _left_over(found)
    return FINE if all(found.whole for _, found, _ in traced) else FAILED


def _trace(
    path: str, overlay: str | None, plugins: tuple[str, ...], store: str | None
) -> tuple[Policy, Tracing, Mapping[str, Sequence[Done]]]:
    """One policy: its tests run, its clauses traced, its store read."""
    from relflow.policy import load
    from relflow.review import Coverage
    from relflow.review.tracing import trace
    from relflow.testing import run

    policy = load(options.policy_source(path), overlay=overlay, plugins=plugins)
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
    return policy, found, _done(policy, found, store) if store is not None else {}


def _done(policy: Policy, found: Tracing, store: str) -> Mapping[str, Sequence[Done]]:
    from relflow.engine import Engine
    from relflow.review.recent import last_done

    with Engine(policy, store=store) as engine:
        return last_done(engine, policy.program, found)


def _reported(model: Model, found: Tracing, form: str) -> None:
    """What is left over, at the clause or the element; for JUnit each clause is a case."""
    places = {clause.name: clause.id.span for clause in model.clauses}
    problems = {
        clause.id: say("nothing carries clause {id}", "条款 {id} 尚未落实", id=clause.id) for clause in found.orphans
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


def _json(traced: Traced, *, reverse: bool, stored: bool) -> dict[str, object]:
    """The clauses; with `--reverse` the elements, with a store also what was last done."""
    lang = current().lang
    if reverse:
        return {"elements": [element.to_dict() for _, found, _ in traced for element in found.elements]}
    clauses: list[dict[str, object]] = []
    for _, found, done in traced:
        for clause in found.clauses:
            last = {"decisions": [one.to_dict(lang) for one in done.get(clause.id, ())]} if stored else {}
            clauses.append({**clause.to_dict(lang), **last})
    return {"clauses": clauses}


def _show(traced: Traced, *, reverse: bool) -> None:
    """A table a policy, and the number of clauses that are carried."""
    for policy, found, done in traced:
        (_elements if reverse else _clauses)(found, done)
        data(f"{policy.id}: {_count([found])}" if len(traced) > 1 else _count([found]))
    if len(traced) > 1:
        data(say("together: {count}", "合计：{count}", count=_count([found for _, found, _ in traced])))


def _clauses(found: Tracing, done: Mapping[str, Sequence[Done]]) -> None:
    """A row a clause, and what was last done under it."""
    lang = current().lang
    words = {
        "carried": say("carried", "已落实"),
        "outside": say("outside software", "软件之外"),
        "orphan": say("NOT CARRIED", "尚未落实"),
    }
    heading = [say("clause", "条款"), say("status", "状态"), say("elements", "内容"), say("tests", "测试")]
    table = Table(*heading, say("text", "要点"), *([say("last done", "最近执行")] if done else []), right=(2, 3))
    for clause in found.clauses:
        text = clause.reason if clause.status == "outside" and clause.reason is not None else clause.text
        counts = (len(clause.elements) or None, len(clause.tests) or None)
        last = [f"{one.at:%Y-%m-%d} {one.account or ''} {one.what.text(lang)}" for one in done.get(clause.id, ())[:1]]
        table.add(clause.id, words[clause.status], *counts, text.text(lang) if text is not None else "", *last)
    table.show()


def _elements(found: Tracing, _done: Mapping[str, Sequence[Done]]) -> None:
    table = Table(say("element", "内容"), say("clauses", "条款"), say("tests", "测试"), right=(2,))
    for element in found.elements:
        table.add(element.path, ", ".join(element.clauses), len(element.tests) or None)
    table.show()


def _left_over(found: Tracing) -> None:
    """What makes the command fail, a line each."""
    for clause in found.orphans:
        note(say("nothing carries clause {id}", "条款 {id} 没有任何内容落实", id=clause.id))
    for clause in found.untested:
        elements = ", ".join(clause.elements)
        note(
            say(
                "no test reaches clause {id}: {elements}",
                "条款 {id} 没有测试：{elements}",
                id=clause.id,
                elements=elements,
            )
        )
    for path in found.unmoored:
        note(_no_clause(path))
    for carrier in found.strangers:
        path = carrier.path
        note(say("`{path}` names a clause that is not listed", "`{path}` 注明的条款不在条款清单中", path=path))


def _count(found: Sequence[Tracing]) -> str:
    clauses = [clause.status for one in found for clause in one.clauses]
    return say(
        "{all} clauses: {carried} carried, {outside} outside software, {orphans} left over",
        "共 {all} 条：已落实 {carried}，软件之外 {outside}，遗漏 {orphans}",
        all=len(clauses),
        carried=clauses.count("carried"),
        outside=clauses.count("outside"),
        orphans=clauses.count("orphan"),
    )
