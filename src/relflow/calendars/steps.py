"""When a step of a clock is due: at a share of its time, at its due instant, or so long after it."""

from __future__ import annotations

import re
from fractions import Fraction

from relflow.diagnostics import Message, Severity
from relflow.structs import dataclass
from relflow.text import DEFAULT_LANGUAGE, Text
from relflow.values.durations import Duration, read_duration
from relflow.values.refusals import Refusal
from relflow.values.words import number_words

__all__ = ["DUE", "StepAt", "read_step"]

_DUE = Text((("en", "due"), ("zh", "到期")))
_AFTER = Text((("en", "due + {}"), ("zh", "到期后 {}"), ("zh_TW", "到期後 {}")))


@dataclass(frozen=True, slots=True)
class StepAt:
    """`share` of the clock's time has passed (1 is due), and then `after` more."""

    share: Fraction = Fraction(1)
    after: Duration | None = None

    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """In words: `80%`, `due`, `due + 4 working hours`; the English ones are what `read_step` reads."""
        if self.after is not None:
            return _AFTER.text(lang).format(self.after.text(lang))
        return _DUE.text(lang) if self.share == 1 else f"{number_words(self.share * 100)}%"

    def __str__(self) -> str:
        return self.text()


DUE = StepAt()
"""The due instant itself."""

NOT_A_STEP = Message.of(
    "not-a-clock-step",
    Severity.ERROR,
    "`{text}` is not a point of a clock",
    "`{text}` 不是计时的节点",
    "write `80%`, `due`, or `due + 4 working hours`",
    "写成 `80%`、`due` 或 `due + 4 working hours`",
)
BEYOND = Message.of(
    "not-a-clock-step",
    Severity.ERROR,
    "`{text}` is not between 0% and 100% of the clock",
    "`{text}` 不在计时的 0% 到 100% 之间",
    "after the due instant write `due +` and a duration, e.g. `due + 4 working hours`",
    "到期之后写 `due +` 加时长，例如 `due + 4 working hours`",
)
_SHARE = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,6})?)\s*%")
_AFTER_DUE = re.compile(r"due\s*\+\s*(.+)")


def read_step(text: str) -> StepAt | Refusal:
    """A point of a clock from `80%`, `due`, `due + 4 working hours`."""
    stripped = text.strip()
    if stripped == "due":
        return DUE
    if share := _SHARE.fullmatch(stripped):
        part = Fraction(share[1]) / 100
        return StepAt(part) if 0 < part <= 1 else Refusal(BEYOND, (("text", text),))
    if after := _AFTER_DUE.fullmatch(stripped):
        duration = read_duration(after[1])
        return duration if isinstance(duration, Refusal) else StepAt(after=duration)
    return Refusal(NOT_A_STEP, (("text", text),), ("80%", "due"))
