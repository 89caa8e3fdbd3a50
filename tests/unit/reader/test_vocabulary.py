"""What each construct of the language becomes in the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import relflow.reader.compose
from relflow.diagnostics import Fragment
from relflow.model import (
    Assign,
    Fields,
    Items,
    Model,
    Notify,
    Open,
    Perform,
    Raise,
    Set,
    Value,
    Workflow,
)
from relflow.reader import read_policy, read_tests, read_text

FULL = Path("tests/cases/reader/full")


@pytest.fixture(scope="module")
def model() -> Model:
    """The policy that uses every key."""
    read, found = read_policy(FULL)
    assert found == ()
    assert read is not None
    return read


@pytest.fixture(scope="module")
def workflow(model: Model) -> Workflow:
    """Its workflow."""
    return model.workflows[0]


def named(elements: tuple[Any, ...], name: str) -> Any:
    """The element of that name."""
    return next(element for element in elements if element.name == name)


def words(fragments: tuple[Fragment, ...]) -> list[str]:
    """The texts of fragments."""
    return [fragment.text for fragment in fragments]


def test_head(model: Model) -> None:
    """A policy says its name, version, words, clauses, time and files."""
    head = model.head
    assert head is not None
    assert head.effective is not None
    assert head.effective.from_ is not None
    assert head.calendar is not None

    assert (head.name, head.version.text if head.version else "") == ("full", "2026.2")
    assert head.label is not None
    assert head.label.text.text("zh") == "全部"
    assert words(head.source) == ["M-1", "M-2"]
    assert head.effective.from_.text.text == "2026-01-01"
    assert words(head.calendar.working_days) == ["2026-03-07"]
    assert words(head.calendar.published) == ["2027"]
    assert head.notes is not None
    assert [name.text for name in head.notes.names()] == ["x_owner"]


def test_parameters(model: Model) -> None:
    """Values, dated values, values by level, suggestions, formulas."""
    share = named(model.parameters, "share")
    rhythm = named(model.parameters, "rhythm")
    lead = named(model.parameters, "node_lead")

    assert [(dated.since.text, dated.value.text.text) for dated in share.values] == [
        ("2026-01-01", "0.8"),
        ("2026-07-01", "80%"),
    ]
    assert (rhythm.per.text, rhythm.value) == ("tier", None)
    assert isinstance(rhythm.suggested, Fields)
    assert isinstance(rhythm.suggested.get("gold"), Items)
    assert (lead.value.formula, lead.value.text.text) == (True, "pay_late * 2")


def test_facts_records_categories_and_roles(model: Model) -> None:
    """Types, lists of types, labels of choices, fields that are called like keys."""
    person = named(model.records, "person")
    trade = named(model.facts, "trade")

    assert [field.name for field in person.fields] == ["name", "birthday", "source"]
    assert (person.fields[1].lunar, person.fields[1].personal) == (True, True)
    assert trade.one_of.names() == ("oil", "gas")
    assert trade.one_of.labels()["oil"].text.text("zh") == "石油"
    assert named(model.facts, "stage").one_of.suggested
    assert named(model.facts, "people").type.many
    assert named(model.facts, "people").required.text == 'tier = "gold"'
    assert named(model.facts, "last_level").levels_of.text == "tier"
    assert named(model.facts, "合同到期日").type.name.text == "date"
    assert words(named(model.categories, "basic").changed_by) == ["account_manager"]
    assert named(model.roles, "account_manager").from_.text == "manager_id"
    assert named(model.roles, "executive").members == ()


def test_tables(model: Model) -> None:
    """Conditions left, results right, reserved columns taken out, reasons by language."""
    table = named(model.decisions, "by_criteria").table

    assert words(table.inputs) == ["amount", "trade"]
    assert words(table.outputs) == ["tier"]
    assert words(table.rows[0].inputs) == [">= 5000万", '"oil","gas"']
    assert words(table.rows[0].source) == ["M-1", "M-2"]
    assert table.rows[0].id.text == "r1"
    assert table.rows[0].because.text.pairs == (("en", "large"), ("zh", "规模大"))
    assert words(table.rows[1].inputs) == ["-", 'not("a | b")']
    assert table.rows[1].outputs[0].formula
    assert table.rows[2].because is None


def test_csv_table(model: Model) -> None:
    """The same table in a file, whose places are the file's."""
    decision = named(model.decisions, "two_answers")
    row = decision.table.rows[1]

    assert [name.text for name, _ in decision.outputs] == ["points", "word"]
    assert words(row.inputs) == ["-", '"oil","gas"']
    assert row.inputs[1].span.source.name.endswith("points.csv")
    assert (row.span.line, row.inputs[1].span.column) == (3, 4)


