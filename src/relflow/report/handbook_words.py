"""The handbook's own words."""

from __future__ import annotations

from relflow.text import Text

__all__ = ["say"]

_WORDS = {
    "lead": (
        "Policy {name}, version {version}, in effect from {since}",
        "制度 {name}，版本 {version}，自 {since} 起施行",
    ),
    "foot": ("Policy {name} {version}, digest {digest}", "制度 {name} {version}，摘要 {digest}"),
    "decisions": ("Other decisions", "其他判定"),
    "obligations": ("What happens by itself", "定期与触发事项"),
    "roles": ("Roles", "角色"),
    "parameters": ("Figures", "数值"),
    "clauses": ("Clauses of the manual", "制度条款"),
    "level": ("level", "等级"),
    "id": ("id", "标识"),
    "gives": ("gives", "对应权益或措施"),
    "review_every": ("Reviewed every {value}.", "每 {value}复核一次。"),
    "lower_after": (
        "A lower level holds once the criteria have said so for {value}.",
        "指标持续降级满 {value}后才降级。",
    ),
    "lower_reviews": (
        "A lower level holds once {value} reviews in a row have said so.",
        "连续 {value} 次复核均降级后才降级。",
    ),
    "minimum_stay": ("No level is lowered before it has held for {value}.", "任何等级保持满 {value}后才可降级。"),
    "because": ("because", "理由"),
    "clause": ("clause", "条款"),
    "open": ("left open: the company decides", "制度未规定，由企业确定"),
    "open_value": ("not set", "未设定"),
    "criterion": ("criterion", "指标"),
    "points": ("points", "分值"),
    "from_points": ("from {points} points", "{points} 分起"),
    "reads": ("The manual names these criteria: {names}.", "制度指明的依据：{names}。"),
    "touchpoint": ("contact", "联系方式"),
    "target": ("every", "频率"),
    "at_most": ("at the latest", "最长间隔"),
    "anything": ("any", "不限"),
    "parameter": ("figure", "项目"),
    "value": ("value", "取值"),
    "suggested": ("for example {value}", "例如 {value}"),
    "state": ("state", "状态"),
    "event": ("event", "事件"),
    "to": ("leads to", "转入"),
    "who": ("who", "由谁办理"),
    "needs": ("needs", "须填写"),
    "when": ("when", "条件"),
    "anybody": ("any role", "任一角色"),
    "clock": ("deadline", "时限"),
    "within": ("within", "期限"),
    "ladder": ("what happens", "到点动作"),
    "obligation": ("obligation", "事项"),
    "occasion": ("occasion", "时机"),
    "detail": ("when exactly", "具体条件"),
    "what": ("what is done", "动作"),
    "role": ("role", "角色"),
    "holders": ("held by", "担任"),
    "requires": ("requires", "任职条件"),
    "text": ("what it asks", "要点"),
    "carried_by": ("carried by", "承担内容"),
    "outside": ("outside software", "软件之外"),
    "owner": ("the owner", "负责人"),
    "customer": ("the customer", "客户"),
    "do_notify": ("tell", "通知"),
    "do_assign": ("hand over to", "转交"),
    "do_open": ("open", "发起"),
    "do_set": ("record", "记录"),
    "do_raise": ("raise", "提升"),
    "do_lower": ("lower", "降低"),
    "do_perform": ("carry out", "执行"),
    "trigger_every": ("at intervals", "定期"),
    "trigger_yearly": ("every year", "每年"),
    "trigger_date": ("on a day", "指定日期"),
    "trigger_festival": ("at a festival", "节日"),
    "trigger_event": ("on an event", "事件发生时"),
    "trigger_becomes": ("when it becomes true", "条件成立时"),
}


def say(key: str, lang: str, **fields: object) -> str:
    """The word of `key` in `lang`, with its slots filled."""
    en, zh = _WORDS[key]
    text = Text((("en", en), ("zh", zh))).text(lang)
    return text.format(**fields) if fields else text
