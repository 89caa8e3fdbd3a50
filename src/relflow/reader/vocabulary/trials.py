"""The vocabulary of tests."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from relflow.diagnostics import Message, Severity, Span
from relflow.model import ScriptStep, Trial
from relflow.reader.mappings import Key, Many, OneOrMany, Part
from relflow.reader.reading import Reading
from relflow.reader.scalars import Literal, Plain
from relflow.reader.tables import TableShape
from relflow.reader.values import ContentShape, FieldsShape
from relflow.reader.vocabulary.common import NAME, part

__all__ = ["TRIAL"]

NOTHING_TESTED = Message.of(
    "empty-test",
    Severity.ERROR,
    "this test expects nothing",
    "这个测试没有期望结果",
    "add `expect:`, a `table` or `steps`",
    "补上 `expect:`、`table` 或 `steps`",
)
FIELDS: Final = FieldsShape()
_EXPECTING: Final = ("expect", "table", "steps", "findings")


def _trial(seen: AbstractSet[str], span: Span, reading: Reading) -> None:
    if not seen & set(_EXPECTING) and not reading.document.damaged:
        reading.report(NOTHING_TESTED, span)


SCRIPT_STEP: Final = part(
    "script_step",
    "a step of a script",
    "脚本步骤",
    ScriptStep,
    {
        "at": Key(Literal(example='"2026-02-13T17:30"'), "Time passes until then.", "时间推进到此刻。"),
        "given": Key(FIELDS, "Facts of the account that change then.", "此时变化的客户数据项。"),
        "known": Key(FIELDS, "Since when facts are known, from then on.", "此后各数据项的更新日期。"),
        "open": Key(FIELDS, "The case is opened with these data.", "用这些数据新建工单。"),
        "fire": Key(NAME, "The event that is fired.", "触发哪个事件。"),
        "signal": Key(NAME, "The event that the host reports.", "业务系统报告哪个事件。"),
        "with": Key(FIELDS, "Data of the event.", "事件的数据。"),
        "as": Key(NAME, "In which role.", "以什么角色。"),
        "who": Key(NAME, "By which user.", "由哪个用户。"),
        "refused": Key(NAME, "The reason for which it has to be refused.", "应以什么理由被拒绝。"),
        "expect": Key(
            FIELDS,
            "What holds then: state, owner, data, breached, notified, opened …",
            "此时应满足：state、owner、数据、breached、notified、opened 等。",
        ),
    },
)
TRIAL: Final[Part] = part(
    "test",
    "a test",
    "测试",
    Trial,
    {
        "it": Key(
            Plain(example="puts each account in its tier"),
            "What holds, in words.",
            "用一句话说明应成立的事。",
            required=True,
        ),
        "today": Key(Literal(example="2026-07-01"), "The day or instant of the test.", "测试的日期或时刻。"),
        "decide": Key(NAME, "The decision that the table is about.", "表格所测的判定。"),
        "table": Key(
            TableShape(tests=True), "Facts left of `||`, the answer right of it.", "`||` 左边是数据项，右边是结果。"
        ),
        "given": Key(FIELDS, "Facts.", "已知数据项。"),
        "known": Key(FIELDS, "Since when facts are known.", "各数据项的更新日期。"),
        "state": Key(FIELDS, "The state of schemes before.", "之前的等级状态。"),
        "history": Key(ContentShape(), "Contacts that happened.", "已发生的联系。"),
        "plan": Key(NAME, "The cadence whose contacts `expect` lists.", "`expect` 列出的是哪个联系节奏。"),
        "until": Key(Literal(example="2026-12-31"), "To which day contacts are planned.", "联系计划到哪一天。"),
        "expect": Key(ContentShape(), "What follows.", "期望结果。"),
        "case": Key(NAME, "The workflow whose case the steps run.", "脚本所运行的流程。"),
        "obligation": Key(
            NAME, "The obligation whose occasions `expect` is about.", "`expect` 检查的是哪项义务的到期。"
        ),
        "kpi": Key(NAME, "The key figure that is worked out over `items`.", "对 `items` 计算哪个考核指标。"),
        "items": Key(
            ContentShape(), "What the key figure counts, one mapping each.", "考核指标的统计对象，每项一个映射。"
        ),
        "category": Key(NAME, "The category of facts that `expect` is about.", "`expect` 检查的是哪个数据类别。"),
        "set": Key(FIELDS, "Values for parameters.", "参数取值。"),
        "overlay": Key(Plain(example="site.yaml"), "The company's file to use.", "使用哪个企业配置。"),
        "steps": Key(Many(SCRIPT_STEP), "What happens, in order.", "依次发生的事。"),
        "findings": Key(
            OneOrMany(Plain(example="row-length")), "Findings that the policy has to have.", "制度应有的检查结果。"
        ),
        "known_gap": Key(Plain(example="not settled yet"), "Why it fails for the time being.", "目前为何尚不能通过。"),
    },
    check=_trial,
    rules={"anyOf": [{"required": [key]} for key in _EXPECTING]},
)
