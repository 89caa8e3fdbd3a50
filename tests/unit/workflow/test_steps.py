"""One step of a case: what it changes, what it refuses, what it leaves alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from relflow.errors import RefusedError
from relflow.feel.types import NUMBER, StringType
from relflow.program.workflows import Action, Recipient, Signers, Workflow
from relflow.results import Actor, Case, Opening, Roles, Step, Trigger
from relflow.text import Text
from relflow.workflow import allowed, conditions, open_case, step
from tests.strategies.workflows import (
    SPAN,
    Lambda,
    alternative,
    anybody,
    clock,
    datum,
    event,
    literal,
    notify,
    state,
    workflow,
)

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 2, 13, 17, 30, tzinfo=ZONE)
NOBODY = Roles()
LEVELS = StringType(one_of=("major", "general"))


def opened(flow: Workflow, at: datetime = START, roles: Roles = NOBODY, **data: object) -> Step:
    """A case of the workflow."""
    return open_case(flow, Opening("K", flow.id, data, account="C-17"), Actor("zhang"), {}, roles, at)


def fired(
    flow: Workflow, case: Case, name: str, who: str = "zhang", held: str = "clerk", hours: float = 1, **data: object
) -> Step:
    """An event by somebody of one role, some hours after the start."""
    trigger = Trigger("event", name, actor=Actor(who), data=data)
    roles = Roles(frozenset(held.split()), {"boss": ("wang", "wu"), "clerk": ("zhang",)})
    return step(flow, case, trigger, {"annual": 7}, roles, START + timedelta(hours=hours))


def refusal(flow: Workflow, case: Case, name: str, **settings: object) -> RefusedError:
    """The refusal of an event."""
    with pytest.raises(RefusedError) as caught:
        fired(flow, case, name, **settings)  # type: ignore[arg-type]
    return caught.value


def simple(**settings: object) -> Workflow:
    """Two states and an event with the given settings."""
    return workflow(
        state("a", event("go", alternative("go", "b", **settings))),
        state("b", event("back", alternative("back", "a"))),
        state("c", final=True),
        data=[datum("reason"), datum("size", NUMBER), datum("severity", LEVELS)],
    )


def test_an_event_moves_the_case_and_says_so() -> None:
    """The case after an event stands in the target; the history tells from where, by whom and when."""
    flow = simple()
    case = opened(flow).case
    after = fired(flow, case, "go")

    assert (after.case.state, after.case.version, after.expected_version) == ("b", 2, 1)
    assert (after.entry.before, after.entry.after, after.entry.seq) == ("a", "b", 2)
    assert after.case.fired_by == {"go": ("zhang",)}
    assert (case.state, case.version) == ("a", 1)


def test_an_event_of_another_state_is_refused_with_where_it_is_possible() -> None:
    """The refusal names the states in which the event can be fired."""
    flow = simple()
    problem = refusal(flow, opened(flow).case, "back")

    assert (problem.reason, problem.details["possible_in"]) == ("state", ["b"])
    assert problem.text() == "back is not possible in a, only in b"
    assert problem.text("zh") == "当前状态为a，不能执行“back”；只有在以下状态才可以：b"


def test_an_unknown_event_is_refused_with_the_likely_one() -> None:
    """A misspelt event gets the nearest name."""
    flow = simple()
    problem = refusal(flow, opened(flow).case, "bakc")

    assert (problem.reason, problem.details["nearest"]) == ("event", "back")


def test_a_guard_that_is_not_true_is_refused_with_its_text_and_what_is_missing() -> None:
    """The refusal shows the condition and the names without a value."""
    flow = simple(when=Lambda(lambda size: None if size is None else size > 5, ("size",), "size > 5"), may=("size",))
    case = opened(flow).case
    unknown = refusal(flow, case, "go")
    false = refusal(flow, fired(simple(may=("size",)), case, "go", size=1).case, "go")

    assert unknown.reason == "guard"
    assert unknown.details["guards"] == ["size > 5"]
    assert unknown.text() == "go needs `size > 5` to be true; `size` is not known"
    assert unknown.text("zh") == "“go”要求 `size > 5` 成立；`size` 尚未填写"
    assert false.reason == "state"


def test_a_guard_sees_the_data_that_come_with_the_event() -> None:
    """A condition may ask for what the event brings."""
    flow = simple(when=Lambda(lambda size: size is not None and size > 5, ("size",), "size > 5"), needs=("size",))
    case = opened(flow).case

    assert fired(flow, case, "go", size=6).case.data == {"size": 6}
    assert refusal(flow, case, "go", size=4).reason == "guard"


def test_who_lacks_the_role_learns_nothing_of_the_guard() -> None:
    """An outsider is refused for the role, even where the condition fails too."""
    flow = simple(when=Lambda(lambda: False, (), "secret"), signers=anybody("boss"))
    problem = refusal(flow, opened(flow).case, "go")

    assert (problem.reason, problem.details["roles"]) == ("role", ["boss"])
    assert problem.text("zh") == "“go”只能由以下人员执行：boss"
    assert refusal(flow, opened(flow).case, "go", held="boss").reason == "guard"


def test_needed_data_are_all_named_at_once() -> None:
    """Every missing datum is listed; an empty text and an empty list are missing, false is not."""
    flow = simple(needs=("reason", "size", "severity"))
    problem = refusal(flow, opened(flow).case, "go", reason="", size=0)

    assert (problem.reason, problem.details["missing"]) == ("needs", ["reason", "severity"])


def test_data_of_the_wrong_type_or_name_are_refused_field_by_field() -> None:
    """One refusal has every field with its reason; what the event does not take is refused as well."""
    flow = simple(may=("reason", "size", "severity"))
    case = opened(flow).case
    problem = refusal(flow, case, "go", reason=3, severity="huge", sise=1)

    assert problem.reason == "data"
    assert sorted(problem.details["fields"]) == ["reason", "severity", "sise"]  # type: ignore[call-overload]
    assert "did you mean `size`" in problem.text()
    assert refusal(simple(may=("reason",)), case, "go", size=3).details["fields"].keys() == {"size"}  # type: ignore[attr-defined]


def test_the_first_true_alternative_wins() -> None:
    """Alternatives are tried in the order of the file."""
    major = Lambda(lambda severity: severity == "major", ("severity",), 'severity = "major"')
    flow = workflow(
        state(
            "a",
            event(
                "go", alternative("go", "b", anybody("boss"), when=major), alternative("go#1", "c", may=("severity",))
            ),
        ),
        state("b"),
        state("c", final=True),
        data=[datum("severity", LEVELS)],
    )

    assert fired(flow, opened(flow).case, "go").case.state == "c"
    assert refusal(flow, opened(flow, severity="major").case, "go").reason == "role"
    assert fired(flow, opened(flow, severity="major").case, "go", held="boss").case.state == "b"


def test_without_a_target_the_case_stays_and_a_final_state_closes_it() -> None:
    """An event without a target changes no state; a final state sets the instant of closing."""
    flow = workflow(
        state("a", event("note", alternative("note", None)), event("end", alternative("end", "z"))),
        state("z", event("reopen", alternative("reopen", "a")), final=True),
    )
    case = fired(flow, opened(flow).case, "note").case
    closed = fired(flow, case, "end", hours=2).case

    assert (case.state, case.closed) == ("a", False)
    assert closed.closed_at == START + timedelta(hours=2)
    assert fired(flow, closed, "reopen", hours=3).case.closed_at is None


def test_not_by_asks_for_somebody_else_than_at_the_latest_firing() -> None:
    """Whoever proposed may not approve; a later proposal by another frees them."""
    flow = workflow(
        state("a", event("propose", alternative("propose", "b"))),
        state(
            "b", event("approve", alternative("approve", "c", not_by=("propose",))), event("no", alternative("no", "a"))
        ),
        state("c", final=True),
    )
    case = fired(flow, opened(flow).case, "propose").case
    problem = refusal(flow, case, "approve")

    assert (problem.reason, problem.details["not_by"]) == ("role", "propose")
    again = fired(flow, fired(flow, case, "no", hours=2).case, "propose", who="li", hours=3).case
    assert fired(flow, again, "approve", hours=4).case.state == "c"


def test_all_collects_signatures_of_different_people() -> None:
    """An event for two bodies happens with the second person's signature; one person signs once."""
    flow = simple(signers=anybody("clerk", "boss", mode="all"), needs=("reason",))
    first = fired(flow, opened(flow).case, "go", held="clerk boss", reason="r")
    waiting = refusal(flow, first.case, "go", held="clerk boss")
    done = fired(flow, first.case, "go", who="li", held="clerk", hours=2)

    assert (first.case.state, first.entry.findings) == ("a", ("signed:go",))
    assert waiting.details["signed"] is True
    assert (done.case.state, done.case.fired_by["go"], done.case.approvals) == ("b", ("zhang", "li"), {})


