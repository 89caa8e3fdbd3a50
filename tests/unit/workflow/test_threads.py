"""Steps of many cases at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from relflow.results import Actor, Case, Opening, Roles, Trigger
from relflow.workflow import open_case, step
from tests.strategies.scripts import instant, shipped

FLOW = shipped("complaint", "\nparameters: {resolution_time: {type: duration, value: 3 working days}}\n")
MEMBERS = {"account_manager": ("li",), "customer_service": ("zhang",), "department_lead": ("wang",)}
ROLES = Roles(frozenset(MEMBERS), MEMBERS)
LIFE: list[tuple[str, dict[str, object]]] = [
    ("acknowledge", {"demand": "x"}),
    ("propose", {"cause": "c", "responsible_department": "d", "solution": "s"}),
    ("reject", {"objection": "o"}),
    ("propose", {"solution": "t"}),
    ("accept", {}),
    ("complete", {"result": "r"}),
    ("satisfied", {}),
]


def live(number: int) -> Case:
    """The whole life of a complaint."""
    now = instant("2026-03-02T09:00")
    opening = Opening("K", FLOW.id, {"channel": "phone", "description": str(number % 3)})
    case = open_case(FLOW, opening, None, {}, ROLES, now).case
    for event, data in LIFE:
        case = step(FLOW, case, Trigger("event", event, actor=Actor("li"), data=data), {}, ROLES, now).case
    return case


def test_threads_that_share_a_workflow_disturb_nobody() -> None:
    """Eight threads give what one gives."""
    alone = [live(number) for number in range(3)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(live, range(120)))

    assert all(case == alone[number % 3] for number, case in enumerate(together))
    assert alone[0].state == "closed"
