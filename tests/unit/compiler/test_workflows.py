"""What a workflow means once it is compiled."""

from __future__ import annotations

from datetime import timedelta

from relflow.compiler import compile_model
from relflow.program.workflows import Workflow
from relflow.reader import read_texts
from relflow.values import WorkingDuration
from tests.strategies.scripts import compiled, shipped

HEAD = """
workflow: w
version: 3
roles: {clerk: {label: {en: Clerk, zh: 职员}}, chief: {}}
"""


def flow(body: str, sections: str = "") -> Workflow:
    """A workflow with that body in a policy with those sections."""
    return compiled(HEAD + body, sections)


def test_groups_become_the_states_inside_them() -> None:
    """A target that is a group is its beginning; a name is looked up in the group first, then outside."""
    found = flow("""
initial: g
states:
  g:
    initial: two
    states:
      one: {events: {a: two, b: done, c: h}}
      two: {events: {d: one}}
  h: {initial: one, states: {one: {events: {e: g.one}}}}
  done: {final: true}
""")
    targets = {name: event.alternatives[0].target for name, event in found.events.items()}

    assert list(found.states) == ["g.one", "g.two", "h.one", "done"]
    assert found.initial == "g.two"
    assert targets == {"a": "g.two", "b": "done", "c": "h.one", "d": "g.one", "e": "g.one"}


def test_what_holds_everywhere_holds_in_every_state_that_is_not_final() -> None:
    """A state's own event of that name wins."""
    found = flow("""
initial: a
states: {a: {}, b: {events: {stop: a}}, c: {final: true}}
everywhere: {stop: c}
""")

    stops = {state.id: [one.alternatives[0].target for one in state.events.values()] for state in found.states.values()}

    assert stops == {"a": ["c"], "b": ["a"], "c": []}


def test_who_may_fire() -> None:
    """Nothing said means any role and the owner, never the system; each form of `by` is kept."""
    found = flow("""
data: {n: {type: number}}
initial: a
states:
  a:
    events:
      free: b
      one: {to: b, by: clerk}
      both: {to: b, by: {all: [clerk, chief]}}
      two: {to: b, by: {at_least: 2, of: [clerk, chief]}}
      alone: {to: b, when: n > 1, by: system}
      late: {to: b, after: 2 days}
  b: {final: true}
""")
    signers = {name: event.alternatives[0].signers for name, event in found.events.items()}

    assert (signers["free"].roles, signers["free"].declared) == (("clerk", "chief", "owner"), False)
    assert (signers["one"].roles, signers["one"].mode) == (("clerk",), "any")
    assert (signers["both"].roles, signers["both"].mode) == (("clerk", "chief"), "all")
    assert (signers["two"].mode, signers["two"].count.call(None)) == ("at_least", 2)  # type: ignore[union-attr]
    assert (signers["alone"].system, signers["late"].system) == (True, True)
    assert found.events["late"].alternatives[0].timed


def test_an_event_that_happens_after_a_time_has_a_hidden_clock() -> None:
    """It runs in its state and stops in every other one."""
    found = flow("""
initial: a
states: {a: {events: {late: {to: b, after: 2 working days}}}, b: {events: {back: a}}, c: {final: true}}
""")
    clock = found.clocks["after a.late"]

    assert (clock.hidden, clock.from_, clock.until) == (True, {"a"}, {"b", "c"})
    assert clock.within.call(None) == WorkingDuration(2)  # type: ignore[arg-type]
    assert clock.steps[0].fires == ("late", "late")


def test_labels_are_the_policys_then_its_own_then_the_id() -> None:
    """A role is called what the policy calls it."""
    body = "initial: a\nstates: {a: {}}\n"

    assert flow(body).roles["clerk"].label.text("zh") == "职员"
    assert flow(body).roles["chief"].label.text("zh") == "chief"
    assert flow(body, "roles: {clerk: {label: {en: Agent, zh: 坐席}}}").roles["clerk"].label.text("zh") == "坐席"


