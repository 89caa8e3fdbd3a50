"""How a case and a report look on the screen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from relflow.cli.plain import plain, shown
from relflow.cli.screen import Table, data, note, print_json
from relflow.cli.session import current, say

if TYPE_CHECKING:
    from relflow.cli.case.desk import Desk
    from relflow.engine import Report
    from relflow.results import Case
    from relflow.stores import Notice

__all__ = ["awaited", "local", "next_due", "show_case", "show_report", "told_to"]


def local(desk: Desk, at: datetime) -> str:
    """An instant in the policy's zone."""
    return f"{at.astimezone(desk.policy.program.zone):%Y-%m-%d %H:%M}"


def next_due(case: Case) -> datetime | None:
    """When the first running clock of a case falls due."""
    dues = [clock.due_at for clock in case.clocks.values() if clock.running and clock.due_at]
    return min(dues, default=None)


def show_case(desk: Desk, case: Case, form: str = "text") -> None:
    """A case: head, data, clocks."""
    if form == "json":
        print_json(plain(case))
        return
    head = Table()
    head.add(say("case", "工单"), case.id)
    head.add(say("workflow", "流程"), f"{case.workflow} {case.workflow_version}")
    workflow = desk.definition(case)
    lang = current().lang
    state = workflow.states.get(case.state)
    head.add(say("state", "状态"), _named(state.label.text(lang) if state else "", case.state))
    if case.account:
        head.add(say("account", "客户"), case.account)
    if case.owner:
        head.add(say("owner", "负责人"), case.owner)
    head.add(say("opened", "新建"), local(desk, case.opened_at))
    if case.closed_at:
        head.add(say("closed", "关闭"), local(desk, case.closed_at))
    if case.merged_into:
        head.add(say("goes on as", "已并入"), case.merged_into)
    for name, value in case.data.items():
        datum = workflow.data.get(name)
        choice = datum.labels.get(str(value)) if datum else None
        label = datum.label.text(lang) if datum else name
        head.add(label, _named(choice.text(lang), str(value)) if choice else shown(value))
    head.show()
    for clock in case.clocks.values():
        declared = workflow.clocks.get(clock.name)
        label = declared.label.text(lang) if declared else clock.name
        data(
            say(
                "clock {name}: {state}",
                "计时“{name}”：{state}",
                name=label,
                state=clock.text(lang, desk.policy.program.zone),
            )
        )


def _named(label: str, id_: str) -> str:
    """What people call something, with the id that commands take."""
    return f"{label} ({id_})" if label and label != id_ else id_


def told_to(notice: Notice, most: int | None = None) -> tuple[str, str]:
    """To whom a message goes, and what it says, at most so many characters of it."""
    from relflow.results import Message

    item = notice.item
    if not isinstance(item, Message):
        return say("the system", "业务系统"), item.name
    text = " ".join(item.text.text(current().lang).split())
    return item.recipient, text if most is None or len(text) <= most else text[: most - 1] + "…"


def awaited(notice: Notice) -> str | None:
    """The role whose approval a message waits for, None where it waits for none."""
    from relflow.stores import HELD

    error = notice.error or ""
    return error.removeprefix(HELD) if notice.status == "dead" and error.startswith(HELD) else None


def show_report(desk: Desk, report: Report) -> None:
    """What a run did, on standard error, and on standard output when to run again."""
    note(report.text(current().lang))
    if report.next_due:
        data(local(desk, report.next_due))
