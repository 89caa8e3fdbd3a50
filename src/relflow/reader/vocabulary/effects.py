"""The vocabulary of effects: six verbs, `lower` beside `raise`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar, Final

from relflow.diagnostics import Message, Severity
from relflow.model import Assign, Notify, Open, Perform, Raise, Set
from relflow.reader.compose import MappingNode, Node, ScalarNode
from relflow.reader.mappings import Key, OneOrMany, Part, unknown_key
from relflow.reader.reading import Reading, Schemas, Shape, both, wrong_shape
from relflow.reader.scalars import Literal
from relflow.reader.values import FieldsShape
from relflow.reader.vocabulary.common import NAME, duration, part
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["DO", "VERBS", "EffectShape"]

VERB_COUNT = Message.of(
    "contradiction",
    Severity.ERROR,
    "one effect has one verb, this one has {verbs}",
    "一项动作只能有一个动词，这里有 {verbs}",
    "begin a line of its own with `-` for each",
    "每个动词另起一行，以 `-` 开头",
)

_PERSON: Final = Literal(example="account_manager")
_WITH: Final = Key(FieldsShape(), "Data that go along.", "随附的数据。")


def _verb(name: str, en: str, zh: str, make: object, keys: Mapping[str, Key]) -> Part:
    return part(f"effect_{name}", en, zh, make, keys, example=f"{{{name}: …}}")  # type: ignore[arg-type]


def _renamed(make: object, verb: str, field: str) -> object:
    """Model classes name the verb's own argument for what it is."""

    def build(**values: object) -> object:
        values[field] = values.pop(verb, None) if verb in values else values.pop(f"{verb}_", None)
        if values[field] is None:
            raise TypeError(field)
        return make(**values)  # type: ignore[operator]

    return build


VERBS: Final[Mapping[str, Part]] = {
    "notify": _verb(
        "notify",
        "a notification",
        "通知",
        _renamed(Notify, "notify", "to"),
        {
            "notify": Key(
                OneOrMany(Literal(example="owner")),
                "Roles, `owner`, `customer`, or `=` a list of user ids.",
                "通知谁：角色、`owner`、`customer`，或 `=` 用户列表。",
                required=True,
            ),
            "message": Key(NAME, "The message that is sent.", "发送哪条消息。"),
            "with": _WITH,
        },
    ),
    "assign": _verb(
        "assign",
        "an assignment",
        "改派",
        _renamed(Assign, "assign", "to"),
        {
            "assign": Key(
                _PERSON, "The new owner: a role, or `=` a user id.", "新负责人：角色，或 `=` 用户。", required=True
            )
        },
    ),
    "open": _verb(
        "open",
        "the opening of a case",
        "新建工单",
        _renamed(Open, "open", "workflow"),
        {
            "open": Key(NAME, "The workflow of the new case.", "新工单所用的流程。", required=True),
            "for_each": Key(
                Literal(example="actions"), "One case for each item of this list.", "为列表中的每一项各建一个工单。"
            ),
            "with": _WITH,
            "assign": Key(_PERSON, "Its owner: a role, or `=` a user id.", "负责人：角色，或 `=` 用户。"),
            "within": Key(duration("5 days"), "How long it may take.", "办理期限。"),
        },
    ),
    "set": _verb(
        "set",
        "a change of data",
        "设置数据",
        _renamed(Set, "set", "values"),
        {"set": Key(FieldsShape(), "Data of the case with their new values.", "要设置的数据和新值。", required=True)},
    ),
    "raise": _verb(
        "raise",
        "a raising",
        "上调",
        _renamed(Raise, "raise", "target"),
        {"raise": Key(NAME, "The datum that moves one step up.", "上调一级的数据。", required=True)},
    ),
    "lower": _verb(
        "lower",
        "a lowering",
        "下调",
        _renamed(partial(Raise, lower=True), "lower", "target"),
        {"lower": Key(NAME, "The datum that moves one step down.", "下调一级的数据。", required=True)},
    ),
    "perform": _verb(
        "perform",
        "an action of the host",
        "系统动作",
        _renamed(Perform, "perform", "action"),
        {
            "perform": Key(NAME, "The action that the host carries out.", "由业务系统执行的动作。", required=True),
            "with": _WITH,
        },
    ),
}
_AN_EFFECT: Final = both("an effect", "动作")


@dataclass(frozen=True, slots=True)
class EffectShape(Shape):
    """One effect: a mapping that one of the verbs names."""

    example: str = "{notify: owner}"
    wanted: ClassVar[Text] = both("an effect", "一项动作")

    def read(self, node: Node, reading: Reading, key: str) -> object | None:
        """The effect."""
        if not isinstance(node, MappingNode):
            wrong_shape(reading, node, key, self)
            return None
        names = [name for name, _ in node.value if isinstance(name, ScalarNode)]
        verbs = [name.value for name in names if name.value in VERBS]
        # `open` takes an `assign` of its own
        if "open" in verbs and "assign" in verbs:
            verbs.remove("assign")
        if not verbs:
            if names:
                unknown_key(reading, reading.fragment(names[0]), _AN_EFFECT, VERBS)
            else:
                wrong_shape(reading, node, key, self)
            return None
        if len(verbs) > 1:
            reading.report(VERB_COUNT, reading.span(node), verbs=tuple(f"`{verb}`" for verb in verbs))
            return None
        return VERBS[verbs[0]].read(node, reading, verbs[0])

    def schema(self, schemas: Schemas) -> dict[str, object]:
        """One of the verbs' objects."""
        return schemas.named("effect", lambda: {"anyOf": [verb.schema(schemas) for verb in VERBS.values()]})


DO: Final = Key(OneOrMany(EffectShape()), "What happens.", "执行的动作。")
