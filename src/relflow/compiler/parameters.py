"""Stage: parameters with their values, by day and by level, and what the manual suggests for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from relflow.compiler.expressions import type_of_value
from relflow.compiler.literals import DID_YOU_MEAN, read
from relflow.compiler.world import World, ids, label, text
from relflow.diagnostics import Diagnostic, Fragment, Message, Severity, nearest
from relflow.feel.types import ListType, Type
from relflow.model import Content, Fields, Items, Parameter, Value
from relflow.program import DURATION, Code
from relflow.program import Parameter as ParameterNode

__all__ = ["compile_parameters"]

UNKNOWN_SCHEME = Message.of(
    "unknown-name",
    Severity.ERROR,
    "there is no scheme `{text}` under `tiers` or `risks`",
    "`tiers` 和 `risks` 中没有 `{text}`",
    "declare it there",
    "在其中声明",
)
UNKNOWN_LEVEL = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is not a level of `{scheme}` ({known})",
    "`{scheme}` 没有 `{text}` 这一级（现有：{known}）",
    "choose one of them",
    "选择其中一个",
)
NOT_PER_LEVEL = Message.of(
    "wrong-type",
    Severity.ERROR,
    "`{name}` has a value for each level of `{scheme}`",
    "`{name}` 应按 `{scheme}` 的每一级取值",
    "write a mapping under `{name}`, such as `{example}: …`",
    "在 `{name}` 下按等级填写，例如 `{example}: …`",
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
    "choose one of them",
    "选择其中一个",
)


def compile_parameters(world: World) -> None:
    """Parameters with their values."""
    for parameter in world.model.parameters:
        world.nodes[parameter.name] = _parameter(world, parameter)


def _parameter(world: World, parameter: Parameter) -> ParameterNode:
    before = len(world.diagnostics)
    type_ = world.types.declared(parameter)
    levels: tuple[str, ...] | None = None
    if parameter.per is not None:
        levels = world.types.levels.get(parameter.per.text)
        if levels is None:
            schemes = world.types.levels
            near = nearest(parameter.per.text, schemes)
            help_ = DID_YOU_MEAN if near is not None else None
            world.report(UNKNOWN_SCHEME.at(parameter.per.span, help=help_, text=parameter.per.text, near=near or ""))
    formula = parameter.value if isinstance(parameter.value, Value) and parameter.value.formula else None
    code = world.expressions.value(formula.text, type_) if formula is not None else None
    values: dict[str | None, list[tuple[date | None, Any]]] = {}
    for since, content in _dated(world, parameter):
        if content is None or content is formula:
            continue
        for level, value in _by_level(world, parameter, levels, content, type_):
            values.setdefault(level, []).append((since, value))
    broken = any(found.severity is Severity.ERROR for found in world.diagnostics[before:])
    _check_suggested(world, parameter, levels, type_)
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
        choices=parameter.one_of.names() if parameter.one_of is not None else (),
        broken=broken,
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
        if not _is_level(world, parameter.per.text, key, levels):
            continue
        value = world.literal(entry, type_)
        if value is not None:
            found.append((key.text, _allowed(world, parameter, entry, value)))
    return found


def _is_level(world: World, scheme: str, key: Fragment, levels: tuple[str, ...] | None) -> bool:
    """Whether a value stands under a level; any will do where the levels are open."""
    if not levels or key.text in levels:
        return True
    near = nearest(key.text, levels)
    help_ = DID_YOU_MEAN if near is not None else None
    fields = {"text": key.text, "scheme": scheme, "near": near or ""}
    world.report(UNKNOWN_LEVEL.at(key.span, help=help_, known=levels, **fields))
    return False


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


def _check_suggested(world: World, parameter: Parameter, levels: tuple[str, ...] | None, type_: Type) -> None:
    """What the manual gives as an example: one value or a list of them, under levels where there are any."""
    content = parameter.suggested
    if content is None:
        return
    under = [content]
    if parameter.per is not None and isinstance(content, Fields):
        under = [entry for key, entry in content.entries if _is_level(world, parameter.per.text, key, levels)]
    for given in under:
        several = isinstance(given, Items) and not isinstance(type_, ListType)
        for one in given.items if several and isinstance(given, Items) else (given,):
            world.literal(one, type_)


def _suggested(content: Content | None) -> str | None:
    return content.span.text if content is not None else None
