"""`missing-translation`: a text in one of the two languages that the policy otherwise speaks both."""

from __future__ import annotations

from collections.abc import Iterator

from relflow.checks.parts import texts
from relflow.diagnostics import Diagnostic, Message, Severity
from relflow.program import Program
from relflow.text import Text

__all__ = ["check_translations"]

MISSING = Message.of(
    "missing-translation",
    Severity.HINT,
    "the text `{text}` has no {language}, although the policy otherwise speaks both languages",
    "文字 `{text}` 缺少{language}，而本制度的其他文字两种语言都有",
    "write both: `{en: …, zh: …}`; in a table, fill the columns `because` and `because.zh`",
    "写成 `{en: …, zh: …}`；表格中请同时填写 `because` 和 `because.zh` 两列",
)
_LANGUAGES = {
    "en": Text((("en", "English"), ("zh", "英文"))),
    "zh": Text((("en", "Chinese"), ("zh", "中文"))),
}


def check_translations(program: Program) -> Iterator[Diagnostic]:
    """Texts in one language, in a policy in which more texts are in both than in one."""
    both, single = 0, []
    for span, text in texts(program):
        has = {lang[:2] for lang, value in text.pairs if value}
        if {"en", "zh"} <= has:
            both += 1
        elif has and has <= {"en", "zh"}:
            single.append((span, text, "zh" if "en" in has else "en"))
    for span, text, missing in single if both > len(single) else ():
        yield MISSING.at(span, text=_short(text.text()), language=_LANGUAGES[missing])


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
