"""Tables as sheets hold them."""

from __future__ import annotations

from hypothesis import strategies as st

from relflow.sheets import TableSheet
from relflow.sheets.layout import DIVIDER

TEXTS = st.text(st.sampled_from("abz059 ><=.-+@_(\"|\\'#:,;\t{}[]%&*!中文，：亿𠮷é"), max_size=12).map(
    lambda text: " ".join(text.split())
)
CELLS = TEXTS.filter(lambda text: text != DIVIDER)
# as above, without quotation marks: those that are not closed are reported
UNQUOTED = CELLS.map(lambda text: text.replace('"', "").strip()).filter(lambda text: text != DIVIDER)
NAMES = st.text(st.sampled_from("abcxyz_客户"), min_size=1, max_size=8)
SETTINGS = st.sampled_from([(), (("hit_policy", "first"),), (("hit_policy", "collect"), ("aggregation", "sum"))])


@st.composite
def table_sheets(draw: st.DrawFn, cells: st.SearchStrategy[str] = CELLS) -> TableSheet:
    """Any table: headings that differ, rows with something in them, labels and types or none."""
    inputs, outputs = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    heads = draw(st.lists(NAMES, min_size=inputs + outputs, max_size=inputs + outputs, unique=True))
    sides = st.tuples(st.tuples(*[cells] * inputs), st.tuples(*[cells] * outputs))
    rows = draw(st.lists(sides.filter(lambda row: any(row[0]) or any(row[1])), max_size=4))
    above = st.just(()) | st.tuples(*[CELLS] * (inputs + outputs)).filter(any)
    return TableSheet(
        draw(st.sampled_from(["table", "plan"])),
        draw(NAMES),
        tuple(heads[:inputs]),
        tuple(heads[inputs:]),
        tuple(rows),
        draw(SETTINGS),
        draw(above),
        draw(above),
    )
