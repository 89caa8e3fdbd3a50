"""Whether the columns of a host's table fit the facts that a policy declares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from relflow.diagnostics import nearest
from relflow.program import Program
from relflow.structs import dataclass
from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["ColumnReport", "check_columns"]

_LIKELY = Text(
    (
        ("en", "`{name}` is no fact of the policy: did you mean `{near}`?"),
        ("zh", "`{name}` 不是本制度的数据项，是否想写 `{near}`？"),
    )
)
_MISSING = Text(
    (
        ("en", "no column for `{name}`, which {readers} read"),
        ("zh", "缺少 `{name}` 列，以下判定需要它：{readers}"),
    )
)


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """What a host's columns lack.

    `likely` are columns that no fact is called, with the fact that was probably meant; `ignored` are the other columns
    that the policy does not know, as a CRM has many; `missing` are facts that decisions read and no column supplies,
    with those decisions.
    """

    likely: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    missing: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every fact that is read has a column."""
        return not self.missing and not self.likely

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The report for people, one line for each problem."""
        lines = [_LIKELY.text(lang).format(name=name, near=near) for name, near in self.likely]
        for name, readers in self.missing:
            lines.append(_MISSING.text(lang).format(name=name, readers=", ".join(readers)))
        return "\n".join(lines)

    def __bool__(self) -> NoReturn:
        raise TypeError("a report is neither true nor false; ask whether it is `.ok`")


def check_columns(program: Program, names: Iterable[str]) -> ColumnReport:
    """Compare columns with the facts that decisions read."""
    columns = list(dict.fromkeys(names))
    readers: dict[str, list[str]] = {}
    for decision in (*program.decisions, *program.indicators):
        for name in program.closure(decision):
            if name in program.facts:
                readers.setdefault(name, []).append(decision)
    absent = [name for name in readers if name not in columns]
    likely: list[tuple[str, str]] = []
    ignored: list[str] = []
    for column in columns:
        if column in program.facts:
            continue
        near = nearest(column, absent)
        if near is None:
            ignored.append(column)
        else:
            likely.append((column, near))
    meant = {near for _, near in likely}
    missing = tuple((name, tuple(readers[name])) for name in absent if name not in meant)
    return ColumnReport(tuple(likely), tuple(ignored), missing)
