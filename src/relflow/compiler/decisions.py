"""Stages: decisions and indicators."""

from __future__ import annotations

from typing import Any

from relflow.compiler.literals import DID_YOU_MEAN
from relflow.compiler.names import ordered
from relflow.compiler.tables import compile_cell, compile_table, no_match
from relflow.compiler.world import World, ids, label, text, texts
from relflow.diagnostics import Fragment, Message, Severity, nearest
from relflow.feel.types import (
    ANY,
    BOOLEAN,
    NUMBER,
    ListType,
    NumberType,
    RecordType,
    StringType,
    Type,
    conforms,
)
from relflow.model import Decision as DecisionModel
from relflow.model import Indicator as IndicatorModel
from relflow.model import Scorecard as ScorecardModel
from relflow.model import Value
from relflow.program import (
    Aggregation,
    Band,
    Broken,
    Code,
    Criterion,
    Decision,
    DurationType,
    HitPolicy,
    Indicator,
    Scorecard,
    Table,
)

__all__ = ["compile_decisions", "compile_indicators", "declared_types"]

UNKNOWN_READ = Message.of(
    "unknown-name",
    Severity.ERROR,
    "`{text}` is neither a fact nor another name of this policy",
    "`{text}` 既不是数据项，也不是本制度的其他名称",
    "declare it under `facts:`, or correct the name",
    "在 `facts:` 下声明，或更正名称",
)


def declared_types(world: World, decision: DecisionModel) -> dict[str, Type]:
    """The types of a decision's outputs by name, `""` for the single one; empty where none is declared."""
    if decision.outputs:
        return {name.text: world.types.declared(output) for name, output in decision.outputs}
    if decision.output is not None:
        return {"": world.types.declared(decision.output)}
    return {}


def result_type(decision: DecisionModel, outputs: dict[str, Type]) -> Type | None:
    """The type of a decision's value by its declarations; None where they do not say."""
    if not outputs:
        return _scorecard_type(decision.scorecard) if decision.scorecard is not None else None
    single = outputs.get("")
    type_ = single if single is not None else RecordType(tuple(outputs.items()))
    policy = decision.hit_policy.text if decision.hit_policy is not None else ""
    aggregation = decision.aggregation.text if decision.aggregation is not None else Aggregation.LIST.value
    if decision.table is None or policy not in _SEVERAL:
        return type_
    if policy == HitPolicy.COLLECT.value and aggregation != Aggregation.LIST.value:
        return NUMBER if aggregation == Aggregation.COUNT.value else type_
    return ListType(type_)


_SEVERAL = (HitPolicy.COLLECT.value, HitPolicy.RULE_ORDER.value, HitPolicy.OUTPUT_ORDER.value)


def _scorecard_type(card: ScorecardModel) -> Type:
    if not card.levels:
        return NUMBER
    return StringType(one_of=tuple(threshold.level.text for threshold in card.levels))


def compile_decisions(world: World) -> None:
    """Decisions, each behind those it reads, so that what is not declared can be inferred."""
    outputs = {decision.name: declared_types(world, decision) for decision in world.model.decisions}
    for decision in world.model.decisions:
        type_ = result_type(decision, outputs[decision.name])
        world.expressions.declare(decision.name, type_ if type_ is not None else ANY)
    for indicator in world.model.indicators:
        world.expressions.declare(indicator.name, BOOLEAN)
    for decision in ordered(world.model.decisions):
        node = _decision(world, decision, outputs[decision.name])
        world.nodes[decision.name] = node
        world.expressions.declare(decision.name, node.type)


def _decision(world: World, decision: DecisionModel, outputs: dict[str, Type]) -> Decision:
    body: Any = None
    plain = no_match(world, decision)
    type_ = result_type(decision, outputs)
    if decision.table is not None:
        body = compile_table(world, decision, decision.table, outputs, no_match=plain)
        type_ = type_ or _table_type(body)
    elif decision.scorecard is not None:
        body = _scorecard(world, decision.scorecard, outputs.get(""), no_match=plain)
    elif decision.expression is not None:
        body = world.expressions.value(decision.expression, type_)
        type_ = type_ or (body.type if isinstance(body, Code) else ANY)
    reads = [fragment for fragment in decision.reads if _known(world, fragment)]
    inputs = _inputs(body) if body is not None else ids(tuple(reads))
    labels = decision.output.one_of.labels() if decision.output is not None and decision.output.one_of else {}
    return Decision(
        id=decision.name,
        span=decision.id.span,
        type=type_ or ANY,
        inputs=inputs,
        label=label(decision),
        source=ids(decision.source),
        because=text(decision.because),
        body=body,
        no_match=plain,
        criteria=ids(tuple(reads)),
        check=isinstance(body, Code) and not _tells(body.type, type_ or ANY),
        outputs=tuple(outputs.items()) if "" not in outputs else (),
        labels=texts(labels),
    )