def test_signatures_under_other_data_do_not_count() -> None:
    """Whoever changes what others signed starts the collection anew."""
    flow = simple(signers=anybody("clerk", "boss", mode="all"), needs=("reason",))
    first = fired(flow, opened(flow).case, "go", reason="small").case
    second = fired(flow, first, "go", who="li", held="boss", reason="huge", hours=2)
    third = fired(flow, second.case, "go", hours=3)

    assert (second.case.state, second.entry.findings) == ("a", ("restarted:go", "signed:go"))
    assert third.case.state == "b"


def test_at_least_counts_people() -> None:
    """So many different people of the roles have to sign."""
    flow = simple(signers=anybody("clerk", mode="at_least", count=2))
    first = fired(flow, opened(flow).case, "go").case

    assert (first.state, fired(flow, first, "go", who="li", hours=2).case.state) == ("a", "b")


def test_the_system_alone_fires_what_is_by_the_system() -> None:
    """People are refused; a true condition lists the event and a step takes it."""
    system = Signers((), system=True)
    true = Lambda(lambda size: size is not None and size > 5, ("size",), "size > 5")
    flow = simple(signers=system, when=true)
    case = opened(flow, size=6).case

    assert refusal(flow, case, "go").reason == "role"
    assert conditions(flow, opened(flow, size=1).case, {}, START) == ()
    (trigger,) = conditions(flow, case, {}, START)
    assert step(flow, case, trigger, {}, Roles(), START).case.state == "b"
    assert allowed(flow, case, Actor("zhang"), {}, Roles(frozenset({"clerk"})), START) == ()


