"""What became of a test."""

from __future__ import annotations

from dataclasses import dataclass

from relflow.text import DEFAULT_LANGUAGE, Text

__all__ = ["Result"]


@dataclass(frozen=True, slots=True)
class Result:
    """One test: what it says (`it`), where it stands, and everything that did not come out as it says.

    A test marked `known_gap` passes while it fails, and fails as soon as it holds: then the mark is out of date.
    """

    it: str
    file: str
    line: int
    problems: tuple[Text, ...] = ()
    seconds: float = 0.0
    known_gap: str | None = None

    @property
    def passed(self) -> bool:
        """Whether everything was as the test says, or the gap that it marks is still there."""
        return bool(self.problems) is (self.known_gap is not None)

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What went wrong, a line each; nothing where the test passed."""
        if self.passed:
            return ""
        if self.known_gap is not None:
            return _CLOSED.text(lang).format(gap=self.known_gap)
        return "\n".join(problem.text(lang) for problem in self.problems)


_CLOSED = Text(
    (
        ("en", "the known gap is closed ({gap}): take `known_gap` away"),
        ("zh", "已知缺口已补上（{gap}）：请删去 `known_gap`"),
    )
)
