"""From a model to a program: the stages in their order, each adding what it can and all its findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from relflow.compiler.cadences import compile_cadences
from relflow.compiler.decisions import compile_decisions, compile_indicators
from relflow.compiler.errands import check_errands
from relflow.compiler.expressions import Expressions
from relflow.compiler.facts import (
    compile_categories,
    compile_roles,
    declare_facts,
    require_facts,
)
from relflow.compiler.head import calendar_of, compile_clauses, effective_of
from relflow.compiler.messages import compile_messages
from relflow.compiler.names import cycles, reserved, too_deep
from relflow.compiler.obligations import compile_kpis, compile_obligations
from relflow.compiler.parameters import compile_parameters
from relflow.compiler.schemes import compile_schemes, declare_schemes
from relflow.compiler.types import Types
from relflow.compiler.workflows import compile_workflows
from relflow.compiler.world import World, label
from relflow.diagnostics import Diagnostic, Fragment, Source, Span
from relflow.feel.scope import HostFunction
from relflow.model import Model
from relflow.program import Broken, Decision, Fact, Indicator, Node, Parameter, Program
from relflow.text import Text

__all__ = ["STAGES", "compile_model"]

Stage = Callable[[World], None]


def check_names(world: World) -> None:
    """No name is a word of the language; that none stands twice was seen while reading."""
    world.report(*reserved(world.model))


def declare_records(world: World) -> None:
    """The types of records."""
    world.types.declare_records(world.model.records)


def declare_names(world: World) -> None:
    """Facts, then parameters, become names of expressions."""
    declare_facts(world)
    for name, node in world.nodes.items():
        world.expressions.declare(name, node.type)
    for parameter in world.model.parameters:
        world.expressions.declare(parameter.name, world.types.declared(parameter))


def fold_parameters(world: World) -> None:
    """Parameters with one value for good become constants of the expressions that follow."""
    for name, node in world.nodes.items():
        if not isinstance(node, Parameter):
            continue
        world.expressions.declare(name, node.type)
        if node.fixed:
            world.expressions.fold(name, node.value(None, None))


def prepare_forms(world: World) -> None:
    """What `missing`, `stale` and `completeness` have to know of facts."""
    required = {
        declaration.name: declaration.required for declaration in world.model.facts if declaration.required is not None
    }
    categories = world.parts.get("categories", {})
    facts = {name: node.category for name, node in world.nodes.items() if isinstance(node, Fact)}
    world.expressions.know_facts(facts, categories, required)


def break_cycles(world: World) -> None:
    """Names that depend on themselves, or on a row of others that is too long, answer nothing."""
    rings = list(cycles(world.nodes))
    for name, found in rings:
        world.report(found)
        world.nodes[name] = _cut(world.nodes[name])
    for name, found in list(too_deep(world.nodes)):
        if not rings:  # a ring that was cut leaves a long row, which is no second mistake
            world.report(found)
        world.nodes[name] = _cut(world.nodes[name])


def _cut(node: Node) -> Node:
    if isinstance(node, Decision):
        return replace(node, body=Broken(Fragment.of("")), inputs=())
    if isinstance(node, Indicator):
        return replace(node, when=Broken(Fragment.of("")), inputs=())
    return replace(node, inputs=())


# Facts and levels before anything that reads them; parameters before what they are folded into; categories before
# the conditions that ask for freshness; cycles last, on the names that expressions really read.
STAGES: Final[tuple[tuple[str, Stage], ...]] = (
    ("check names", check_names),
    ("declare schemes", declare_schemes),
    ("declare records", declare_records),
    ("declare facts and parameters", declare_names),
    ("compile clauses", compile_clauses),
    ("compile parameters", compile_parameters),
    ("fold parameters", fold_parameters),
    ("compile categories", compile_categories),
    ("prepare forms", prepare_forms),
    ("compile decisions", compile_decisions),
    ("compile indicators", compile_indicators),
    ("compile schemes", compile_schemes),
    ("require facts", require_facts),
    ("compile roles", compile_roles),
    ("compile messages", compile_messages),
    ("compile cadences", compile_cadences),
    ("compile obligations", compile_obligations),
    ("compile key figures", compile_kpis),
    ("break cycles", break_cycles),
)


def compile_model(
    model: Model, functions: Iterable[HostFunction] = (), stages: Iterable[tuple[str, Stage]] = STAGES
) -> tuple[Program, tuple[Diagnostic, ...]]:
    """The program that a model means, and every finding; a part that is wrong is Broken in it.

    `functions` are those that a host's plugins registered.
    """
    diagnostics: list[Diagnostic] = []
    zone, calendar = calendar_of(model, diagnostics)
    world = World(
        model=model,
        diagnostics=diagnostics,
        types=Types(diagnostics),
        expressions=Expressions(diagnostics, tuple(functions)),
        zone=zone,
        calendar=calendar,
    )
    for _, stage in stages:
        stage(world)
    program = program_of(world)
    # last of all, against everything that the policy means
    workflows = compile_workflows(world, program)
    check_errands(world)
    return replace(program, workflows=workflows), tuple(place_levels(model, found) for found in diagnostics)


def place_levels(model: Model, found: Diagnostic) -> Diagnostic:
    """A finding about an unknown level, with the place where the levels are listed added to its remedy."""
    fields = dict(found.fields)
    scheme = next((scheme for scheme in model.schemes if scheme.name == fields.get("scheme")), None)
    if scheme is None or scheme.levels is None or not fields.keys() & {"known", "allowed"}:
        return found
    first = found.own_help or Text((("en", ""), ("zh", "")))
    help_ = Text(
        (
            ("en", f"{first.text('en')} levels are listed at {{listed}}".strip()),
            ("zh", f"{first.text('zh')}级别定义见 {{listed}}"),
        )
    )
    span = scheme.levels.span
    return replace(found, own_help=help_, fields=(*found.fields, ("listed", f"{span.source.name}:{span.line}")))


def program_of(world: World) -> Program:
    """What the stages made, frozen."""
    head = world.model.head
    parts = world.parts
    return Program(
        id=head.name if head is not None else "",
        version=head.version.text if head is not None and head.version is not None else "",
        digest=world.model.digest,
        span=head.id.span if head is not None else _anywhere(world.model),
        zone=world.zone,
        calendar=world.calendar,
        nodes=world.nodes,
        label=label(head) if head is not None else None,
        effective=effective_of(head, world.diagnostics),
        records=world.types.records,
        categories=parts.get("categories", {}),
        roles=parts.get("roles", {}),
        clauses=parts.get("clauses", {}),
        cadences=parts.get("cadences", {}),
        messages=parts.get("messages", {}),
        events={
            event.name: {datum.name: world.types.declared(datum) for datum in event.data}
            for event in world.model.events
        },
        obligations=parts.get("obligations", {}),
        kpis=parts.get("kpis", {}),
        channels=parts.get("channels", {}),
        workflows=parts.get("workflows", {}),
    )


def _anywhere(model: Model) -> Span:
    """The place of a model without a head: its first source."""
    source = model.sources[0] if model.sources else Source("<policy>", "")
    return Span.whole(source)
