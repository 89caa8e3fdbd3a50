"""`relflow case approve`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relflow.cli.case.desk import Desk, acting, at_desk
from relflow.cli.case.settling import judged
from relflow.cli.words import argument
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.results import Actor

__all__ = ["command"]


@make(
    "approve",
    en="Let held notifications go out. Who acts must hold the role that approves.\n"
    "Exit 1 if one of them was not held, or may not be approved by this person.",
    zh="批准发送等待批准的通知，操作人须具有批准角色。\n所列编号中有未在等待批准的，或操作人无权批准的，退出码为 1。",
)
@argument("keys", nargs=-1, required=True, metavar="KEY...", en="Which, as `relflow case held` lists them.",
          zh="编号，见 `relflow case held`。")  # fmt: skip
@acting
@at_desk
def command(desk: Desk, keys: tuple[str, ...], actor: Actor) -> int:
    """Approve one after the other and report."""
    return judged(keys, lambda key: desk.engine.approve(key, actor=actor), "approved", "已批准")
