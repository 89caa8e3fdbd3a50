"""`relflow case signal`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.case.desk import Desk, acting, at_desk
from relflow.cli.case.views import show_report
from relflow.cli.failures import FINE
from relflow.cli.screen import note
from relflow.cli.session import current, say
from relflow.cli.typed import typed
from relflow.cli.words import argument, option
from relflow.cli.words import command as make
from relflow.text import join

if TYPE_CHECKING:
    from relflow.results import Actor

__all__ = ["command"]


@make("signal", en="Tell of something that happened to an account.", zh="通知客户发生的事情。")
@argument("event", en="An event that the policy declares.", zh="制度声明的事件。")
@argument("words", nargs=-1, metavar="[NAME=VALUE]...", en="The event's data.", zh="事件的数据。")
@option("--account", metavar="ID", required=True, en="The account.", zh="客户。")
@option(
    "--event-id",
    metavar="TEXT",
    required=True,
    en="The host's id of it; told a second time it does nothing and says what followed then.",
    zh="外部事件编号；重复时不再执行，只列出当时引发的步骤。",
)
@acting
@at_desk
def command(desk: Desk, event: str, words: tuple[str, ...], account: str, event_id: str, actor: Actor) -> int:
    """Hand it to the engine, then do what became due."""
    _, texts = options.split_words(words, 0)
    data = typed(desk.event(event), texts, desk.policy.program.zone)
    steps = desk.engine.signal(event, account=account, data=data, actor=actor, event_id=event_id)
    if steps:
        note(say("what followed: {steps}", "引发的步骤：{steps}", steps=join(steps, current().lang)))
    else:
        note(say("nothing followed", "没有引发任何步骤"))
    show_report(desk, desk.engine.run_due())
    return FINE
