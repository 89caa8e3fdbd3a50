"""Expressions: code made from FEEL beside the same condition or sum written in Python, as ratios to the latter.

The guard is the test that every value is there, of its declared kind, and finite; without it code runs for such values
only, as it does in a policy's decisions, which test each fact once.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from rules.laps import Lap, report

from relflow import feel
from relflow.feel import Emitter, Pool, Scope, check_expression

FACTS: Mapping[str, feel.Type] = {"amount": feel.NUMBER, "years": feel.NUMBER, "grade": feel.STRING}
Function = Callable[..., Any]
CASES = (
    ("comparisons", 'amount >= 5000万 and years >= 3 or grade = "A"', "a >= 50_000_000 and y >= 3 or g == 'A'"),
    ("ranges", 'amount in [500万..5000万) and grade in ("A", "B")', "5_000_000 <= a < 50_000_000 and g in ('A', 'B')"),
    ("whole numbers", "amount * 3 + years * 2 - 7", "a * 3 + y * 2 - 7"),
    ("decimals", "amount * 3 + years / 7", "a * 3 + y / 7"),
)


def compiled(text: str, *, guarded: bool) -> Function:
    """The straight code of an expression; guarded: behind the test of its facts, with general code for the others."""
    checked = check_expression(text, Scope.of(FACTS))
    pool = Pool()
    names = {name: f"v{index}" for index, name in enumerate(FACTS)}
    straight = Emitter(pool, names, safe=False, nullable=())
    source = straight.truth(checked) if checked.type == feel.BOOLEAN else straight.value(checked)
    if guarded:
        guards = " and ".join(straight.guard(name, FACTS[name], names[name]) for name in checked.reads)
        source = f"({source}) if {guards} else ({Emitter(pool, names).value(checked)})"
    return pool.build("f", tuple(names.values()), source)


def each(function: Function) -> Function:
    """The function over all rows in one call, so that nothing but it is timed."""

    def run(rows: Sequence[tuple[Any, ...]]) -> None:
        for first, second, third in rows:
            function(first, second, third)

    return run


def main() -> None:
    """Print the blocks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    rounds = parser.parse_args().runs
    chance = random.Random(7)
    whole = [(chance.randint(0, 10**8), chance.randint(0, 30), chance.choice("ABCD")) for _ in range(3000)]
    exact = [(Decimal(amount) / 100, Decimal(years), grade) for amount, years, grade in whole]
    for title, text, source in CASES:
        rows = exact if title == "decimals" else whole
        hand: Function = eval(f"lambda a, y, g: {source}")
        answer = compiled(text, guarded=True)
        if title != "decimals":  # Python rounds decimals to 28 digits, FEEL to 34
            assert all(answer(*row) == hand(*row) for row in rows), title
        laps = [Lap("by hand", each(hand), [rows], len(rows))]
        if title != "decimals":
            laps.append(Lap("relflow, compiled", each(compiled(text, guarded=False)), [rows], len(rows)))
        laps.append(Lap("relflow, compiled, values guarded", each(answer), [rows], len(rows)))
        report(f"{title}: {text}", laps, rounds)
    expression = feel.parse(CASES[0][1], FACTS)
    records = [dict(zip(FACTS, values, strict=True)) for values in whole[:500]]
    by_hand: Function = eval("lambda r: r['amount'] >= 50_000_000 and r['years'] >= 3 or r['grade'] == 'A'")
    report(
        "a context of values of any kind",
        [
            Lap("by hand", by_hand, records),
            Lap("relflow, Expression.evaluate", expression.evaluate, records),
            Lap("relflow, feel.evaluate: parsed each time", lambda r: feel.evaluate(expression.text, r), records[:50]),
        ],
        rounds,
    )


if __name__ == "__main__":
    main()
