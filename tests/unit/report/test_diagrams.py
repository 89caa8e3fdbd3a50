"""State diagrams: what they hold, and that they are well-formed."""

from __future__ import annotations

from xml.etree import ElementTree

from relflow.report.diagrams import graph_of, mermaid, svg
from tests.strategies.scripts import shipped

NAMESPACE = "{http://www.w3.org/2000/svg}"


def test_a_graph_has_every_state_and_arrow_and_keeps_those_of_everywhere_apart() -> None:
    """States stand in rows from the beginning; what holds everywhere is no arrow of every state."""
    graph = graph_of(shipped("complaint"))

    assert graph.rows["received"] == 0
    assert graph.rows["closed"] == graph.rows["withdrawn"] == 5
    assert {(one.source, one.target) for one in graph.arrows} >= {
        ("proposed", "investigating"),
        ("closed", "investigating"),
    }
    assert [(one.source, one.target) for one in graph.anywhere] == [("", "withdrawn")]
    assert graph.resting == {"proposed"}


def test_mermaid_names_states_and_events_in_the_language() -> None:
    """Ids never stand in the diagram, labels do."""
    text = mermaid(shipped("complaint"), "zh")

    assert text.startswith("stateDiagram-v2\n    s0: 已受理\n")
    assert "    s2 --> s1: 客户不同意\n" in text
    assert "    s5 --> [*]\n" in text
    assert "客户撤回投诉 → 客户撤回" in text


def test_svg_is_well_formed_and_marks_where_the_case_stands() -> None:
    """One element without anything to load; the present state is filled, those passed are tinted."""
    root = ElementTree.fromstring(
        svg(shipped("complaint"), "en", current="proposed", passed=["received", "investigating"])
    )
    boxes = [box.get("class") for box in root.iter(f"{NAMESPACE}rect")]
    words = [text.text for text in root.iter(f"{NAMESPACE}text")]

    assert boxes.count("box here") == 1
    assert boxes.count("box passed") == 2
    assert boxes.count("box final") == 2
    assert "Waiting for the customer" in words
    assert "The customer disagrees" in words
    assert not [element for element in root.iter() if "href" in "".join(element.keys())]


def test_labels_cannot_break_out_of_the_picture() -> None:
    """Markup in a label is shown and not obeyed."""
    from relflow.text import Text
    from tests.strategies.workflows import SPAN, State, alternative, event, workflow

    first = State("a", Text.of("<script>&"), SPAN, False, {"go": event("go", alternative("go", "b"))})
    root = ElementTree.fromstring(svg(workflow(first, State("b", Text.of("b"), SPAN, True)), "en"))

    assert "<script>&" in [text.text for text in root.iter(f"{NAMESPACE}text")]
    hostile = State("a", Text.of("x; y: z # w"), SPAN, False, {})
    assert "    s0: x； y： z ＃ w\n" in mermaid(workflow(hostile))
