"""What the stages of one workflow's compilation share: its names, its formulas, its findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Final

from relflow.compiler.literals import DID_YOU_MEAN, read
from relflow.compiler.types import Types
from relflow.compiler.world import World
from relflow.diagnostics import Diagnostic, Fragment, Message, Severity, nearest
from relflow.feel.types import BOOLEAN, DATE_TIME, NUMBER, STRING, ListType, RecordType, StringType, Type
from relflow.model import Content, Value
from relflow.model import Workflow as WorkflowModel
from relflow.program import KNOWN
from relflow.program.workflows import Constant, Datum, Expectation, Formula, WorkflowRole
from relflow.structs import dataclass
from relflow.text import Text

__all__ = ["CHILD", "CLOCK", "OWNER", "Flow"]

OWNER = "owner"

UNKNOWN = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no {kind} `{text}` ({known})",
    "没有 `{text}` 这个{kind}（现有：{known}）",
    "choose one of them, or declare it",
    "选择其中一个，或先声明",
)
NONE_AT_ALL = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no {kind} `{text}`; none is declared",
    "没有 `{text}` 这个{kind}；尚未声明任何{kind}",
    "declare it, or take it out",
    "先声明，或去掉",
)
NOT_EXPECTED = Message.of(
    "not-expected",
    Severity.ERROR,
    "`{name}` is a name of the policy; a workflow uses only what it expects",
    "`{name}` 是制度中的名称；流程只能使用自己在 `expects` 中列出的内容",
    "list `{name}` with its type under `expects:`",
    "在 `expects:` 中列出 `{name}` 及其类型",
)
OF_ACCOUNT = Message.of(
    "not-expected",
    Severity.ERROR,
    "`{name}` is a fact of the account; effects and messages name whose it is",
    "`{name}` 是客户的数据项；动作和消息中要写明属于谁",
    "write `account.{name}`",
    "写成 `account.{name}`",
)
_KINDS = {
    "state": Text((("en", "state"), ("zh", "状态"))),
    "role": Text((("en", "role"), ("zh", "角色"))),
    "datum": Text((("en", "datum"), ("zh", "数据项"))),
    "event": Text((("en", "event"), ("zh", "事件"))),
    "clock": Text((("en", "clock"), ("zh", "计时"))),
    "message": Text((("en", "message"), ("zh", "消息"))),
    "workflow": Text((("en", "workflow"), ("zh", "流程"))),
}
CHILD: Final = RecordType((("id", STRING), ("workflow", STRING), ("closed", BOOLEAN)), "child")
CHILDREN: Final = ListType(CHILD)
EVENT: Final = RecordType((), "event")
CLOCK: Final = RecordType(
    (
        ("running", BOOLEAN),
        ("paused", BOOLEAN),
        ("breached", BOOLEAN),
        ("lap", NUMBER),
        ("started_at", DATE_TIME),
        ("due_at", DATE_TIME),
    ),
    "clock",
)


@dataclass(slots=True)
class Flow:
    """One workflow being compiled. `leaves` maps each state and each group to the flat states that it stands for.

    `alone` says that there is no policy around it: roles, decisions and other workflows are not known then; `errand`,
    that it is no workflow but what an obligation or a key figure of the policy does.
    """

    model: WorkflowModel
    world: World
    alone: bool
    types: Types
    data: dict[str, Datum] = field(default_factory=dict)
    expects: dict[str, Expectation] = field(default_factory=dict)
    roles: dict[str, WorkflowRole] = field(default_factory=dict)
    leaves: dict[str, tuple[str, ...]] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    names: dict[str, Type] = field(default_factory=dict)
    errand: bool = False

    def report(self, *found: Diagnostic) -> None:
        """Keep findings."""
        self.world.report(*found)

    def known(self, kind: str, name: Fragment, names: Iterable[str]) -> bool:
        """Whether a name is among those; a finding with the likely one if not."""
        listed = tuple(names)
        if name.text in listed:
            return True
        near = nearest(name.text, listed)
        label = _KINDS[kind]
        if not listed:
            self.report(NONE_AT_ALL.at(name.span, kind=label, text=name.text))
        elif near is None:
            self.report(UNKNOWN.at(name.span, kind=label, text=name.text, known=listed))
        else:
            found = UNKNOWN.at(name.span, help=DID_YOU_MEAN, kind=label, text=name.text, known=listed, near=near)
            self.report(found)
        return False

    def all_known(self, kind: str, names: Iterable[Fragment], among: Iterable[str]) -> tuple[str, ...]:
        """Those of the names that exist, findings for the others."""
        listed = tuple(among)
        return tuple(name.text for name in names if self.known(kind, name, listed))

    def states(self, names: Iterable[Fragment]) -> frozenset[str]:
        """The flat states that names of states and groups stand for."""
        return frozenset(leaf for name in names for leaf in self.state(name))

    def state(self, name: Fragment, group: str = "") -> tuple[str, ...]:
        """The flat states that a name stands for, looked up inside the `group` first; the initial one comes first."""
        for path in _paths(name.text, group):
            if path in self.leaves:
                return self.leaves[path]
        inner = [path for path in self.leaves if path.endswith(f".{name.text}")]
        if len(inner) == 1:
            return self.leaves[inner[0]]
        self.known("state", name, self.leaves)
        return ()

    def declare(self) -> None:
        """The names that every formula of the workflow may use, with their types."""
        flat = tuple(dict.fromkeys(leaf for leaves in self.leaves.values() for leaf in leaves))
        self.names = {
            "state": StringType(one_of=flat),
            "clocks": RecordType(tuple((name, CLOCK) for name in self.clocks)),
            "children": CHILDREN,
            OWNER: STRING,
            "account": self.world.account(open=self.alone),
            "case": STRING,
            "event": EVENT,
            **{name: one.type for name, one in self.expects.items()},
            **{name: one.type for name, one in self.data.items()},
        }

    def condition(self, fragment: Fragment, more: Mapping[str, Type] | None = None) -> Formula | None:
        """A condition; None where it is wrong, with its findings kept."""
        return self.formula(fragment, BOOLEAN, more)

    def formula(self, fragment: Fragment, wanted: Type, more: Mapping[str, Type] | None = None) -> Formula | None:
        """A formula over the workflow's names and `more`; None where it is wrong, with its findings kept."""
        names = {**self.names, **(more or {})}
        code = self.world.expressions.within(names, fragment, wanted)
        if code is None:
            return None
        foreign = [name for name in code.reads if name not in names and not name.startswith(KNOWN)]
        for name in foreign:
            self.report((OF_ACCOUNT if self.errand else NOT_EXPECTED).at(fragment.span, name=name))
        return None if foreign else code

    def value(self, content: Content, type_: Type, more: Mapping[str, Type] | None = None) -> Formula | None:
        """A literal of a type, or a formula; None where it is wrong."""
        if isinstance(content, Value) and content.formula:
            return self.formula(content.text, type_, more)
        found = read(content, type_, self.world.zone)
        if isinstance(found, Diagnostic):
            self.report(found)
            return None
        return Constant(found, content.span.text, content.span, type_)


def _paths(name: str, group: str) -> Iterable[str]:
    """The places where a name may be meant, the nearest first: in the group, in those around it, at the top."""
    around = group.split(".") if group else []
    for depth in range(len(around), -1, -1):
        yield ".".join((*around[:depth], name))
