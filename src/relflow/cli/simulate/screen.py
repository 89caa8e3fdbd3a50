"""How a simulation looks: the time, the case, its clocks, what happened, who was told, what may happen next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relflow.cli.plain import shown
from relflow.cli.screen import Table, data
from relflow.cli.session import current, say
from relflow.text import join

if TYPE_CHECKING:
    from relflow.cli.simulate.stage import Stage

__all__ = ["helped", "show_buttons", "show_case", "show_news"]


def show_case(stage: Stage, *, short: bool = False) -> None:
    """The time and where the case stands; its data unless `short`."""
    lang, case = current().lang, stage.case
    head = f"{stage.at:%Y-%m-%d %H:%M}"
    if case is None:
        data(say("{at}  no case yet: `open name=value …`", "{at}  尚未新建工单：`open 名称=值 …`", at=head))
        return
    workflow = stage.workflow
    state = workflow.states[case.state].label.text(lang)
    owner = say(", responsible: {owner}", "，负责人：{owner}", owner=case.owner) if case.owner else ""
    data(f"{head}  {state} ({case.state}){owner}")
    for clock in case.clocks.values():
        declared = workflow.clocks.get(clock.name)
        if declared is not None and not declared.hidden:
            data(f"  {declared.label.text(lang)}: {clock.text(lang, workflow.zone)}")
    for name, value in () if short else case.data.items():
        datum = workflow.data.get(name)
        if value is not None:
            data(f"  {datum.label.text(lang) if datum else name}: {shown(value)}")


def show_news(stage: Stage) -> None:
    """What happened since the last look, and the messages."""
    lang = current().lang
    main = stage.case.id if stage.case is not None else ""
    for case, line in stage.news():
        data(line.render(lang) if case.id == main else f"[{case.workflow}] {line.render(lang)}")
    for message in stage.told():
        data(say("→ to {who}: {text}", "→ 发给 {who}：{text}", who=message.recipient, text=message.text))


def show_buttons(stage: Stage) -> None:
    """The events of the state, numbered, with what they need and who may, or why not."""
    if stage.case is None:
        return
    lang, table = current().lang, Table()
    for number, (event, button, who) in enumerate(stage.buttons(), start=1):
        needs = join([need.id for need in button.needs if need.required], lang)
        words = [say("needs {names}", "需要 {names}", names=needs)] if needs else []
        said = button.refused.text(lang) if button.refused is not None else join(words, lang)
        table.add(f"  {number}", event.id, event.label.text(lang), f"({who})", said)
    table.show()


def helped() -> None:
    """What can be typed."""
    table = Table()
    for words, en, zh in _HELP:
        table.add(f"  {words}", say(en, zh))
    table.show()


_HELP = (
    ("open NAME=VALUE …", "open the case", "新建工单"),
    ("EVENT NAME=VALUE …", "fire an event, also by its number", "触发事件，也可输入序号"),
    ("… as ROLE who ID", "who acts; else whoever may", "操作人；缺省为有权限者"),
    ("wait 4 working hours", "let time pass", "让时间流逝"),
    ("until 2026-03-02T09:00", "let time pass until then", "让时间走到该时刻"),
    ("next", "until the next clock falls due", "到下一个到期时刻"),
    ("signal EVENT NAME=VALUE …", "tell of something that happened to the account", "通知客户发生的事情"),
    ("know FACT=VALUE …", "change facts of the account", "更改客户的数据项"),
    ("show, timeline, ledger CLOCK", "look at the case", "查看工单"),
    ("save FILE", "keep the play as a test", "把过程存为测试"),
    ("quit", "end", "结束"),
)