def test_scorecards_and_schemes(model: Model) -> None:
    """Criteria of both kinds, bands, thresholds; levels with labels and what they give."""
    card = named(model.decisions, "score").scorecard
    late, size = card.criteria
    levels = named(model.decisions, "level_by_score").scorecard.levels

    assert (late.when.text, late.points.text.text, late.because.text.text()) == ("late_payer", "40", "pays late")
    assert [(band.test.text, band.points.text.text) for band in size.bands] == [(">= 5000万", "100"), ("-", "base")]
    assert [(level.level.text, level.points.text.text) for level in levels] == [("high", "70"), ("low", "0")]
    tier = named(model.tiers, "tier")
    assert [(gift.level.text, words(gift.items)) for gift in tier.gives] == [
        ("gold", ["team", "sponsor"]),
        ("silver", ["team"]),
    ]
    assert [scheme.kind for scheme in model.schemes] == ["tier", "tier", "risk"]
    assert named(model.decisions, "left_open").open
    assert named(model.decisions, "escalate").expression.text == 'risk = "high" and tier in ("gold", "silver")'


def test_plans(model: Model) -> None:
    """Touchpoints, the plan, key nodes, caps, the six triggers, figures with their streaks."""
    cadence = model.cadences[0]
    every = {obligation.name: obligation for obligation in model.obligations}

    assert [(one.name, one.channel.formula if one.channel else None) for one in cadence.touchpoints] == [
        ("visit", False),
        ("call", True),
        ("letter", None),
    ]
    assert cadence.plan is not None
    assert words(cadence.plan.outputs) == ["touchpoint", "target", "at_most"]
    assert cadence.plan.rows[1].outputs[2].null
    assert cadence.key_nodes[1].of is not None
    assert cadence.caps[0].name == "promotion"
    assert every["survey"].every is not None
    assert every["survey"].every.at_most is not None
    assert every["weekly"].every is not None
    assert every["weekly"].every.target.formula
    assert [value.formula for value in every["holidays"].festival] == [True]
    assert every["project"].after is not None
    assert model.kpis[0].misses[0].in_a_row.text.text == "3"
    assert len(model.kpis[0].meets[0].do) == 1


def test_effects(model: Model, workflow: Workflow) -> None:
    """The six verbs and their own arguments."""
    every = {obligation.name: obligation.do[0] for obligation in model.obligations}
    notify, perform, opened = every["greeting"], every["weekly"], every["late"]
    assert isinstance(notify, Notify)
    assert isinstance(perform, Perform)
    assert isinstance(opened, Open)

    assert [value.text.text for value in notify.to] == ["owner", "customer"]
    assert perform.with_ is not None
    assert opened.assign is not None
    assert opened.within is not None
    received, _, checked, _ = workflow.states
    take, bad = received.events[0].alternatives[0].do, checked.events[1].alternatives[0].do
    assert isinstance(take[0], Set)
    assert isinstance(take[0].values.get("severity"), Value)
    assert isinstance(take[1], Assign)
    assert [effect.lower for effect in bad if isinstance(effect, Raise)] == [False, True]


