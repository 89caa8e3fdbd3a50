"""`relflow case open`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.case.desk import Desk, acting, at_desk
from relflow.cli.case.views import show_case
from relflow.cli.failures import FINE
from relflow.cli.words import argument, option
from relflow.cli.words import command as make

if TYPE_CHECKING:
    from relflow.results import Actor

__all__ = ["command"]


@make("open", en="Open a case.", zh="新建工单。")
@argument("workflow", en="Which workflow, e.g. complaint.", zh="流程，如 complaint。")
@argument("words", nargs=-1, metavar="[NAME=VALUE]...", en="The case's data.", zh="工单的数据。")
@option("--account", metavar="ID", en="The account it is about.", zh="相关客户。")
@option(
    "--key",
    metavar="TEXT",
    en="The host's own key; a second open with it returns the same case.",
    zh="外部编号；再次以它新建时返回同一工单。",
)
@acting
@options.format_option("text", "json")
@at_desk
def command(
    desk: Desk, workflow: str, words: tuple[str, ...], account: str | None, key: str | None, actor: Actor, form: str
) -> int:
    """Open it and show it."""
    _, texts = options.split_words(words, 0)
    data = desk.data(workflow, texts)
    case = desk.engine.open(workflow, account=account, data=data, actor=actor, key=key)
    show_case(desk, case, form)
    return FINE
