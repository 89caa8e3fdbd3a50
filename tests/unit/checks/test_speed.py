"""All checks of a large table stay within what an analyst waits for."""

from __future__ import annotations

import random
from time import process_time

import pytest

from relflow.checks import check_program
from relflow.compiler import compile_model
from relflow.reader import read_text

HEAD = """policy: x
version: 1
facts:
{facts}
decisions:
  says:
    hit_policy: {policy}
    output: {{levels_of: tier}}
    table: |
      | {columns} || tier |
{rows}
tiers:
  tier: {{from: says, levels: [high, middle, low]}}
"""


def policy(hit_policy: str, rows: int, columns: int) -> str:
    """A policy with a table of random thresholds and ranges."""
    chance = random.Random(1)  # the same table each time

    def cell() -> str:
        low = chance.randrange(50)
        return chance.choice(["-", f">= {low}", f"[{low}..{low + 5})", f"< {low}"])

    names = [f"n{number}" for number in range(columns)]
    lines = [
        f"      | {' | '.join(cell() for _ in names)} || {chance.choice(['high', 'middle', 'low'])} |"
        for _ in range(rows)
    ]
    facts = "\n".join(f"  {name}: {{type: number, min: 0}}" for name in names)
    return HEAD.format(facts=facts, policy=hit_policy, columns=" | ".join(names), rows="\n".join(lines))


@pytest.mark.parametrize(
    ("hit_policy", "rows", "columns"), [("first", 1000, 3), ("unique", 1000, 6), ("first", 300, 6)]
)
def test_all_checks_of_a_large_table_end_soon(hit_policy: str, rows: int, columns: int) -> None:
    """Within 1.5 seconds of computing time, whatever its cells are."""
    model, found = read_text(policy(hit_policy, rows, columns))
    assert model is not None
    assert found == ()
    program, _ = compile_model(model)

    start = process_time()
    check_program(program)

    assert process_time() - start < 1.5
