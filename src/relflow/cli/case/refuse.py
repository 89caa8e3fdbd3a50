"""`relflow case refuse`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relflow.cli.case.acts import explained
from relflow.cli.case.desk import Desk, acting, at_desk
from relflow.cli.case.settling import judged
from relflow.cli.words import argument
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.results import Actor

__all__ = ["command"]


@make(
    "refuse",
    en="Keep held notifications back for good, with the reason.\n"
    "Exit 1 if one of them was not held, or may not be refused by this person.",
    zh="拒绝发送等待批准的通知，并记下原因。\n所列编号中有未在等待批准的，或操作人无权处理的，退出码为 1。",
)
@argument("keys", nargs=-1, required=True, metavar="KEY...", en="Which, as `relflow case held` lists them.",
          zh="编号，见 `relflow case held`。")  # fmt: skip
@explained
@acting
@at_desk
def command(desk: Desk, keys: tuple[str, ...], actor: Actor, because: str) -> int:
    """Refuse one after the other and report."""
    return judged(keys, lambda key: desk.engine.refuse(key, actor=actor, because=because), "refused", "已拒绝")
