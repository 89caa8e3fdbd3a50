"""The vocabulary of clauses, parameters, records, categories, facts, roles and events."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import partial
from typing import ClassVar, Final

from relflow.diagnostics import Fragment, Message, Severity, Span
from relflow.model import Category, Clause, Dated, Declaration, EventType, Output, Parameter, Record, Role
from relflow.reader.compose import MappingNode, Node, ScalarNode
from relflow.reader.mappings import Key, Named, Part
from relflow.reader.reading import Reading, Schemas, Shape, both, wrong_shape
from relflow.reader.scalars import Feel, Flag, is_date
from relflow.reader.values import ChoicesShape, ContentShape, TypeShape
from relflow.reader.vocabulary.common import IDS, NAME, VALUE, WORDS, duration, part
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["CATEGORY", "CLAUSE", "DATUM", "EVENT_TYPE", "EXPECTATION", "FACT", "OUTPUT", "PARAMETER", "RECORD", "ROLE"]

NO_TYPE = Message.of(
    "missing-key",
    Severity.ERROR,
    "nothing says what type this is",
    "没有说明类型",
    "add `type: number` or another type, or `levels_of:` and a scheme",
    "补上 `type: number` 等类型，或 `levels_of:` 加等级方案名称",
)
VALUE_TWICE = Message.of(
    "contradiction",
    Severity.ERROR,
    "`value` and `values` stand side by side",
    "`value` 和 `values` 不能同时出现",
    "keep `values` if the value changes on a day, `value` if not",
    "数值随日期变化用 `values`，否则用 `value`",
)


def _typed(seen: AbstractSet[str], span: Span, reading: Reading) -> None:
    if not (seen & {"type", "levels_of"}) and not reading.relaxed and not reading.document.damaged:
        reading.report(NO_TYPE, span)


def _parameter(seen: AbstractSet[str], span: Span, reading: Reading) -> None:
    _typed(seen, span, reading)
    if "value" in seen and "values" in seen:
        reading.report(VALUE_TWICE, span)


@dataclass(frozen=True, slots=True)
class DatedShape(Shape):
    """Values under the days from which they hold."""

    example: str = "{2026-01-01: 30 days}"
    wanted: ClassVar[Text] = both("days with values", "一组“日期: 值”")

    def read(self, node: Node, reading: Reading, key: str) -> tuple[Dated, ...] | None:
        """The values in order."""
        if not isinstance(node, MappingNode):
            wrong_shape(reading, node, key, self)
            return None
        found = []
        for day, value in node.value:
            text = reading.fragment(day) if isinstance(day, ScalarNode) else None
            content = ContentShape().read(value, reading, key)
            if text is not None and content is not None and is_date(text, reading):
                found.append(Dated(since=text, value=content))
        return tuple(found)

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """An object whose keys are dates."""
        pattern: dict[str, object] = {"^\\d{4}-\\d{2}-\\d{2}$": {}}
        return {"type": "object", "patternProperties": pattern, "additionalProperties": False}


TYPE: Final = Key(
    TypeShape(),
    "string, number, boolean, date, datetime, time, duration, a record's id, or one of these in brackets for a list.",
    "类型：string、number、boolean、date、datetime、time、duration、记录名；列表加方括号。",
)
ONE_OF: Final = Key(
    ChoicesShape(),
    "The values it may take; highest first where it is raised or lowered. `{suggested: […]}`: examples of the manual.",
    "可取的值；需要上调或下调时从高到低排列。`{suggested: […]}` 表示手册只举例。",
)
LEVELS_OF: Final = Key(NAME, "The scheme whose levels it takes.", "取哪个等级方案的等级。")
UNIT: Final = Key(NAME, "The unit of the number, such as CNY.", "数值的单位，例如 CNY。")
MIN: Final = Key(VALUE, "The smallest value that is plausible.", "允许的最小值。")
MAX: Final = Key(VALUE, "The largest value that is plausible.", "允许的最大值。")

_TYPED: Final = {
    "type": TYPE,
    "levels_of": LEVELS_OF,
    "one_of": ONE_OF,
    "unit": UNIT,
    "min": MIN,
    "max": MAX,
}
_PERSONAL: Final = {
    "personal": Key(Flag(), "It says something about a person and stays out of logs.", "个人信息，不进入日志。"),
    "lunar": Key(Flag(), "The date recurs by the Chinese lunar calendar.", "按农历重复的日期。"),
}
_REQUIRED: Final = Key(
    Feel(example="true"), "When it has to be there: `true` or a condition.", "何时必填：`true` 或条件。"
)

_TYPED_RULE: Final = {"anyOf": [{"required": ["type"]}, {"required": ["levels_of"]}]}

_declaration = partial(part, make=Declaration, check=_typed, rules=_TYPED_RULE, fillable=True, example="{type: number}")
FACT: Final[Part] = _declaration(
    "fact",
    "a fact",
    "数据项",
    keys={
        **_TYPED,
        "category": Key(NAME, "The category whose rules hold for it.", "所属数据类别。"),
        "required": _REQUIRED,
        **_PERSONAL,
    },
)
DATUM: Final[Part] = _declaration("datum", "a datum", "数据", keys={**_TYPED, "required": _REQUIRED, **_PERSONAL})
EXPECTATION: Final[Part] = _declaration(
    "expectation",
    "something that the workflow expects",
    "流程所需项",
    keys={
        **_TYPED,
        "default": Key(ContentShape(), "What holds if the policy has nothing of that name.", "制度中没有时的取值。"),
    },
)
OUTPUT: Final[Part] = part(
    "output", "an output", "输出", Output, _TYPED, check=_typed, rules=_TYPED_RULE, fillable=True
)
PARAMETER: Final[Part] = part(
    "parameter",
    "a parameter",
    "参数",
    Parameter,
    {
        "type": TYPE,
        "value": Key(ContentShape(), "Its value; with `per` one under each level.", "取值；有 `per` 时按等级分列。"),
        "values": Key(DatedShape(), "Its values under the days from which they hold.", "按生效日期分列的取值。"),
        "suggested": Key(ContentShape(), "What the manual gives as an example.", "手册举例的取值。"),
        "one_of": ONE_OF,
        "per": Key(NAME, "The scheme by whose levels it differs.", "按哪个等级方案区分。"),
        "unit": UNIT,
        "min": MIN,
        "max": MAX,
    },
    check=_parameter,
    rules={**_TYPED_RULE, "not": {"required": ["value", "values"]}},
    fillable=True,
    example="{type: duration}",
)
CLAUSE: Final[Part] = part(
    "clause",
    "a clause",
    "条款",
    Clause,
    {
        "text": Key(WORDS, "What the clause asks, in your own words.", "条款要求，用自己的话写。"),
        "outside": Key(WORDS, "Why the policy does not carry it.", "为何不纳入本制度。"),
    },
    empty=True,
    fillable=True,
    example="{text: …}",
)
CATEGORY: Final[Part] = part(
    "category",
    "a category",
    "数据类别",
    Category,
    {
        "steward": Key(NAME, "The role that keeps these facts.", "负责维护的角色。"),
        "fresh_for": Key(duration(), "How long a fact counts as fresh.", "多久之内算新鲜。"),
        "keep_for": Key(duration("5 years"), "How long facts are kept.", "保留多久。"),
        "purposes": Key(IDS, "What the facts may be used for.", "允许的用途。"),
        "shared_with": Key(IDS, "Recipients outside the company.", "可提供给哪些外部接收方。"),
        "seen_by": Key(IDS, "Roles that see them; absent: the steward alone.", "可查看的角色，缺省只有维护人。"),
        "changed_by": Key(IDS, "Roles that change them; absent: the steward alone.", "可修改的角色，缺省只有维护人。"),
    },
    empty=True,
    fillable=True,
    example="{steward: account_manager}",
)
ROLE: Final[Part] = part(
    "role",
    "a role",
    "角色",
    Role,
    {
        "from": Key(NAME, "The fact that names the person for an account.", "由哪个数据项指明人员。"),
        "lead": Key(NAME, "Who leads the body.", "牵头人。"),
        "members": Key(IDS, "Roles or users that make up the body.", "成员角色或用户。"),
        "requires": Key(
            IDS, "Booleans of the record `actor` that its holder meets.", "任职条件（`actor` 记录中的真假值）。"
        ),
        "required": _REQUIRED,
    },
    empty=True,
    fillable=True,
    example="{members: [sales]}",
)
EVENT_TYPE: Final[Part] = part(
    "event_type",
    "an event",
    "事件",
    EventType,
    {"data": Key(Named(DATUM), "What the host says with it.", "随事件提供的数据。")},
    empty=True,
    fillable=True,
    example="{data: {…}}",
)


@dataclass(frozen=True, slots=True)
class RecordPart(Part):
    """A record: every key but a note is a field, so that a field may be called `source` or `label`."""

    def element(self, node: Node, reading: Reading, key: str, id: Fragment | None) -> object | None:
        """The record with its fields."""
        fields = Named(DATUM).read(node, reading, key)
        if fields is None or id is None:
            return None
        return Record(id=id, span=reading.span(node), fields=fields)  # type: ignore[arg-type]

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """An object of fields."""
        return schemas.named(self.name, lambda: Named(DATUM).schema(schemas), fillable=True)


RECORD: Final[Part] = RecordPart("record", both("a record", "记录"), Record, {})