def test_nothing_happens_before_what_has_happened() -> None:
    """An instant before the case's last step is refused."""
    flow = simple()
    case = fired(flow, opened(flow).case, "go", hours=5).case

    assert refusal(flow, case, "back", hours=4).reason == "data"


def test_required_data_must_be_there_at_opening() -> None:
    """An opening without a required datum is refused, and so is one with an undeclared name."""
    flow = workflow(state("a"), data=[datum("channel", required=True)])

    with pytest.raises(RefusedError, match="needs channel"):
        opened(flow)
    with pytest.raises(RefusedError, match="not declared"):
        opened(flow, channel="phone", chanel="x")


def test_each_alternative_is_told_under_its_own_label() -> None:
    """Two outcomes of one event have notifications of their own words, whichever of them happened first."""
    major = Lambda(lambda severity: severity == "major", ("severity",), 'severity = "major"')
    told = {"may": ("severity",), "actions": (notify("boss"),)}
    flow = workflow(
        state(
            "a",
            event(
                "decide",
                alternative("decide", "b", when=major, label=Text.of("taken up"), **told),
                alternative("decide#1", "b", label=Text.of("put aside"), **told),
            ),
        ),
        state("b", final=True),
        data=[datum("severity", LEVELS)],
    )
    case = opened(flow).case
    texts = [fired(flow, case, "decide", severity=level).messages[0].text.text() for level in ("major", "general")]

    assert [text.partition(": ")[2] for text in texts] == ["taken up", "put aside"]


