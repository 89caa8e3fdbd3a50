"""Texts as people lay them out: tables in any indentation and alignment, scalars in any style."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

WORDS = st.text(st.sampled_from("abz059 ><=.-_(\"|\\'#:,{}[]%&*!中文，：亿𠮷é"), max_size=12)
BLANKS = st.integers(0, 3).map(lambda count: " " * count)
ENDS = st.sampled_from(["\n", "\r\n"])


def _cell(text: str) -> str:
    """A cell's text as it may stand in a table: bars escaped, quotation marks in pairs, no blanks around."""
    even = text if text.count('"') % 2 == 0 else text.replace('"', "'")
    plain = even.replace("\\", "/").replace('"', "'") if "|" in even else even.replace("\\", "/")
    return plain.replace("|", "\\|").strip()


CELLS = WORDS.map(_cell)


@dataclass(frozen=True)
class Layout:
    """A document with a table: its text, and the cells of each row as they are written."""

    text: str
    left: tuple[tuple[str, ...], ...]
    right: tuple[tuple[str, ...], ...]


@st.composite
def tables(draw: st.DrawFn) -> Layout:
    """A policy with one table, in any indentation, block style, alignment and line end."""
    inputs, outputs = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    count = draw(st.integers(1, 4))
    filled = CELLS.map(lambda text: text or "-")
    left = [tuple(draw(filled) for _ in range(inputs)) for _ in range(count)]
    right = [tuple(draw(CELLS) for _ in range(outputs)) for _ in range(count)]
    heads = (tuple(f"i{n}" for n in range(inputs)), tuple(f"o{n}" for n in range(outputs)))
    rows = [heads, *zip(left, right, strict=True)]
    indent = draw(st.integers(1, 6))
    header = draw(st.sampled_from(["|", "|-", "|+", "| # a remark", f"|{indent}", f"|{indent}-"]))
    lines = ["policy: x", *draw(st.lists(st.sampled_from(["# 说明", "", "label: 客户"]), max_size=2, unique=True))]
    lines += ["decisions:", "  d:", "    output: {type: string}", f"    table: {header}"]
    for number, row in enumerate(rows):
        lines += [""] * draw(st.integers(0, 1 if number else 0))
        extra = draw(BLANKS) if number else ""
        lines.append(" " * (4 + indent) + extra + _row(draw, row))
        if number == 0 and draw(st.booleans()):
            lines.append(" " * (4 + indent) + "|" + "---|" * inputs + "|" + ":--|" * outputs)
    end = draw(ENDS)
    return Layout(end.join(lines) + end, tuple(left), tuple(right))


def _row(draw: st.DrawFn, row: tuple[tuple[str, ...], tuple[str, ...]]) -> str:
    """The cells between bars, each with blanks around it."""
    left, right = ("|".join(f" {draw(BLANKS)}{cell} {draw(BLANKS)}" for cell in cells) for cells in row)
    return f"|{left}||{right}|" + draw(BLANKS)


@dataclass(frozen=True)
class Written:
    """A document whose one key has a scalar: the text, and the value that is meant."""

    text: str
    value: str


@st.composite
def scalars(draw: st.DrawFn) -> Written:
    """A value written plain, in quotes, folded over lines or as a block."""
    words = draw(
        st.lists(st.text(st.sampled_from("ab09中文亿𠮷é=<>.'\"\\-"), min_size=1, max_size=6), min_size=1, max_size=4)
    )
    style = draw(st.sampled_from(["plain", "single", "double", "folded", "literal"]))
    end = draw(ENDS)
    broken = draw(st.booleans())
    if style == "literal":
        body = (end + "   ").join(words)
        return Written(f"# x{end}k: |{end}   {body}{end}", "\n".join(words) + "\n")
    if style == "folded":
        body = (end + "  ").join(words)
        return Written(f"k: >{end}  {body}{end}", " ".join(words) + "\n")
    glue = f"{end}  " if broken else " "
    if style == "plain":
        words = ["x" + word.replace("'", "").replace('"', "") for word in words]
        return Written(f"k: {glue.join(words)}{end}", " ".join(words))
    if style == "single":
        quoted = glue.join(word.replace("'", "''") for word in words)
        return Written(f"k: '{quoted}'{end}", " ".join(words))
    escaped = glue.join(word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return Written(f'k: "{escaped}"{end}', " ".join(words))
