"""Self-contained HTML pages: every text is escaped here and nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

__all__ = [
    "Markup",
    "bars",
    "clause_list",
    "columns",
    "definition_list",
    "figures",
    "notice",
    "page",
    "section",
    "table",
    "tag",
]


@dataclass(frozen=True, slots=True)
class Markup:
    """HTML that is already safe; any other text is escaped when it is put in."""

    html: str

    def __str__(self) -> str:
        return self.html


Content = Markup | str | int
_TAGS = re.compile("<[^>]*>")


def _safe(content: Content) -> str:
    return content.html if isinstance(content, Markup) else escape(str(content))


def tag(name: str, *content: Content, **attributes: str) -> Markup:
    """One element; `class_` and `id_` style names lose their trailing underscore."""
    written = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    return Markup(f"<{name}{written}>{''.join(_safe(part) for part in content)}</{name}>")


def table(
    headings: Sequence[str], rows: Iterable[Sequence[Content]], numbers: Iterable[int] = (), *, sparse: bool = False
) -> Markup:
    """A table; the columns named in `numbers` (from 0) stand to the right. It may go without headings.

    A `sparse` one leaves out the columns in which no row has anything.
    """
    right = frozenset(numbers)
    if sparse:
        rows = list(rows)
        kept = [index for index in range(len(headings)) if any(_TAGS.sub("", _safe(row[index])) for row in rows)]
        headings, rows = [headings[index] for index in kept], [[row[index] for index in kept] for row in rows]

    def cells(name: str, row: Sequence[Content]) -> str:
        return "".join(
            tag(name, cell, class_="number").html if index in right else tag(name, cell).html
            for index, cell in enumerate(row)
        )

    head = f"<thead><tr>{cells('th', headings)}</tr></thead>" if headings else ""
    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return Markup(f'<div class="scroll"><table>{head}<tbody>{body}</tbody></table></div>')


def clause_list(clauses: Iterable[str]) -> Markup:
    """Ids of clauses, each whole on its line."""
    return tag("span", *(tag("span", clause, class_="clause") for clause in clauses), class_="clauses")


def bars(counts: Sequence[tuple[str, int]]) -> Markup:
    """A bar for each count, as long as its share of the greatest."""
    greatest = max((count for _, count in counts), default=0) or 1
    rows = (
        tag(
            "div",
            tag("span", label),
            tag("i", style=f"width:{100 * count / greatest:.1f}%"),
            tag("span", f"{count:,}"),
            class_="bar",
        )
        for label, count in counts
    )
    return tag("div", *rows)


def figures(values: Iterable[tuple[str, str]]) -> Markup:
    """Large figures side by side, each with its label."""
    return tag(
        "div", *(tag("div", tag("b", value), label, class_="figure") for label, value in values), class_="figures"
    )


def columns(*parts: Markup) -> Markup:
    """Parts side by side where there is room."""
    return tag("div", *(tag("div", part) for part in parts), class_="columns")


def definition_list(pairs: Iterable[tuple[str, Content]]) -> Markup:
    """Terms with what they are."""
    return tag("dl", *(tag(name, part) for term, text in pairs for name, part in (("dt", term), ("dd", text))))


def notice(text: Content) -> Markup:
    """A remark that must not be overlooked."""
    return tag("div", tag("p", text), class_="notice")


def section(identifier: str, title: str, *content: Content) -> tuple[str, str, Markup]:
    """A part of a page, with the name and title under which the contents list it."""
    return identifier, title, tag("section", tag("h2", title), *content, id_=identifier)


@cache
def _style() -> str:
    return files("relflow.report").joinpath("page.css").read_text("utf-8")


def page(title: str, lead: Content, sections: Sequence[tuple[str, str, Markup]], foot: str, lang: str = "en") -> str:
    """A whole document: head, contents, sections, foot."""
    links = (tag("a", name, href=f"#{identifier}") for identifier, name, _ in sections)
    top = tag(
        "header", tag("h1", title), tag("p", lead, class_="soft"), tag("nav", *links, class_="contents"), class_="top"
    )
    body = tag("main", top, *(part for _, _, part in sections), tag("footer", foot))
    return (
        f'<!doctype html>\n<html lang="{escape(lang.replace("_", "-"))}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_style()}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
