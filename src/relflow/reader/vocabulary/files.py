"""The vocabulary of whole files: a policy's head, the sections, an overlay, tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from relflow.model import CalendarSpec, Effective, Head, Overlay, TestFile
from relflow.reader.mappings import Key, Many, Named, OneOrMany, Part
from relflow.reader.reading import both
from relflow.reader.scalars import Date, Literal, Plain, Year
from relflow.reader.values import FieldsShape
from relflow.reader.vocabulary.common import COMMON, NAME, part
from relflow.reader.vocabulary.decisions import DECISION, INDICATOR, RISK, TIER
from relflow.reader.vocabulary.facts import CATEGORY, CLAUSE, EVENT_TYPE, FACT, PARAMETER, RECORD, ROLE
from relflow.reader.vocabulary.plans import CADENCE, CHANNEL, KPI, MESSAGE, OBLIGATION
from relflow.reader.vocabulary.trials import TRIAL
from relflow.reader.vocabulary.workflows import WORKFLOW

__all__ = ["KINDS", "OVERLAY", "POLICY", "SECTIONS", "SECTION_FILE", "TESTS", "WORKFLOW"]

SECTIONS: Final[Mapping[str, Key]] = {
    "clauses": Key(Named(CLAUSE, free=True), "The manual's clauses.", "手册条款。"),
    "parameters": Key(Named(PARAMETER), "What the manual leaves to the company.", "手册留给企业确定的参数。"),
    "records": Key(Named(RECORD), "Types with fields.", "带字段的类型。"),
    "categories": Key(Named(CATEGORY), "Groups of facts with their rules of access.", "数据类别及其管理规则。"),
    "facts": Key(Named(FACT), "What the host says about an account.", "业务系统提供的客户数据项。"),
    "roles": Key(Named(ROLE), "Who acts.", "角色。"),
    "decisions": Key(Named(DECISION), "Questions and how they are answered.", "判定及其规则。"),
    "tiers": Key(Named(TIER), "Schemes of levels that an account is in.", "客户等级。"),
    "risks": Key(Named(RISK), "Schemes of risk levels.", "风险等级。"),
    "indicators": Key(Named(INDICATOR), "Signs of risk.", "风险指标。"),
    "cadences": Key(Named(CADENCE), "How often accounts are contacted.", "联系计划。"),
    "events": Key(Named(EVENT_TYPE), "What the host reports.", "业务系统报告的事件。"),
    "obligations": Key(Named(OBLIGATION), "What has to be done, and when.", "义务。"),
    "messages": Key(Named(MESSAGE), "What notifications say.", "通知内容。"),
    "channels": Key(Named(CHANNEL), "How messages may go out.", "消息渠道的限制。"),
    "kpis": Key(Named(KPI), "Key figures and their goals.", "考核指标。"),
}
CALENDAR: Final = part(
    "calendar",
    "the calendar",
    "日历",
    CalendarSpec,
    {
        "country": Key(Plain(example="CN"), "Whose public holidays count.", "采用哪国的法定节假日。"),
        "hours": Key(Plain(example='"09:00-12:00, 13:30-18:00"'), "Open hours of a working day.", "工作日的上班时间。"),
        "holidays": Key(OneOrMany(Date()), "Days off of the company's own.", "企业自定的休息日。"),
        "working_days": Key(OneOrMany(Date()), "Working days of the company's own.", "企业自定的工作日。"),
        "published": Key(
            OneOrMany(Year()), "Years whose official list the days above complete.", "以上日期已补全官方安排的年份。"
        ),
    },
)
EFFECTIVE: Final = part(
    "effective",
    "the time in force",
    "有效期",
    Effective,
    {
        "from": Key(Literal(example="2026-01-01"), "The first day.", "首日。"),
        "until": Key(Literal(example="2026-12-31"), "The last day.", "末日。"),
    },
    common={},
)
_HEAD: Final[Mapping[str, Key]] = {
    "policy": Key(NAME, "The policy's name.", "制度名称。", required=True),
    "version": Key(Plain(example="2026.1"), "Its version.", "版本。"),
    "effective": Key(EFFECTIVE, "From when until when it holds.", "有效期。"),
    "timezone": Key(Plain(example="Asia/Shanghai"), "Its time zone.", "时区。"),
    "calendar": Key(CALENDAR, "Its working time.", "工作日历。"),
    "include": Key(
        OneOrMany(Plain(example="tiers.yaml")),
        "Its other files; absent: all of its folder.",
        "其他文件，缺省为本文件夹全部。",
    ),
}
POLICY: Final[Part] = part("policy", "a policy", "制度", Head, {**_HEAD, **SECTIONS})
SECTION_FILE: Final[Part] = Part("sections", both("a file of sections", "分节文件"), dict, SECTIONS)
OVERLAY: Final[Part] = Part(
    "overlay",
    both("an overlay", "企业配置"),
    Overlay,
    {
        "overlay": Key(NAME, "The policy that it fills.", "所补充的制度。"),
        "set": Key(FieldsShape(), "Values for parameters that have none.", "为尚未设定的参数填写的值。"),
        "calendar": Key(CALENDAR, "Days that the company adds.", "企业补充的日历。"),
        **SECTIONS,
    },
    COMMON,
    fillable=True,
)
TESTS: Final[Part] = Part(
    "tests",
    both("a file of tests", "测试文件"),
    TestFile,
    {
        "tests": Key(Many(TRIAL), "The tests.", "测试。", required=True),
        "set": Key(FieldsShape(), "Values for parameters, for every test.", "对所有测试生效的参数取值。"),
        "overlay": Key(Plain(example="site.yaml"), "The company's file to use.", "使用哪个企业配置。"),
    },
)
KINDS: Final[Mapping[str, Part]] = {"policy": POLICY, "workflow": WORKFLOW, "tests": TESTS, "overlay": OVERLAY}
