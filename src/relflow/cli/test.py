"""`relflow test`: the policy's own tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from relflow.cli import options
from relflow.cli.failures import FAILED, FINE
from relflow.cli.remarks import FORMS, Outcome, Remark, show_junit, show_remarks
from relflow.cli.screen import data, note, print_json, progress
from relflow.cli.session import current, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.review import Coverage
    from relflow.testing import Result

__all__ = ["command"]


@make(
    "test",
    en="Run the policy's tests.\nThey stand in *.test.yaml beside what they test. Exit 1 if one fails.",
    zh="运行制度的测试。\n测试写在同一文件夹的 *.test.yaml 里；有失败时退出码为 1。",
)
@argument(
    "path",
    default=".",
    en="A policy's folder, one file of tests, or shipped:NAME.",
    zh="制度文件夹、单个测试文件，或 shipped:名称。",
)
@option("--select", "-k", metavar="TEXT", en="Only tests whose name holds this text.", zh="只运行名称含此文字的测试。")
@option(
    "--coverage",
    is_flag=True,
    en="Also say what no test reaches, and what share is reached.",
    zh="同时列出未被测试触及的规则和覆盖率。",
)
@option(
    "--fail-under", type=float, metavar="PERCENT", en="Fail below this coverage.", zh="覆盖率低于此百分比时视为失败。"
)
@option(
    "--mutate",
    is_flag=True,
    en="Change the policy in small ways and say which changes no test notices.",
    zh="对制度做细小改动，列出没有测试会发现的改动。",
)
@option(
    "--generate",
    metavar="NAME",
    en="Write tests with today's answers to be reviewed: of a decision at its boundaries, of a workflow's transitions.",
    zh="生成测试并填入现有结果，供复核：判定的边界值，或流程的每个流转。",
)
@options.at_option
@option(
    "--most",
    type=click.IntRange(min=1),
    default=200,
    metavar="N",
    en="Try at most so many changes, or write at most so many rows; default: 200.",
    zh="最多尝试的改动数，或最多写出的行数，默认为 200。",
)
@options.overlay_option
@options.plugin_option
@options.format_option("text", "json", *FORMS)
@options.lang_option
def command(
    path: str,
    select: str | None,
    coverage: bool,
    fail_under: float | None,
    mutate: bool,
    generate: str | None,
    at: str | None,
    most: int,
    overlay: str | None,
    plugins: tuple[str, ...],
    form: str,
) -> int:
    """Run them and print what failed."""
    from relflow.cli.coverage import enough, show_coverage
    from relflow.cli.generation import write_rows
    from relflow.cli.mutation import try_changes
    from relflow.review import Coverage
    from relflow.testing import run

    if generate is not None:
        return write_rows(options.policy_source(path), generate, at, overlay=overlay, plugins=plugins, most=most)
    if mutate:
        return try_changes(options.source(path), form, overlay=overlay, plugins=plugins, select=select, most=most)
    measured = Coverage() if coverage or fail_under is not None else None
    running = run(options.source(path), overlay=overlay, plugins=plugins, select=select, coverage=measured)
    results = list(progress(running, "testing", "正在测试"))
    passed = bool(results) and all(result.passed for result in results)
    if form == "json":
        _json(results, measured)
    elif form == "text":
        _text(results)
    else:
        _reported(results, form)
    if measured is not None:
        if form == "text":
            show_coverage(measured)
        passed = enough(measured, fail_under) and passed
    return FINE if passed else FAILED


def _text(results: Sequence[Result]) -> None:
    """Failures in full, then a line that counts."""
    lang = current().lang
    failed = [result for result in results if not result.passed]
    for result in failed:
        place = f"{result.file}:{result.line}"
        note(say("{place}: failed: {it}", "{place}: 失败：{it}", place=place, it=result.it))
        for line in result.text(lang).splitlines():
            note(f"  {line}")
    if not results:
        note(say("no tests found; `relflow new` writes a first one", "没有找到测试；可用 `relflow new` 新建"))
    elif failed:
        note(say("{failed} of {all} failed", "{all} 项中 {failed} 项失败", failed=len(failed), all=len(results)))
    else:
        data(say("{all} passed", "{all} 项通过", all=len(results)))


def _json(results: Sequence[Result], coverage: Coverage | None) -> None:
    lang = current().lang
    rows = [
        {
            "it": result.it,
            "file": result.file,
            "line": result.line,
            "passed": result.passed,
            "problem": None if result.passed else result.text(lang),
            "seconds": round(result.seconds, 6),
        }
        for result in results
    ]
    measured = {} if coverage is None else {"coverage": coverage.to_dict(lang)}
    print_json({"schema_version": 1, "tests": rows, **measured})


def _reported(results: Sequence[Result], form: str) -> None:
    """What programs read: JUnit lists every test, the other forms those that failed."""
    lang = current().lang
    if form == "junit":
        show_junit(Outcome(one.it, one.file, one.line, one.seconds, one.text(lang)) for one in results)
        return
    show_remarks(
        (
            Remark("error", "failed-test", one.text(lang), one.file, one.line, title=one.it)
            for one in results
            if not one.passed
        ),
        form,
    )
