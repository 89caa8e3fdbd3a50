"""What a manager reads of a case: its timeline and the account of its clocks, in both languages."""

from __future__ import annotations

from relflow.results import HistoryEntry, Trigger
from relflow.workflow import ledger, timeline
from tests.strategies.scripts import ROOT, Play, instant, perform, scripts, shipped

SCRIPTS = dict(scripts(ROOT / "tests" / "cases" / "workflows"))


def played(name: str) -> Play:
    """A script of the data files, played to its end."""
    return perform(SCRIPTS[name])


def told(play: Play, lang: str) -> str:
    """The whole timeline."""
    return "\n".join(line.render(lang) for line in timeline(play.workflow, play.history))


def test_a_timeline_says_what_happened_when_and_by_whom() -> None:
    """Steps, data, clocks and notifications stand in the order in which they happened."""
    play = played("complaint: warns, is breached and climbs its steps over Spring Festival")

    assert (
        told(play, "en")
        == """\
2026-02-13 17:30  Complaint opened  [zhang]
    Channel: Phone
    What the customer says: leak
    First response starts, due at 2026-02-14 14:00
2026-02-14 11:42  80% of First response has passed  [by itself]
    told the owner: li
2026-02-14 14:00  First response fell due  [by itself]
    told the owner: li
    told Customer service: zhang
2026-02-14 18:00  First response is overdue by 4 working hours  [by itself]
    told Head of the department: wang
2026-02-24 09:00  Acknowledge: Received → Under investigation  [li]
    What the customer asks for: a repair
    Severity: General
    First response stops, overdue
    Settlement starts, due at 2026-02-26 09:00"""
    )
    assert told(play, "zh").split("\n")[9:] == [
        "2026-02-14 18:00  首次响应已超时 4 个工作小时  [自动]",
        "    已通知部门负责人：wang",
        "2026-02-24 09:00  首次响应：已受理 → 调查中  [li]",
        "    客户诉求：a repair",
        "    严重程度：一般",
        "    首次响应停止计时，已超时",
        "    办结开始计时，2026-02-26 09:00 到期",
    ]


def test_a_ledger_explains_the_due_instant() -> None:
    """Each stretch of time says whether it counted and why."""
    play = played("complaint: warns, is breached and climbs its steps over Spring Festival")
    account = ledger(play.workflow, play.step.case, "first_response")

    assert account is not None
    assert account.breached
    assert (
        account.text("zh")
        == """\
首次响应：应于 2026-02-14 14:00 到期，已超时
  2026-02-13 17:30 至 18:00 工作时间，计 30 分钟
  2026-02-14 09:00 至 14:00 春节调休上班，计 3 小时 30 分钟
  2026-02-14 14:00 至 18:00 春节调休上班，超时 4 小时
  2026-02-15 至 2026-02-23 春节，不计"""
    )


def test_a_ledger_names_what_is_not_set_with_its_clause() -> None:
    """A clock without a duration says which one is missing and where the manual asks for it."""
    play = played("complaint: runs a clock whose duration nobody has set, without a due and without a breach")
    account = ledger(play.workflow, play.step.case, "first_response")

    assert account is not None
    assert account.summary.text("en") == "First response: due unknown, First response within is not set (S001-3.3-2)"
    assert account.summary.text("zh") == "首次响应：到期时间未知，首次响应时限尚未设定（S001-3.3-2）"
    assert ledger(play.workflow, play.step.case, "resolution") is None


def test_a_ledger_says_that_a_clock_rests_or_stopped_in_time() -> None:
    """A clock that is paused or stopped has no due instant to come."""
    play = played("complaint: waits for the customer without counting, and opens a second lap after a reopening")
    first = ledger(play.workflow, play.step.case, "first_response")

    assert first is not None
    assert first.summary.text("en") == "First response: stopped in time"


def test_personal_data_are_masked_unless_somebody_may_see_them() -> None:
    """A personal datum is hidden in the timeline; with `reveal` it is shown."""
    play = played("language: tells nobody a personal value")
    lines = timeline(play.workflow, play.history)

    assert [detail.text() for detail in lines[0].details] == ["phone: ***", "nickname: Bo"]
    open_lines = timeline(play.workflow, play.history, reveal=True)
    assert [detail.text() for detail in open_lines[0].details] == ["phone: 123", "nickname: Bo"]


def test_every_note_of_a_step_has_words() -> None:
    """Notes are shown in words in both languages, an unknown one as it is."""
    flow = shipped("complaint")
    notes = (
        "nobody:account_manager",
        "held:lapse:guard",
        "bypassed:implementing",
        "forced:closed",
        "signed:propose",
        "restarted:propose",
        "corrected:resolution:2026-03-02T09:00:00+08:00",
        "unfit:severity",
        "unset:severity",
        "later:x",
    )
    entry = HistoryEntry(
        "K", 1, instant("2026-03-02T09:00"), Trigger("admin", "force"), "received", "closed", findings=notes
    )
    (line,) = timeline(flow, [entry])

    assert line.text.text("zh") == "强制变更状态：已受理 → 已办结"
    assert [detail.text("en") for detail in line.details] == [
        "nobody is known as Account manager",
        "its time came, but lapse could not happen (guard)",
        "the host put it into Being put into practice, rules bypassed",
        "forced into Settled",
        "signed; others still have to sign",
        "the data changed, earlier signatures no longer count",
        "Settlement was due at 2026-03-02T09:00:00+08:00 by the calendar known then",
        "the value for Severity does not fit and was left out",
        "Severity has no value that could be raised or lowered",
        "later:x",
    ]
    assert line.details[0].text("zh") == "没有人担任 客户经理"
