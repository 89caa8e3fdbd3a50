"""`forgotten-level`, `unreachable-level`, `tier-without-cadence`: a level in the list of a scheme, and not elsewhere.

A level that several places leave out was most likely added to the list alone: one finding names all of them. Where
one place leaves it out, the finding says what that means.
"""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.levels import left_out
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program

__all__ = ["check_levels"]

FORGOTTEN = Message.of(
    "forgotten-level",
    Severity.WARNING,
    "`{level}` is a level of `{scheme}`, but these places leave it out: {places}",
    "`{level}` 是 `{scheme}` 的等级，但以下各处没有它：{places}",
    "add it in each of them, or take it out of `levels`",
    "在各处补上，或从 `levels` 中去掉",
)
UNREACHABLE = Message.of(
    "unreachable-level",
    Severity.WARNING,
    "`{name}` never gives `{level}`, a level of `{scheme}`",
    "`{name}` 永远不会给出 `{scheme}` 的等级 `{level}`",
    "add a row or points that lead there, or take it out of `levels`",
    "补充能得到它的行或分值，或从 `levels` 中去掉",
)
WITHOUT_CADENCE = Message.of(
    "tier-without-cadence",
    Severity.WARNING,
    "no row of the contact plan `{name}` is about `{level}`, a level of `{scheme}`",
    "联系计划 `{name}` 中没有一行适用于 `{scheme}` 的等级 `{level}`",
    "add a row for it; if nobody contacts them on purpose: `# relflow: allow tier-without-cadence because …`",
    "补充一行；如果有意不联系，请写 `# relflow: allow tier-without-cadence because …`",
)


def check_levels(program: Program) -> Iterator[Diagnostic]:
    """Every level of every scheme."""
    for scheme in program.schemes.values():
        for level, places in left_out(program, scheme).items():
            first = places[0]
            if len({place.name for place in places}) > 1:
                told = tuple(place.text for place in places)
                yield FORGOTTEN.at(scheme.span, level=level, scheme=scheme.id, places=told)
            elif first.kind == "decision":
                yield UNREACHABLE.at(first.span, name=first.name, level=level, scheme=scheme.id)
            elif first.kind == "plan":
                yield WITHOUT_CADENCE.at(first.span, name=first.name, level=level, scheme=scheme.id)
