"""The words of the admin pages."""

from __future__ import annotations

from typing import Final

from relflow_django.words import words

__all__ = ["LABELS"]

LABELS: Final = {
    "account": words("Account", "客户"),
    "cases": words("Cases", "工单"),
    "children": words("Opened by this case", "由本工单新建"),
    "clause": words("Clause", "条款"),
    "clauses_left": words(
        "What the manual leaves to the company and nobody has decided yet", "制度留待企业确定、目前尚未确定的事项"
    ),
    "clock": words("Clocks", "时限"),
    "closed": words("Closed", "已关闭"),
    "damaged": words("This case is not as it was written", "此工单与写入时不一致"),
    "decide": words("To be decided", "待确定"),
    "due": words("due or closed", "到期或关闭"),
    "key": words("Host's key", "业务编号"),
    "more": words("… and so on", "……其余明细"),
    "messages": words("Messages", "通知"),
    "next_review": words("Next review", "下次复核"),
    "nobody": words("nobody", "无"),
    "none": words("Nothing here.", "暂无内容。"),
    "no_questions": words("Every question is answered.", "所有事项均已确定。"),
    "open": words("Open", "未关闭"),
    "opened": words("Opened", "新建时间"),
    "owner": words("Owner", "负责人"),
    "parent": words("Opened by", "上级工单"),
    "questions": words("Open questions", "待定事项"),
    "recipient": words("To", "接收方"),
    "since": words("Since", "起始日期"),
    "state": words("State", "状态"),
    "status": words("Status", "发送状态"),
    "text": words("Text", "内容"),
    "timeline": words("Timeline", "经过"),
    "tries": words("Tries", "尝试次数"),
    "trouble": words("This page cannot be shown", "无法显示此页"),
    "unknown": words("unknown", "未知"),
    "updated": words("Last step", "最近变更"),
    "verified": words("The history is complete and unchanged.", "历史记录完整，未被改动。"),
    "what": words("What", "事项"),
    "when": words("When", "时间"),
    "who": words("Who", "操作人"),
    "workflow": words("Workflow", "流程"),
}
