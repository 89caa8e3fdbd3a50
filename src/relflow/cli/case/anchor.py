"""`relflow case anchor`."""

from __future__ import annotations

from relflow.cli.case.anchors import key_option, line_of, read_key
from relflow.cli.case.desk import Desk, at_desk
from relflow.cli.failures import FINE
from relflow.cli.screen import data, note
from relflow.cli.session import Problem, say
from relflow.cli.words import command as make

__all__ = ["command"]


@make(
    "anchor",
    en="Print a signed anchor for every case, a line each.\n"
    "Kept elsewhere, they let `relflow case verify` find lost cases, cut tails and histories written anew.",
    zh="为每件工单输出一行带签名的锚点。\n另行保存后，`relflow case verify` 可据此发现丢失的工单、被截断或重写的历史。",
)
@key_option
@at_desk
def command(desk: Desk, key_file: str | None) -> int:
    """Print them."""
    if key_file is None:
        raise Problem(say("`--key-file` is missing", "缺少 `--key-file`"))
    count = 0
    for anchor in desk.engine.anchors(read_key(key_file)):
        data(line_of(anchor))
        count += 1
    note(say("anchors: {count}", "锚点：{count}", count=count))
    return FINE
