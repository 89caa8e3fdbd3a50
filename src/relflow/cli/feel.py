"""`relflow feel`: evaluate an expression, test a value, or try things at a prompt."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast

from relflow.cli import options
from relflow.cli.failures import FINE, report
from relflow.cli.jsontext import JsonTextError, parse
from relflow.cli.plain import plain
from relflow.cli.records import read_records
from relflow.cli.screen import colours, data, note
from relflow.cli.session import Problem, current, say
from relflow.cli.words import argument, option
from relflow.cli.words import command as make
from relflow.diagnostics import Fragment, render
from relflow.errors import FeelError
from relflow.text import join

if TYPE_CHECKING:
    from relflow.feel import Recording

__all__ = ["command"]

Context = dict[str, object]


@make(
    "feel",
    en="Evaluate a FEEL expression.\n"
    "Values for its names follow as name=value or stand in --context. Without an expression: a prompt, "
    "or one expression a line from standard input.",
    zh="计算 FEEL 表达式。\n名称的取值写成 名称=值，或写在 --context 里。不写表达式则进入交互提示，或逐行读标准输入。",
    context_settings={"ignore_unknown_options": True},
)
@argument(
    "words",
    nargs=-1,
    metavar="[EXPRESSION] [NAME=VALUE]...",
    en="What to evaluate, and with what.",
    zh="表达式，以及其中名称的值。",
)
@option(
    "--context",
    metavar="JSON",
    en="Values as a JSON object, or a file with one.",
    zh="以 JSON 对象给出的值，或存有它的文件。",
)
@option(
    "--unary",
    metavar="VALUE",
    en="Read the expression as a cell of a table and test this value.",
    zh="把表达式当作表格单元格，检验此值。",
)
@option(
    "--at",
    metavar="WHEN",
    en="What now() and today() are; default: the clock.",
    zh="now() 与 today() 的取值，默认为当前时间。",
)
@options.format_option("text", "json")
@options.lang_option
def command(words: tuple[str, ...], context: str | None, unary: str | None, at: str | None, form: str) -> int:
    """One expression, or many."""
    expression, facts = _split(words)
    now = options.moment(at, datetime.now().astimezone().tzinfo or UTC)
    values: Context = {**_context(context), **{name: _value(text, now) for name, text in facts.items()}}
    if expression is not None:
        return _answer(expression, values, unary, now, form)
    if sys.stdin.isatty():
        return _prompt(values, now)
    codes = [_answer(line, values, unary, now, form) for line in sys.stdin.read().splitlines() if line.strip()]
    return max(codes, default=FINE)


def _split(words: tuple[str, ...]) -> tuple[str | None, dict[str, str]]:
    """The first word is the expression, whatever it holds; all others are values."""
    if not words:
        return None, {}
    if words[0].startswith("--"):
        raise Problem(say("there is no option `{name}`", "没有选项 `{name}`", name=words[0]))
    plain_words, facts = options.split_words(words[1:], 0)
    del plain_words
    return words[0], facts


def _context(text: str | None) -> Context:
    if text is None:
        return {}
    if not text.lstrip().startswith("{"):
        records, several = read_records(text)
        if several:
            raise Problem(say("`{file}` has to hold one object", "`{file}` 应只含一个对象", file=text))
        return records[0]
    try:
        found = parse(text)
    except JsonTextError as error:
        if error.column:
            raise Problem(
                say(
                    "--context is not JSON (column {column})",
                    "--context 不是 JSON（第 {column} 列）",
                    column=error.column,
                )
            ) from None
        raise Problem(f"--context: {say(error.en, error.zh)}") from None
    return dict(cast("Context", found))


def _value(text: str, now: date) -> object:
    """What `name=value` means: a FEEL value such as `5000万` or `date("2026-07-01")`, else the text itself."""
    from relflow.feel import explain

    try:
        recording = explain(text, {}, now=now)
    except FeelError:
        return text
    return text if recording.missing else recording.value


def _answer(expression: str, values: Mapping[str, object], unary: str | None, now: date, form: str) -> int:
    """Print one value; why it is null goes to standard error."""
    from relflow.feel import explain, unary_test

    try:
        if unary is None:
            recording = explain(expression, values, now=now)
            value = recording.value
            _reasons(expression, recording)
        else:
            value = unary_test(expression, _value(unary, now), values, now=now)
    except FeelError as error:
        return report(error, current())
    data(json.dumps(plain(value), ensure_ascii=False) if form == "json" else _literal(value))
    return FINE


def _reasons(expression: str, recording: Recording) -> None:
    """Say where null came from, if the answer is null."""
    if recording.value is not None:
        return
    lang = current().lang
    for reason in recording.reasons:
        found = reason.at(Fragment.of(expression, "<feel>"))
        note(render(found, lang, colour=colours(sys.stderr)))
    if recording.missing and not recording.reasons:
        names = join([f"`{name}`" for name in recording.missing], lang)
        note(say("no value given: {names}", "没有给出取值：{names}", names=names))


def _literal(value: object) -> str:
    from relflow.values import literal

    return literal(value)


def _prompt(values: Context, now: date) -> int:
    """Read, evaluate, print; `name = expression` keeps a value."""
    note(
        say(
            "FEEL: `x: 5` keeps a value, an empty line or Ctrl-D ends",
            "FEEL：`x: 5` 保存一个值，空行或 Ctrl-D 结束",
        )
    )
    while True:
        try:
            line = input("feel> ").strip()
        except EOFError:
            line = ""
        if not line:
            return FINE
        name, colon, rest = line.partition(":")
        if colon and name.strip().isidentifier():
            values[name.strip()] = _value(rest.strip(), now)
        else:
            _answer(line, values, None, now, "text")
