"""The vocabulary of workflows."""

from __future__ import annotations

from typing import ClassVar, Final

from relflow.diagnostics import Fragment, Span
from relflow.model import Always, By, Clock, ClockStep, Event, Never, Role, State, Transition, Value, Workflow
from relflow.reader.compose import MappingNode, Node, ScalarNode, SequenceNode
from relflow.reader.mappings import Key, Many, Named, OneOrMany, Part, Ref, items
from relflow.reader.reading import Reading, Schemas, Shape, both, is_empty, wrong_shape
from relflow.reader.scalars import Enum, Flag, Id, Literal, Plain, read_id, scalar
from relflow.reader.values import EMPTY_LIST
from relflow.reader.vocabulary.common import CONDITION, IDS, NAME, duration, part
from relflow.reader.vocabulary.effects import DO
from relflow.reader.vocabulary.facts import DATUM, EXPECTATION, RECORD, ROLE
from relflow.reader.vocabulary.plans import MESSAGE
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["WORKFLOW"]

STATE_NAME: Final = Id(example="received")
STATES: Final = OneOrMany(Id(example="[received]"))
EVENTS: Final = OneOrMany(Id(example="[acknowledge]"))
DATA: Final = OneOrMany(Id(example="[solution]"))
CLOCKS: Final = OneOrMany(Id(example="[resolution]"))


@dataclass(frozen=True, slots=True)
class ByShape(Shape):
    """Roles, `{all: […]}`, or `{at_least: n, of: […]}`."""

    example: str = "[account_manager]"
    wanted: ClassVar[Text] = both(
        "roles, `{all: […]}` or `{at_least: 2, of: […]}`", "角色、`{all: […]}` 或 `{at_least: 2, of: […]}`"
    )

    def read(self, node: Node, reading: Reading, key: str) -> By | None:
        """Who may fire."""
        if not isinstance(node, MappingNode):
            roles = IDS.read(node, reading, key)
            return None if roles is None else By(_fragments(roles), reading.span(node))
        names = {name.value for name, _ in node.value if isinstance(name, ScalarNode)}
        made = (_ALL if "at_least" not in names and "of" not in names else _AT_LEAST).read(node, reading, key)
        return made if isinstance(made, By) else None

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """A list of roles or one of the two objects."""
        each = [IDS.schema(schemas), _ALL.schema(schemas), _AT_LEAST.schema(schemas)]
        return schemas.named("by", lambda: {"anyOf": each})


def _fragments(values: tuple[object, ...]) -> tuple[Fragment, ...]:
    return tuple(value for value in values if isinstance(value, Fragment))


def _all(*, all: tuple[Fragment, ...], span: Span) -> By:
    return By(all, span, every=True)


def _at_least(*, at_least: Value, of: tuple[Fragment, ...], span: Span) -> By:
    return By(of, span, at_least=at_least)


_ALL: Final = part(
    "by_all",
    "who may fire",
    "可操作人",
    _all,
    {"all": Key(IDS, "Each of these roles, by different people.", "以下角色全部确认，且为不同人员。", required=True)},
    common={},
)
_AT_LEAST: Final = part(
    "by_at_least",
    "who may fire",
    "可操作人",
    _at_least,
    {
        "at_least": Key(Literal(example="2"), "So many different people.", "至少几名不同人员。", required=True),
        "of": Key(IDS, "Of these roles.", "来自以下角色。", required=True),
    },
    common={},
)

TRANSITION: Final = part(
    "transition",
    "an event",
    "事件",
    Transition,
    {
        "to": Key(STATE_NAME, "The state it leads to; absent: the case stays.", "进入的状态，缺省不变。"),
        "when": Key(CONDITION, "The condition under which it may happen.", "允许发生的条件。"),
        "after": Key(
            duration("7 days"),
            "It happens by itself so long after the state was entered.",
            "进入该状态多久后自动发生。",
        ),
        "by": Key(ByShape(), "Who may fire it; absent: any declared role.", "谁可以操作，缺省为任一已声明角色。"),
        "not_by": Key(EVENTS, "Not who fired these events last.", "不得由这些事件的上次操作人执行。"),
        "needs": Key(DATA, "Data that have to be there.", "必须具备的数据。"),
        "may": Key(DATA, "Data that may come along.", "可附带的数据。"),
        "do": DO,
    },
    empty=True,
)


@dataclass(frozen=True, slots=True)
class EventPart(Part):
    """An event of a state: a target, a mapping, or a list of alternatives."""

    def element(self, node: Node, reading: Reading, key: str, id: Fragment | None) -> object | None:
        """The event with its alternatives."""
        if id is None:
            return None
        if isinstance(node, ScalarNode) and not is_empty(node):
            to = scalar(node, reading, key, self)
            alternatives: list[object | None] = [Transition(to=to, span=to.span) if to is not None else None]
        elif isinstance(node, SequenceNode):
            if not node.value:
                reading.report(EMPTY_LIST, reading.span(node), key=key)
            alternatives = [TRANSITION.read(item, reading, key) for item in items(node, reading, key)]
        else:
            alternatives = [TRANSITION.read(node, reading, key)]
        made = tuple(item for item in alternatives if isinstance(item, Transition))
        if not made:
            return None
        return Event(id=id, span=reading.span(node), alternatives=made, label=made[0].label, source=made[0].source)

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """A text, an object or an array."""
        one = TRANSITION.schema(schemas)
        listed = {"type": "array", "minItems": 1, "items": one}
        return schemas.named(self.name, lambda: {"anyOf": [NAME.schema(schemas), one, listed]})


