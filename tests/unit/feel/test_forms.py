"""Forms: calls that a higher room explains as ordinary expressions."""

from __future__ import annotations

from relflow import feel
from relflow.diagnostics import Message, Severity
from relflow.feel import FormDefinition, Scope, Site, tree

NO_SCHEME = Message.of("wrong-type", Severity.ERROR, "`{text}` has no levels", "`{text}` 没有级别")
NO_CATEGORY = Message.of("unknown-name", Severity.ERROR, "there is no category `{name}`", "没有类别 `{name}`")


def at_least(call: tree.Call, site: Site) -> tree.Node | None:
    """`at_least(tier, "key")`: the level or a higher one."""
    subject, level = call.arguments
    type_ = site.infer(subject)
    if not isinstance(type_, feel.StringType) or type_.levels is None or not isinstance(level, tree.String):
        site.report(NO_SCHEME, subject, text="this")
        return None
    upper = type_.levels[: type_.levels.index(level.value) + 1]
    return tree.In(subject, tuple(tree.String(text) for text in upper))


def stale(call: tree.Call, site: Site) -> tree.Node | None:
    """`stale(basic)`: a bare id, not a name in scope."""
    (word,) = call.arguments
    if not isinstance(word, tree.Name) or word.name != "basic":
        site.report(NO_CATEGORY, word, name=getattr(word, "name", "?"))
        return None
    return tree.Comparison("=", tree.Name("amount"), tree.Null())


SCOPE = Scope.of(
    {"tier": feel.StringType(levels=("strategic", "key", "regular"), scheme="tier"), "amount": feel.NUMBER},
    forms=[FormDefinition("at_least", at_least), FormDefinition("stale", stale, bare=True)],
)


def test_a_form_means_the_expression_it_stands_for() -> None:
    """It evaluates, reads names and prints as it was written."""
    expression = feel.parse('at_least(tier, "key") and amount > 1', SCOPE)

    assert [expression.evaluate({"tier": t, "amount": 2}) for t in ("strategic", "key", "regular")] == [
        True,
        True,
        False,
    ]
    assert expression.reads == ("tier", "amount")
    assert str(expression) == 'at_least(tier, "key") and amount > 1'
    assert feel.parse(str(expression), SCOPE) == expression


def test_a_form_takes_bare_ids() -> None:
    """Its arguments need not be names; what the expansion reads is read."""
    expression = feel.parse("stale(basic)", SCOPE)

    assert expression.reads == ("amount",)
    assert expression.evaluate({}) is True
    assert expression.type == feel.BOOLEAN


def test_a_form_reports_at_its_arguments() -> None:
    """Findings of an expansion stand where the call does."""
    wrong_name = feel.check("amount > 1 and stale(bsic)", SCOPE)
    wrong_type = feel.check('at_least(amount, "key")', SCOPE)

    assert [(found.name, found.span.text) for found in wrong_name] == [("unknown-name", "bsic")]
    assert [(found.name, found.span.text) for found in wrong_type] == [("wrong-type", "amount")]


def test_forms_work_inside_loops_and_filters() -> None:
    """An expansion sees the names of its place."""
    level = feel.StringType(levels=("strategic", "key", "regular"), scheme="tier")
    accounts = feel.ListType(feel.RecordType((("tier", level),)))
    scope = Scope.of({"accounts": accounts}, forms=[FormDefinition("at_least", at_least)])
    record = {"accounts": [{"tier": "key"}, {"tier": "regular"}]}

    assert feel.parse('count(accounts[at_least(tier, "key")])', scope).evaluate(record) == 1
    assert feel.parse('some a in accounts satisfies at_least(a.tier, "strategic")', scope).evaluate(record) is False


def test_the_recording_of_a_form_shows_its_parts() -> None:
    """The twin records the expansion."""
    checked = feel.check_expression('at_least(tier, "key")', SCOPE)

    recording = feel.record(checked, {"tier": None})

    assert recording.value is False
    assert recording.missing == ("tier",)