def test_workflow(workflow: Workflow) -> None:
    """States inside states, events in their three forms, who may fire, clocks, laws over all paths."""
    working = workflow.states[1]
    looking, mending = working.states
    major, small = mending.events[0].alternatives
    assert major.by is not None
    assert small.by is not None

    assert [role.name for role in workflow.roles] == ["desk", "engineer", "lead"]
    assert named(workflow.expects, "severity_said").default.null
    assert looking.events[0].alternatives[0].to.text == "mending"  # type: ignore[union-attr]
    assert (major.by.every, words(major.by.roles)) == (True, ["engineer", "lead"])
    assert small.by.at_least is not None
    assert words(small.needs) == ["solution"]
    assert workflow.states[0].events[1].alternatives[0].after is not None
    assert workflow.states[3].final
    assert words(workflow.clocks[0].until) == ["checked", "closed"]
    assert [step.at.text for step in workflow.clocks[0].steps] == ["80%", "due + 4 working hours"]
    assert words(workflow.never[0].unless) == ["withdraw"]
    assert words(workflow.always[0].needs) == ["solution", "owner"]
    assert workflow.messages[0].text.text.text() == "Overdue"


def test_tests() -> None:
    """Tables of literals, given and expected, scripts."""
    tests, found = read_tests(FULL / "rules.test.yaml")
    assert found == ()
    assert tests is not None
    table, _, _, script, *_ = tests.tests

    assert table.table is not None
    assert table.table.rows[1].inputs[0].text == ""
    assert [step.fire.text for step in script.steps if step.fire] == ["take", "good"]
    assert script.steps[3].refused is not None
    assert script.overlay is not None


def test_every_part_knows_its_place(model: Model) -> None:
    """The span of an element begins where its value does, that of its id where the name stands."""
    for element in (*model.facts, *model.decisions, *model.obligations):
        assert element.id.span.text == element.name
        assert element.span.source is element.id.span.source


def test_the_loader_without_c_reads_the_same(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where libyaml is missing, the slower loader gives the same model, places included."""
    bounded = relflow.reader.compose._bounded(yaml.SafeLoader)
    monkeypatch.setattr(relflow.reader.compose, "_LOADER", bounded)

    read, found = read_policy(FULL)

    assert found == ()
    assert read == model


def test_the_loader_without_c_explains_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its problems are said in other words, and no word of them shows through."""
    monkeypatch.setattr(relflow.reader.compose, "_LOADER", relflow.reader.compose._bounded(yaml.SafeLoader))

    for text in (
        "a: [1, 2\nb: 1\n",
        "a: > 5\n",
        "a：1\nb: 2\n",
        'a: "x\n',
        "a:\n\tb: 1\n",
        "a: b: c\n",
        "a: *x\n",
        "a: @x\n",
    ):
        found = read_text("policy: x\n" + text)[1]
        assert found
        assert all("expected" not in one.text() and "token" not in one.text() for one in found)


@pytest.mark.parametrize(
    "text",
    ["a remark (not closed", 'three 5" pipes', "he said ]", "it's so", "50%, more or less"],
)
def test_words_may_leave_brackets_open(text: str) -> None:
    """Only expressions have to close what they open; a text in braces is a text."""
    read, found = read_text(f"policy: x\nroles: {{r: {{because: '{text.replace(chr(39), chr(39) * 2)}'}}}}\n")
    plain, same = read_text(f"policy: x\nroles:\n  r:\n    because: {text}\n")

    assert (found, same) == ((), ())
    assert read is not None
    assert plain is not None
    assert read.roles[0].because is not None
    assert plain.roles[0].because is not None
    assert read.roles[0].because.text == plain.roles[0].because.text


def test_words_in_braces_may_leave_brackets_open() -> None:
    """Also without quotes."""
    _, found = read_text("policy: x\nroles: {r: {because: a remark (not closed, label: so}}\n")

    assert found == ()