EVENT: Final = EventPart("event", both("an event", "事件"), Event, {})
STATE: Final[Part] = part(
    "state",
    "a state",
    "状态",
    State,
    {
        "events": Key(Named(EVENT), "What can happen here.", "在此状态可发生的事件。"),
        "pauses": Key(CLOCKS, "Clocks that stand still here.", "在此状态暂停的计时。"),
        "final": Key(Flag(), "The case ends here.", "终止状态。"),
        "initial": Key(STATE_NAME, "Which inner state is entered first.", "先进入哪个子状态。"),
        "states": Key(
            Named(Ref("state", lambda: STATE)), "Inner states, in each of which these events hold.", "子状态。"
        ),
    },
    empty=True,
    example="{events: {…}}",
)
CLOCK_STEP: Final = part(
    "clock_step",
    "a step of a clock",
    "计时节点",
    ClockStep,
    {
        "at": Key(
            Plain(example="due"),
            "`80%`, `due` or `due + 4 working hours`.",
            "`80%`、`due` 或 `due + 4 个工作小时`。",
            required=True,
        ),
        "do": Key(DO.shape, DO.en, DO.zh, required=True),
    },
)
CLOCK: Final = part(
    "clock",
    "a clock",
    "计时",
    Clock,
    {
        "from": Key(STATES, "The states on whose entry it starts.", "进入哪些状态时开始计时。", required=True),
        "until": Key(STATES, "The states on whose entry it stops.", "进入哪些状态时停止计时。"),
        "within": Key(
            Literal(example="2 working days"),
            "How long it may take from its start; or a date or datetime that is the due itself.",
            "从开始起的期限，或直接给出截止日期。",
            required=True,
        ),
        "when_changed": Key(
            Enum(
                {
                    "keep": both("it keeps what it began with", "沿用开始时的期限"),
                    "recompute": both("the new one holds, the time that has passed counts", "改用新期限，已用时间计入"),
                }
            ),
            "What a running clock does when its time limit changes, with a tier or a parameter; absent: keep.",
            "计时期间期限因等级或参数变化时如何处理，缺省沿用原期限。",
        ),
        "steps": Key(Many(CLOCK_STEP), "What happens on the way and when it is due.", "途中和到期时的动作。"),
    },
    example="{from: received, until: closed, within: 2 days}",
)
NEVER: Final = part(
    "never",
    "a prohibition",
    "禁止路径",
    Never,
    {
        "reach": Key(STATES, "The state that is not reached.", "不得到达的状态。", required=True),
        "without": Key(STATES, "The state that has to be passed before.", "必须先经过的状态。", required=True),
        "unless": Key(EVENTS, "Events that lift it.", "发生哪些事件则不受限。"),
    },
)
ALWAYS: Final = part(
    "always",
    "an invariant",
    "恒定要求",
    Always,
    {
        "in": Key(STATES, "The states in which it holds.", "适用的状态。", required=True),
        "needs": Key(DATA, "The data that are there.", "必须具备的数据。", required=True),
    },
)


@dataclass(frozen=True, slots=True)
class RolesShape(Shape):
    """A list of ids, or roles under their ids."""

    example: str = "[account_manager]"
    wanted: ClassVar[Text] = both("a list of roles", "角色列表")

    def read(self, node: Node, reading: Reading, key: str) -> tuple[Role, ...] | None:
        """The roles."""
        if isinstance(node, MappingNode) or is_empty(node):
            made = Named(ROLE).read(node, reading, key)
            return tuple(role for role in made or () if isinstance(role, Role))
        if not isinstance(node, SequenceNode):
            wrong_shape(reading, node, key, self)
            return None
        names = [scalar(item, reading, key, self) for item in node.value]
        return tuple(Role(id=name, span=name.span) for name in names if name is not None and read_id(name, reading))

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """An array or an object."""
        return {"anyOf": [{"type": "array", "items": NAME.schema(schemas)}, Named(ROLE).schema(schemas)]}


WORKFLOW: Final[Part] = part(
    "workflow",
    "a workflow",
    "流程",
    Workflow,
    {
        "workflow": Key(NAME, "The workflow's name.", "流程名称。", required=True),
        "version": Key(
            Plain(example="1"),
            "Its version: a case keeps the one it began with.",
            "版本，工单固定使用新建时的版本。",
            required=True,
        ),
        "expects": Key(
            Named(EXPECTATION),
            "Parameters, decisions or facts of the policy that it uses.",
            "所需的制度参数、判定或数据项。",
        ),
        "roles": Key(RolesShape(), "Who takes part.", "参与的角色。"),
        "owner": Key(NAME, "The role whose holder owns a new case.", "新工单由哪个角色负责。"),
        "records": Key(Named(RECORD), "Types of its data.", "数据所用的记录类型。"),
        "data": Key(Named(DATUM), "What a case knows.", "工单数据。"),
        "initial": Key(STATE_NAME, "The state a case begins in.", "初始状态。", required=True),
        "states": Key(Named(STATE), "The conditions a case can be in.", "工单的各种状态。", required=True),
        "everywhere": Key(
            Named(EVENT), "What can happen in each state that is not final.", "在所有非终止状态都可发生的事件。"
        ),
        "clocks": Key(Named(CLOCK), "Time limits.", "时限。"),
        "never": Key(OneOrMany(NEVER), "What no path may do.", "任何路径都不得出现的情况。"),
        "always": Key(OneOrMany(ALWAYS), "What holds in states.", "在某些状态必须满足的要求。"),
        "messages": Key(
            Named(MESSAGE), "Messages, where the policy has none of that name.", "消息，制度中没有同名消息时使用。"
        ),
        "check_every": Key(duration("1 day"), "How often conditions are looked at.", "多久检查一次条件。"),
    },
)
