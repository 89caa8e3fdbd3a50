"""Pages are self-contained and escaped."""

from __future__ import annotations

from html.parser import HTMLParser

from relflow.report.html import bars, definition_list, figures, notice, page, section, table, tag


class Balanced(HTMLParser):
    """Collects tags that were left open."""

    void = frozenset({"meta", "br", "link"})

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, name, attributes):
        if name not in self.void:
            self.open.append(name)

    def handle_endtag(self, name):
        assert self.open.pop() == name


def whole():
    """A page with every part and a hostile text in each."""
    bad = "<b>&\"'"
    parts = [
        table([bad], [[bad], [tag("i", bad)]], numbers=(0,)),
        bars([(bad, 3), ("none", 0)]),
        figures([(bad, bad)]),
        definition_list([(bad, bad)]),
        notice(bad),
    ]
    return page(bad, bad, [section("one", bad, *parts)], bad, "zh")


def test_every_text_is_escaped_and_every_tag_closed():
    """A hostile text stands on the page as text."""
    parser = Balanced()

    parser.feed(whole())

    assert parser.open == []
    assert "<b>&\"'" not in whole()


def test_nothing_is_loaded_from_elsewhere():
    """No address of another host, no script."""
    found = whole()

    assert "http" not in found.replace("http-equiv", "")
    assert "<script" not in found
    assert "@import" not in found


def test_bars_of_nothing_are_drawn():
    """No division by the greatest of no counts."""
    assert "0.0%" in str(bars([("a", 0)]))


def test_a_sparse_table_leaves_out_what_is_empty_in_every_row():
    """A column stays where one row has something, markup without text is nothing."""
    rows = [["a", "", tag("span"), ""], ["b", "", tag("span"), "x"]]

    assert table(["one", "two", "three", "four"], rows, sparse=True) == table(["one", "four"], [["a", ""], ["b", "x"]])
