"""Sheets into the files of a policy: what would stand there, and whether the policy is still one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike

from relflow.compiler import compile_model
from relflow.diagnostics import Diagnostic, Severity, nearest, sort_key
from relflow.errors import PolicyError
from relflow.model import Decision, Model
from relflow.policy import build
from relflow.policy.offers import offered_functions
from relflow.reader import read_policy
from relflow.reader.cells import Line
from relflow.sheets.card_edits import CardCell, card_edit
from relflow.sheets.cards import cards
from relflow.sheets.edits import Edit, applied, csv_edit, setting_edit, split_lines, table_edit
from relflow.sheets.findings import BROKEN_ROW, NOT_A_TABLE, SETTING, TYPE_CHANGED, UNKNOWN_TABLE, WRITTEN_ELSE
from relflow.sheets.grids import Sheet
from relflow.sheets.layout import Placed, taken
from relflow.sheets.tables import Found, exported, tables

__all__ = ["Import", "Returned", "bring_in"]

Place = str | PathLike[str]


@dataclass(frozen=True, slots=True)
class Import:
    """A change of a file: where it goes, and the sheet and its rows (heading first) that its lines come from.

    `lines` are the cells of those lines as they can be told apart again, by the number of the line in the edit;
    where there are none, `column` is the cell that the change comes from. `cells` are the pieces of a `card`, a
    scorecard, that were changed.
    """

    edit: Edit
    placed: Placed
    rows: tuple[int, ...]
    lines: Mapping[int, Line] = field(default_factory=dict)
    column: int = 1
    cells: tuple[CardCell, ...] = ()
    card: str | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """What bringing in sheets would do: the policy before and after, the files that change, what is wrong with it.

    `texts` are the whole new texts of the files under the names that findings show; it may be empty. `findings` are
    those that the sheets bring: what the policy had before is left out. `new` is None if no policy comes of it.
    """

    old: Model
    new: Model | None
    texts: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing speaks against writing it."""
        return self.new is not None and all(one.severity is not Severity.ERROR for one in self.findings)


def bring_in(
    path: Place,
    sheets: Sequence[Sheet],
    *,
    name: str | None = None,
    overlay: Place | None = None,
    plugins: Sequence[object] = (),
    found: Sequence[Diagnostic] = (),
) -> Returned:
    """Work out what the policy at `path` becomes when its tables say what the sheets say; nothing is written.

    `name` says which table a single sheet is about, `found` are the findings of reading the sheets. Raises PolicyError
    if the policy cannot be read at all.
    """
    old, before = read_policy(path, overlay)
    if old is None:
        raise PolicyError(list(before))
    work = _Work(old, plugins, list(found))
    for sheet in sheets:
        work.take(sheet, name if len(sheets) == 1 else None)
    texts, places = work.files()
    if not texts or any(one.severity is Severity.ERROR for one in work.findings):
        return Returned(old, old, texts, tuple(work.findings))
    known = {_key(one) for one in _judged(old, before, plugins)}
    new, after = read_policy(path, overlay, edited=texts)
    fresh = [one for one in _judged(new, after, plugins) if _key(one) not in known]
    moved = sorted((_moved(one, places) for one in fresh), key=sort_key)
    return Returned(old, new, texts, (*work.findings, *moved))