def test_effects_are_data_with_keys_in_their_order() -> None:
    """Messages, openings and host actions share one count; a list makes one of each for every item."""
    actions = (
        Action("set", SPAN, values=(("severity", literal("general")),)),
        Action("raise", SPAN, target="severity"),
        Action("raise", SPAN, target="severity"),
        notify("boss"),
        Action(
            "open",
            SPAN,
            target="todo",
            for_each=Lambda(lambda: ["x", "y"], ()),
            values=(("title", Lambda(lambda item: item, ("item",))),),
            assign=Recipient("boss", "role"),
        ),
        Action("perform", SPAN, target="print_label", values=(("size", Lambda(lambda annual: annual, ("annual",))),)),
        Action("assign", SPAN, recipients=(Recipient("boss", "role"),)),
        notify("owner", "owner"),
        notify("customer", "customer"),
    )
    flow = simple(actions=actions)
    after = fired(flow, opened(flow).case, "go")

    assert [one.key for one in after.messages] == ["K:2:1", "K:2:2", "K:2:6", "K:2:7"]
    assert [one.recipient for one in after.messages] == ["wang", "wu", "wang", "customer:C-17"]
    assert [(one.id, one.data, one.owner, one.parent) for one in after.openings] == [
        ("K:2:3", {"title": "x"}, "wang", "K"),
        ("K:2:4", {"title": "y"}, "wang", "K"),
    ]
    assert [(one.key, one.arguments) for one in after.performances] == [("K:2:5", {"size": 7})]
    assert (after.case.owner, after.case.data["severity"]) == ("wang", "major")
    assert [(one.verb, one.values.get("to")) for one in after.entry.effects][1:3] == [("raise", "major")] * 2
    assert after.entry.facts == {"annual": 7}


def test_a_clock_runs_over_the_working_days_warns_and_is_breached() -> None:
    """Four working hours from Friday evening end on the shifted working Saturday; each step is a timer of its own."""
    flow = workflow(
        state("a", event("go", alternative("go", "b"))),
        state("b"),
        clocks=[
            clock(
                "reply", "a", ["b"], "4 working hours", ("80%", (notify("owner", "owner"),)), ("due", (notify("boss"),))
            )
        ],
    )
    first = open_case(flow, Opening("K", "matter", {}, owner="zhang"), None, {}, Roles(), START)

    assert [(one.step, one.due_at) for one in first.timers] == [
        ("80%", datetime(2026, 2, 14, 11, 42, tzinfo=ZONE)),
        ("due", datetime(2026, 2, 14, 14, 0, tzinfo=ZONE)),
    ]
    warn = first.timers[0]
    trigger = Trigger("timer", "reply:80%", data={"lap": 1})
    with pytest.raises(RefusedError) as early:
        step(flow, first.case, trigger, {}, Roles(), warn.due_at - timedelta(microseconds=1))
    assert (early.value.reason, early.value.details["early"]) == ("timer", True)
    warned = step(flow, first.case, trigger, {}, Roles(), warn.due_at)
    assert [one.recipient for one in warned.messages] == ["zhang"]
    assert [one.step for one in warned.timers] == ["due"]
    with pytest.raises(RefusedError) as stale:
        step(flow, warned.case, trigger, {}, Roles(), warn.due_at)
    assert (stale.value.reason, stale.value.details["early"]) == ("timer", False)
    due = step(flow, warned.case, Trigger("timer", "reply:due", data={"lap": 1}), {}, Roles(), warned.timers[0].due_at)
    assert (due.case.clocks["reply"].breached, due.timers) == (True, ())
    assert due.messages[0].text.text("zh") == "matter K：reply已到期"
