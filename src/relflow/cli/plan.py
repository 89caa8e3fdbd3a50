"""`relflow plan`: the contacts that an account is due, on working days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from relflow.cli import options
from relflow.cli.failures import FAILED, FINE
from relflow.cli.given import known_days, load_policy, names_fit
from relflow.cli.records import facts_option, read_records
from relflow.cli.screen import Table, note, print_json
from relflow.cli.session import Problem, current, say
from relflow.cli.typed import facts
from relflow.cli.words import argument, option
from relflow.cli.words import command as make
from relflow.diagnostics import nearest

if TYPE_CHECKING:
    from relflow.policy import Policy
    from relflow.results import Contact, Touchpoint

__all__ = ["command"]


@make(
    "plan",
    en="Plan the contacts of an account.\nPATH is the policy, default: this folder. "
    "Facts are name=value, or stand in --facts.",
    zh="安排客户的联系计划。\nPATH 为制度，默认为当前文件夹。数据项写成 名称=值，或放在 --facts 里。",
)
@argument("words", nargs=-1, metavar="[PATH] [FACT=VALUE]...", en="The policy, and the account.", zh="制度和客户。")
@facts_option
@option(
    "--history",
    metavar="FILE",
    en="Contacts made: CSV or JSON with `touchpoint` and `on`.",
    zh="已有联系：含 `touchpoint` 和 `on` 列的 CSV 或 JSON。",
)
@option("--days", type=int, default=90, metavar="N", en="So many days ahead; default: 90.", zh="往后多少天，默认 90。")
@options.known_option
@options.at_option
@options.as_of_option
@options.overlay_option
@options.plugin_option
@options.format_option("text", "json")
@options.lang_option
def command(
    words: tuple[str, ...],
    facts_file: str | None,
    history: str | None,
    days: int,
    known: tuple[str, ...],
    at: str | None,
    as_of: str | None,
    overlay: str | None,
    plugins: tuple[str, ...],
    form: str,
) -> int:
    """Plan, and print one line a contact."""
    plain, texts = options.split_words(words, 1)
    policy = load_policy(options.policy_source(plain[0] if plain else "."), overlay, plugins, as_of)
    records, several = read_records(facts_file) if facts_file else ([{}], False)
    if several and len(records) != 1:
        raise Problem(
            say(
                "plan takes one account; `{file}` holds {count}",
                "plan 一次安排一家客户；`{file}` 有 {count} 家",
                file=facts_file,
                count=len(records),
            )
        )
    when = options.moment(at, policy.program.zone)
    start = when.date() if isinstance(when, datetime) else when
    until = _until(start, days)
    fits = names_fit(policy.program.facts, {*texts, *records[0]})
    contacts = _history(history)
    made = [one for one in contacts if one.touchpoint in policy.program.touchpoints]
    fits = _touchpoints_fit(policy, contacts) and fits
    given = facts(policy, records[0], texts)
    planned = policy.plan_contacts(given, made, at=when, until=until, known=known_days(known, policy))
    if form == "json":
        print_json([dict(found.to_dict(current().lang)) for found in planned])
    else:
        _show(planned, until)
    return FINE if fits else FAILED


def _touchpoints_fit(policy: Policy, contacts: Sequence[Contact]) -> bool:
    """Warn of contacts of a kind that no cadence has, counted; whether there are none."""
    counted = Counter(one.touchpoint for one in contacts if one.touchpoint not in policy.program.touchpoints)
    for name, count in counted.items():
        near = nearest(name, policy.program.touchpoints)
        tail = say("; did you mean `{near}`?", "，是否想写 `{near}`？", near=near) if near else ""
        text = say(
            "warning: no cadence declares `{name}`: left aside, contacts: {count}",
            "警告：没有联系节奏声明 `{name}`，已略过 {count} 条记录",
            name=name,
            count=count,
        )
        note(text + tail)
    return not counted


def _show(touchpoints: Sequence[Touchpoint], until: date) -> None:
    """One line a contact."""
    lang = current().lang
    if not touchpoints:
        note(say("no contacts until {day}", "{day} 之前没有联系安排", day=until))
        return
    table = Table(say("on", "日期"), say("at the latest", "最迟"), say("contact", "联系"), say("why", "原因"))
    for found in touchpoints:
        on = found.on or _STATUS[found.status].get(lang[:2], found.status)
        table.add(on, found.latest, found.label.text(lang) or found.touchpoint, found.because(lang))
    table.show()
    if any(found.provisional for found in touchpoints):
        note(say("provisional: the official list of holidays is not published", "暂定：官方放假安排尚未公布"))


_STATUS: Mapping[str, Mapping[str, str]] = {
    "unset": {"en": "not set", "zh": "未设定"},
    "unknown": {"en": "unknown", "zh": "未知"},
    "overdue": {"en": "overdue", "zh": "已逾期"},
    "due": {"en": "due", "zh": "到期"},
    "upcoming": {"en": "upcoming", "zh": "待安排"},
}


def _until(start: date, days: int) -> date:
    """The last day of the plan."""
    try:
        return start + timedelta(days=max(days, 0))
    except OverflowError:
        raise Problem(say("`{day}` is too late to plan from", "`{day}` 太晚，无法安排", day=start)) from None


def _history(name: str | None) -> list[Contact]:
    """The contacts of a file."""
    from relflow.results import Contact

    contacts: list[Contact] = []
    for number, record in enumerate(read_records(name)[0] if name else (), 1):
        try:
            contacts.append(Contact(str(record["touchpoint"]), date.fromisoformat(str(record["on"]))))
        except (KeyError, ValueError):
            raise Problem(
                say(
                    "`{file}`, contact {number}: it needs `touchpoint` and a day `on`, 2026-07-01",
                    "`{file}` 第 {number} 条：需要 `touchpoint` 和日期 `on`，如 2026-07-01",
                    file=name,
                    number=number,
                )
            ) from None
    return contacts