@dataclass(slots=True)
class _Work:
    """The sheets as they are taken one after the other."""

    model: Model
    plugins: Sequence[object]
    findings: list[Diagnostic]
    imports: list[Import] = field(default_factory=list)

    def take(self, sheet: Sheet, name: str | None) -> None:
        """Turn a sheet into edits, or report why it is none."""
        placed = taken(sheet, self.findings.append)
        if placed is None:
            return
        card = cards(self.model).get(name or placed.table.name)
        if card is not None:
            self._card(card, placed)
            return
        found = self._meant(placed, name or placed.table.name)
        if found is None:
            return
        if any(one.edit.found == found for one in self.imports):
            self.findings.append(WRITTEN_ELSE.at(sheet.row(1), name=found.name))
            return
        program, _ = compile_model(self.model, offered_functions(self.plugins))
        now = exported(found, program)
        if now is None:
            self.findings.append(NOT_A_TABLE.at(found.element.id.span, name=found.name))
            return
        self._types(placed, dict(zip((*now.left, *now.right), now.types, strict=True)))
        self._settings(placed, found, dict(now.settings))
        new = placed.table
        if (new.left, new.right, new.rows) != (now.left, now.right, now.rows):
            edit = (csv_edit if found.own_file else table_edit)(found, new)
            self.imports.append(Import(edit, placed, (placed.heading, *placed.rows), split_lines(edit)))
            self._told_apart(self.imports[-1])

    def _card(self, decision: Decision, placed: Placed) -> None:
        """Turn the sheet of a scorecard into an edit."""
        if any(one.card == decision.name for one in self.imports):
            self.findings.append(WRITTEN_ELSE.at(placed.sheet.row(1), name=decision.name))
            return
        changed = card_edit(decision, placed, self.findings.append)
        if changed is not None:
            edit, cells = changed
            self.imports.append(Import(edit, placed, (placed.heading,), cells=cells, card=decision.name))

    def _meant(self, placed: Placed, name: str) -> Found | None:
        """The table of the policy that a sheet is about."""
        known = tables(self.model)
        named = [one for one in known if one.name == name]
        found = next((one for one in named if one.kind == placed.table.kind), named[0] if named else None)
        if found is None:
            names = tuple(f"`{one.name}`" for one in known)
            near = nearest(name, [one.name for one in known]) or (known[0].name if known else "NAME")
            self.findings.append(UNKNOWN_TABLE.at(placed.sheet.row(1), name=name, known=names, nearest=near))
        return found

    def _types(self, placed: Placed, now: Mapping[str, str]) -> None:
        """Types are the policy's: a sheet shows them and does not change them."""
        table = placed.table
        for number, (name, new) in enumerate(
            zip((*table.left, *table.right), table.types or [""] * len(placed.columns), strict=True)
        ):
            old = now.get(name, "")
            if new and old and new != old:
                row = next(row for row, cells in enumerate(placed.sheet.cells, 1) if cells and cells[0] == "type")
                place = placed.sheet.at(row, placed.columns[number])
                self.findings.append(TYPE_CHANGED.at(place, name=name, old=old, new=new))

    def _settings(self, placed: Placed, found: Found, now: Mapping[str, str]) -> None:
        for key, value in placed.table.settings:
            if not value or value == now.get(key):
                continue
            edit = setting_edit(found, key, value) if key in found.settings else None
            row = next(number for number, cells in enumerate(placed.sheet.cells, 1) if key in cells)
            if edit is None:
                self.findings.append(SETTING.at(placed.sheet.row(row), name=found.name, text=key))
            else:
                column = placed.sheet.cells[row - 1].index(key) + 2
                self.imports.append(Import(edit, placed, (row,), column=column))

    def _told_apart(self, one: Import) -> None:
        """Report the rows whose cells could not be told apart again, for a quotation mark is open."""
        table = one.placed.table
        rows = [(table.left, table.right), *table.rows]
        for wanted, line, row in zip(rows, one.lines.values(), one.rows, strict=True):
            if tuple(tuple(cell.text for cell in cells) for cells in (line.left, line.right)) != wanted:
                self.findings.append(BROKEN_ROW.at(one.placed.sheet.row(row)))

    def files(self) -> tuple[dict[str, str], dict[tuple[str, int], tuple[Import, int]]]:
        """The new texts by file, and for each of their lines that is new the import and its number in the edit."""
        texts: dict[str, str] = {}
        places: dict[tuple[str, int], tuple[Import, int]] = {}
        sources = {source.name: source.text for source in self.model.sources}
        sources |= {one.table.span.source.name: one.table.span.source.text for one in tables(self.model)}
        for name in dict.fromkeys(one.edit.file for one in self.imports):
            mine = [one for one in self.imports if one.edit.file == name]
            texts[name], begins = applied(sources[name], [one.edit for one in mine])
            for one, start in zip(mine, begins, strict=True):
                for number in range(len(one.edit.lines)):
                    places[name, start + number] = (one, number)
        return texts, places


def _judged(model: Model | None, found: Iterable[Diagnostic], plugins: Sequence[object]) -> tuple[Diagnostic, ...]:
    """Every finding about a policy."""
    try:
        return build(model, found, plugins).diagnostics
    except PolicyError as error:
        return error.diagnostics


def _key(one: Diagnostic) -> tuple[str, str]:
    """What makes two findings the same although lines have moved."""
    return one.name, one.text("en")


def _moved(one: Diagnostic, places: Mapping[tuple[str, int], tuple[Import, int]]) -> Diagnostic:
    """A finding about a line that came from a sheet, at the cell that it came from."""
    known = places.get((one.span.source.name, one.span.line))
    if known is None:
        return one
    imported, number = known
    sheet, line = imported.placed.sheet, imported.lines.get(number)
    for cell in imported.cells:
        if cell.line == number and cell.start <= one.span.column <= cell.end:
            return replace(one, span=sheet.at(cell.row, cell.column))
    if imported.cells:
        return one
    if line is None:
        return replace(one, span=sheet.at(imported.rows[0], imported.column))
    row = imported.rows[list(imported.lines).index(number)]
    cells = (*line.left, *line.right)
    at = sum(cell.span.column <= one.span.column for cell in cells)
    whole = one.span.end_line != one.span.line or one.span.end_column > cells[max(at - 1, 0)].span.end_column + 1
    return replace(one, span=sheet.row(row) if whole or not at else sheet.at(row, imported.placed.columns[at - 1]))
