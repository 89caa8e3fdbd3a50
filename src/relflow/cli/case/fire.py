"""`relflow case fire`."""

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


@make(
    "fire",
    en="Fire an event of a case.\nExit 1 if it is refused; the message says why.",
    zh="触发工单的一个事件。\n被拒绝时退出码为 1，并说明原因。",
)
@argument("case", en="The case's id.", zh="工单编号。")
@argument("event", en="The event, e.g. acknowledge.", zh="事件，如 acknowledge。")
@argument("words", nargs=-1, metavar="[NAME=VALUE]...", en="The event's data.", zh="事件的数据。")
@option(
    "--event-id",
    metavar="TEXT",
    en="A second firing with the same id does nothing.",
    zh="以相同编号再次触发时不起作用。",
)
@option(
    "--version",
    "version",
    type=int,
    metavar="N",
    en="Refuse if the case has moved on since this version.",
    zh="若工单已不是此版本则拒绝。",
)
@acting
@options.format_option("text", "json")
@at_desk
def command(
    desk: Desk,
    case: str,
    event: str,
    words: tuple[str, ...],
    event_id: str | None,
    version: int | None,
    actor: Actor,
    form: str,
) -> int:
    """Fire it and show the case."""
    _, texts = options.split_words(words, 0)
    data = desk.case_data(desk.engine.case(case), texts)
    after = desk.engine.fire(case, event, actor=actor, data=data, event_id=event_id, expected_version=version)
    show_case(desk, after, form)
    return FINE
