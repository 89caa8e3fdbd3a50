"""One ladder for the classes of five manuals: the example that maps them."""

from __future__ import annotations

import pytest

import relflow
from relflow.policy import Policy

SCHEMES = {
    "petroleum": "tier",
    "petrochemical": "tier",
    "general": "tier",
    "key_accounts": "importance",
    "services": "tier",
}


@pytest.fixture(scope="module")
def ladder() -> Policy:
    """The mapping of classes to those of a group."""
    return relflow.load("docs/examples/ladder")


def levels(manual: str) -> tuple[str, ...]:
    """The classes of a shipped policy, highest first, as its example answers them."""
    policy = relflow.load(f"rules/{manual}", overlay=f"rules/{manual}/example.overlay.yaml")
    return policy.levels(SCHEMES[manual])


@pytest.mark.parametrize("manual", SCHEMES)
def test_every_class_of_a_manual_has_its_rung(ladder: Policy, manual: str) -> None:
    """No class is left out of the mapping, and a higher one never stands on a lower rung."""
    rungs = list(ladder.levels("group_class"))
    mapped = [
        ladder.decide("group_class_by_manual", {"manual": manual, "level": level}).value for level in levels(manual)
    ]

    assert None not in mapped
    assert mapped == sorted(mapped, key=rungs.index)


def test_the_mapping_names_no_class_that_no_manual_has(ladder: Policy) -> None:
    """Each row stands for a class that one of the five policies really gives."""
    (table,) = [decision.table for decision in ladder.model.decisions]

    assert table is not None
    assert len(table.rows) == sum(len(levels(manual)) for manual in SCHEMES)
