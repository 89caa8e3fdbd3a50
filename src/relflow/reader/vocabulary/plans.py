"""The vocabulary of cadences, obligations, messages and key figures."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import ClassVar, Final

from relflow.diagnostics import Message, Severity, Span
from relflow.model import (
    Cadence,
    Cap,
    Channel,
    KeyNode,
    Kpi,
    Limit,
    MessageText,
    Obligation,
    Rhythm,
    Streak,
    Touchpoint,
    Value,
)
from relflow.reader.compose import MappingNode, Node
from relflow.reader.mappings import Key, Many, Named, OneOrMany, Part
from relflow.reader.reading import Reading, Schemas, Shape, both
from relflow.reader.scalars import Enum, Feel, Flag, Id, Literal
from relflow.reader.tables import TableShape
from relflow.reader.vocabulary.common import CONDITION, IDS, NAME, WORDS, duration, part
from relflow.reader.vocabulary.effects import DO
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["CADENCE", "CHANNEL", "KPI", "MESSAGE", "OBLIGATION", "TRIGGERS"]

TRIGGERS: Final = ("every", "yearly", "date", "festival", "event", "becomes")

NO_TRIGGER = Message.of(
    "trigger",
    Severity.ERROR,
    "nothing says when this obligation falls due",
    "没有说明这项义务何时发生",
    "add one of {known}",
    "补上其中一个：{known}",
)
TRIGGERS_CLASH = Message.of(
    "trigger",
    Severity.ERROR,
    "an obligation has one trigger, this one has {found}",
    "一项义务只能有一个触发条件，这里有 {found}",
    "write an obligation for each",
    "分成几项义务",
)
LEAD_AND_DELAY = Message.of(
    "contradiction",
    Severity.ERROR,
    "`before` and `after` stand side by side",
    "`before` 和 `after` 不能同时出现",
    "keep one of the two",
    "只保留一个",
)


@dataclass(frozen=True, slots=True)
class RhythmShape(Shape):
    """A duration, or `{target: …, at_most: …}`."""

    example: str = "3 months"
    wanted: ClassVar[Text] = both("a duration, or `{target: …, at_most: …}`", "一个时长，或 `{target: …, at_most: …}`")

    def read(self, node: Node, reading: Reading, key: str) -> Rhythm | None:
        """The rhythm."""
        if isinstance(node, MappingNode):
            rhythm = _RHYTHM.read(node, reading, key)
            return rhythm if isinstance(rhythm, Rhythm) else None
        value = duration("3 months").read(node, reading, key)
        return Rhythm(target=value, span=value.span) if isinstance(value, Value) else None

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """A scalar or an object."""
        return {"anyOf": [duration().schema(schemas), _RHYTHM.schema(schemas)]}


_RHYTHM: Final = part(
    "rhythm",
    "a rhythm",
    "周期",
    Rhythm,
    {
        "target": Key(duration("3 months"), "How often it should be.", "目标周期。", required=True),
        "at_most": Key(duration("6 months"), "The longest gap that the manual allows.", "手册允许的最长间隔。"),
    },
    common={},
)


def _obligation(seen: AbstractSet[str], span: Span, reading: Reading) -> None:
    found = tuple(f"`{name}`" for name in TRIGGERS if name in seen)
    if not found and not reading.document.damaged and not reading.relaxed:
        reading.report(NO_TRIGGER, span, known=tuple(f"`{name}`" for name in TRIGGERS))
    if len(found) > 1:
        reading.report(TRIGGERS_CLASH, span, found=found)
    if "before" in seen and "after" in seen:
        reading.report(LEAD_AND_DELAY, span)


TOUCHPOINT: Final = part(
    "touchpoint",
    "a touchpoint",
    "联系",
    Touchpoint,
    {
        "channel": Key(
            Literal(example="visit"), "How the contact is made, or `=` a decision.", "联系渠道，或 `=` 判定。"
        ),
        "case": Key(NAME, "The workflow that the contact opens.", "每次联系新建哪个流程的工单。"),
        "counts_as": Key(IDS, "Other touchpoints that it stands for.", "可视同完成的其他联系。"),
        "purpose": Key(NAME, "What it is for, as caps name it.", "用途，供 `caps` 限制次数。"),
    },
    empty=True,
    example="{channel: visit}",
)
KEY_NODE: Final = part(
    "key_node",
    "a key node",
    "关键节点",
    KeyNode,
    {
        "of": Key(
            Id(example="account"),
            "A list fact; `before` then names a field of its items.",
            "列表数据项，此时 `before` 是其中的字段。",
        ),
        "before": Key(
            Id(example="contract_end"),
            "The date that contacts become closer before.",
            "在哪个日期之前加密联系。",
            required=True,
        ),
        "within": Key(duration("90 days"), "How long before it.", "提前多久。", required=True),
        "times_as_often": Key(
            Literal(example="2"), "How many times as often as the plan says.", "频率是计划的几倍。", required=True
        ),
    },
)
CAP: Final = part(
    "cap",
    "a cap",
    "次数上限",
    Cap,
    {
        "count": Key(Literal(example="1"), "At most so many contacts.", "最多几次。", required=True),
        "per": Key(duration("1 month"), "In so long a time.", "在多长时间内。", required=True),
    },
    example="{count: 1, per: 1 month}",
)
CADENCE: Final[Part] = part(
    "cadence",
    "a cadence",
    "联系节奏",
    Cadence,
    {
        "touchpoints": Key(Named(TOUCHPOINT), "The kinds of contact.", "各种联系。"),
        "plan": Key(
            TableShape(outputs={"touchpoint": True, "target": True, "at_most": False}),
            "Who is contacted how often: results are touchpoint, target and at_most.",
            "谁多久联系一次：结果列为 touchpoint、target、at_most。",
        ),
        "key_nodes": Key(Many(KEY_NODE), "Dates before which contacts are closer.", "需要加密联系的关键节点。"),
        "caps": Key(Named(CAP), "At most so many contacts of a purpose.", "各用途的联系次数上限。"),
        "on_non_working_day": Key(
            Enum(
                {
                    "previous": both("the working day before", "提前到前一个工作日"),
                    "next": both("the working day after", "顺延到下一个工作日"),
                    "unchanged": both("the day itself", "不变"),
                }
            ),
            "Where a contact goes that falls on a day off; absent: unchanged.",
            "遇非工作日如何处理，缺省不变。",
        ),
        "count_from": Key(
            Enum(
                {
                    "last_contact": both("from the last contact", "从上次联系算起"),
                    "plan": both("from the planned day", "从计划日算起"),
                }
            ),
            "Whether a late contact moves the next; absent: last_contact.",
            "联系晚了是否顺延下一次，缺省 last_contact。",
        ),
    },
    fillable=True,
)
OBLIGATION: Final[Part] = part(
    "obligation",
    "an obligation",
    "义务",
    Obligation,
    {
        "of": Key(
            Id(example="account"),
            "account, company, a workflow, or a list fact.",
            "对象：account、company、流程或列表数据项。",
            required=True,
        ),
        "every": Key(RhythmShape(), "At a rhythm.", "按周期。"),
        "yearly": Key(NAME, "Each year on the day of this date.", "每年在该日期。"),
        "date": Key(NAME, "Once, on this date.", "在该日期，一次。"),
        "festival": Key(OneOrMany(Literal(example="spring_festival")), "On festivals.", "在这些节日。"),
        "event": Key(NAME, "When the host reports this event.", "发生该事件时。"),
        "becomes": Key(CONDITION, "When this turns true; it re-arms when it turns false.", "条件由假变真时。"),
        "when": Key(CONDITION, "Only where this holds.", "仅在此条件成立时。"),
        "before": Key(duration("7 days"), "So long before.", "提前多久。"),
        "after": Key(duration("7 days"), "So long after.", "之后多久。"),
        "check_every": Key(
            duration("1 day"),
            "How often a condition is looked at; absent: each step and once a day.",
            "多久检查一次条件，缺省每步和每天一次。",
        ),
        "do": Key(DO.shape, DO.en, DO.zh, required=True),
    },
    check=_obligation,
    rules={
        "oneOf": [{"required": [trigger]} for trigger in TRIGGERS],
        "not": {"required": ["before", "after"]},
    },
    fillable=True,
    example="{of: account, every: 6 months, do: […]}",
)
MESSAGE: Final[Part] = part(
    "message",
    "a message",
    "消息",
    MessageText,
    {
        "text": Key(WORDS, "What it says, with `{…}` for data.", "消息内容，`{…}` 处填入数据。", required=True),
        "personal": Key(
            Flag(),
            "It shows personal values, on channels that may; absent: they are masked.",
            "在允许的渠道上显示个人信息，缺省为遮盖。",
        ),
        "urgent": Key(Flag(), "It goes out in quiet hours and above limits too.", "免打扰时段和超出上限时也照常发送。"),
        "approval": Key(NAME, "The role that releases it before it goes out.", "发送前须由哪个角色批准。"),
    },
    fillable=True,
    example="{text: …}",
)
LIMIT: Final = part(
    "limit",
    "a limit",
    "上限",
    Limit,
    {
        "count": Key(Literal(example="3"), "At most so many messages.", "最多几条。", required=True),
        "per": Key(duration("1 day"), "In so long a time.", "在多长时间内。", required=True),
    },
    common={},
)
CHANNEL: Final[Part] = part(
    "channel",
    "a channel",
    "渠道",
    Channel,
    {
        "quiet": Key(
            Literal(example='"21:00-08:00"'),
            "Hours in which nothing goes out, by the recipient's clock.",
            "免打扰时段，按接收方的时间计。",
        ),
        "at_most": Key(LIMIT, "So many messages to one recipient.", "对同一接收方最多发送多少。"),
        "personal": Key(
            Flag(), "It may carry personal values, for messages that ask.", "可向其发送需要显示个人信息的消息。"
        ),
    },
    fillable=True,
    example='{quiet: "21:00-08:00"}',
)
STREAK: Final = part(
    "streak",
    "what follows",
    "后续措施",
    Streak,
    {
        "in_a_row": Key(Literal(example="3"), "After so many periods in a row.", "连续几期之后。", required=True),
        "do": Key(DO.shape, DO.en, DO.zh, required=True),
    },
)
KPI: Final[Part] = part(
    "kpi",
    "a key figure",
    "考核指标",
    Kpi,
    {
        "of": Key(
            Id(example="account"),
            "account, a workflow, or a list fact: what is counted.",
            "统计对象：account、流程或列表数据项。",
            required=True,
        ),
        "at": Key(
            NAME,
            "The date that puts an item into a period; absent: all at the period's end.",
            "按哪个日期归入考核期，缺省取期末全部。",
        ),
        "by": Key(NAME, "One figure for each value of this.", "按什么分组。"),
        "period": Key(duration("1 month"), "How long a period is.", "考核期长度。", required=True),
        "value": Key(
            Feel(example="count(items)"),
            "The figure: an expression over `items`.",
            "指标值：关于 `items` 的表达式。",
            required=True,
        ),
        "goal": Key(Feel(tests=True, example='">= 95%"'), "What the figure should be.", "目标。"),
        "misses": Key(OneOrMany(STREAK), "What follows when the goal is missed.", "未达标的后续措施。"),
        "meets": Key(OneOrMany(STREAK), "What follows when the goal is met.", "达标的后续措施。"),
    },
    fillable=True,
    example="{of: complaint, period: 1 month, value: count(items)}",
)
