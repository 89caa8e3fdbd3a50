"""From an exception to words on the screen and an exit code; nobody sees a traceback."""

from __future__ import annotations

import errno
from typing import Any

import click

from relflow.cli.findings import show_findings
from relflow.cli.screen import note
from relflow.cli.session import Session, current, say
from relflow.errors import (
    ClockRequiredError,
    FactError,
    FeelError,
    NotFoundError,
    PluginError,
    PolicyError,
    RefusedError,
    RelflowError,
    StoreError,
)
from relflow.text import join

__all__ = ["FAILED", "FINE", "UNREADABLE", "report"]

FINE = 0
FAILED = 1  # an error, a warning or a failed test
UNREADABLE = 2  # unreadable input or bad usage
_SHOWN = 200  # characters of a name
INTERRUPTED = 130  # 128 + SIGINT, as shells say it

_INPUT = (ClockRequiredError, FactError, NotFoundError, PluginError, StoreError)
_SYSTEM = {
    errno.ENOENT: ("there is no such file or folder", "没有这个文件或文件夹"),
    errno.EACCES: ("permission denied", "没有权限"),
    errno.EEXIST: ("it exists already", "已经存在"),
    errno.EISDIR: ("this is a folder", "这是一个文件夹"),
    errno.ENOTDIR: ("this is not a folder", "这不是文件夹"),
    errno.ENAMETOOLONG: ("the name is too long", "名称过长"),
    errno.ENOSPC: ("no space left on the disk", "磁盘已满"),
    errno.EROFS: ("the disk is read-only", "磁盘只读"),
}


def report(error: BaseException, session: Session) -> int:
    """Say what went wrong on standard error and return the exit code."""
    if session.debug and isinstance(error, Exception):
        import traceback

        note("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, click.UsageError):
        return _usage(error)
    if isinstance(error, click.ClickException):
        note(_head(error.format_message()))
        return UNREADABLE
    if isinstance(error, PolicyError | FeelError):
        show_findings(error.diagnostics)
        return FAILED
    if isinstance(error, RelflowError):
        note(_head(error.text(session.lang)))
        unknown = isinstance(error, RefusedError) and error.reason == "event"
        return UNREADABLE if unknown or isinstance(error, _INPUT) else FAILED
    if isinstance(error, click.Abort | KeyboardInterrupt):
        note(say("stopped", "已中止"))
        return INTERRUPTED
    return _outside(error)


def _head(text: str) -> str:
    return say("error: {text}", "错误：{text}", text=text)


def _usage(error: click.UsageError) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        note(error.format_message())
        return UNREADABLE
    note(_head(_usage_text(error)))
    path = error.ctx.command_path if error.ctx else "relflow"
    note(say("  help: `{path} --help` lists what there is", "  改法：用 `{path} --help` 查看用法", path=path))
    return UNREADABLE


def _usage_text(error: click.UsageError) -> str:
    """click's own usage errors in the house's words."""
    hint = error.param.get_error_hint(error.ctx) if isinstance(error, click.BadParameter) and error.param else ""
    hint = (hint or "").replace("'", "")
    if isinstance(error, click.MissingParameter):
        return say("`{hint}` is missing", "缺少 `{hint}`", hint=hint)
    if isinstance(error, click.BadParameter) and error.param and isinstance(error.param.type, click.Choice):
        choices = join([str(choice) for choice in error.param.type.choices], current().lang)
        return say("`{hint}` is one of {choices}", "`{hint}` 只能是 {choices} 之一", hint=hint, choices=choices)
    if isinstance(error, click.BadParameter) and error.param and (wanted := _number(error.param.type)):
        return say("`{hint}` needs {wanted}", "`{hint}` 需要{wanted}", hint=hint, wanted=wanted)
    if isinstance(error, click.BadParameter) and hint:
        return say("`{hint}`: {text}", "`{hint}`：{text}", hint=hint, text=_lower(error.message))
    if isinstance(error, click.NoSuchOption):
        near = error.possibilities
        text = say("there is no option `{name}`", "没有选项 `{name}`", name=error.option_name)
        return text + (say("; did you mean `{near}`?", "，是否想写 `{near}`？", near=near[0]) if near else "")
    if isinstance(error, click.BadOptionUsage):
        return say("option `{name}` needs a value", "选项 `{name}` 缺少值", name=error.option_name)
    return _lower(error.format_message())


def _number(kind: click.ParamType[Any]) -> str | None:
    """What number an option takes; None where it takes something else."""
    if isinstance(kind, click.IntRange) and kind.min is not None and kind.max is None:
        return say("a whole number from {least} on", "不小于 {least} 的整数", least=kind.min)
    if isinstance(kind, click.types.IntParamType):
        return say("a whole number", "整数")
    return say("a number", "数字") if isinstance(kind, click.types.FloatParamType) else None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")


def _outside(error: BaseException) -> int:
    """What the system refused, and what nobody foresaw."""
    if isinstance(error, OSError) and error.errno in _SYSTEM and error.filename is not None:
        why = say(*_SYSTEM[error.errno])
        file = str(error.filename)
        shown = file if len(file) <= _SHOWN else f"{file[:_SHOWN]}…"
        note(_head(say("`{file}`: {why}", "`{file}`：{why}", file=shown, why=why)))
        return UNREADABLE
    kind = type(error).__name__
    text = " ".join(str(error).split())
    note(
        _head(
            say(
                "this should not have happened ({kind}: {text})",
                "出现了意外情况（{kind}：{text}）",
                kind=kind,
                text=text,
            )
        )
    )
    note(
        say(
            "  help: set RELFLOW_DEBUG=1, run it again and report what it prints",
            "  改法：设置 RELFLOW_DEBUG=1 后重新运行，并把输出报告给我们",
        )
    )
    return UNREADABLE
