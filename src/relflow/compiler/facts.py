"""Stages: facts and case data, categories, roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from relflow.compiler.literals import DID_YOU_MEAN
from relflow.compiler.types import Types
from relflow.compiler.world import World, ids, label, text, texts
from relflow.diagnostics import Fragment, Message, Severity, nearest
from relflow.feel.findings import type_word
from relflow.feel.types import ANY, BOOLEAN, AnyType, RecordType, StringType
from relflow.model import Declaration, Element, Record
from relflow.model import Role as RoleModel
from relflow.program import DURATION, Broken, Category, Code, Fact, Role

__all__ = ["compile_categories", "compile_roles", "declare_facts", "require_facts"]

UNKNOWN_CATEGORY = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no category `{text}` ({known})",
    "没有 `{text}` 这一数据类别（现有：{known}）",
    "choose one of them, or declare it under `categories:`",
    "选择其中一个，或在 `categories:` 下声明",
)
NO_CATEGORIES = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no category `{text}`: the policy declares none",
    "没有数据类别 `{text}`：制度未声明任何类别",
    "declare it under `categories:`",
    "在 `categories:` 下声明",
)
UNKNOWN_ROLE = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no role `{text}` under `roles` ({known})",
    "`roles` 中没有角色 `{text}`（现有：{known}）",
    "declare it there",
    "在其中声明",
)
UNKNOWN_FACT = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is no fact that could name the holder of a role",
    "`{text}` 不是数据项，无法指明角色的担任者",
    "declare it under `facts:`, as a string",
    "在 `facts:` 下声明为 string",
)
NOT_A_NAME = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`from` names a fact that says who holds the role, and `{text}` is {kind}",
    "`from` 应填写指明担任者的数据项，而 `{text}` 是{kind}",
    "name a fact of `type: string` that holds a user's id",
    "填写 `type: string`、内容为用户编号的数据项",
)
HELD_ANYWAY = Message.of(
    "no-effect",
    Severity.WARNING,
    "`required` asks for the fact that names the holder, and `{name}` names none under `from`",
    "`required` 要求填写指明担任者的数据项，而 `{name}` 没有写 `from`",
    "write `from:` and the fact, or take `required` out",
    "写上 `from:` 和数据项，或去掉 `required`",
)
UNKNOWN_SKILL = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is nothing that the record `actor` knows of a colleague",
    "记录 `actor` 中没有 `{text}`",
    "declare it under `records: actor`, as a boolean",
    "在 `records: actor` 下声明为 `type: boolean`",
)
NO_BOOLEAN = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`requires` names conditions that are met or not, and `{text}` of `actor` is no boolean",
    "`requires` 应列出是否满足的条件，而 `actor` 的 `{text}` 不是真假值",
    "declare it as `type: boolean` under `records: actor`",
    "在 `records: actor` 下声明为 `type: boolean`",
)


BUILT_IN_ROLES = frozenset({"owner", "customer"})


def declare_facts(world: World) -> None:
    """Facts with their types; then the data of cases, where no fact or other element has the name."""
    private = _personal_records(world.model.records)
    for declaration in world.model.facts:
        world.nodes[declaration.name] = _fact(world.types, declaration, private, case=False)
    taken = {element.name for section in _others(world) for element in section}
    for workflow in world.model.workflows:
        # what is wrong with these types is reported where the workflow itself is compiled
        types = Types([], dict(world.types.records), world.types.levels)
        types.declare_records(workflow.records)
        within = _personal_records((*world.model.records, *workflow.records))
        for declaration in workflow.data:
            if declaration.name not in world.nodes and declaration.name not in taken:
                world.nodes[declaration.name] = _fact(types, declaration, within, case=True)


def _others(world: World) -> tuple[tuple[Element, ...], ...]:
    model = world.model
    return (model.parameters, model.decisions, model.indicators, model.schemes)


def _personal_records(records: Iterable[Record]) -> frozenset[str]:
    """The records that have a personal field, also one of a record inside."""
    fields = {record.name: record.fields for record in records}
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(name for name, own in fields.items() if any(_is_personal(one, found) for one in own))
        if more == found:
            return found
        found = more


def _is_personal(declaration: Declaration, records: frozenset[str]) -> bool:
    return declaration.personal or (declaration.type is not None and declaration.type.name.text in records)


def _fact(types: Types, declaration: Declaration, private: frozenset[str], *, case: bool) -> Fact:
    return Fact(
        id=declaration.name,
        span=declaration.id.span,
        type=types.declared(declaration),
        label=label(declaration),
        source=ids(declaration.source),
        because=text(declaration.because),
        category=declaration.category.text if declaration.category is not None else None,
        personal=declaration.personal,
        holds_personal=_is_personal(declaration, private),
        lunar=declaration.lunar,
        case=case,
        labels=texts(declaration.one_of.labels()) if declaration.one_of is not None else {},
    )


def require_facts(world: World) -> None:
    """The conditions under which facts have to be there."""
    for declaration in world.model.facts:
        node = world.nodes[declaration.name]
        if declaration.required is None or not isinstance(node, Fact):
            continue
        required = world.expressions.condition(declaration.required)
        world.nodes[declaration.name] = _with_required(node, required)


def _with_required(node: Fact, required: Code | Broken) -> Fact:
    return replace(node, required=required)


def compile_categories(world: World) -> None:
    """Categories, with the facts that name them."""
    known = {category.name: category for category in world.model.categories}
    members: dict[str, list[str]] = {name: [] for name in known}
    for declaration in world.model.facts:
        if declaration.category is None:
            continue
        name = declaration.category.text
        if name not in known:
            near = nearest(name, known)
            help_ = DID_YOU_MEAN if near is not None else None
            message = UNKNOWN_CATEGORY if known else NO_CATEGORIES
            found = message.at(declaration.category.span, help=help_, text=name, known=tuple(known), near=near or "")
            world.report(found)
            continue
        members[name].append(declaration.name)
    categories = world.parts.setdefault("categories", {})
    for name, category in known.items():
        categories[name] = Category(
            id=name,
            span=category.id.span,
            facts=tuple(members[name]),
            steward=category.steward.text if category.steward is not None else None,
            fresh_for=world.code(category.fresh_for, DURATION),
            keep_for=world.code(category.keep_for, DURATION),
            purposes=ids(category.purposes),
            shared_with=ids(category.shared_with),
            seen_by=ids(category.seen_by),
            changed_by=ids(category.changed_by),
            label=label(category),
            source=ids(category.source),
        )


def compile_roles(world: World) -> None:
    """Roles, and the roles that categories name."""
    roles = world.parts.setdefault("roles", {})
    known = [role.name for role in world.model.roles]
    for category in world.model.categories:
        steward = (category.steward,) if category.steward is not None else ()
        _check_roles(world, (*steward, *category.seen_by, *category.changed_by), known)
    for role in world.model.roles:
        _check_holder(world, role)
        required = world.expressions.condition(role.required) if role.required is not None else None
        roles[role.name] = Role(
            id=role.name,
            span=role.id.span,
            from_=role.from_.text if role.from_ is not None else None,
            lead=role.lead.text if role.lead is not None else None,
            members=ids(role.members),
            requires=ids(role.requires),
            required=required,
            label=label(role),
            source=ids(role.source),
        )


def _check_roles(world: World, names: tuple[Fragment, ...], known: list[str]) -> None:
    """Names of roles that the policy does not declare; a policy without any roles leaves them to the host."""
    for name in names:
        if known and name.text not in known and name.text not in BUILT_IN_ROLES:
            near = nearest(name.text, known)
            help_ = DID_YOU_MEAN if near is not None else None
            world.report(UNKNOWN_ROLE.at(name.span, help=help_, text=name.text, known=tuple(known), near=near or ""))


def _check_holder(world: World, role: RoleModel) -> None:
    """The fact that names a role's holder, and what is known of a colleague."""
    facts = [declaration.name for declaration in world.model.facts]
    if role.from_ is not None and role.from_.text not in facts:
        near = nearest(role.from_.text, facts)
        help_ = DID_YOU_MEAN if near is not None else None
        world.report(UNKNOWN_FACT.at(role.from_.span, help=help_, text=role.from_.text, near=near or ""))
    elif role.from_ is not None:
        type_ = world.nodes[role.from_.text].type
        if not isinstance(type_, StringType | AnyType):
            world.report(NOT_A_NAME.at(role.from_.span, text=role.from_.text, kind=type_word(type_)))
    if role.required is not None and role.from_ is None:
        world.report(HELD_ANYWAY.at(role.required.span, name=role.name))
    actor = world.types.records.get("actor")
    fields = [name for name, _ in actor.fields] if isinstance(actor, RecordType) else []
    for name in role.requires:
        if name.text not in fields:
            near = nearest(name.text, fields)
            help_ = DID_YOU_MEAN if near is not None else None
            world.report(UNKNOWN_SKILL.at(name.span, help=help_, text=name.text, near=near or ""))
        elif isinstance(actor, RecordType) and actor.field(name.text) not in (BOOLEAN, ANY):
            world.report(NO_BOOLEAN.at(name.span, text=name.text))