def _tells(type_: Type, declared: Type) -> bool:
    """Whether every value of an expression's type is one of the declared type."""
    if isinstance(declared, StringType) and declared.allowed is not None:
        allowed = type_.allowed if isinstance(type_, StringType) else None
        return allowed is not None and set(allowed) <= set(declared.allowed)
    if isinstance(declared, NumberType) and (declared.minimum is not None or declared.maximum is not None):
        return False
    return conforms(type_, declared) and not isinstance(declared, DurationType)


def _table_type(table: Table) -> Type:
    if len(table.outputs) == 1:
        type_ = table.outputs[0].type
    else:
        type_ = RecordType(tuple((column.name, column.type) for column in table.outputs))
    if table.hit_policy.value not in _SEVERAL:
        return type_
    if table.hit_policy is HitPolicy.COLLECT and table.aggregation is not Aggregation.LIST:
        return NUMBER if table.aggregation is Aggregation.COUNT else type_
    return ListType(type_)


def _inputs(body: Table | Scorecard | Code | Broken) -> tuple[str, ...]:
    """Every name that a body reads, each once."""
    if isinstance(body, Broken):
        return ()
    codes = (body,) if isinstance(body, Code) else body.codes
    return tuple(dict.fromkeys(name for code in codes for name in code.reads if name != "?"))


def _known(world: World, fragment: Fragment) -> bool:
    """Whether a name that an open decision reads exists."""
    names = world.expressions.names
    if fragment.text in names:
        return True
    near = nearest(fragment.text, names)
    help_ = DID_YOU_MEAN if near is not None else None
    world.report(UNKNOWN_READ.at(fragment.span, help=help_, text=fragment.text, near=near or ""))
    return False


def _scorecard(world: World, card: ScorecardModel, output: Type | None, *, no_match: bool) -> Scorecard:
    criteria = []
    for line in card.criteria:
        expression = world.expressions.value(line.expression, None) if line.expression is not None else None
        over = None if not isinstance(expression, Code) else expression.type
        bands = tuple(Band(compile_cell(world, band.test, over), _points(world, band.points)) for band in line.bands)
        criteria.append(
            Criterion(
                id=line.name,
                span=line.span,
                when=world.expressions.condition(line.when) if line.when is not None else None,
                points=_points(world, line.points) if line.points is not None else None,
                expression=expression,
                weight=_points(world, line.weight) if line.weight is not None else None,
                bands=bands,
                label=label(line),
                source=ids(line.source),
            )
        )
    levels = tuple((threshold.level.text, _points(world, threshold.points)) for threshold in card.levels)
    if isinstance(output, StringType) and output.allowed is not None:
        for threshold in card.levels:
            world.literal(Value(threshold.level), output)
    return Scorecard(card.span, tuple(criteria), _highest_first(levels), no_match)


def _highest_first(levels: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, Any], ...]:
    """By points, where all of them are numbers."""
    if any(isinstance(points, Code | Broken) for _, points in levels):
        return levels
    return tuple(sorted(levels, key=lambda level: level[1], reverse=True))


def _points(world: World, value: Value) -> Any:
    found = world.valued(value, NUMBER)
    return Broken(value.text) if found is None else found


def compile_indicators(world: World) -> None:
    """Indicators."""
    for indicator in world.model.indicators:
        world.nodes[indicator.name] = _indicator(world, indicator)


def _indicator(world: World, indicator: IndicatorModel) -> Indicator:
    when = world.expressions.condition(indicator.when) if indicator.when is not None else None
    return Indicator(
        id=indicator.name,
        span=indicator.id.span,
        type=BOOLEAN,
        inputs=tuple(when.reads) if isinstance(when, Code) else (),
        label=label(indicator),
        source=ids(indicator.source),
        because=text(indicator.because),
        kind=indicator.kind.text if indicator.kind is not None else None,
        when=when,
    )
