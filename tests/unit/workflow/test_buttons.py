"""What somebody can do with a case now."""

from __future__ import annotations

from relflow.results import Actor, Roles, Trigger
from relflow.workflow import Allowed, allowed
from tests.strategies.scripts import Play, instant, shipped

PEOPLE = {"zhang": ["customer_service"], "li": ["account_manager"], "wang": ["department_lead"]}


def complaint() -> Play:
    """A complaint that was just received."""
    play = Play(shipped("complaint"), PEOPLE)
    play.open({"channel": "phone", "description": "leak"}, "zhang", instant("2026-03-02T09:00"))
    return play


def buttons(play: Play, who: str) -> dict[str, Allowed]:
    """The events of the case's state for somebody."""
    assert play.now is not None
    found = allowed(play.workflow, play.step.case, Actor(who), {}, play.roles(who), play.now)
    return {one.event: one for one in found}


def test_every_event_of_the_state_is_there_open_or_with_a_reason() -> None:
    """Open events carry what they ask for; shut ones why they are shut."""
    found = buttons(complaint(), "zhang")

    assert list(found) == ["acknowledge", "withdraw", "hand_over"]
    assert (found["acknowledge"].label("zh"), found["acknowledge"].refused) == ("首次响应", None)
    assert [(one.id, one.required, one.label("zh")) for one in found["acknowledge"].needs] == [
        ("demand", True, "客户诉求"),
        ("relation_before", False, "处理前关系评分"),
    ]
    refused = found["hand_over"].refused
    assert refused is not None
    assert (refused.reason, refused.details["roles"]) == ("role", ["account_manager", "department_lead"])


def test_somebody_without_a_role_may_do_nothing() -> None:
    """Every event is refused for the role, none for its condition."""
    found = buttons(complaint(), "guest")

    assert {one.refused.reason for one in found.values() if one.refused is not None} == {"role"}
    assert all(one.refused is not None for one in found.values())


def test_a_button_agrees_with_what_firing_does() -> None:
    """A condition that does not hold shuts the button with the same refusal as firing would give."""
    play = complaint()
    for name, who, data in (
        ("acknowledge", "zhang", {"demand": "x"}),
        ("propose", "li", {"cause": "c", "responsible_department": "d", "solution": "s", "actions": [{"title": "t"}]}),
        ("accept", "li", {}),
        ("complete", "li", {"result": "r"}),
    ):
        assert buttons(play, who)[name].refused is None
        play.take(_event(name, who, data), who)
    shut = buttons(play, "li")["satisfied"].refused

    assert shut is not None
    assert (shut.reason, shut.details["guards"]) == ("guard", ["every c in children satisfies c.closed"])
    play.take(_event("dissatisfied", "li", {"objection": "o"}), "li")
    refused = buttons(play, "li")["propose"].refused
    assert refused is not None
    # the complaint is major now, and what is major is for the head of the department
    assert refused.details["roles"] == ["department_lead"]
    again = {one.id: (one.required, one.value) for one in buttons(play, "wang")["propose"].needs}
    assert again["cause"] == (False, "c")


def test_a_condition_that_asks_for_what_comes_along_leaves_the_button_open() -> None:
    """Whether such a condition holds is seen when the event is fired."""
    from tests.strategies.workflows import Lambda, alternative, datum, event, state, workflow

    guard = Lambda(lambda n: n is not None and n > 5, ("n",), "n > 5")
    flow = workflow(
        state("a", event("go", alternative("go", "b", when=guard, needs=("n",)))), state("b"), data=[datum("n")]
    )
    play = Play(flow, {"ann": ["clerk"]})
    play.open({}, "ann", instant("2026-03-02T09:00"))
    found = allowed(flow, play.step.case, Actor("ann"), {}, Roles(frozenset({"clerk"})), instant("2026-03-02T09:00"))

    assert [(one.event, one.refused, [need.id for need in one.needs]) for one in found] == [("go", None, ["n"])]


def _event(name: str, who: str, data: dict[str, object]) -> Trigger:
    return Trigger("event", name, actor=Actor(who), data=data)
