"""Every case of the conformance kit: values, and no exception anywhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from relflow import feel
from tests.tck import decision_tables
from tests.tck.typed import agree, coerced, from_typed, to_typed

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
CASES = [json.loads(line) for line in (Path(__file__).parent / "cases.jsonl").read_text("utf-8").splitlines()]
FOLDERS = sorted({f"{case['level']}/{case['folder']}" for case in CASES})


def value_of(case: dict[str, Any]) -> Any:
    """What relflow says to a case."""
    inputs = {name: from_typed(value) for name, value in case["inputs"].items()}
    if case["kind"] == "table":
        return decision_tables.evaluate(case["table"], inputs)
    return feel.evaluate(case["expression"], inputs, now=NOW)


def test_the_kit_is_whole() -> None:
    """All cases are there, so that none can fail silently."""
    assert len(CASES) == 1_959
    assert sum(case["expected"] != {"t": "null"} for case in CASES) == 1_094


@pytest.mark.parametrize("folder", FOLDERS)
def test_folder(folder: str) -> None:
    """Each case of a folder has the expected value, null included."""
    wrong = []
    for case in CASES:
        if f"{case['level']}/{case['folder']}" == folder:
            got = coerced(to_typed(value_of(case)), case.get("result_type"))
            if not agree(case["expected"], got):
                wrong.append((case["id"], case.get("expression"), case["expected"], got))

    assert wrong == []
