"""Stages: facts and case data, parameters, categories, roles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from relflow.compiler.expressions import type_of_value
from relflow.compiler.literals import DID_YOU_MEAN, read
from relflow.compiler.types import Types
from relflow.compiler.world import World, ids, label, text, texts
from relflow.diagnostics import Diagnostic, Fragment, Message, Severity, nearest
from relflow.feel.types import RecordType, Type
from relflow.model import Content, Declaration, Element, Fields, Parameter, Value
from relflow.model import Role as RoleModel
from relflow.program import DURATION, Broken, Category, Code, Fact, Role
from relflow.program import Parameter as ParameterNode

__all__ = ["compile_categories", "compile_parameters", "compile_roles", "declare_facts", "require_facts"]

UNKNOWN_CATEGORY = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no category `{text}` ({known})",
    "没有 `{text}` 这一数据类别（现有：{known}）",
)
NO_CATEGORIES = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no category `{text}`: the policy declares none",
    "没有数据类别 `{text}`：制度未声明任何类别",
    "declare it under `categories:`",
    "请在 `categories:` 下声明",
)
UNKNOWN_SCHEME = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no scheme `{text}` under `tiers` or `risks`",
    "`tiers` 和 `risks` 中没有 `{text}`",
)
UNKNOWN_LEVEL = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is not a level of `{scheme}` ({known})",
    "`{scheme}` 没有 `{text}` 这一级（现有：{known}）",
)
UNKNOWN_ROLE = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no role `{text}` under `roles` ({known})",
    "`roles` 中没有角色 `{text}`（现有：{known}）",
)
UNKNOWN_FACT = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is no fact that could name the holder of a role",
    "`{text}` 不是数据项，无法指明角色的担任者",
)
UNKNOWN_SKILL = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is nothing that the record `actor` knows of a colleague",
    "记录 `actor` 中没有 `{text}`",
    "declare it under `records: actor`, as a boolean",
    "请在 `records: actor` 下声明为布尔值",
)
NOT_PER_LEVEL = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{name}` has a value for each level of `{scheme}`",
    "`{name}` 应按 `{scheme}` 的每一级取值",
    "write a mapping under `{name}`, such as `{example}: …`",
    "请在 `{name}` 下按级别填写，例如 `{example}: …`",
)
NOT_A_DAY = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{text}` is no day from which a value holds",
    "`{text}` 不是日期，无法作为生效日",
    "write it as 2026-01-01",
    "写成 2026-01-01",
)
NOT_ONE_OF = Message.of(
    "out-of-bounds",
    Severity.ERROR,
    "`{text}` is none of the values that `{name}` may take ({known})",
    "`{text}` 不是 `{name}` 允许的取值（{known}）",
)


BUILT_IN_ROLES = frozenset({"owner", "customer"})


def declare_facts(world: World) -> None:
    """Facts with their types; then the data of cases, where no fact or other element has the name."""
    for declaration in world.model.facts:
        world.nodes[declaration.name] = _fact(world.types, declaration, case=False)
    taken = {element.name for section in _others(world) for element in section}
    for workflow in world.model.workflows:
        # what is wrong with these types is reported where the workflow itself is compiled
        types = Types([], dict(world.types.records), world.types.levels)
        types.declare_records(workflow.records)
        for declaration in workflow.data:
            if declaration.name not in world.nodes and declaration.name not in taken:
                world.nodes[declaration.name] = _fact(types, declaration, case=True)


def _others(world: World) -> tuple[tuple[Element, ...], ...]:
    model = world.model
    return (model.parameters, model.decisions, model.indicators, model.schemes)


def _fact(types: Types, declaration: Declaration, *, case: bool) -> Fact:
    return Fact(
        id=declaration.name,
        span=declaration.id.span,
        type=types.declared(declaration),
        label=label(declaration),
        source=ids(declaration.source),
        because=text(declaration.because),
        category=declaration.category.text if declaration.category is not None else None,
        personal=declaration.personal,
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


def compile_parameters(world: World) -> None:
    """Parameters with their values."""
    for parameter in world.model.parameters:
        world.nodes[parameter.name] = _parameter(world, parameter)


def _parameter(world: World, parameter: Parameter) -> ParameterNode:
    type_ = world.types.declared(parameter)
    levels: tuple[str, ...] | None = None
    if parameter.per is not None:
        levels = world.types.levels.get(parameter.per.text)
        if levels is None:
            world.report(UNKNOWN_SCHEME.at(parameter.per.span, text=parameter.per.text))
    formula = parameter.value if isinstance(parameter.value, Value) and parameter.value.formula else None
    code = world.expressions.value(formula.text, type_) if formula is not None else None
    values: dict[str | None, list[tuple[date | None, Any]]] = {}
    for since, content in _dated(world, parameter):
        if content is None or content is formula:
            continue
        for level, value in _by_level(world, parameter, levels, content, type_):
            values.setdefault(level, []).append((since, value))
    known = {level: tuple(sorted(dated, key=_since, reverse=True)) for level, dated in values.items()}
    inputs = (parameter.per.text,) if parameter.per is not None else code.reads if isinstance(code, Code) else ()
    return ParameterNode(
        id=parameter.name,
        span=parameter.id.span,
        type=_narrowed(type_, known),
        inputs=inputs,
        label=label(parameter),
        source=ids(parameter.source),
        because=text(parameter.because),
        values=known,
        per=parameter.per.text if parameter.per is not None else None,
        code=code,
        suggested=_suggested(parameter.suggested),
    )


def _since(dated: tuple[date | None, Any]) -> date:
    return dated[0] or date.min


def _narrowed(type_: Type, values: dict[str | None, tuple[tuple[date | None, Any], ...]]) -> Type:
    """A duration's kind, where all the values there are agree on it."""
    if type_ is not DURATION:
        return type_

    kinds = {type_of_value(value) for dated in values.values() for _, value in dated if value is not None}
    return kinds.pop() if len(kinds) == 1 else type_