def test_expectations_are_bound_by_name() -> None:
    """A parameter, decision or fact of that name answers; else the default; else nobody."""
    body = """
expects:
  limit: {type: number, default: 3}
  grade: {type: string, one_of: [big, small]}
  amount: {type: number}
  patience: {type: duration, default: 2 days}
  mood: {type: string, source: [C-1, C-2]}
initial: a
states: {a: {events: {go: {to: b, when: limit > 1 and grade = "big" and amount > 2}}}, b: {final: true}}
"""
    sections = """
parameters: {limit: {type: number, value: 5}}
facts: {amount: {type: number}, size: {type: number}, other: {type: number}}
decisions: {grade: {output: {type: string, one_of: [big, small]}, expression: 'if size > 1 then "big" else "small"'}}
"""
    found = flow(body, sections)

    assert {name: one.origin for name, one in found.expects.items()} == {
        "limit": "policy",
        "grade": "policy",
        "amount": "policy",
        "patience": "default",
        "mood": "open",
    }
    assert found.expects["patience"].default == timedelta(days=2)
    assert found.expects["mood"].clause == "C-1"
    # the facts behind what a step reads, and no others
    assert sorted(found.reads) == ["amount", "size"]


def test_only_facts_that_a_text_names_are_read_from_the_account() -> None:
    """`{account.name}` reads the name, not the whole customer."""
    body = """
messages: {hello: {text: "{account.name} ({account.id})"}}
initial: a
states:
  a: {events: {go: {to: b, do: [{notify: [clerk, owner, customer], message: hello}, {assign: chief}]}}}
  b: {final: true}
"""
    found = flow(body, "facts: {name: {type: string}, other: {type: number}}")

    assert found.reads == ("name",)
    assert found.asked == ("chief", "clerk")


def test_the_policys_text_of_a_message_wins() -> None:
    """A workflow's own text is what is said where the policy says nothing."""
    body = """
messages: {hello: {text: own}}
initial: a
states: {a: {events: {go: {to: b, do: [{notify: clerk, message: hello}]}}}, b: {final: true}}
"""
    action = flow(body, "messages: {hello: {text: policy}}").events["go"].alternatives[0].actions[0]
    own = flow(body).events["go"].alternatives[0].actions[0]

    assert action.message is not None
    assert own.message is not None
    assert (action.message.parts, own.message.parts) == ((("", ("policy",)),), (("", ("own",)),))


def test_a_workflow_alone_is_sound_where_it_is_right() -> None:
    """The shipped workflows stand without a policy around them, and a mistake makes one unsound."""
    assert shipped("complaint").sound
    assert shipped("todo").sound
    model, _ = read_texts({"w.yaml": HEAD + "initial: x\nstates: {a: {}}\n"}, "w.yaml")
    assert model is not None
    program, _ = compile_model(model)
    assert not program.workflows["w"].sound


def test_two_workflows_may_call_different_records_by_one_name() -> None:
    """A workflow's records are its own."""
    first = """
records: {action: {title: {type: string}}}
data: {actions: {type: [action]}}
initial: a
states: {a: {final: true}}
"""
    second = first.replace("title", "amount").replace("string", "number").replace("workflow: w", "workflow: v")
    model, found = read_texts(
        {
            "policy.yaml": "policy: p\nversion: 1\ninclude: [w.yaml, v.yaml]\nroles: {clerk: {}, chief: {}}\n",
            "w.yaml": HEAD + first,
            "v.yaml": HEAD.replace("workflow: w", "workflow: v") + second,
        }
    )
    assert model is not None
    program, more = compile_model(model)

    assert [str(one.text()) for one in (*found, *more)] == []
    assert str(program.workflows["w"].data["actions"].type) == "list<context<title: string>>"
    assert str(program.workflows["v"].data["actions"].type) == "list<context<amount: number>>"
