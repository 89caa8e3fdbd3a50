"""Small decision tables with records for them: numbers, texts, booleans, missing values, every hit policy."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import strategies as st

from relflow.policy import Policy, build
from relflow.reader import read_text

TYPES = {"a": "{type: number}", "b": "{type: number}", "c": "{type: string, one_of: [x, y, z]}", "d": "{type: boolean}"}
COLUMNS = tuple(TYPES)
OUTPUTS = ("high", "middle", "low")
NUMBERS = (0, 1, 2, 3)
VALUES: dict[str, tuple[Any, ...]] = {
    "a": (-1, 0, Decimal("0.5"), 1, 2, 3, 4),
    "b": (-1, 0, Decimal("0.5"), 1, 2, 3, 4),
    "c": ("x", "y", "z"),
    "d": (True, False),
}


@dataclass(frozen=True)
class Example:
    """A table as text and as its parts: cells by row, outputs by row."""

    policy: str
    hit_policy: str
    aggregation: str
    no_match: bool
    rows: tuple[tuple[tuple[str, ...], str], ...]
    default: str | None = None

    @property
    def text(self) -> str:
        """The policy as YAML."""
        number = self.aggregation != "list"
        output = "{type: number}" if number else f"{{type: string, one_of: [{', '.join(OUTPUTS)}]}}"
        lines = ["policy: laws", "version: 1", "facts:", *(f"  {name}: {type_}" for name, type_ in TYPES.items())]
        lines += ["decisions:", "  answer:", f"    hit_policy: {self.hit_policy}", f"    output: {output}"]
        if self.aggregation != "list":
            lines.append(f"    aggregation: {self.aggregation}")
        if self.no_match:
            lines.append("    when_missing: no_match")
        if self.default is not None:
            lines.append(f"    default: {self.default}")
        lines += ["    table: |", f"      | {' | '.join(COLUMNS)} || out |"]
        lines += [f"      | {' | '.join(cells)} || {output} |" for cells, output in self.rows]
        return "\n".join(lines) + "\n"

    def load(self) -> Policy:
        """The policy, compiled."""
        model, diagnostics = read_text(self.text, name="laws.yaml")
        return build(model, diagnostics)


def numbers(*, null: bool) -> st.SearchStrategy[str]:
    """Cells over a number."""
    bound = st.sampled_from(NUMBERS)
    ends = st.sampled_from([(0, 1), (0, 3), (1, 2), (1, 3), (2, 3)])
    kinds = [
        st.just("-"),
        st.builds("{} {}".format, st.sampled_from([">=", ">", "<", "<=", "!="]), bound),
        st.builds(str, bound),
        st.builds("{}, {}".format, bound, bound),
        ends.map(lambda pair: f"[{pair[0]}..{pair[1]})"),
        ends.map(lambda pair: f"({pair[0]}..{pair[1]}]"),
        st.builds("not({})".format, bound),
        st.builds("not(>= {})".format, bound),
        st.builds("? * 2 >= {}".format, bound),
    ]
    if null:
        kinds += [st.just("null"), st.just("not(null)"), st.builds("null, >= {}".format, bound)]
    return st.one_of(kinds)


def texts(*, null: bool) -> st.SearchStrategy[str]:
    """Cells over a text with `one_of`."""
    word = st.sampled_from(["x", "y", "z"])
    kinds = [st.just("-"), word, st.builds("{}, {}".format, word, word), st.builds('not("{}")'.format, word)]
    if null:
        kinds += [st.just("null"), st.builds("null, {}".format, word)]
    return st.one_of(kinds)


BOOLEANS = st.sampled_from(["-", "true", "false"])


@st.composite
def tables(draw: st.DrawFn, *, null: bool = True, policies: tuple[str, ...] | None = None) -> Example:
    """A table of any hit policy; with `null`, some cells speak of null."""
    policy = draw(
        st.sampled_from(policies or ("first", "unique", "any", "priority", "rule_order", "output_order", "collect"))
    )
    aggregation = draw(st.sampled_from(["list", "sum", "min", "max", "count"])) if policy == "collect" else "list"
    outputs = st.sampled_from([str(n) for n in NUMBERS]) if aggregation != "list" else st.sampled_from(OUTPUTS)
    cells = st.tuples(numbers(null=null), numbers(null=null), texts(null=null), BOOLEANS)
    rows = draw(st.lists(st.tuples(cells, outputs), min_size=1, max_size=6))
    single = policy in ("first", "unique", "any", "priority")
    default = draw(st.none() | outputs) if single else None
    return Example("laws", policy, aggregation, draw(st.booleans()), tuple(rows), default)


def records() -> st.SearchStrategy[dict[str, Any]]:
    """A record whose facts are there, null, or not there at all; numbers in every class a host may use."""

    def number(value: Any) -> st.SearchStrategy[Any]:
        return st.sampled_from([value, float(value), Decimal(value)])

    fields: dict[str, st.SearchStrategy[Any]] = {
        name: st.none() | st.sampled_from(VALUES[name]).flatmap(number if name in "ab" else st.just) for name in COLUMNS
    }
    return st.fixed_dictionaries({}, optional=fields)


def completions(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Every way to supply what is missing."""
    known = {name: value for name, value in record.items() if value is not None}
    missing = [name for name in COLUMNS if name not in known]
    return [
        {**known, **dict(zip(missing, chosen, strict=True))} for chosen in product(*(VALUES[name] for name in missing))
    ]
