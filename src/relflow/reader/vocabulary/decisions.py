"""The vocabulary of decisions, schemes and indicators."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import combinations
from typing import ClassVar, Final

from relflow.diagnostics import Fragment, Message, Severity, Span
from relflow.model import Band, Criterion, Decision, Gift, Indicator, Scheme, Scorecard, Threshold
from relflow.reader.compose import MappingNode, Node
from relflow.reader.mappings import Key, Named, OneOrMany, Part, entries
from relflow.reader.reading import Reading, Schemas, Shape, both, wrong_shape
from relflow.reader.scalars import Enum, Feel, Literal, Plain
from relflow.reader.tables import TableShape
from relflow.reader.values import ChoicesShape, ContentShape
from relflow.reader.vocabulary.common import CONDITION, IDS, NAME, VALUE, duration, part
from relflow.reader.vocabulary.facts import OUTPUT
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["DECISION", "HIT_POLICIES", "INDICATOR", "RISK", "TIER"]

BODIES: Final = ("table", "scorecard", "expression")

_OF_TABLES: Final = ("hit_policy", "aggregation")

TWO_BODIES = Message.of(
    "contradiction",
    Severity.ERROR,
    "a decision has one rule, this one has {bodies}",
    "一个判定只能有一种规则，这里有 {bodies}",
    "keep one of them",
    "只保留一种",
)
ONLY_TABLES = Message.of(
    "contradiction",
    Severity.ERROR,
    "`{key}` says something about a table, and this decision has none",
    "`{key}` 只用于表格，而本判定没有表格",
    "take it out, or write the decision as a table",
    "去掉它，或把判定写成表格",
)
CRITERION = Message.of(
    "contradiction",
    Severity.ERROR,
    "a criterion is either `when` with `points`, or `expression` with `weight` and `bands`",
    "评分项要么是 `when` 加 `points`，要么是 `expression` 加 `weight` 和 `bands`",
    "write one of the two, whole",
    "完整写出其中一种",
)

HIT_POLICIES: Final = {
    "first": both("the first row that matches", "取第一条命中的行"),
    "unique": both("at most one row may match", "最多命中一行"),
    "any": both("rows that match agree", "命中的各行结果一致"),
    "priority": both("the result that stands highest in its list", "取优先级最高的结果"),
    "rule_order": both("all results, in the order of the rows", "全部结果，按行的顺序"),
    "output_order": both("all results, in the order of their list", "全部结果，按取值表的顺序"),
    "collect": both("all results, or their sum, min, max or count", "全部结果，或其合计、最小、最大、个数"),
}
_AGGREGATIONS: Final = {
    "sum": both("the sum", "合计"),
    "min": both("the smallest", "最小值"),
    "max": both("the largest", "最大值"),
    "count": both("how many", "个数"),
}
_WHEN_MISSING: Final = {
    "unknown": both("a missing fact makes the answer unknown", "缺少数据项时结果为未知"),
    "no_match": both("a missing fact does not match, as in plain DMN", "缺少数据项按不匹配处理"),
}


@dataclass(frozen=True, slots=True)
class PairsShape(Shape):
    """Texts with values, each pair made into a part of the model by `make`."""

    make: Callable[[Fragment, object], object]
    value: Shape
    example: str = "{high: 70, low: 0}"
    wanted: ClassVar[Text] = both("names with values", "一组“名称: 值”")

    def read(self, node: Node, reading: Reading, key: str) -> tuple[object, ...] | None:
        """The pairs in order."""
        if not isinstance(node, MappingNode):
            wrong_shape(reading, node, key, self)
            return None
        found = []
        for name, value_node in entries(node, reading):
            value = self.value.read(value_node, reading, name.value or key)
            if value is not None:
                found.append(self.make(reading.fragment(name), value))
        return tuple(found)

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """An object."""
        return {"type": "object", "additionalProperties": self.value.schema(schemas)}


def _without(*keys: str) -> list[dict[str, object]]:
    return [{"required": [key]} for key in keys]


def _criterion(seen: AbstractSet[str], span: Span, reading: Reading) -> None:
    keys = seen & {"when", "points", "expression", "weight", "bands"}
    complete = keys in ({"when", "points"}, {"expression", "weight", "bands"}, {"expression", "bands"})
    if not complete and not reading.document.damaged:
        reading.report(CRITERION, span)


def _decision(seen: AbstractSet[str], span: Span, reading: Reading) -> None:
    bodies = tuple(f"`{name}`" for name in BODIES if name in seen)
    if len(bodies) > 1:
        reading.report(TWO_BODIES, span, bodies=bodies)
    if "table" not in seen and len(bodies) == 1:
        for key in _OF_TABLES:
            if key in seen:
                reading.report(ONLY_TABLES, span, key=key)


CRITERION_PART: Final = part(
    "criterion",
    "a criterion",
    "评分项",
    Criterion,
    {
        "when": Key(CONDITION, "The condition that earns the points.", "得分条件。"),
        "points": Key(VALUE, "What a true condition adds.", "条件成立时的得分。"),
        "expression": Key(CONDITION, "What the bands look at.", "分档所依据的表达式。"),
        "weight": Key(VALUE, "How much of a band's points counts, of 100.", "权重，满分 100。"),
        "bands": Key(
            PairsShape(Band, VALUE, example='{">= 50": 100, "-": 20}'),  # type: ignore[arg-type]
            "Conditions with points; the first that matches counts.",
            "各档条件和得分，取第一个命中的。",
        ),
    },
    check=_criterion,
    rules={
        "oneOf": [
            {"required": ["when", "points"], "not": {"anyOf": _without("expression", "weight", "bands")}},
            {"required": ["expression", "bands"], "not": {"anyOf": _without("when", "points")}},
        ]
    },
)
SCORECARD: Final = part(
    "scorecard",
    "a scorecard",
    "评分卡",
    Scorecard,
    {
        "criteria": Key(Named(CRITERION_PART), "What earns points.", "评分项。", required=True),
        "levels": Key(
            PairsShape(Threshold, VALUE),  # type: ignore[arg-type]
            "The points from which each level holds, highest first.",
            "各等级的起始分，从高到低。",
        ),
    },
    common={},
)
DECISION: Final[Part] = part(
    "decision",
    "a decision",
    "判定",
    Decision,
    {
        "output": Key(OUTPUT, "The type of the answer.", "结果的类型。"),
        "outputs": Key(
            PairsShape(lambda name, output: (name, output), OUTPUT, example="{tier: {levels_of: tier}}"),
            "The types of the answers by name, where a table has several.",
            "有多个结果时，各结果的类型。",
        ),
        "reads": Key(IDS, "The criteria that the manual names for an open decision.", "待定判定中手册列出的标准。"),
        "hit_policy": Key(Enum(HIT_POLICIES), "What holds if several rows match.", "多行命中时如何取舍。"),
        "aggregation": Key(Enum(_AGGREGATIONS), "What `collect` makes of its results.", "`collect` 的汇总方式。"),
        "default": Key(ContentShape(), "The answer if no row matches.", "没有命中任何行时的结果。"),
        "when_missing": Key(Enum(_WHEN_MISSING), "What a missing fact means.", "缺少数据项时如何处理。"),
        "table": Key(
            TableShape(), "Conditions left of `||`, results right of it.", "决策表：`||` 左边是条件，右边是结果。"
        ),
        "scorecard": Key(SCORECARD, "Points that add up to a level.", "评分卡。"),
        "expression": Key(
            Feel(example='if amount >= 5000万 then "large" else "small"'), "The answer as FEEL.", "用表达式给出结果。"
        ),
    },
    check=_decision,
    rules={
        "allOf": [
            *({"not": {"required": list(pair)}} for pair in combinations(BODIES, 2)),
            *({"not": {"required": [key, body]}} for key in _OF_TABLES for body in BODIES if body != "table"),
        ]
    },
    fillable=True,
    example="{expression: …, output: {type: boolean}}",
)
_SCHEME_KEYS: Final = {
    "from": Key(NAME, "The decision that says the level.", "由哪个判定给出等级。"),
    "levels": Key(ChoicesShape(), "The levels, highest first.", "等级，从高到低。"),
    "review_every": Key(duration("6 months"), "How often the level is reviewed.", "多久复核一次。"),
    "lower_after": Key(
        Literal(example="2 reviews"),
        "After so many reviews in a row, or so long, a lower level holds; absent: at once.",
        "连续多少次复核或多久之后才降级，缺省立即降级。",
    ),
    "minimum_stay": Key(
        duration("3 months"),
        "A level is not lowered before it has held so long; absent: no such time.",
        "进入某等级后至少保持多久才可降级，缺省不限。",
    ),
    "gives": Key(
        PairsShape(Gift, OneOrMany(Plain(example="dedicated_team"))),  # type: ignore[arg-type]
        "What each level gives.",
        "各等级的待遇或措施。",
    ),
}
TIER: Final[Part] = part(
    "tier",
    "a tier",
    "客户等级",
    partial(Scheme, kind="tier"),
    _SCHEME_KEYS,
    fillable=True,
    example="{from: …, levels: [high, low]}",
)
RISK: Final[Part] = part(
    "risk",
    "a risk",
    "风险等级",
    partial(Scheme, kind="risk"),
    _SCHEME_KEYS,
    fillable=True,
    example="{from: …, levels: [high, low]}",
)
INDICATOR: Final[Part] = part(
    "indicator",
    "an indicator",
    "风险指标",
    Indicator,
    {
        "kind": Key(NAME, "The kind of risk it is a sign of.", "预示哪类风险。"),
        "when": Key(CONDITION, "The condition that trips it.", "触发条件。"),
    },
    fillable=True,
    example="{when: …}",
)