def _dated(world: World, parameter: Parameter) -> list[tuple[date | None, Content | None]]:
    found: list[tuple[date | None, Content | None]] = [(None, parameter.value)]
    for dated in parameter.values:
        try:
            found.append((date.fromisoformat(dated.since.text), dated.value))
        except ValueError:
            world.report(NOT_A_DAY.at(dated.since.span, text=dated.since.text))
    return found


def _by_level(
    world: World, parameter: Parameter, levels: tuple[str, ...] | None, content: Content, type_: Type
) -> list[tuple[str | None, Any]]:
    """The values under their levels; under None without `per`."""
    if parameter.per is None:
        value = world.literal(content, type_)
        return [] if value is None else [(None, _allowed(world, parameter, content, value))]
    if not isinstance(content, Fields):
        scheme, example = parameter.per.text, (levels or ("level",))[0]
        world.report(NOT_PER_LEVEL.at(content.span, name=parameter.name, scheme=scheme, example=example))
        return []
    found: list[tuple[str | None, Any]] = []
    for key, entry in content.entries:
        if levels and key.text not in levels:
            near = nearest(key.text, levels)
            help_ = DID_YOU_MEAN if near is not None else None
            fields = {"text": key.text, "scheme": parameter.per.text, "near": near or ""}
            world.report(UNKNOWN_LEVEL.at(key.span, help=help_, known=levels, **fields))
            continue
        value = world.literal(entry, type_)
        if value is not None:
            found.append((key.text, _allowed(world, parameter, entry, value)))
    return found


def _allowed(world: World, parameter: Parameter, content: Content, value: Any) -> Any:
    """The value, a finding kept where it is none of `one_of`."""
    choices = parameter.one_of
    if choices is None or choices.suggested or isinstance(value, str | list):
        return value
    allowed = [read(Value(choice.text), world.types.declared(parameter), world.zone) for choice in choices.choices]
    if value not in [item for item in allowed if not isinstance(item, Diagnostic)]:
        shown = content.text.text if isinstance(content, Value) else ""
        world.report(NOT_ONE_OF.at(content.span, text=shown, name=parameter.name, known=choices.names()))
    return value


def _suggested(content: Content | None) -> str | None:
    return content.span.text if content is not None else None


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
    actor = world.types.records.get("actor")
    fields = [name for name, _ in actor.fields] if isinstance(actor, RecordType) else []
    for name in role.requires:
        if name.text not in fields:
            near = nearest(name.text, fields)
            help_ = DID_YOU_MEAN if near is not None else None
            world.report(UNKNOWN_SKILL.at(name.span, help=help_, text=name.text, near=near or ""))
