"""`relflow types`: Python types of a policy's facts."""

from __future__ import annotations

from relflow.cli import options
from relflow.cli.failures import FINE
from relflow.cli.screen import data
from relflow.cli.words import argument
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "types",
    en="Print the policy's facts as Python types.\nTypedDicts and Literals for the host's type checker.",
    zh="将制度的数据项输出为 Python 类型。\n供业务系统的类型检查器使用的 TypedDict 和 Literal。",
)
@argument("path", default=".", en="The policy; default: this folder.", zh="制度，默认为当前文件夹。")
@options.overlay_option
@options.plugin_option
@options.lang_option
def command(path: str, overlay: str | None, plugins: tuple[str, ...]) -> int:
    """Print the module."""
    from relflow.policy import load
    from relflow.report.typed import python_types

    policy = load(options.policy_source(path), overlay=overlay, plugins=plugins)
    data(python_types(policy.program).rstrip())
    return FINE
