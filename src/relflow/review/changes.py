"""What differs between two versions of a policy, element by element and cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from difflib import SequenceMatcher
from typing import Any, Literal

from relflow.diagnostics import Fragment, Span
from relflow.model import Choices, Element, Item, Model, Table, Value, Wording
from relflow.review.pairing import paired
from relflow.review.wording import Wordings
from relflow.review.words import kind_word, sentence, subject
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["Change", "compare"]

# where something stands is no part of what it says; notes are the author's own
_SKIPPED = frozenset({"span", "notes", "id", "canonical", "digest", "sources", "overlay", "head"})
_SECTIONS = (
    "clauses",
    "parameters",
    "records",
    "categories",
    "facts",
    "roles",
    "decisions",
    "tiers",
    "risks",
    "indicators",
    "cadences",
    "events",
    "obligations",
    "messages",
    "channels",
    "kpis",
    "workflows",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: of which element (`section` and `name`), at which `part` of it, from what to what.

    `row` is the number of the table row that it is about, in the version in which the row stands; `place` is where to
    look, in the new version unless the thing is gone. `old` and `new` are as written, empty where there was nothing;
    `part_label`, `old_words` and `new_words` say the same as people say it, where that is known. `rows` is for a cell
    the row in the old and in the new table, its column and how many columns are conditions, from 0.
    """

    kind: Literal["added", "removed", "changed"]
    section: str
    name: str
    part: str = ""
    old: str = ""
    new: str = ""
    row: int | None = None
    place: Span | None = None
    part_label: Text | None = None
    old_words: Text | None = None
    new_words: Text | None = None
    rows: tuple[int, int, int, int] | None = field(default=None, repr=False)

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The change in one sentence."""
        before, after = (self.shown_old(lang), self.shown_new(lang)) if self._worded else (self.old, self.new)
        part = self.part_label.text(lang) if self.part_label is not None else self.part
        return sentence(
            self.kind, self.section, self.name, part, before, after, self.row, quoted=not self._worded
        ).text(lang)

    @property
    def _worded(self) -> bool:
        """Whether both sides can be said in words, or are nothing."""
        return bool(self.old_words or self.new_words) and all(
            words is not None or not text for words, text in ((self.old_words, self.old), (self.new_words, self.new))
        )

    def element(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What kind of element it is about."""
        return kind_word(self.section).text(lang)

    def subject(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What of the element it is about: the row, and the column or the part as people call it."""
        part = self.part_label.text(lang) if self.part_label is not None else self.part
        return subject(self.kind, part, self.row).text(lang)

    def shown_old(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What there was, in words where there are any."""
        return self.old_words.text(lang) if self.old_words is not None else self.old

    def shown_new(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What there is now, in words where there are any."""
        return self.new_words.text(lang) if self.new_words is not None else self.new

    def to_dict(self, lang: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        """The change as JSON-able data."""
        return {
            "kind": self.kind,
            "section": self.section,
            "name": self.name,
            "part": self.part,
            "row": self.row,
            "old": self.old,
            "new": self.new,
            "place": str(self.place) if self.place is not None else None,
            "text": self.text(lang),
        }


def compare(old: Model, new: Model, words: tuple[Wordings, Wordings] | None = None) -> tuple[Change, ...]:
    """Every change from `old` to `new`, in the order of sections and, within them, of the new version.

    With `words`, those of the old and of the new program, cells of tables are said as people say them.
    """
    found = list(_head(old, new))
    for section in _SECTIONS:
        found += _elements(section, getattr(old, section), getattr(new, section))
    return tuple(_in_words(change, *words) for change in found) if words is not None else tuple(found)


def _in_words(change: Change, old: Wordings, new: Wordings) -> Change:
    """A changed cell with the words for its column and for what stood and stands there."""
    if change.rows is None or change.row is None:
        return change
    row_before, row_after, column, inputs = change.rows
    if column < inputs:
        before = old.condition(change.section, change.name, row_before, column)
        after = new.condition(change.section, change.name, row_after, column)
    else:
        before = old.answer(change.section, change.name, row_before, column - inputs)
        after = new.answer(change.section, change.name, row_after, column - inputs)
    return replace(change, part_label=new.label(change.part), old_words=before, new_words=after)


def _head(old: Model, new: Model) -> Iterator[Change]:
    if old.head is None or new.head is None:
        return
    for part in ("version", "effective", "timezone", "calendar"):
        before, after = getattr(old.head, part), getattr(new.head, part)
        if _text(before) != _text(after):
            yield Change("changed", "policy", new.head.name, part, _text(before), _text(after), place=new.head.span)


def _elements(section: str, old: Sequence[Element], new: Sequence[Element]) -> Iterator[Change]:
    before = {element.name: element for element in old}
    for element in new:
        earlier = before.pop(element.name, None)
        if earlier is None:
            yield Change("added", section, element.name, place=element.id.span)
        else:
            yield from _parts(section, element.name, "", earlier, element)
    for name, gone in before.items():
        yield Change("removed", section, name, place=gone.id.span)


def _parts(section: str, name: str, path: str, old: Any, new: Any) -> Iterator[Change]:
    """The differences between two things of the same kind, down to the parts that people would name."""
    if type(old) is not type(new):
        if _text(old) != _text(new):
            yield Change("changed", section, name, path, _text(old), _text(new), place=_span(new) or _span(old))
        return
    match new:
        case Table():
            yield from _table(section, name, old, new)
        case tuple() if new and isinstance(new[0], Element) and all(isinstance(one, Element) for one in old):
            yield from _named(section, name, path, old, new)
        case Item():
            for part in fields(new):
                if part.name not in _SKIPPED:
                    step = f"{path}.{part.name}" if path else part.name
                    yield from _parts(section, name, step, getattr(old, part.name), getattr(new, part.name))
        case _:
            if _text(old) != _text(new):
                yield Change("changed", section, name, path, _text(old), _text(new), place=_span(new) or _span(old))


def _named(section: str, name: str, path: str, old: Sequence[Element], new: Sequence[Element]) -> Iterator[Change]:
    """Parts that have names of their own, such as states, criteria, touchpoints."""
    before = {element.name: element for element in old}
    for element in new:
        earlier = before.pop(element.name, None)
        step = f"{path}.{element.name}"
        if earlier is None:
            yield Change("added", section, name, step, place=element.id.span)
        else:
            yield from _parts(section, name, step, earlier, element)
    for gone in before.values():
        yield Change("removed", section, name, f"{path}.{gone.name}", place=gone.id.span)


def _table(section: str, name: str, old: Table, new: Table) -> Iterator[Change]:
    """Rows that came, went or changed; a row that merely moved is one that went and one that came."""
    before, after = [_row(old, i) for i in range(len(old.rows))], [_row(new, i) for i in range(len(new.rows))]
    columns_before, columns_after = _columns(old), _columns(new)
    if columns_before != columns_after:
        shown = (" | ".join(columns_before), " | ".join(columns_after))
        yield Change("changed", section, name, "columns", *shown, place=new.span)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        for i, j in paired(before[i1:i2], after[j1:j2]):
            if i is not None and j is not None:
                yield from _cells(section, name, columns_after, before[i1 + i], after[j1 + j], new, i1 + i, j1 + j)
            elif i is not None:
                gone = old.rows[i1 + i].span
                yield Change("removed", section, name, old=_joined(before[i1 + i]), row=i1 + i + 1, place=gone)
            elif j is not None:
                come = new.rows[j1 + j].span
                yield Change("added", section, name, new=_joined(after[j1 + j]), row=j1 + j + 1, place=come)


def _joined(row: tuple[str, ...]) -> str:
    """A row on one line, without the empty cells at its end."""
    return " | ".join(row).rstrip(" |")


def _columns(table: Table) -> list[str]:
    return [*(one.text for one in table.inputs), *(one.text for one in table.outputs), "because", "source"]


def _row(table: Table, index: int) -> tuple[str, ...]:
    row = table.rows[index]
    return (
        *(one.text for one in row.inputs),
        *(_text(one) for one in row.outputs),
        _text(row.because),
        ", ".join(one.text for one in row.source),
    )


def _cells(
    section: str,
    name: str,
    columns: list[str],
    old: tuple[str, ...],
    new: tuple[str, ...],
    table: Table,
    old_index: int,
    index: int,
) -> Iterator[Change]:
    last = len(table.inputs) + len(table.outputs)
    for number, (column, before, after) in enumerate(zip(columns, old, new, strict=True)):
        if before != after:
            place = table.rows[index].span
            rows = (old_index, index, number, len(table.inputs)) if number < last else None
            yield Change("changed", section, name, column, before, after, index + 1, place, rows=rows)


def _text(thing: Any) -> str:
    """A part as its author wrote it, without places."""
    match thing:
        case None | ():
            return ""
        case Fragment():
            return thing.text.strip()
        case Value():
            return ("= " if thing.formula else "") + thing.text.text.strip()
        case Wording():
            return _wording(thing.text)
        case Choices():
            return _choices(thing)
        case str() | int() | bool():
            return str(thing)
        case tuple() | list():
            return ", ".join(_text(one) for one in thing)
    if hasattr(thing, "__dataclass_fields__"):
        parts = [
            (part.name, _text(getattr(thing, part.name)))
            for part in fields(thing)
            if part.name not in _SKIPPED - {"id"}
        ]
        written = [f"{name}: {text}" if len(parts) > 1 else text for name, text in parts if text not in ("", "False")]
        return ", ".join(written)
    return str(thing)


def _choices(choices: Choices) -> str:
    """Values in their order; a label that changes shows, too."""
    return ", ".join(
        one.text.text + (f" ({_wording(one.label.text)})" if one.label is not None else "") for one in choices.choices
    )


def _wording(text: Text) -> str:
    return " / ".join(value for _, value in text.pairs)


def _span(thing: Any) -> Span | None:
    span = getattr(thing, "span", None)
    if isinstance(span, Span):
        return span
    if isinstance(thing, tuple) and thing:
        return _span(thing[0])
    return None
