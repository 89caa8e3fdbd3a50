"""Tests of a policy as written: tables, given and expected, scripts of a case."""

from __future__ import annotations

from relflow.diagnostics import Fragment, Source, Span
from relflow.model.decisions import Table
from relflow.model.elements import Item
from relflow.model.values import Content, Fields, Value
from relflow.structs import dataclass

__all__ = ["ScriptStep", "TestFile", "Trial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptStep(Item):
    """One step of a case's script: time passes to `at`; then open, fire or signal, `as_` a role and `who` a user.

    `given` and `known` are facts of the account that change then. `with_` are the data of `fire` and `signal`;
    `expect` is looked at last, `refused` says why the step must fail.
    """

    at: Value | None = None
    given: Fields | None = None
    known: Fields | None = None
    open: Fields | None = None
    fire: Fragment | None = None
    signal: Fragment | None = None
    with_: Fields | None = None
    as_: Fragment | None = None
    who: Fragment | None = None
    refused: Fragment | None = None
    expect: Fields | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial(Item):
    """One test: `it` says in words what holds.

    It is about a decision (`decide`), a contact plan (`plan`), a case (`case`), an obligation, a key figure (`kpi`)
    over `items`, or a category of facts; without any of these, about whatever `expect` names.
    """

    it: Fragment
    today: Value | None = None
    decide: Fragment | None = None
    table: Table | None = None
    given: Fields | None = None
    known: Fields | None = None
    state: Fields | None = None
    history: Content | None = None
    plan: Fragment | None = None
    until: Value | None = None
    expect: Content | None = None
    case: Fragment | None = None
    obligation: Fragment | None = None
    kpi: Fragment | None = None
    category: Fragment | None = None
    items: Content | None = None
    set: Fields | None = None
    overlay: Fragment | None = None
    steps: tuple[ScriptStep, ...] = ()
    findings: tuple[Fragment, ...] = ()
    known_gap: Fragment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestFile:
    """A file of tests; `set` and `overlay` hold for each of them unless it says otherwise."""

    __test__ = False

    source: Source
    span: Span
    tests: tuple[Trial, ...] = ()
    set: Fields | None = None
    overlay: Fragment | None = None
